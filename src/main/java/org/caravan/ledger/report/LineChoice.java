package org.caravan.ledger.report;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which rows of roll-up and entries a question is about, found by ids: names are looked up first, so that the large tables
 * are narrowed by partition, tenant and day, and compared by numbers.
 */
final class LineChoice {
    /** As much of a metadata value as its index holds, in characters. */
    private static final int INDEXED = 100;

    private final DaySums.Days days;
    private final List<Filter> ofMetadata = new ArrayList<>();
    private final Sql condition = new Sql();
    private final List<Long> unrolled = new ArrayList<>();
    private boolean nothing;

    private LineChoice(DaySums.Days days) {
        this.days = days;
    }

    static LineChoice of(Connection snapshot, SummaryQuery query, DaySums.Days days) throws SQLException {
        LineChoice choice = new LineChoice(days);
        Set<String> tenants = new RecordFilter(query.realm(), query.filters()).tenants();
        if (tenants != null) {
            choice.narrow("tenant", tenants(snapshot, query.realm(), tenants));
        } else if (hasOtherRealms(snapshot, query.realm())) {
            choice.condition.add(" and tenant = any (array (select id from tenant where realm = ?))", query.realm());
        }
        for (Filter filter : query.filters()) {
            switch (filter.field().kind()) {
                case TENANT -> {}
                case METER -> choice.narrow("meter", terms(snapshot, filter.values()));
                case RESOURCE -> choice.narrow("resource", terms(snapshot, filter.values()));
                case DATACENTER -> choice.narrow("datacenter", terms(snapshot, filter.values()));
                case METADATA -> choice.ofMetadata.add(filter);
                default ->
                    choice.condition.addMany(
                            " and " + Values.SQL.get(filter.field().kind()) + " = any (?)", "text", filter.values());
            }
        }
        choice.readUnrolled(snapshot);
        return choice;
    }

    private void narrow(String column, List<Integer> ids) {
        nothing |= ids.isEmpty();
        condition.addMany(" and " + column + " = any (?)", "int4", ids);
    }

    /** True if no line can be meant. */
    boolean isNothing() {
        return nothing;
    }

    boolean needsMetadata() {
        return !ofMetadata.isEmpty();
    }

    /**
     * The lines.
     *
     * @param columns those wanted beside the figures, each followed by a comma
     */
    Sql lines(String columns) {
        String select = "select " + columns + "quantity, amount, records from ";
        LocalDate month = days.first().with(TemporalAdjusters.firstDayOfMonth());
        LocalDate later = days.end()
                .minusDays(1)
                .with(TemporalAdjusters.firstDayOfMonth())
                .plusMonths(1);
        Sql lines = new Sql()
                .add(select + "rollup where billing_month >= ? and billing_month < ?", month, later)
                .add(ofDays())
                .add(condition)
                // what was billed later than it was used: by the index of these alone
                .add(" union all " + select + "rollup where billing_month >= ? and kind <> 1", later)
                .add(ofDays())
                .add(condition);
        if (!unrolled.isEmpty()) {
            lines.add(" union all " + select + "entry where billing_month >= ?", month)
                    .add(" and batch >= ? and batch <= ?", unrolled.get(0), unrolled.get(unrolled.size() - 1))
                    .addMany(" and batch = any (?)", "int8", unrolled)
                    .add(ofDays())
                    .add(condition);
        }
        return lines;
    }

    private Sql ofDays() {
        return new Sql().add(" and usage_day >= ? and usage_day < ?", days.first(), days.end());
    }

    /** The condition on the metadata of summed lines; empty if there is none. */
    Sql ofMetadata() {
        Sql where = new Sql();
        String word = " where ";
        for (Filter filter : ofMetadata) {
            String name = filter.field().name();
            where.add(word + "(line.metadata in (select metadata from metadata_field where name = ?", name)
                    .addMany(
                            " and left(value, " + INDEXED + ") = any (?)",
                            "text",
                            filter.values().stream()
                                    .map(LineChoice::indexed)
                                    .distinct()
                                    .toList())
                    .addMany(" and value = any (?))", "text", filter.values());
            if (filter.values().contains("")) {
                where.add(
                        " or not exists (select from metadata_field x where x.metadata = line.metadata and x.name = ?)",
                        name);
            }
            where.add(")");
            word = " and ";
        }
        return where;
    }

    private static String indexed(String value) {
        return value.codePointCount(0, value.length()) <= INDEXED
                ? value
                : value.substring(0, value.offsetByCodePoints(0, INDEXED));
    }

    private void readUnrolled(Connection snapshot) throws SQLException {
        try (Statement select = snapshot.createStatement();
                ResultSet row = select.executeQuery("select id from batch where rolled_at is null order by id")) {
            while (row.next()) {
                unrolled.add(row.getLong(1));
            }
        }
    }

    private static List<Integer> tenants(Connection snapshot, String realm, Set<String> names) throws SQLException {
        return ids(
                snapshot,
                new Sql()
                        .add("select id from tenant where realm = ?", realm)
                        .addMany(" and name = any (?)", "text", names));
    }

    private static List<Integer> terms(Connection snapshot, Set<String> values) throws SQLException {
        return ids(snapshot, new Sql().addMany("select id from term where value = any (?)", "text", values));
    }

    private static List<Integer> ids(Connection snapshot, Sql sql) throws SQLException {
        Set<Integer> ids = new HashSet<>();
        try (PreparedStatement select = sql.prepare(snapshot);
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                ids.add(row.getInt(1));
            }
        }
        return List.copyOf(ids);
    }

    private static boolean hasOtherRealms(Connection snapshot, String realm) throws SQLException {
        try (PreparedStatement select = snapshot.prepareStatement(
                "select exists (select from tenant where realm < ?) or exists (select from tenant where realm > ?)")) {
            select.setString(1, realm);
            select.setString(2, realm);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }
}
