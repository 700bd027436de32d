package org.caravan.hub.management;

import java.time.Instant;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.apache.camel.api.management.ManagedAttribute;
import org.apache.camel.api.management.ManagedOperation;
import org.apache.camel.api.management.ManagedResource;
import org.caravan.ledger.LedgerStatus;

/** One source over JMX. */
@ManagedResource(description = "A source of usage: how far it is rated, and where reading goes on")
public final class SourceBean extends View {
    private final String name;
    private final SourceRoutes routes;
    private final Commands commands;

    SourceBean(Watch watch, SourceRoutes routes, Commands commands, String name) {
        super(watch);
        this.routes = routes;
        this.commands = commands;
        this.name = name;
    }

    @ManagedAttribute(description = "Name of the source")
    public String getName() {
        return name;
    }

    @ManagedAttribute(description = "What it is read with; null if the ledger knows only positions of it")
    public String getKind() {
        return source(LedgerStatus.Source::kind);
    }

    @ManagedAttribute(description = "True if a hub is configured with it; else it holds no month")
    public boolean isConfigured() {
        return number(source -> source.configured() ? 1 : 0) == 1;
    }

    @ManagedAttribute(description = "Usage before this moment is in the ledger (UTC); null if it never reported")
    public String getRatedUntil() {
        return source(source -> text(source.ratedUntil()));
    }

    @ManagedAttribute(description = "True if a person said so, not the source itself")
    public boolean isDeclared() {
        return number(source -> source.declared() ? 1 : 0) == 1;
    }

    @ManagedAttribute(description = "The last failure since the last success, or null")
    public String getLastError() {
        return source(LedgerStatus.Source::lastError);
    }

    @ManagedAttribute(description = "When that was (UTC), or null")
    public String getLastErrorAt() {
        return source(source -> text(source.lastErrorAt()));
    }

    @ManagedAttribute(description = "Files or partitions that were ever read")
    public long getPositions() {
        return number(LedgerStatus.Source::positions);
    }

    @ManagedAttribute(description = "Those that are not read to their end; a partition never is")
    public long getUnfinished() {
        return number(LedgerStatus.Source::unfinished);
    }

    @ManagedAttribute(description = "When any position moved last (UTC); null if there is none")
    public String getLastMoved() {
        return source(source -> text(source.lastMoved()));
    }

    @ManagedAttribute(description = "Messages of its topic that are not in the ledger, as last seen; 0 for other kinds")
    public long getLag() {
        return number(LedgerStatus.Source::lag);
    }

    @ManagedAttribute(description = "Partitions that stand still until a person decides: caravan sources go-on")
    public long getStoppedPartitions() {
        return number(source -> source.partitions().stream()
                .filter(partition -> partition.stopped() != null)
                .count());
    }

    @ManagedAttribute(
            description =
                    "The partitions of its topic: ledger's position, what the log holds, lag, why it stands still")
    public String[] getPartitions() {
        String[] lines = source(source -> source.partitions().stream()
                .map(partition -> partition.topic() + "/" + partition.partition() + ": at " + partition.position()
                        + " of [" + partition.logStart() + ", " + partition.logEnd() + "), lag " + partition.lag()
                        + ", seen " + text(partition.seen())
                        + (partition.stopped() == null ? "" : ", stands still: " + partition.stopped()))
                .toArray(String[]::new));
        return lines == null ? new String[0] : lines;
    }

    @ManagedAttribute(description = "The positions that moved last: key, first position not yet committed, when")
    public String[] getNewestPositions() {
        String[] lines = source(source -> source.newest().stream()
                .map(position -> position.key() + " = " + position.value() + (position.done() ? " (done)" : "") + ", "
                        + text(position.updated()))
                .toArray(String[]::new));
        return lines == null ? new String[0] : lines;
    }

    @ManagedAttribute(description = "Seconds that it is rated behind now; -1 if it never reported")
    public long getRatedLagSeconds() {
        Instant until = source(LedgerStatus.Source::ratedUntil);
        return until == null ? -1 : age(until);
    }

    @ManagedAttribute(description = "How this hub reads it: running, paused, or not read here")
    public String getReading() {
        return routes.state(getKind());
    }

    @ManagedOperation(
            description =
                    "Stop reading it in this hub until resume or the next start; a batch that is under way is finished")
    public String pause() throws Exception {
        return routes.pause(name, getKind());
    }

    @ManagedOperation(description = "Read it on in this hub, from where the ledger stands")
    public String resume() throws Exception {
        return routes.resume(name, getKind());
    }

    @Reads
    @ManagedOperation(description = "Try to reach it, and say what was found; reads no usage")
    public String check() {
        return order("check").value("name", name).run();
    }

    @ManagedOperation(description = "Declare that its usage of a month, and of all months before it, is in the ledger")
    public String done(@Argument(name = "month", description = "The month, such as 2026-10") String month) {
        return order("done").value("name", name).value("month", month).run();
    }

    @ManagedOperation(
            description = "Let it hold no month any more; a hub that is configured with it makes it known again")
    public String forget() {
        return order("forget").value("name", name).run();
    }

    @ManagedOperation(
            description = "Let a partition of its topic be read on that stands still; what lies before is given up")
    public String goOn(
            @Argument(name = "partition", description = "Number of the partition; all for every one that stands still")
                    String partition,
            @Argument(name = "from", description = "Offset to read on from; start for the first one that the log holds")
                    String from,
            @Argument(name = "reason", description = "Why, for whoever looks later") String reason) {
        return order("go-on")
                .need("--from", from)
                .need("--reason", reason)
                .value("name", name)
                .value("partition", partition)
                .run();
    }

    private Orders order(String what) {
        return Orders.of(commands, "sources", what);
    }

    private <T> T source(Function<LedgerStatus.Source, T> value) {
        return seen(last -> last.ledger().sources().stream()
                .filter(source -> source.name().equals(name))
                .findFirst()
                .map(value)
                .orElse(null));
    }

    private long number(ToLongFunction<LedgerStatus.Source> value) {
        Long number = source(value::applyAsLong);
        return number == null ? 0 : number;
    }
}
