package org.caravan.ledger;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Usage of open months that nothing priced and that would be billed as 0. Where no record ever lacked a price, nothing is
 * read; else the roll-up of the open months, only if a batch came or a month was closed since, and so seldom that reading
 * takes a small part of the time.
 */
public final class UnpricedUsage {
    /** How many times as long as reading took nothing is read again. */
    private static final int REST = 30;

    private static final String SUMS =
            """
            select s.billing_month, sum(s.records)::bigint, min(p.value)
              from (select billing_month, tenant, product, sum(records) as records
                      from (select billing_month, tenant, product, kind, usage_day, price_id, records
                              from rollup where billing_month in (%1$s)
                            union all
                            select billing_month, tenant, product, kind, usage_day, price_id, records
                              from entry where billing_month in (%1$s)
                               and batch in (select id from batch where rolled_at is null)) part
                      join price on price.id = part.price_id and not price.priced
                     group by billing_month, tenant, product, kind = 4, date_trunc('month', usage_day)
                    having sum(records) > 0) s
              join term p on p.id = s.product
             where not exists (select from month m
                                where m.tenant = s.tenant and m.month = s.billing_month and m.state = 'closed')
             group by s.billing_month order by s.billing_month
            """;

    /** Longest reading in seconds; beyond it what was known stays. Less than a look at the ledger may take. */
    private static final int LIMIT = 10;

    private static final String CANCELLED = "57014";

    private final int limit;
    private List<Month> known = List.of();
    private Object knownFor;
    private long readAgainAt;

    public UnpricedUsage() {
        this(LIMIT);
    }

    /** @param limit longest reading in seconds */
    UnpricedUsage(int limit) {
        this.limit = limit;
    }

    /**
     * An open month with such usage.
     *
     * @param records without a price
     * @param product of one of them, as an example
     */
    public record Month(YearMonth month, long records, String product) {}

    /**
     * What there is, or was when it was read last.
     *
     * @param connection within the transaction that {@code ledger} was read in
     */
    public synchronized List<Month> read(Connection connection, LedgerStatus ledger) throws SQLException {
        List<YearMonth> open = ledger.months().stream()
                .filter(LedgerStatus.Month::isOpen)
                .map(LedgerStatus.Month::month)
                .toList();
        if (ledger.totals().unpriced() == 0 || open.isEmpty()) {
            return List.of();
        }
        Object wanted = List.of(ledger.totals(), ledger.months());
        long begun = System.nanoTime();
        if (!wanted.equals(knownFor) && (knownFor == null || begun - readAgainAt >= 0)) {
            known = sums(connection, open, limit).orElse(known);
            knownFor = wanted;
            long ended = System.nanoTime();
            readAgainAt = ended + REST * (ended - begun);
        }
        return known;
    }

    /** Empty if it takes too long; the transaction goes on. */
    private static Optional<List<Month>> sums(Connection connection, List<YearMonth> open, int limit)
            throws SQLException {
        String dates = open.stream().map(month -> "'" + month.atDay(1) + "'").collect(Collectors.joining(", "));
        List<Month> months = new ArrayList<>();
        Savepoint before = connection.setSavepoint();
        try (Statement select = connection.createStatement()) {
            select.setQueryTimeout(limit);
            try (ResultSet row = select.executeQuery(SUMS.formatted(dates))) {
                while (row.next()) {
                    months.add(
                            new Month(YearMonth.from(row.getDate(1).toLocalDate()), row.getLong(2), row.getString(3)));
                }
            }
            connection.releaseSavepoint(before);
            return Optional.of(List.copyOf(months));
        } catch (SQLException e) {
            if (!CANCELLED.equals(e.getSQLState())) {
                throw e;
            }
            connection.rollback(before);
            return Optional.empty();
        }
    }
}
