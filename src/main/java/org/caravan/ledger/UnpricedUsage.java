package org.caravan.ledger;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Usage of open months that nothing priced and that would be billed as 0. Where no record ever lacked a price, nothing is
 * read; else the roll-up of the open months, once a minute at most, and only if a batch came or a month was closed since.
 */
public final class UnpricedUsage {
    private static final Duration REST = Duration.ofMinutes(1);

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

    private List<Month> known = List.of();
    private Object knownFor = "";
    private Instant readAt;

    /**
     * An open month with such usage.
     *
     * @param records without a price
     * @param product of one of them, as an example
     */
    public record Month(YearMonth month, long records, String product) {}

    /**
     * What there is, or was a minute ago.
     *
     * @param connection within the transaction that {@code ledger} was read in
     */
    public synchronized List<Month> read(Connection connection, LedgerStatus ledger, Instant now) throws SQLException {
        List<YearMonth> open = ledger.months().stream()
                .filter(LedgerStatus.Month::isOpen)
                .map(LedgerStatus.Month::month)
                .toList();
        if (ledger.totals().unpriced() == 0 || open.isEmpty()) {
            return List.of();
        }
        Object wanted = List.of(ledger.totals(), ledger.months());
        boolean recent = readAt != null
                && !now.isBefore(readAt)
                && Duration.between(readAt, now).compareTo(REST) < 0;
        if (!wanted.equals(knownFor) && !recent) {
            known = sums(connection, open);
            knownFor = wanted;
            readAt = now;
        }
        return known;
    }

    private static List<Month> sums(Connection connection, List<YearMonth> open) throws SQLException {
        String dates = open.stream().map(month -> "'" + month.atDay(1) + "'").collect(Collectors.joining(", "));
        List<Month> months = new ArrayList<>();
        try (Statement select = connection.createStatement();
                ResultSet row = select.executeQuery(SUMS.formatted(dates))) {
            while (row.next()) {
                months.add(new Month(YearMonth.from(row.getDate(1).toLocalDate()), row.getLong(2), row.getString(3)));
            }
        }
        return List.copyOf(months);
    }
}
