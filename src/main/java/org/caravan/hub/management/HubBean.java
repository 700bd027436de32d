package org.caravan.hub.management;

import org.apache.camel.api.management.ManagedAttribute;
import org.apache.camel.api.management.ManagedOperation;
import org.apache.camel.api.management.ManagedResource;

/** The hub as a whole over JMX. */
@ManagedResource(description = "The hub: what needs attention, and how fresh the figures of all beans are")
public final class HubBean extends View {
    private final Limits limits;

    HubBean(Watch watch, Limits limits) {
        super(watch);
        this.limits = limits;
    }

    @ManagedAttribute(description = "What needs a person: reason and remedy, one line each; empty if all is well")
    public String[] getFindings() {
        Overview last = watch().last();
        return last == null
                ? new String[0]
                : Findings.of(last, limits, watch().clock().instant()).stream()
                        .map(Finding::line)
                        .toArray(String[]::new);
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

    @ManagedOperation(description = "Look at the ledger now; does not wait for it")
    public void refresh() {
        watch().refresh();
    }
}
