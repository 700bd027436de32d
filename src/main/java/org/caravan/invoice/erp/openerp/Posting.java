package org.caravan.invoice.erp.openerp;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.caravan.invoice.erp.openerp.rpc.OdooFault;
import org.caravan.invoice.erp.openerp.rpc.OdooFault.Kind;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One round of the recipe: loaded if absent, read, posted where it is a draft that is right, read again. What the post
 * answers is not listened to: servers answer errors for posts that they have carried out.
 */
final class Posting {
    private static final Logger LOG = LoggerFactory.getLogger(Posting.class);
    private static final String MODEL = "account.move";
    private static final List<String> FIELDS = List.of(
            "name",
            "state",
            "move_type",
            "ref",
            "invoice_origin",
            "currency_id",
            "amount_untaxed",
            "amount_tax",
            "amount_total",
            "invoice_date",
            "date");

    private final Office.Desk desk;

    Posting(Office.Desk desk) {
        this.desk = desk;
    }

    /**
     * Brings moves to their end.
     *
     * @param outcomes gets that of each, by key
     * @throws OdooFault if a step failed; what has no outcome yet may be in any state
     */
    void post(List<Move> moves, Map<String, Long> partners, Map<String, Outcome> outcomes) throws OdooFault {
        Map<Long, Move> byId = new LinkedHashMap<>();
        List<Long> ids = load(moves, partners);
        for (int i = 0; i < moves.size(); i++) {
            byId.put(ids.get(i), moves.get(i));
        }
        List<Long> drafts = new ArrayList<>();
        for (OdooRecord record : read(byId.keySet())) {
            Move move = byId.get(record.id());
            String difference = difference(move, record);
            if (record.text("state").equals("draft") && difference == null) {
                drafts.add(record.id());
            } else {
                outcomes.put(move.key(), ended(move, record, difference));
            }
        }
        if (drafts.isEmpty()) {
            return;
        }
        OdooFault fault = ordered(drafts);
        boolean open = false;
        for (OdooRecord record : read(drafts)) {
            Move move = byId.get(record.id());
            if (record.text("state").equals("draft")) {
                open = true;
            } else {
                outcomes.put(move.key(), ended(move, record, difference(move, record)));
            }
        }
        if (open) {
            throw fault != null
                    ? fault
                    : new OdooFault(Kind.PASSING, "Odoo answered that it posted, and the invoice is still a draft");
        }
    }

    private List<Long> load(List<Move> moves, Map<String, Long> partners) throws OdooFault {
        List<Long> ids;
        try {
            ids = desk.calls().load(MODEL, MoveRows.fields(), MoveRows.rows(moves, desk.books(), partners));
        } catch (OdooFault e) {
            // what it corrects may have reached Odoo by another way; the text of the note says which it is
            Move move = moves.get(0);
            if (moves.size() > 1 || move.reverses() == null || !e.getMessage().contains(move.reverses())) {
                throw e;
            }
            LOG.warn("{}: Odoo does not know what it corrects; it is committed without a link", move.number());
            ids = desk.calls()
                    .load(MODEL, MoveRows.fields(), MoveRows.rows(List.of(move.unlinked()), desk.books(), partners));
        }
        if (ids.size() != moves.size() || ids.stream().distinct().count() != ids.size()) {
            throw OdooRecord.unreadable(moves.size() + " ids of invoices", ids);
        }
        return ids;
    }

    private List<OdooRecord> read(Iterable<Long> ids) throws OdooFault {
        List<Long> all = new ArrayList<>();
        ids.forEach(all::add);
        List<OdooRecord> records;
        try {
            records = desk.calls().read(MODEL, all, FIELDS);
        } catch (OdooFault e) {
            // a person deleted a draft meanwhile: the next round makes it anew
            throw e.getMessage().contains("does not exist or has been deleted")
                    ? new OdooFault(Kind.PASSING, e.getMessage(), e)
                    : e;
        }
        Map<Long, OdooRecord> found = new HashMap<>();
        for (OdooRecord record : records) {
            found.put(record.id(), record);
        }
        if (!found.keySet().equals(java.util.Set.copyOf(all))) {
            throw new OdooFault(Kind.PASSING, "an invoice that was just there is not any more");
        }
        return all.stream().map(found::get).toList();
    }

    /** Posts, and answers what Odoo said against it, true or not. */
    private OdooFault ordered(List<Long> drafts) {
        try {
            desk.calls().order(MODEL, "action_post", drafts);
            return null;
        } catch (OdooFault e) {
            return e;
        }
    }

    /** Of one that is no draft to post. */
    private static Outcome ended(Move move, OdooRecord record, String difference) throws OdooFault {
        String reference = reference(record);
        if (difference != null) {
            return new Outcome.Refused("ALARM: Odoo has " + move.number() + " as " + reference + " (state "
                    + record.text("state") + ") with " + difference
                    + "; find out who changed it, correct it or delete the draft in Odoo, then retry the delivery");
        }
        if (!record.text("state").equals("posted")) {
            return new Outcome.Refused("ALARM: Odoo has " + move.number() + " as " + reference + " in state "
                    + record.text("state")
                    + "; a credit note takes an invoice back, nothing else. Set it to draft again"
                    + " in Odoo, then retry the delivery");
        }
        if (!record.text("date").equals(record.text("invoice_date"))) {
            LOG.warn(
                    "{}: Odoo booked {} of {} on {}, as its period is locked",
                    move.number(),
                    reference,
                    record.text("invoice_date"),
                    record.text("date"));
        }
        return new Outcome.Committed(reference, move.signed(rounded(record, "amount_total", move.digits())));
    }

    /** Its name for people and its id for ever. */
    static String reference(OdooRecord record) throws OdooFault {
        return (record.text("name").isEmpty() ? "draft" : record.text("name")) + " (" + MODEL + " " + record.id() + ")";
    }

    static BigDecimal rounded(OdooRecord record, String field, int digits) throws OdooFault {
        // shortest decimal of a binary float there: it means its nearest amount in whole cents
        return record.decimal(field).setScale(digits, RoundingMode.HALF_UP);
    }

    /** What is otherwise than in the document; null if nothing. A posted total is the hub's to compare. */
    private static String difference(Move move, OdooRecord record) throws OdooFault {
        if (!record.text("invoice_origin").equals(move.origin())) {
            return "the source document '" + record.text("invoice_origin") + "' in the place of '" + move.origin()
                    + "': it is another document, or was edited";
        }
        if (record.link("currency_id") != move.currency()) {
            return "currency " + record.linkName("currency_id");
        }
        if (!record.text("move_type").equals(move.refund() ? "out_refund" : "out_invoice")) {
            return "type " + record.text("move_type");
        }
        if (record.text("state").equals("posted")) {
            return null;
        }
        String amounts = differs(record, "amount_untaxed", move.untaxed(), move.digits())
                + differs(record, "amount_tax", move.tax(), move.digits())
                + differs(record, "amount_total", move.total(), move.digits());
        return amounts.isEmpty() ? null : amounts.substring(2);
    }

    private static String differs(OdooRecord record, String field, BigDecimal expected, int digits) throws OdooFault {
        BigDecimal found = rounded(record, field, digits);
        return found.compareTo(expected) == 0
                ? ""
                : ", " + field + " " + found.toPlainString() + " in the place of " + expected.toPlainString();
    }
}
