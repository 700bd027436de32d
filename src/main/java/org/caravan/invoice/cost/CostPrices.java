package org.caravan.invoice.cost;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.caravan.common.UserError;
import org.caravan.ledger.TenantChoice;
import org.caravan.rating.cost.CostUnits;
import org.caravan.rating.cost.PriceBook;
import org.caravan.rating.cost.PriceSource;
import org.caravan.rating.cost.UnitCost;

/**
 * The prices that usage is billed at when its month closes: those that documents have frozen, else those of the source as
 * {@link #refresh} read them last. Safe for concurrent use.
 */
public final class CostPrices {
    private final PriceSource source;
    private final String currency;
    private final Duration recheck;
    private final Clock clock;
    private final Map<YearMonth, Read> read = new ConcurrentHashMap<>();
    private final Map<CostKey, UnitCost> frozen = new ConcurrentHashMap<>();

    /** What came of asking the source. {@code book} is null where it could not be read, for the reason given. */
    private record Read(PriceBook book, String problem, Instant at) {}

    /**
     * @param source where prices are kept; null where nothing is configured
     * @param currency the ledger's (ISO 4217)
     * @param recheck how long what was read counts as fresh
     */
    public CostPrices(PriceSource source, String currency, Duration recheck, Clock clock) {
        this.source = source;
        this.currency = currency;
        this.recheck = recheck;
        this.clock = clock;
    }

    /** Of a hub that is told of no source: usage that needs one is held. */
    public static CostPrices none() {
        return new CostPrices(null, null, Duration.ZERO, Clock.systemUTC());
    }

    /**
     * Reads what a billing month's usage needs, if any does, before it is closed or looked at. Asks the source, so never to be
     * called while locks are held.
     */
    public void refresh(DataSource dataSource, YearMonth month) throws SQLException {
        Set<YearMonth> months;
        try (Connection connection = dataSource.getConnection()) {
            months = waiting(connection, month, TenantChoice.all());
        }
        ask(months);
    }

    /** The same for some tenants, within a snapshot that holds no locks. */
    public void refresh(Connection snapshot, YearMonth month, TenantChoice tenants) throws SQLException {
        ask(waiting(snapshot, month, tenants));
    }

    private Set<YearMonth> waiting(Connection connection, YearMonth month, TenantChoice tenants) throws SQLException {
        if (tenants.isNone() || !WaitingUsage.any(connection)) {
            return Set.of();
        }
        Set<YearMonth> months = WaitingUsage.months(connection, month, tenants);
        if (!months.isEmpty()) {
            frozen.putAll(FrozenPrices.of(connection, months));
        }
        return months;
    }

    private void ask(Set<YearMonth> months) {
        for (YearMonth used : months) {
            Read known = read.get(used);
            if (source != null && (known == null || !known.at().plus(recheck).isAfter(clock.instant()))) {
                read.put(used, ask(used));
            }
        }
    }

    private Read ask(YearMonth month) {
        Instant now = clock.instant();
        try {
            PriceBook book = source.read(month);
            if (book.currency() != null && !book.currency().equals(currency)) {
                return new Read(
                        null,
                        "prices of " + source.name() + " are in " + book.currency() + ", the ledger's currency is "
                                + currency + "; name a price list in " + currency,
                        now);
            }
            return new Read(book, null, now);
        } catch (UserError e) {
            return new Read(null, e.getMessage(), now);
        }
    }

    /**
     * A price, and how the usage's quantity becomes one of its unit.
     *
     * @param unit of the price; the usage's own where the source says none
     */
    record Priced(UnitCost cost, CostUnits units, String unit) {}

    /** A price that is not there: what is the matter, and what ends it. */
    static final class Missing extends Exception {
        private final String reason;
        private final String remedy;

        Missing(String reason, String remedy) {
            super(reason + "; " + remedy);
            this.reason = reason;
            this.remedy = remedy;
        }

        String reason() {
            return reason;
        }

        String remedy() {
            return remedy;
        }
    }

    /** The price of a product for usage in a unit. */
    Priced price(CostKey key, String usageUnit) throws Missing {
        UnitCost cost = frozen.get(key);
        if (cost == null) {
            cost = fromSource(key);
        }
        Optional<CostUnits> units = CostUnits.between(usageUnit, cost.unit());
        if (units.isEmpty()) {
            throw new Missing(
                    "the price of " + key.name() + " is per " + cost.unit() + ", its usage is in " + usageUnit,
                    "price it per " + usageUnit + ", or give its meter a unit that converts");
        }
        return new Priced(cost, units.get(), cost.unit().isEmpty() ? usageUnit : cost.unit());
    }

    private UnitCost fromSource(CostKey key) throws Missing {
        if (source == null) {
            throw new Missing(
                    key.name() + " is priced at cost, and no source of prices is configured",
                    "set caravan.cost.connector or caravan.cost.rates");
        }
        Read known = read.get(key.month());
        if (known == null) {
            throw new Missing(
                    "the price of " + key.name() + " in " + key.month() + " has not been read yet", "close once more");
        }
        if (known.book() == null) {
            throw new Missing(known.problem(), "mend it, then close again");
        }
        Optional<UnitCost> cost;
        try {
            cost = known.book().cost(key.datacenter(), key.product());
        } catch (UserError e) {
            throw new Missing("the price of " + key.name() + " can't be used: " + e.getMessage(), "then close again");
        }
        return cost.orElseThrow(() -> new Missing(
                key.name() + " has no price in " + source.name(), source.remedy(key.datacenter(), key.product())));
    }

    /**
     * Freezes prices of documents within the transaction that issues them.
     *
     * @return those that another hub has frozen otherwise meanwhile: their documents must not be issued, and the next draft
     *     bears what holds
     */
    public SortedMap<CostKey, UnitCost> freeze(Connection connection, SortedMap<CostKey, UnitCost> prices, Instant now)
            throws SQLException {
        if (prices.isEmpty()) {
            return prices;
        }
        SortedMap<CostKey, UnitCost> others =
                FrozenPrices.freeze(connection, prices, source == null ? "" : source.name(), now);
        frozen.putAll(others);
        return others;
    }
}
