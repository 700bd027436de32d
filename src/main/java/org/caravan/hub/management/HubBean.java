package org.caravan.hub.management;

import org.apache.camel.api.management.ManagedAttribute;
import org.apache.camel.api.management.ManagedOperation;
import org.apache.camel.api.management.ManagedResource;

/** The hub as a whole over JMX. */
@ManagedResource(description = "The hub: what needs attention, and how fresh the figures of all beans are")
public final class HubBean extends View {
    private final Attention attention;
    private final Commands commands;

    HubBean(Attention attention, Commands commands) {
        super(attention.watch());
        this.attention = attention;
        this.commands = commands;
    }

    @ManagedAttribute(description = "What needs a person: reason and remedy, one line each; empty if all is well")
    public String[] getFindings() {
        return attention.findings().stream().map(Finding::line).toArray(String[]::new);
    }

    @ManagedAttribute(description = "True if nothing needs a person and the ledger answers")
    public boolean isWell() {
        return watch().last() != null && watch().failure() == null && getFindings().length == 0;
    }

    @ManagedAttribute(description = "When the ledger was last looked at (UTC); null before the first look")
    public String getLastLook() {
        return seen(last -> text(last.at()));
    }

    @ManagedAttribute(description = "Milliseconds that the last look took")
    public long getLastLookMillis() {
        return count(last -> last.took().toMillis());
    }

    @ManagedAttribute(description = "Why the ledger can't be looked at; null if it can")
    public String getLedgerError() {
        Watch.Failure failure = watch().failure();
        return failure == null ? null : failure.reason();
    }

    @ManagedAttribute(description = "Since when the ledger can't be looked at (UTC); null if it can")
    public String getLedgerErrorSince() {
        Watch.Failure failure = watch().failure();
        return failure == null ? null : text(failure.since());
    }

    @Reads
    @ManagedOperation(description = "Say how the ledger stands and what needs a person, each with its remedy")
    public String status() {
        return commands.run("status");
    }

    @Reads
    @ManagedOperation(description = "Look at the ledger now; does not wait for it")
    public void refresh() {
        watch().refresh();
    }
}
