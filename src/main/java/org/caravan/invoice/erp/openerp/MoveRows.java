package org.caravan.invoice.erp.openerp;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.caravan.common.Decimals;
import org.caravan.invoice.erp.openerp.Move.Kind;

/** Moves as the rows that {@code load} takes: all cells are texts, so that no amount is ever a binary float of ours. */
final class MoveRows {
    private static final List<String> HEAD = List.of(
            "id",
            "move_type",
            "journal_id/.id",
            "currency_id/.id",
            "partner_id/.id",
            "ref",
            "invoice_date",
            "invoice_date_due",
            // said empty: a partner's own terms would move the due date
            "invoice_payment_term_id/.id",
            "invoice_origin",
            "reversed_entry_id/id");
    private static final List<String> LINE = List.of(
            "invoice_line_ids/sequence",
            "invoice_line_ids/display_type",
            "invoice_line_ids/name",
            "invoice_line_ids/quantity",
            "invoice_line_ids/price_unit",
            // said empty, too: an ordinary line would take a tax of Odoo's choice
            "invoice_line_ids/tax_ids/.id");
    private static final List<String> NO_HEAD = Collections.nCopies(HEAD.size(), "");

    private MoveRows() {}

    static List<String> fields() {
        List<String> fields = new ArrayList<>(HEAD);
        fields.addAll(LINE);
        return fields;
    }

    /** @param partners ids by account */
    static List<List<String>> rows(List<Move> moves, Books books, Map<String, Long> partners) {
        List<List<String>> rows = new ArrayList<>();
        for (Move move : moves) {
            List<String> head = Arrays.asList(
                    move.externalId(),
                    move.refund() ? "out_refund" : "out_invoice",
                    Long.toString(books.journal()),
                    Long.toString(move.currency()),
                    Long.toString(partners.get(move.account())),
                    move.key(),
                    move.date().toString(),
                    move.due().toString(),
                    "",
                    move.origin(),
                    move.reverses() == null ? "" : move.reverses());
            String taxes =
                    String.join(",", move.taxes().stream().map(String::valueOf).toList());
            int sequence = 0;
            for (Move.Line line : move.lines()) {
                List<String> row = new ArrayList<>(sequence == 0 ? head : NO_HEAD);
                row.add(Integer.toString(++sequence));
                row.add(type(line.kind(), books));
                row.add(line.text());
                row.add(line.quantity() == null ? "" : Decimals.plain(line.quantity()));
                row.add(line.price() == null ? "" : line.price().toPlainString());
                row.add(line.taxed() ? taxes : "");
                rows.add(row);
            }
        }
        return rows;
    }

    private static String type(Kind kind, Books books) {
        return switch (kind) {
            case SECTION -> "line_section";
            case NOTE -> "line_note";
            case AMOUNT -> books.lineType();
        };
    }
}
