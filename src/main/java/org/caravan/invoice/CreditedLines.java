package org.caravan.invoice;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.caravan.common.UserError;
import org.caravan.invoice.document.CreditNote;
import org.caravan.invoice.document.Document;
import org.caravan.invoice.document.DocumentJson;

/**
 * Which lines of an invoice are credited, and by which notes.
 *
 * @param notes in the order they were issued
 * @param byLine the note that took a line
 */
public record CreditedLines(List<Document> notes, TreeMap<Integer, Document> byLine) {
    /** Lines named in one error. */
    private static final int MAX_NAMED = 20;

    /** What is credited of an invoice now, from one snapshot. */
    static CreditedLines of(Connection connection, long invoice) throws SQLException {
        String sql =
                """
                select n.body, c.lines
                  from (select note, array_agg(line) as lines from credit_line where document = ? group by note) as c
                  join document n on n.id = c.note order by n.id
                """;
        List<Document> notes = new ArrayList<>();
        TreeMap<Integer, Document> byLine = new TreeMap<>();
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setLong(1, invoice);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    Document note = DocumentJson.read(row.getString(1).getBytes(StandardCharsets.UTF_8));
                    notes.add(note);
                    Arrays.stream((Integer[]) row.getArray(2).getArray()).forEach(line -> byLine.put(line, note));
                }
            }
        }
        return new CreditedLines(notes, byLine);
    }

    CreditNote.Before before() {
        return new CreditNote.Before(byLine.keySet(), notes);
    }

    /**
     * The lines that an order takes.
     *
     * @throws UserError if it names a line that the invoice does not have, or that is credited already, or nothing is left
     */
    TreeSet<Integer> take(Document invoice, CreditOrder order) {
        TreeSet<Integer> lines = new TreeSet<>();
        if (order.lines() == null) {
            for (int line = 1; line <= invoice.lines(); line++) {
                lines.add(line);
            }
            lines.removeAll(byLine.keySet());
            if (lines.isEmpty()) {
                throw new UserError(invoice.number() + " is credited completely already, by " + names(notes)
                        + "; nothing was issued");
            }
            return lines;
        }
        lines.addAll(order.lines());
        if (lines.first() < 1 || lines.last() > invoice.lines()) {
            int line = lines.first() < 1 ? lines.first() : lines.last();
            throw new UserError(invoice.number() + " has no line " + line + ", its lines are 1 to " + invoice.lines()
                    + "; caravan invoices show " + invoice.number() + " lists them");
        }
        TreeSet<Integer> taken = new TreeSet<>(lines);
        taken.retainAll(byLine.keySet());
        if (!taken.isEmpty()) {
            List<Document> by = taken.stream().map(byLine::get).distinct().toList();
            throw new UserError((taken.size() == 1 ? "line " : "lines ") + CreditNote.ranges(taken) + " of "
                    + invoice.number() + (taken.size() == 1 ? " is" : " are") + " credited already, by " + names(by)
                    + "; nothing was issued");
        }
        return lines;
    }

    private static String names(List<Document> notes) {
        List<String> names = notes.stream()
                .limit(MAX_NAMED)
                .map(note -> note.number() + " of " + note.issued() + " (" + note.reason() + ")")
                .toList();
        return String.join(", ", names) + (notes.size() > MAX_NAMED ? " and others" : "");
    }
}
