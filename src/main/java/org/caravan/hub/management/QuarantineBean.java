package org.caravan.hub.management;

import java.time.Instant;
import java.util.Comparator;
import org.apache.camel.api.management.ManagedAttribute;
import org.apache.camel.api.management.ManagedResource;
import org.caravan.ledger.LedgerStatus;

/** Quarantine over JMX. */
@ManagedResource(description = "Records that lie in quarantine and are not billed")
public final class QuarantineBean extends View {
    QuarantineBean(Watch watch) {
        super(watch);
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

    private long held(String kind) {
        return count(last -> last.ledger().quarantine().stream()
                .filter(held -> held.kind().equals(kind))
                .mapToLong(LedgerStatus.Held::records)
                .sum());
    }
}
