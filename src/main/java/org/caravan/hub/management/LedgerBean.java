package org.caravan.hub.management;

import org.apache.camel.api.management.ManagedAttribute;
import org.apache.camel.api.management.ManagedOperation;
import org.apache.camel.api.management.ManagedResource;

/** Records and batches over JMX. */
@ManagedResource(description = "The ledger: what became of all records since it was begun")
public final class LedgerBean extends View {
    private final Commands commands;

    LedgerBean(Watch watch, Commands commands) {
        super(watch);
        this.commands = commands;
    }

    @ManagedAttribute(description = "Batches committed")
    public long getBatches() {
        return count(last -> last.ledger().totals().batches());
    }

    @ManagedAttribute(description = "Records read")
    public long getRecords() {
        return count(last -> last.ledger().totals().records());
    }

    @ManagedAttribute(description = "Records accepted: they are billed")
    public long getAccepted() {
        return count(last -> last.ledger().totals().accepted());
    }

    @ManagedAttribute(description = "Records dropped because the same was billed already")
    public long getDuplicate() {
        return count(last -> last.ledger().totals().duplicate());
    }

    @ManagedAttribute(description = "Records that contradicted what was billed already; they went to quarantine")
    public long getConflict() {
        return count(last -> last.ledger().totals().conflict());
    }

    @ManagedAttribute(description = "Records that could not be used; they went to quarantine")
    public long getQuarantined() {
        return count(last -> last.ledger().totals().quarantined());
    }

    @ManagedAttribute(description = "Accepted records for which the tariff had no rule; they are billed at 0")
    public long getUnpriced() {
        return count(last -> last.ledger().totals().unpriced());
    }

    @ManagedAttribute(description = "When the newest batch was committed (UTC); null if none ever was")
    public String getLastCommit() {
        return seen(last -> text(last.ledger().lastCommit()));
    }

    @Reads
    @ManagedOperation(description = "Prove that entries, roll-up, documents and archives hold together; takes its time")
    public String audit() {
        return commands.run("audit");
    }
}
