package org.caravan.invoice.erp.openerp;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.caravan.common.UserError;
import org.caravan.invoice.erp.openerp.rpc.OdooFault;

/**
 * The partners that stand for accounts. One that is made is made once and left to the accountants: its name is never
 * written again.
 */
final class Partners {
    /** More are remembered anew. */
    private static final int MAX_KNOWN = 50_000;

    private static final String MODEL = "res.partner";

    private final boolean create;
    private final Map<String, Long> known = new ConcurrentHashMap<>();

    Partners(boolean create) {
        this.create = create;
    }

    /**
     * The partners of moves; where it is allowed those that are missing are made.
     *
     * @return ids by account; an account that Odoo does not know, or knows more than once, is missing
     */
    Map<String, Long> of(List<Move> moves, OdooCalls calls) throws OdooFault {
        Map<String, Long> ids = new HashMap<>();
        Map<String, Move> unknown = new LinkedHashMap<>();
        for (Move move : moves) {
            Long id = known.get(move.account());
            if (id == null) {
                unknown.putIfAbsent(move.account(), move);
            } else {
                ids.put(move.account(), id);
            }
        }
        if (!unknown.isEmpty()) {
            Map<String, Long> found = create ? make(unknown, calls) : find(unknown, calls);
            if (known.size() + found.size() > MAX_KNOWN) {
                known.clear();
            }
            known.putAll(found);
            ids.putAll(found);
        }
        return ids;
    }

    private static Map<String, Long> make(Map<String, Move> unknown, OdooCalls calls) throws OdooFault {
        List<List<String>> rows = new ArrayList<>();
        unknown.forEach((account, move) -> rows.add(List.of(
                ExternalId.partner(account),
                move.partnerName(),
                LineText.clean(account),
                "company",
                move.partnerEmail())));
        List<Long> ids = calls.load(MODEL, List.of("id", "name", "ref", "company_type", "email"), rows);
        if (ids.size() != rows.size()) {
            throw OdooRecord.unreadable(rows.size() + " ids of partners", ids);
        }
        Map<String, Long> found = new HashMap<>();
        int i = 0;
        for (String account : unknown.keySet()) {
            found.put(account, ids.get(i++));
        }
        return found;
    }

    /** By the reference that the accountants gave them. */
    private static Map<String, Long> find(Map<String, Move> unknown, OdooCalls calls) throws OdooFault {
        Map<String, Long> found = new HashMap<>();
        List<String> several = new ArrayList<>();
        for (OdooRecord partner : calls.search(
                MODEL,
                List.of(List.of("ref", "in", List.copyOf(unknown.keySet())), List.of("parent_id", "=", false)),
                List.of("ref"))) {
            if (found.put(partner.text("ref"), partner.id()) != null) {
                several.add(partner.text("ref"));
            }
        }
        several.forEach(found::remove);
        return found;
    }

    /** Why an account has no partner. */
    UserError missing(String account) {
        return new UserError("openerp: account '" + account + "' is not the reference (Internal Reference) of exactly"
                + " one partner in Odoo; give it to the partner that pays, or set partner=create, then retry the"
                + " delivery");
    }
}
