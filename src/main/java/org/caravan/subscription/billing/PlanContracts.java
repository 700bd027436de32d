package org.caravan.subscription.billing;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.caravan.invoice.contract.Contracts;
import org.caravan.invoice.contract.Terms;
import org.caravan.invoice.hold.HoldRule;

/** Subscriptions as what months are closed by. Safe for concurrent use. */
public final class PlanContracts implements Contracts {
    /** Subscriptions and the months of theirs that no document bears. %s narrows. */
    static final String UNBILLED =
            """
            from contract c
            cross join lateral generate_series(date_trunc('month', c.from_day::timestamp),
                         least(?::timestamp, c.until_day - interval '1 day') , interval '1 month') as g (at)
            where g.at < ?
              and not exists (select from subscription_month b where b.subscription_id = c.id and b.month = g.at::date)
            """;

    static final String HAS_FIXED =
            """
            exists (select from contract_item i
                     where i.plan_id = c.plan_id and i.pricing @> '[{"type": "fixed"}]')
            """;

    private final BillingSettings settings;
    private final String currency;

    /** @param currency the ledger's (ISO 4217) */
    public PlanContracts(BillingSettings settings, String currency) {
        this.settings = settings;
        this.currency = currency;
    }

    @Override
    public List<HoldRule> rules() {
        List<HoldRule> rules = new ArrayList<>(List.of(new PlanHold()));
        if (settings.holdUnsubscribed()) {
            rules.add(new UnsubscribedHold());
        }
        return rules;
    }

    @Override
    public SortedSet<YearMonth> due(Connection connection, YearMonth before) throws SQLException {
        SortedSet<YearMonth> months = new TreeSet<>();
        if (!ContractRows.any(connection)) {
            return months;
        }
        try (PreparedStatement select =
                connection.prepareStatement("select distinct g.at::date " + UNBILLED + " and " + HAS_FIXED)) {
            bind(select, before);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    months.add(YearMonth.from(row.getObject(1, LocalDate.class)));
                }
            }
        }
        settle(connection, before);
        return months;
    }

    /**
     * Notes the months that are over and had nothing due, so that a price that a plan gets later is not charged for them. Usage
     * of them is billed all the same.
     */
    private static void settle(Connection connection, YearMonth before) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "insert into subscription_month (subscription_id, month, from_day, until_day)"
                        + " select c.id, g.at::date, g.at::date, g.at::date " + UNBILLED + " and not " + HAS_FIXED
                        + " on conflict do nothing")) {
            bind(insert, before);
            insert.executeUpdate();
        }
    }

    private static void bind(PreparedStatement statement, YearMonth before) throws SQLException {
        statement.setObject(1, before.minusMonths(1).atDay(1).atStartOfDay());
        statement.setObject(2, before.atDay(1).atStartOfDay());
    }

    @Override
    public Terms terms(Connection connection, YearMonth month, Instant now) throws SQLException {
        if (!ContractRows.any(connection)) {
            return Terms.none();
        }
        List<Contract> contracts = ContractRows.until(connection, month);
        Set<String> plans = contracts.stream().map(Contract::plan).collect(Collectors.toSet());
        Map<String, Map<String, PlanItem>> items = ContractRows.items(connection, plans);
        Set<String> earlier = earlierDue(connection, month);
        return new PlanTerms(
                month,
                now,
                settings,
                currency,
                contracts,
                items,
                ContractRows.billed(connection, month),
                ContractRows.frozen(connection, ContractRows.waitingMonths(connection, month)),
                earlier,
                false);
    }

    /** Subscriptions with a month before this one of which something is due still. */
    private static Set<String> earlierDue(Connection connection, YearMonth month) throws SQLException {
        Set<String> due = new TreeSet<>();
        try (PreparedStatement select =
                connection.prepareStatement("select distinct c.id " + UNBILLED + " and " + HAS_FIXED)) {
            bind(select, month);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    due.add(row.getString(1));
                }
            }
        }
        return due;
    }
}
