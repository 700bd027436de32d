package org.caravan.invoice;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.caravan.invoice.document.AccountProfiles;
import org.caravan.invoice.hold.Hold;
import org.caravan.ledger.OpenMonths;
import org.caravan.ledger.TenantRef;

/** Every month at a glance: how far it is closed, what it comes to, and what keeps it open. */
public final class MonthOverview {
    /** Closed months shown: a year, and the month to compare it with. */
    private static final int SHOWN_CLOSED = 13;

    private static final String SUMS =
            """
            with line as (
              select s.billing_month, s.tenant, sum(s.records) as records, sum(s.amount) as amount,
                     coalesce(sum(s.records) filter (where s.kind = 3), 0) as late_records,
                     coalesce(sum(s.amount) filter (where s.kind in (3, 4)), 0) as late_amount,
                     coalesce(sum(greatest(s.records, 0)) filter (where not s.priced), 0) as unpriced
                from (select billing_month, tenant, kind, priced, sum(records) as records, sum(amount) as amount
                        from (select billing_month, tenant, case when kind > 40 then kind - 40 else kind end as kind,
                                     usage_day, price_id, records, amount
                                from rollup where billing_month in (%1$s)
                              union all
                              select billing_month, tenant, case when kind > 40 then kind - 40 else kind end as kind,
                                     usage_day, price_id, records, amount
                                from entry where billing_month in (%1$s)
                                 and batch in (select id from batch where rolled_at is null)) part
                        join price on price.id = part.price_id
                       group by billing_month, tenant, kind, priced, date_trunc('month', usage_day)) s
               group by s.billing_month, s.tenant
            )
            select line.billing_month, sum(line.records), sum(line.amount), sum(line.late_records),
                   sum(line.late_amount), sum(line.unpriced),
                   count(*) filter (where m.state = 'closing' and m.lease_until > clock_timestamp()),
                   count(*) filter (where m.state = 'closed')
              from line
              left join month m on m.tenant = line.tenant and m.month = line.billing_month
             group by line.billing_month
            """;

    private MonthOverview() {}

    /**
     * A month. Amounts are exact and in the ledger's currency.
     *
     * @param state {@code open}, {@code closing} or {@code closed}
     * @param open tenants with entries that no document bears and nobody is closing now
     * @param unbilled tenants that their account's profile does not bill; no part of {@code open}
     * @param lateRecords a part of {@code records}: usage of months that were closed before it came
     * @param lateAmount a part of {@code amount}: that usage, and what re-rating made of closed months
     * @param unpriced a part of {@code records}: what nothing priced
     * @param documents invoices issued, by currency their number
     * @param totals of these, by currency
     * @param holds what keeps it open; empty where it is closed, or will be with the next round
     */
    public record Month(
            YearMonth month,
            String state,
            long open,
            long closing,
            long closed,
            long unbilled,
            long records,
            BigDecimal amount,
            long lateRecords,
            BigDecimal lateAmount,
            long unpriced,
            Map<String, Long> documents,
            Map<String, BigDecimal> totals,
            List<Hold> holds) {}

    /**
     * Reads the months, the oldest first: all that are open and the last closed ones; or only the given one.
     *
     * @param only a month, or null
     */
    public static List<Month> read(DataSource dataSource, Closer closer, YearMonth only, Clock clock)
            throws SQLException {
        return Transactions.call(dataSource, connection -> {
            try (PreparedStatement snapshot =
                    connection.prepareStatement("set transaction isolation level repeatable read, read only")) {
                snapshot.execute();
            }
            return new Reading(connection, closer, clock).read(only);
        });
    }

    /** One reading, from one snapshot. */
    private static final class Reading {
        private final Connection connection;
        private final Closer closer;
        private final Clock clock;

        Reading(Connection connection, Closer closer, Clock clock) {
            this.connection = connection;
            this.closer = closer;
            this.clock = clock;
        }

        List<Month> read(YearMonth only) throws SQLException {
            SortedSet<YearMonth> known = OpenMonths.known(connection);
            Map<YearMonth, List<TenantRef>> open = new TreeMap<>();
            for (YearMonth month : only == null ? known : List.of(only)) {
                List<TenantRef> tenants = OpenMonths.of(connection, month);
                if (!tenants.isEmpty()) {
                    open.put(month, tenants);
                }
            }
            Set<YearMonth> shown = new TreeSet<>();
            if (only != null) {
                shown.add(only);
            } else {
                known.stream().skip(Math.max(0, known.size() - SHOWN_CLOSED)).forEach(shown::add);
                for (Map.Entry<YearMonth, List<TenantRef>> month : open.entrySet()) {
                    AccountProfiles profiles = closer.profiles(connection, month.getKey());
                    if (month.getValue().stream().anyMatch(tenant -> isBilled(profiles, tenant))) {
                        shown.add(month.getKey());
                    }
                }
            }
            Map<YearMonth, Month> sums = shown.isEmpty() ? Map.of() : sums(shown);
            List<Month> months = new ArrayList<>();
            for (YearMonth month : shown) {
                Month read = sums.get(month);
                if (read != null) {
                    months.add(finish(read, open.getOrDefault(month, List.of())));
                }
            }
            return months;
        }

        private Month finish(Month read, List<TenantRef> notClosed) throws SQLException {
            AccountProfiles profiles = closer.profiles(connection, read.month());
            List<TenantRef> billed = notClosed.stream()
                    .filter(tenant -> isBilled(profiles, tenant))
                    .toList();
            long closing = Math.min(read.closing(), billed.size());
            Map<String, Long> documents = new TreeMap<>();
            Map<String, BigDecimal> totals = new TreeMap<>();
            documents(read.month(), documents, totals);
            return new Month(
                    read.month(),
                    billed.isEmpty() ? "closed" : closing > 0 ? "closing" : "open",
                    billed.size() - closing,
                    closing,
                    read.closed(),
                    notClosed.size() - billed.size(),
                    read.records(),
                    read.amount(),
                    read.lateRecords(),
                    read.lateAmount(),
                    read.unpriced(),
                    documents,
                    totals,
                    holds(read.month(), profiles, notClosed, billed));
        }

        private List<Hold> holds(
                YearMonth month, AccountProfiles profiles, List<TenantRef> notClosed, List<TenantRef> billed)
                throws SQLException {
            List<Hold> holds = new ArrayList<>();
            YearMonth now = YearMonth.from(clock.instant().atOffset(ZoneOffset.UTC));
            if (!billed.isEmpty() && !month.isBefore(now)) {
                holds.add(new Hold(
                        "running",
                        false,
                        null,
                        month + " is not over until " + month.plusMonths(1).atDay(1) + "T00:00:00Z",
                        "wait for its end"));
            } else if (!billed.isEmpty()) {
                Set<Integer> ids = billed.stream().map(TenantRef::id).collect(Collectors.toSet());
                closer.holds(connection, month).stream()
                        .filter(hold -> hold.tenant() == null
                                || hold.tenant().id() == 0
                                || ids.contains(hold.tenant().id()))
                        .forEach(holds::add);
            }
            Map<String, TenantRef> unbilled = new TreeMap<>();
            notClosed.stream()
                    .filter(tenant -> !isBilled(profiles, tenant))
                    .forEach(tenant -> unbilled.putIfAbsent(AccountNames.of(profiles, tenant), tenant));
            unbilled.forEach((account, tenant) -> holds.add(new Hold(
                    "profile",
                    false,
                    tenant,
                    "account " + account + " is not billed, its profile says bill: false",
                    "set bill: true in the accounts file to have it billed")));
            return holds;
        }

        private static boolean isBilled(AccountProfiles profiles, TenantRef tenant) {
            return profiles.profile(AccountNames.of(profiles, tenant)).bill();
        }

        private Map<YearMonth, Month> sums(Set<YearMonth> shown) throws SQLException {
            String dates =
                    shown.stream().map(month -> "'" + month.atDay(1) + "'").collect(Collectors.joining(", "));
            Map<YearMonth, Month> sums = new HashMap<>();
            try (PreparedStatement select = connection.prepareStatement(SUMS.formatted(dates));
                    ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    YearMonth month = SqlTime.month(row, "billing_month");
                    sums.put(
                            month,
                            new Month(
                                    month,
                                    "",
                                    0,
                                    row.getLong(7),
                                    row.getLong(8),
                                    0,
                                    row.getLong(2),
                                    row.getBigDecimal(3),
                                    row.getLong(4),
                                    row.getBigDecimal(5),
                                    row.getLong(6),
                                    Map.of(),
                                    Map.of(),
                                    List.of()));
                }
            }
            return sums;
        }

        private void documents(YearMonth month, Map<String, Long> counts, Map<String, BigDecimal> totals)
                throws SQLException {
            try (PreparedStatement select = connection.prepareStatement(
                    """
                    select currency, count(*), sum(total) from document
                     where month = ? and kind = 'invoice' group by currency
                    """)) {
                select.setObject(1, SqlTime.month(month));
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        counts.put(row.getString(1), row.getLong(2));
                        totals.put(row.getString(1), row.getBigDecimal(3));
                    }
                }
            }
        }
    }
}
