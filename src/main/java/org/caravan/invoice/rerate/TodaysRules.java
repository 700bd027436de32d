package org.caravan.invoice.rerate;

import org.caravan.common.UserError;
import org.caravan.rating.hashmap.Tariff;
import org.caravan.rating.hashmap.TariffSource;

/** The rules to re-rate by. */
final class TodaysRules {
    private TodaysRules() {}

    /** @throws UserError if there is no rule at all: that is a mistake, or everything would be billed 0 */
    static Tariff of(TariffSource source) {
        Tariff tariff = source.get();
        if (tariff.version().equals(Tariff.EMPTY.version())) {
            throw new UserError("there are no rules to re-rate by, so that everything would be billed 0; load them with"
                    + " caravan tariff import FILE, or switch the rating module hashmap on");
        }
        return tariff;
    }
}
