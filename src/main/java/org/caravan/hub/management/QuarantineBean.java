package org.caravan.hub.management;

import java.time.Instant;
import java.util.Comparator;
import org.apache.camel.api.management.ManagedAttribute;
import org.apache.camel.api.management.ManagedOperation;
import org.apache.camel.api.management.ManagedResource;
import org.caravan.ledger.LedgerStatus;

/** Quarantine over JMX. */
@ManagedResource(description = "Records that lie in quarantine and are not billed")
public final class QuarantineBean extends View {
    private final Commands commands;

    QuarantineBean(Watch watch, Commands commands) {
        super(watch);
        this.commands = commands;
    }

    @ManagedAttribute(description = "Records held")
    public long getHeld() {
        return count(last -> last.ledger().held());
    }

    @ManagedAttribute(description = "Records held because they can't be read or break a rule")
    public long getUnusable() {
        return held("unusable");
    }

    @ManagedAttribute(description = "Records held because they contradict what was billed already")
    public long getConflicts() {
        return held("conflict");
    }

    @ManagedAttribute(description = "Seconds since the oldest of them came; 0 if there is none")
    public long getOldestSeconds() {
        Instant oldest = seen(last -> last.ledger().quarantine().stream()
                .map(LedgerStatus.Held::oldest)
                .min(Comparator.naturalOrder())
                .orElse(null));
        return age(oldest);
    }

    @Reads
    @ManagedOperation(description = "List held records: id, where each came from, reason and raw text")
    public String list(
            @Argument(name = "source", description = "Only of this source; empty for all") String source,
            @Argument(name = "limit", description = "Most records told, from 1 on") int limit) {
        return order("list")
                .option("--source", source)
                .option("--limit", Integer.toString(limit))
                .run();
    }

    @Reads
    @ManagedOperation(description = "Tell all of a record: raw text, reason, and what was billed beside a conflict")
    public String show(@Argument(name = "id", description = "Id of the record, as list tells it") String id) {
        return order("show").value("id", id).run();
    }

    @ManagedOperation(
            description = "Read records again, by the meters, limits and prices of today, and bill what can be billed")
    public String retry(@Argument(name = "ids", description = "Ids of records, between commas") String ids) {
        return order("retry").values("ids", ids).run();
    }

    @ManagedOperation(description = "Read all held records again, and bill what can be billed")
    public String retryAll(
            @Argument(name = "source", description = "Only those of this source; empty for all") String source) {
        return order("retry").flag("--all", true).option("--source", source).run();
    }

    @ManagedOperation(
            description = "Accept conflicts as corrections: what was billed is taken back, what they say is billed")
    public String accept(@Argument(name = "ids", description = "Ids of records, between commas") String ids) {
        return order("accept").values("ids", ids).run();
    }

    @ManagedOperation(description = "Drop records for good: they are never billed; they stay listed with the reason")
    public String drop(
            @Argument(name = "ids", description = "Ids of records, between commas") String ids,
            @Argument(name = "reason", description = "Why, for whoever looks later") String reason) {
        return order("drop").need("--reason", reason).values("ids", ids).run();
    }

    private Orders order(String what) {
        return Orders.of(commands, "quarantine", what);
    }

    private long held(String kind) {
        return count(last -> last.ledger().quarantine().stream()
                .filter(held -> held.kind().equals(kind))
                .mapToLong(LedgerStatus.Held::records)
                .sum());
    }
}
