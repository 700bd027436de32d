package org.caravan.rating.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import javax.sql.DataSource;
import org.caravan.common.UserError;
import org.caravan.rating.hashmap.RuleIds;
import org.caravan.rating.hashmap.RuleSet;
import org.caravan.rating.hashmap.Tariff;

/** The rules in the tables {@code rule_*} of a ledger's database. Safe for concurrent use, also by several hubs. */
public final class RuleStore {
    private static final int MAX_ACTOR = 32;

    private final DataSource dataSource;
    private final Clock clock;

    public RuleStore(DataSource dataSource, Clock clock) {
        this.dataSource = Objects.requireNonNull(dataSource, "dataSource");
        this.clock = Objects.requireNonNull(clock, "clock");
    }

    /**
     * What is to hold.
     *
     * @param rules what the rules are from the moment on
     * @param currency ISO 4217 code of every cost
     * @param from the moment; null = now, to the second
     * @param actor who wants it; kept to 32 characters
     */
    public record Import(RuleSet rules, String currency, Instant from, String actor) {
        public Import {
            Objects.requireNonNull(rules, "rules");
            Objects.requireNonNull(currency, "currency");
            from = from == null ? null : from.truncatedTo(ChronoUnit.MICROS);
            actor = actor == null || actor.isBlank() ? "unknown" : actor;
            actor = actor.length() > MAX_ACTOR ? actor.substring(0, MAX_ACTOR) : actor;
        }
    }

    /**
     * What became of an import.
     *
     * @param plan what was changed, or would be
     * @param version of the rules as they are now
     */
    public record Result(ImportPlan plan, long version) {}

    /** The rules with their version, in one snapshot. */
    public StoredRules load() throws SQLException {
        return RuleTransaction.reading(dataSource, connection -> {
            try (PreparedStatement select = connection.prepareStatement("select version, currency from rule_state");
                    ResultSet row = select.executeQuery()) {
                row.next();
                return new StoredRules(RuleRows.read(connection).ruleSet(), row.getLong(1), row.getString(2));
            }
        });
    }

    /**
     * What usage is priced by: the rules, unless HashMap is switched off, and then none.
     *
     * @param tariff whose prices name the rules by their ids
     * @param ids of its rules
     * @param on false if HashMap is switched off
     * @param overlaps of its mappings
     */
    record InUse(Tariff tariff, RuleIds ids, boolean on, Overlaps overlaps, long version) {}

    /** What usage is priced by now, in one snapshot. */
    InUse inUse() throws SQLException {
        return RuleTransaction.reading(dataSource, connection -> {
            long version = version(connection);
            if (!Modules.isOn(connection, Modules.HASHMAP)) {
                return new InUse(Tariff.EMPTY, RuleIds.NONE, false, Overlaps.NONE, version);
            }
            RuleRows rows = RuleRows.read(connection);
            return new InUse(Tariff.compile(rows.ruleSet(), rows.ids()), rows.ids(), true, Overlaps.of(rows), version);
        });
    }

    /** The version of the rules as they are committed now. */
    public long version() throws SQLException {
        return RuleTransaction.single(dataSource, RuleStore::version);
    }

    /** True if there are neither mappings nor thresholds, ended ones included. */
    public boolean isEmpty() throws SQLException {
        return load().isEmpty();
    }

    /**
     * What {@link #importRules} would change; changes nothing.
     *
     * @throws UserError as there
     */
    public Result plan(Import wanted) throws SQLException {
        return RuleTransaction.reading(dataSource, connection -> {
            checkCurrency(connection, wanted);
            return new Result(planner(connection, wanted).plan(), version(connection));
        });
    }

    /**
     * Makes the rules those that are wanted, from a moment on, by the smallest change, in one transaction. Usage that began
     * earlier is priced as before (thresholds have no dates: they change at once for all). Where there were no rules at all
     * they are taken as they are, with their own periods. The same again changes nothing.
     *
     * @throws UserError if the rules are in another currency, or the change can't be dated as it would have to be; nothing
     *     was changed
     */
    public Result importRules(Import wanted) throws SQLException {
        return RuleTransaction.changing(dataSource, connection -> change(connection, wanted));
    }

    /**
     * As {@link #importRules} where there never were rules; else changes nothing. Of several at once one loads.
     *
     * @return what was loaded, or what an import would change; {@link ImportPlan#from()} is null in the first case alone
     */
    public Result importIfEmpty(Import wanted) throws SQLException {
        StoredRules stored = load();
        if (!stored.isEmpty() || stored.currency() != null) {
            return plan(wanted);
        }
        return RuleTransaction.changing(dataSource, connection -> {
            RuleRows rows = RuleRows.read(connection);
            if (rows.mappings().isEmpty() && rows.thresholds().isEmpty() && checkCurrency(connection, wanted)) {
                return change(connection, wanted);
            }
            // another was quicker
            return new Result(planner(connection, wanted).plan(), version(connection));
        });
    }

    private Result change(Connection connection, Import wanted) throws SQLException {
        boolean newCurrency = checkCurrency(connection, wanted);
        Planner planner = planner(connection, wanted);
        new RuleWriter(connection, wanted.actor(), clock.instant().truncatedTo(ChronoUnit.MICROS)).write(planner);
        if (newCurrency) {
            try (PreparedStatement update = connection.prepareStatement("update rule_state set currency = ?")) {
                update.setString(1, wanted.currency());
                update.executeUpdate();
            }
        }
        return new Result(planner.plan(), version(connection));
    }

    private Planner planner(Connection connection, Import wanted) throws SQLException {
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        return new Planner(
                RuleRows.read(connection),
                NormalForm.of(wanted.rules()),
                wanted.from() == null ? now : wanted.from(),
                now);
    }

    /** True if there is no currency yet. */
    private static boolean checkCurrency(Connection connection, Import wanted) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("select currency from rule_state");
                ResultSet row = select.executeQuery()) {
            row.next();
            String currency = row.getString(1);
            if (currency != null && !currency.equals(wanted.currency())) {
                throw new UserError("currency: the rules of this ledger are in " + currency + ", these are in "
                        + wanted.currency() + "; nothing was changed");
            }
            return currency == null;
        }
    }

    static long version(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("select version from rule_state");
                ResultSet row = select.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }
}
