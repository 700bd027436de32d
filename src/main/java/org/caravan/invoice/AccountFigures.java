package org.caravan.invoice;

import java.math.BigDecimal;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import javax.sql.DataSource;

/** A month's totals by account, beside those of the month before. */
public final class AccountFigures {
    private AccountFigures() {}

    /**
     * An account in a month.
     *
     * @param state {@code issued}, {@code ready} or {@code held}; {@code gone} if it had invoices the month before only
     * @param currency of both totals
     * @param total of its invoices, or of the one that would be issued; null if there is none or it can't be told
     * @param before total of its invoices of the month before in this currency, null if there are none
     */
    public record Figure(String account, String state, String currency, BigDecimal total, BigDecimal before) {
        /** By how much the total is more than the month before; null where one of them is missing. */
        public BigDecimal difference() {
            return total == null || before == null ? null : total.subtract(before);
        }
    }

    /** Totals of invoices in one currency. */
    public record Sum(String currency, BigDecimal total, BigDecimal before) {
        public BigDecimal difference() {
            return total.subtract(before);
        }
    }

    /**
     * Compares a month, issued documents first.
     *
     * @param open totals of what is not issued, by account
     * @param held accounts of those that would stay open
     */
    public static List<Figure> of(
            DataSource dataSource, YearMonth month, Map<String, CloseOrder.Total> open, Set<String> held)
            throws SQLException {
        Map<String, Map<String, BigDecimal>> before = invoices(dataSource, month.minusMonths(1));
        Map<String, Map<String, BigDecimal>> issued = invoices(dataSource, month);
        List<Figure> figures = new ArrayList<>();
        issued.forEach((account, totals) -> totals.forEach((currency, total) ->
                figures.add(new Figure(account, "issued", currency, total, take(before, account, currency)))));
        open.forEach((account, total) -> figures.add(new Figure(
                account,
                held.contains(account) ? "held" : "ready",
                total.currency(),
                total.amount(),
                take(before, account, total.currency()))));
        for (String account : new TreeSet<>(held)) {
            if (!open.containsKey(account)) {
                Map<String, BigDecimal> last = before.remove(account);
                if (last == null || last.isEmpty()) {
                    figures.add(new Figure(account, "held", null, null, null));
                } else {
                    last.forEach((currency, total) -> figures.add(new Figure(account, "held", currency, null, total)));
                }
            }
        }
        before.forEach((account, totals) ->
                totals.forEach((currency, total) -> figures.add(new Figure(account, "gone", currency, null, total))));
        return figures;
    }

    /** The sums by currency, those first that are named first in the alphabet. */
    public static List<Sum> sums(List<Figure> figures) {
        Map<String, BigDecimal[]> sums = new TreeMap<>();
        for (Figure figure : figures) {
            if (figure.currency() != null) {
                BigDecimal[] sum = sums.computeIfAbsent(
                        figure.currency(), c -> new BigDecimal[] {BigDecimal.ZERO, BigDecimal.ZERO});
                sum[0] = figure.total() == null ? sum[0] : sum[0].add(figure.total());
                sum[1] = figure.before() == null ? sum[1] : sum[1].add(figure.before());
            }
        }
        List<Sum> all = new ArrayList<>();
        sums.forEach((currency, sum) -> all.add(new Sum(currency, sum[0], sum[1])));
        return all;
    }

    private static BigDecimal take(Map<String, Map<String, BigDecimal>> before, String account, String currency) {
        Map<String, BigDecimal> totals = before.get(account);
        return totals == null ? null : totals.remove(currency);
    }

    private static Map<String, Map<String, BigDecimal>> invoices(DataSource dataSource, YearMonth month)
            throws SQLException {
        return Transactions.single(dataSource, connection -> {
            try (PreparedStatement select = connection.prepareStatement(
                    """
                    select account, currency, sum(total) from document
                     where month = ? and kind = 'invoice' group by account, currency
                    """)) {
                select.setObject(1, SqlTime.month(month));
                Map<String, Map<String, BigDecimal>> totals = new TreeMap<>();
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        totals.computeIfAbsent(row.getString(1), account -> new TreeMap<>())
                                .put(row.getString(2), row.getBigDecimal(3));
                    }
                }
                return totals;
            }
        });
    }
}
