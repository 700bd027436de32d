package org.caravan.testing.odoo;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Invoices, partners and what they hang on, with the server's isolation: a call works on what it saw at its begin and is
 * tried again, five times in all, where another one was faster with the same external id or, in 14, wrote into the same
 * journal and month.
 */
final class Accounting {
    private static final int SERVER_TRIES = 5;

    final int version;
    final Records records = new Records();
    private final Map<String, Long> externalIds = new HashMap<>();
    private final Map<String, Integer> series = new HashMap<>();
    private int writes;

    /** How long a call works between what it saw and its commit. */
    volatile int workMillis;

    volatile String lockDate = "";
    volatile boolean taxPerLine;
    final AtomicInteger conflicts = new AtomicInteger();

    Accounting(int version) {
        this.version = version;
        records.add("res.company", row("name", "My Company"));
        records.add(
                "account.journal",
                row("type", "sale", "code", "INV", "name", "Sales", "company_id", link(1, "My Company")));
        currency("USD", true, 2);
        currency("NZD", true, 2);
        currency("EUR", true, 2);
        currency("JPY", false, 0);
        tax(version == 14 ? "Tax 15.00%" : "15%", 15);
        records.add("decimal.precision", row("name", "Product Price", "digits", 2));
        records.add(
                "decimal.precision",
                row("name", version == 14 ? "Product Unit of Measure" : "Product Unit", "digits", 2));
        records.add("res.partner", row("name", "Administrator", "ref", false, "parent_id", false));
    }

    private void currency(String name, boolean active, int digits) {
        records.add("res.currency", row("name", name, "active", active, "decimal_places", digits));
    }

    long tax(String name, double amount) {
        return records.add(
                "account.tax",
                row(
                        "name",
                        name,
                        "amount",
                        amount,
                        "amount_type",
                        "percent",
                        "type_tax_use",
                        "sale",
                        "price_include",
                        false,
                        "include_base_amount",
                        false,
                        "company_id",
                        link(1, "My Company")));
    }

    static Map<String, Object> row(Object... pairs) {
        Map<String, Object> row = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            row.put((String) pairs[i], pairs[i + 1]);
        }
        return row;
    }

    static List<Object> link(long id, String name) {
        return List.of(id, name);
    }

    // ---- load ----------------------------------------------------------------------------------------------------

    /** One record to be: the cells of its first row, and those of all its rows. */
    private record Wanted(String externalId, Map<String, String> head, List<Map<String, String>> rows) {}

    Object load(String model, List<?> fields, List<?> data, Map<?, ?> context) {
        List<Wanted> wanted = new ArrayList<>();
        for (Object row : data) {
            Map<String, String> cells = new LinkedHashMap<>();
            for (int i = 0; i < fields.size(); i++) {
                cells.put((String) fields.get(i), (String) ((List<?>) row).get(i));
            }
            if (!cells.get("id").isEmpty()) {
                wanted.add(new Wanted(cells.get("id"), cells, new ArrayList<>()));
            }
            wanted.get(wanted.size() - 1).rows().add(cells);
        }
        boolean keeps = "update".equals(context.get("mode")) && Boolean.TRUE.equals(context.get("noupdate"));
        if (!keeps) {
            throw new IllegalStateException("load without its context: it would write over what exists");
        }
        try {
            return row("ids", transaction(model, wanted), "messages", List.of(), "nextrow", 0);
        } catch (OdooError e) {
            boolean masked = version == 14 && e.name.startsWith("psycopg2");
            return row(
                    "ids",
                    false,
                    "messages",
                    List.of(row(
                            "type",
                            "error",
                            "record",
                            0,
                            "message",
                            masked
                                    ? "new row for relation \"account_move_line\" violates check constraint"
                                            + " \"account_move_line_check_accountable_required_fields\""
                                    : e.getMessage())));
        }
    }

    private List<Object> transaction(String model, List<Wanted> wanted) {
        for (int tries = 1; ; tries++) {
            Map<String, Long> seen;
            int writesSeen;
            synchronized (this) {
                seen = new HashMap<>(externalIds);
                writesSeen = writes;
            }
            work();
            synchronized (this) {
                boolean taken = wanted.stream()
                        .anyMatch(one ->
                                externalIds.containsKey(one.externalId()) && !seen.containsKey(one.externalId()));
                boolean journal = version == 14 && model.equals("account.move") && writes != writesSeen;
                if (taken || journal) {
                    conflicts.incrementAndGet();
                    if (tries == SERVER_TRIES) {
                        throw OdooError.serialization();
                    }
                    continue;
                }
                return commit(model, wanted);
            }
        }
    }

    private void work() {
        if (workMillis > 0) {
            try {
                Thread.sleep(workMillis);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** All or none. */
    private List<Object> commit(String model, List<Wanted> wanted) {
        List<Map<String, Object>> made = new ArrayList<>();
        for (Wanted one : wanted) {
            made.add(
                    externalIds.containsKey(one.externalId())
                            ? null
                            : model.equals("account.move") ? move(one) : partner(one.head()));
        }
        List<Object> ids = new ArrayList<>();
        for (int i = 0; i < made.size(); i++) {
            String externalId = wanted.get(i).externalId();
            if (made.get(i) != null) {
                externalIds.put(externalId, records.add(model, made.get(i)));
                writes += model.equals("account.move") ? 1 : 0;
            }
            ids.add(externalIds.get(externalId));
        }
        return ids;
    }

    private static Map<String, Object> partner(Map<String, String> cells) {
        return row("name", cells.get("name"), "ref", cells.get("ref"), "email", cells.get("email"), "parent_id", false);
    }

    private Map<String, Object> move(Wanted wanted) {
        Map<String, String> head = wanted.head();
        long partner = existing("res.partner", head.get("partner_id/.id"), "Partner");
        existing("account.journal", head.get("journal_id/.id"), "Journal");
        long currency = existing("res.currency", head.get("currency_id/.id"), "Currency");
        String date = head.get("invoice_date");
        boolean locked = date.compareTo(lockDate) <= 0;
        if (locked && version == 14) {
            throw OdooError.user(
                    "You cannot add/modify entries prior to and inclusive of the lock date " + lockDate + ".");
        }
        Object reverses = false;
        if (!head.get("reversed_entry_id/id").isEmpty()) {
            Long id = externalIds.get(head.get("reversed_entry_id/id"));
            if (id == null) {
                throw OdooError.user("No matching record found for external id '" + head.get("reversed_entry_id/id")
                        + "' in field 'Reversal of'");
            }
            reverses = link(id, "reversed");
        }
        Map<String, Object> currencyRow = records.of("res.currency").get(currency);
        Lines lines = new Lines(this, (Integer) currencyRow.get("decimal_places"));
        wanted.rows().forEach(lines::add);
        Map<String, Object> move = row(
                "name",
                version == 14 ? "/" : (Object) false,
                "state",
                "draft",
                "move_type",
                head.get("move_type"),
                "ref",
                head.get("ref"),
                "invoice_origin",
                head.get("invoice_origin"),
                "partner_id",
                link(partner, "partner"),
                "company_id",
                link(1, "My Company"),
                "currency_id",
                link(currency, (String) currencyRow.get("name")),
                "invoice_date",
                date,
                "invoice_date_due",
                head.get("invoice_date_due"),
                "date",
                locked ? "2026-11-30" : date,
                "reversed_entry_id",
                reverses);
        move.put("lines", lines.rows);
        lines.total(move);
        return move;
    }

    private long existing(String model, String id, String field) {
        if (!id.matches("\\d+") || !records.of(model).containsKey(Long.parseLong(id))) {
            throw OdooError.user("No matching record found for database id '" + id + "' in field '" + field + "'");
        }
        return Long.parseLong(id);
    }

    // ---- post ----------------------------------------------------------------------------------------------------

    Object post(List<Long> ids) {
        for (int tries = 1; ; tries++) {
            int writesSeen;
            synchronized (this) {
                writesSeen = writes;
            }
            work();
            synchronized (this) {
                if (version == 14 && writes != writesSeen) {
                    conflicts.incrementAndGet();
                    if (tries == SERVER_TRIES) {
                        throw OdooError.serialization();
                    }
                    continue;
                }
                ids.forEach(this::mayBePosted);
                ids.forEach(this::posted);
                writes++;
                return false;
            }
        }
    }

    private void mayBePosted(long id) {
        Map<String, Object> move = move(id);
        boolean again = version == 14 && move.get("state").equals("posted");
        if (!move.get("state").equals("draft") && !again) {
            throw OdooError.user("The entry " + move.get("name") + " (id " + id + ") must be in draft.");
        }
        if (((List<?>) move.get("lines")).isEmpty()) {
            throw OdooError.user("You need to add a line before posting.");
        }
        if ((Double) move.get("amount_total") < 0) {
            throw OdooError.user("You cannot validate an invoice with a negative total amount.");
        }
        long currency = (Long) ((List<?>) move.get("currency_id")).get(0);
        if (version > 14
                && Boolean.FALSE.equals(records.of("res.currency").get(currency).get("active"))) {
            throw OdooError.user("You cannot validate a document with an inactive currency: JPY");
        }
    }

    private void posted(long id) {
        Map<String, Object> move = move(id);
        if (move.get("state").equals("posted")) {
            return;
        }
        String prefix = move.get("move_type").equals("out_refund") ? "RINV/2026/" : "INV/2026/";
        int number = series.merge(prefix, 1, Integer::sum);
        move.put("state", "posted");
        move.put(
                "name",
                version == 14
                        ? prefix + "10/" + String.format("%04d", number)
                        : prefix + String.format("%05d", number));
    }

    Map<String, Object> move(long id) {
        Map<String, Object> move = records.of("account.move").get(id);
        if (move == null) {
            throw OdooError.missing("account.move", id);
        }
        return move;
    }

    /** What a person does who deletes a draft: its external id goes with it. */
    synchronized void delete(String model, long id) {
        records.of(model).remove(id);
        externalIds.values().remove(id);
    }
}
