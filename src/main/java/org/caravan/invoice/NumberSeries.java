package org.caravan.invoice;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.YearMonth;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.caravan.invoice.document.Document;

/**
 * Gapless numbers: the series' row stays locked until the transaction that takes a number ends, so a number that is taken
 * belongs to a document, and one that is rolled back is taken by the next.
 *
 * <p>It is the last lock of the issue transaction, for everyone who issues waits for it.
 */
final class NumberSeries {
    private static final Pattern TEXT = Pattern.compile("(INV|CN)-(\\d{4})-(\\d{6,15})");

    private final String issuer;
    private final String kind;
    private final int year;
    private final String format;

    private NumberSeries(String issuer, String kind, int year, String format) {
        this.issuer = issuer;
        this.kind = kind;
        this.year = year;
        this.format = format;
    }

    /** The series of a kind's documents for a billed month: one a year, or one a month for what is no invoice. */
    static NumberSeries of(String issuer, Document.Kind kind, boolean proforma, YearMonth month) {
        String prefix = kind == Document.Kind.INVOICE ? "" : "C";
        if (proforma) {
            return new NumberSeries(
                    issuer, "proforma " + kind.code() + " " + month, month.getYear(), prefix + "P-" + month + "-%04d");
        }
        return new NumberSeries(
                issuer,
                kind.code(),
                month.getYear(),
                (kind == Document.Kind.INVOICE ? "INV-" : "CN-") + month.getYear() + "-%06d");
    }

    /**
     * Takes the next numbers.
     *
     * @return the first of them
     */
    long take(Connection connection, int count) throws SQLException {
        String sql =
                """
                insert into number_series as s (issuer, kind, year, last) values (?, ?, ?, ?)
                on conflict (issuer, kind, year) do update set last = s.last + excluded.last
                returning last
                """;
        try (PreparedStatement insert = connection.prepareStatement(sql)) {
            insert.setString(1, issuer);
            insert.setString(2, kind);
            insert.setInt(3, year);
            insert.setInt(4, count);
            try (ResultSet row = insert.executeQuery()) {
                row.next();
                return row.getLong(1) - count + 1;
            }
        }
    }

    /** A number taken apart. */
    record Number(Document.Kind kind, int year, long number) {}

    /** Takes a number apart that is not a proforma's; empty if it is none of ours. */
    static Optional<Number> parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        Document.Kind kind = matcher.group(1).equals("INV") ? Document.Kind.INVOICE : Document.Kind.CREDIT_NOTE;
        return Optional.of(new Number(kind, Integer.parseInt(matcher.group(2)), Long.parseLong(matcher.group(3))));
    }

    /** Sees to it that a number is not given again; the series never goes back. */
    static void raise(Connection connection, String issuer, Number taken) throws SQLException {
        String sql =
                """
                insert into number_series as s (issuer, kind, year, last) values (?, ?, ?, ?)
                on conflict (issuer, kind, year) do update set last = greatest(s.last, excluded.last)
                """;
        try (PreparedStatement insert = connection.prepareStatement(sql)) {
            insert.setString(1, issuer);
            insert.setString(2, taken.kind().code());
            insert.setInt(3, taken.year());
            insert.setLong(4, taken.number());
            insert.executeUpdate();
        }
    }

    /** SQL for a number's text from {@code s.kind}, {@code s.year} and {@code n}. */
    static final String TEXT_SQL =
            """
            case s.kind when 'invoice' then 'INV-' else 'CN-' end || s.year || '-'
            || case when n < 1000000 then lpad(n::text, 6, '0') else n::text end
            """;

    /** The number as people read it. */
    String text(long number) {
        return String.format(java.util.Locale.ROOT, format, number);
    }
}
