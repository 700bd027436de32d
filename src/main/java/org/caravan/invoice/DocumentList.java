package org.caravan.invoice;

import java.math.BigDecimal;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import javax.sql.DataSource;

/** Issued documents for people: a page of them, with what was credited and how far each has come. */
public final class DocumentList {
    private final DataSource dataSource;

    public DocumentList(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /**
     * A document in the list.
     *
     * @param corrects number of the invoice that a credit note corrects; null at an invoice
     * @param credited sum of the totals of its credit notes, zero or against its own total
     * @param way where it stands: {@code committed 2, retrying 1}, or {@code fan-out pending}
     */
    public record Row(IssuedDocument document, String corrects, BigDecimal credited, String way) {}

    /**
     * A part of what was asked for.
     *
     * @param rows in the order they were issued
     * @param more true if older ones were left out
     */
    public record Page(List<Row> rows, boolean more) {}

    /**
     * The newest documents.
     *
     * @param month only of this billing month; null for all
     * @param account only of this account; null for all
     * @param limit most rows answered
     */
    public Page newest(YearMonth month, String account, int limit) throws SQLException {
        String sql =
                """
                select %s, i.number as corrected,
                       coalesce((select sum(n.total) from document n where n.corrects = d.id), 0) as credited,
                       case when o.state is distinct from 'done' then 'fan-out ' || coalesce(o.state, 'missing')
                            else (select string_agg(v.state || ' ' || v.count, ', ' order by v.state)
                                    from (select state, count(*) as count from delivery
                                           where document = d.id group by state) as v) end as way
                  from document d
                  left join document i on i.id = d.corrects
                  left join outbox o on o.document = d.id
                 where (?::date is null or d.month = ?) and (?::text is null or d.account = ?)
                 order by d.id desc limit ?
                """
                        .formatted(Documents.HEAD);
        return Transactions.single(dataSource, connection -> {
            try (PreparedStatement select = connection.prepareStatement(sql)) {
                Object first = month == null ? null : SqlTime.month(month);
                select.setObject(1, first, Types.DATE);
                select.setObject(2, first, Types.DATE);
                select.setString(3, account);
                select.setString(4, account);
                select.setInt(5, limit + 1);
                List<Row> rows = new ArrayList<>();
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        rows.add(new Row(
                                IssuedDocument.of(row),
                                row.getString("corrected"),
                                row.getBigDecimal("credited"),
                                row.getString("way")));
                    }
                }
                boolean more = rows.size() > limit;
                List<Row> page = new ArrayList<>(rows.subList(0, Math.min(limit, rows.size())));
                Collections.reverse(page);
                return new Page(List.copyOf(page), more);
            }
        });
    }
}
