package org.caravan.rating.store;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.caravan.rating.hashmap.RuleIds;
import org.caravan.rating.hashmap.Tariff;
import org.caravan.rating.hashmap.TariffSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tariff of the rules in the tables: follows every change of them, whichever hub or command made it. Where it can't ask
 * for them it fails, and so does what was to be rated.
 */
public final class StoredTariff implements TariffSource {
    private static final Logger LOG = LoggerFactory.getLogger(StoredTariff.class);

    private final RuleStore store;
    private final Duration recheck;
    private final Clock clock;
    private volatile Known known;

    /** @param checkedAt when the version was last asked for */
    private record Known(Tariff tariff, RuleIds ids, boolean on, Overlaps overlaps, long version, Instant checkedAt) {}

    /** @param recheck how long the rules are taken to be unchanged before they are asked for again; zero = not at all */
    public StoredTariff(RuleStore store, Duration recheck, Clock clock) {
        this.store = store;
        this.recheck = recheck;
        this.clock = clock;
    }

    @Override
    public Tariff get() {
        Known last = known;
        Instant now = clock.instant();
        if (last != null && isRecent(last, now)) {
            return last.tariff();
        }
        try {
            return follow(store.version(), now);
        } catch (SQLException e) {
            throw new IllegalStateException(
                    "the rules of the ledger can't be asked for, so nothing is rated: " + e.getMessage(), e);
        }
    }

    private boolean isRecent(Known last, Instant now) {
        // a clock that was set back makes nothing recent
        return !now.isBefore(last.checkedAt()) && now.isBefore(last.checkedAt().plus(recheck));
    }

    /** One reads the changed rules, the others wait for it. */
    private synchronized Tariff follow(long version, Instant now) throws SQLException {
        Known last = known;
        if (last != null && last.version() == version) {
            known = new Known(last.tariff(), last.ids(), last.on(), last.overlaps(), version, now);
            return last.tariff();
        }
        RuleStore.InUse rules = store.inUse();
        // what a tariff's digest covers is all that prices anything, but prices name their rules, too
        boolean same = last != null
                && last.tariff().version().equals(rules.tariff().version())
                && last.ids().equals(rules.ids());
        known = new Known(
                same ? last.tariff() : rules.tariff(), rules.ids(), rules.on(), rules.overlaps(), rules.version(), now);
        if (last != null && !same) {
            LOG.info("Rating by version {} of the rules from now on", rules.version());
        }
        if (rules.overlaps().count() > 0 && (last == null || !last.overlaps().equals(rules.overlaps()))) {
            LOG.warn(
                    "{} mappings begin before another one of the same place has ended, as {} does; of those in force at"
                            + " once the one made last counts",
                    rules.overlaps().count(),
                    rules.overlaps().example());
        }
        if (!rules.on() && (last == null || last.on())) {
            LOG.warn("The rating module hashmap is switched off: usage is priced by no rule until it is on again");
        }
        return known.tariff();
    }
}
