package org.caravan.hub.cli;

import java.time.Clock;
import java.time.Instant;
import org.caravan.common.UserError;
import org.caravan.hub.OpenLedger;
import org.caravan.ledger.LedgerSchema;
import org.caravan.rating.RuleTime;
import org.caravan.rating.store.RuleStore;

/** What the tariff commands have in common: the rules of an open ledger. */
final class TariffLedger {
    private TariffLedger() {}

    /** @throws UserError if the database holds no ledger yet */
    static RuleStore store(OpenLedger ledger, Clock clock) {
        currency(ledger);
        return new RuleStore(ledger.dataSource(), clock);
    }

    /** The currency that the ledger rates in. */
    static String currency(OpenLedger ledger) {
        LedgerSchema.Identity identity = LedgerSchema.find(ledger.dataSource());
        if (identity == null || identity.currency() == null) {
            throw new UserError("no ledger was begun in this database yet; caravan run or caravan bill begins one");
        }
        return identity.currency();
    }

    /** The time in an option, or null where it is not given. */
    static Instant time(String option, String text) {
        try {
            return text == null ? null : RuleTime.parse(text);
        } catch (IllegalArgumentException e) {
            throw new UserError(option + " " + text + ": " + e.getMessage(), e);
        }
    }
}
