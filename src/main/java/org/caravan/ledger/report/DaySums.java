package org.caravan.ledger.report;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Sums of whole days: the roll-up, and the entries of batches that are not rolled up yet. Both are summed by ids first; texts
 * are looked up once per sum, and summed again where several ids have one text (metadata of which one field is asked for).
 */
final class DaySums {
    private static final int FETCH_ROWS = 5_000;

    private final Connection snapshot;
    private final SummaryQuery query;
    private final LineChoice choice;

    /** @param choice of days and lines, of the same question */
    DaySums(Connection snapshot, SummaryQuery query, LineChoice choice) {
        this.snapshot = snapshot;
        this.query = query;
        this.choice = choice;
    }

    SummaryPage page() throws SQLException {
        if (choice.isNothing()) {
            return SummaryPage.EMPTY;
        }
        List<SummaryPage.Row> rows = new ArrayList<>();
        long[] total = new long[1];
        read(query.limit(), query.offset(), (values, sums, groups) -> {
            total[0] = groups;
            rows.add(Groups.row(query, values, sums));
        });
        return rows.isEmpty() && query.offset() > 0
                // a page behind the last says how many there are, too
                ? new SummaryPage(count(), rows)
                : new SummaryPage(total[0], rows);
    }

    private long count() throws SQLException {
        long[] total = new long[1];
        read(1, 0, (values, sums, groups) -> total[0] = groups);
        return total[0];
    }

    void addTo(Groups groups, int most) throws SQLException {
        if (!choice.isNothing()) {
            read(most + 1, 0, (values, sums, found) -> {
                if (found > most) {
                    throw Groups.tooMany(most);
                }
                groups.add(values, sums);
            });
        }
    }

    private interface Taker {
        void take(List<String> values, Sums sums, long groups);
    }

    private void read(int limit, long offset, Taker taker) throws SQLException {
        try (PreparedStatement select = sql(limit, offset).prepare(snapshot)) {
            select.setFetchSize(FETCH_ROWS);
            try (ResultSet row = select.executeQuery()) {
                int fields = query.groupBy().size();
                while (row.next()) {
                    List<String> values = new ArrayList<>();
                    for (int i = 1; i <= fields; i++) {
                        values.add(row.getString(i));
                    }
                    Sums sums = new Sums();
                    sums.add(row.getBigDecimal(fields + 1), row.getBigDecimal(fields + 2), row.getLong(fields + 3));
                    taker.take(values, sums, row.getLong(fields + 4));
                }
            }
        }
    }

    private Sql sql(int limit, long offset) {
        String ids = String.join(", ", ids());
        String comma = ids.isEmpty() ? "" : ids + ", ";
        Sql sql = new Sql()
                .add("with line as (select " + comma + "sum(quantity) as quantity, sum(amount) as amount,"
                        + " sum(records) as records from (")
                .add(choice.lines(comma))
                .add(") as lines" + (ids.isEmpty() ? "" : " group by " + ids) + ") select *, count(*) over () from (");
        Sql from = new Sql().add(" from line");
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < query.groupBy().size(); i++) {
            texts.add(text(query.groupBy().get(i), "f" + i, from) + " as k" + i);
        }
        sql.add("select " + texts.stream().map(text -> text + ", ").collect(Collectors.joining())
                        + "sum(quantity) as quantity, sum(amount) as amount, sum(records) as records")
                .add(from)
                .add(choice.ofMetadata());
        if (!texts.isEmpty()) {
            sql.add(" group by "
                    + IntStream.rangeClosed(1, texts.size())
                            .mapToObj(String::valueOf)
                            .collect(Collectors.joining(", ")));
        }
        return sql.add(" having sum(records) <> 0 or sum(quantity) <> 0 or sum(amount) <> 0) as found" + order())
                .add(" limit ? offset ?", limit, offset);
    }

    /** Columns that lines are summed by. */
    private Set<String> ids() {
        Set<String> ids = new LinkedHashSet<>();
        for (Field field : query.groupBy()) {
            ids.add(id(field));
        }
        if (choice.needsMetadata()) {
            ids.add("metadata");
        }
        return ids;
    }

    private static String id(Field field) {
        return switch (field.kind()) {
            case TENANT -> "tenant";
            case METER -> "meter";
            case RESOURCE -> "resource";
            case DATACENTER -> "datacenter";
            case METADATA -> "metadata";
            default -> "usage_day";
        };
    }

    /** The field's text as an expression; what has to be joined for it goes to {@code from}. */
    private static String text(Field field, String alias, Sql from) {
        switch (field.kind()) {
            case TENANT -> {
                from.add(" join tenant " + alias + " on " + alias + ".id = line.tenant");
                return alias + ".name";
            }
            case METER, RESOURCE, DATACENTER -> {
                from.add(" join term " + alias + " on " + alias + ".id = line." + id(field));
                return alias + ".value";
            }
            case METADATA -> {
                from.add(
                        " left join metadata_field " + alias + " on " + alias + ".metadata = line.metadata and " + alias
                                + ".name = ?",
                        field.name());
                return "coalesce(" + alias + ".value, '')";
            }
            default -> {
                return Values.SQL.get(field.kind());
            }
        }
    }

    private String order() {
        List<String> order = new ArrayList<>();
        for (int i = 0; i < query.groupBy().size(); i++) {
            if (query.groupBy().get(i).kind().isTime()) {
                order.add("length(k" + i + ")");
            }
            order.add("k" + i + " collate \"C\"");
        }
        return order.isEmpty() ? "" : " order by " + String.join(", ", order);
    }

    /** Days from the first on and before the end. */
    record Days(LocalDate first, LocalDate end) {}
}
