package org.caravan.hub.management;

import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.apache.camel.api.management.ManagedAttribute;
import org.apache.camel.api.management.ManagedResource;
import org.caravan.ledger.LedgerStatus;

/** One source over JMX. */
@ManagedResource(description = "A source of usage: how far it is rated, and where reading goes on")
public final class SourceBean extends View {
    private final String name;

    SourceBean(Watch watch, String name) {
        super(watch);
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
