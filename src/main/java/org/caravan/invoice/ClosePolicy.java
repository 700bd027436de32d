package org.caravan.invoice;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.caravan.invoice.hold.EarlierMonthHold;
import org.caravan.invoice.hold.GraceHold;
import org.caravan.invoice.hold.HoldRule;
import org.caravan.invoice.hold.QuarantineHold;
import org.caravan.invoice.hold.RerateHold;
import org.caravan.invoice.hold.RestoredHold;
import org.caravan.invoice.hold.SourceHold;
import org.caravan.invoice.hold.UnpricedHold;

/**
 * When a month may be closed, and by whom.
 *
 * @param grace how long after its end a month waits for late usage
 * @param unpriced false if usage without a price holds its tenant
 * @param quarantine false if records in quarantine hold their tenant
 * @param approval true if a person must approve before documents are issued
 */
public record ClosePolicy(Duration grace, boolean unpriced, boolean quarantine, boolean approval) {
    /** What holds where nothing else is said. */
    public static ClosePolicy defaults() {
        return new ClosePolicy(Duration.ofDays(1), true, false, false);
    }

    /** The rules that hold a month under this policy, those first that are looked up fastest. */
    public List<HoldRule> rules() {
        List<HoldRule> rules = new ArrayList<>(List.of(
                new RestoredHold(), new GraceHold(grace), new SourceHold(), new RerateHold(), new EarlierMonthHold()));
        if (!quarantine) {
            rules.add(new QuarantineHold());
        }
        if (!unpriced) {
            rules.add(new UnpricedHold());
        }
        return List.copyOf(rules);
    }
}
