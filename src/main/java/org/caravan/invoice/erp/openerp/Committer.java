package org.caravan.invoice.erp.openerp;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.caravan.common.UserError;
import org.caravan.invoice.erp.openerp.rpc.Deadline;
import org.caravan.invoice.erp.openerp.rpc.OdooFault;

/**
 * Commits documents, each of them once. Every step may be repeated after any failure, so a round that stumbles is begun
 * anew; what stumbles together is tried one by one. Safe for concurrent use.
 */
final class Committer {
    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final long LONGEST_PAUSE_MILLIS = 2_000;

    private final OpenErpSettings settings;
    private final Office office;

    Committer(OpenErpSettings settings) {
        this.settings = settings;
        this.office = new Office(settings);
    }

    /**
     * Commits documents.
     *
     * @return what became of each, by key
     */
    Map<String, Outcome> commit(List<Order> orders) throws InterruptedException {
        Task task = new Task(Deadline.in(settings.deadline()));
        task.settle(orders);
        return task.outcomes;
    }

    /** One call of the connector. */
    private final class Task {
        private final long began = System.nanoTime();
        private final Deadline deadline;
        private final Map<String, Outcome> outcomes = new LinkedHashMap<>();
        private boolean sent;

        Task(Deadline deadline) {
            this.deadline = deadline;
        }

        /** Leaves each of them with an outcome. */
        void settle(List<Order> orders) throws InterruptedException {
            for (int tried = 1; ; tried++) {
                List<Order> left = left(orders);
                if (left.isEmpty()) {
                    return;
                }
                OdooFault fault = round(left);
                if (fault == null) {
                    continue;
                }
                if (fault.kind() == OdooFault.Kind.REFUSED) {
                    if (left.size() > 1) {
                        oneByOne(left);
                        return;
                    }
                    // a journal, tax or partner may have changed since it was read
                    if (!office.forgetOlder(began)) {
                        end(left, fault);
                        return;
                    }
                } else if (!fault.mayPass()
                        // a server that asks to be left alone is; the outbox waits as long as it asks for
                        || fault.retryAfter() != null
                        || tried >= settings.tries()
                        || deadline.isOver()) {
                    office.forget();
                    end(left, fault);
                    return;
                } else {
                    pause(tried);
                }
            }
        }

        private List<Order> left(List<Order> orders) {
            return orders.stream()
                    .filter(order -> !outcomes.containsKey(order.document().key()))
                    .toList();
        }

        private void oneByOne(List<Order> orders) throws InterruptedException {
            for (Order order : orders) {
                settle(List.of(order));
            }
        }

        private void pause(int tried) throws InterruptedException {
            long most = Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(tried, 8));
            long pause = ThreadLocalRandom.current().nextLong(FIRST_PAUSE_MILLIS, most + 1);
            Thread.sleep(Math.max(0, Math.min(pause, deadline.left().toMillis())));
        }

        private void end(List<Order> orders, OdooFault fault) {
            for (Order order : orders) {
                outcomes.put(
                        order.document().key(),
                        fault.kind() == OdooFault.Kind.REFUSED
                                ? new Outcome.Refused("openerp: Odoo refuses "
                                        + order.document().number() + ": " + fault.getMessage())
                                : sent
                                        ? new Outcome.Unknown(fault.getMessage(), fault.retryAfter())
                                        : new Outcome.Unsent(fault.getMessage(), fault.retryAfter()));
            }
        }

        /** One round; null if it left every document with an outcome or one step nearer to it. */
        private OdooFault round(List<Order> orders) {
            Office.Desk desk;
            try {
                desk = office.desk(deadline);
            } catch (OdooFault | UserError e) {
                // of the connection or the settings, not of these documents
                return e instanceof OdooFault fault && fault.kind() != OdooFault.Kind.REFUSED
                        ? fault
                        : unfit(orders, e.getMessage());
            }
            Map<String, Outcome> refused = new LinkedHashMap<>();
            List<Move> moves = made(orders, desk, refused);
            if (!refused.isEmpty() && office.forgetOlder(began)) {
                // a person may have mended what they were refused for since the books were read
                return round(orders);
            }
            outcomes.putAll(refused);
            try {
                if (!moves.isEmpty()) {
                    bring(moves, desk);
                }
                return null;
            } catch (OdooFault fault) {
                return fault;
            }
        }

        private OdooFault unfit(List<Order> orders, String reason) {
            office.forget();
            orders.forEach(order -> outcomes.put(
                    order.document().key(),
                    sent ? new Outcome.Unknown(reason, null) : new Outcome.Unsent(reason, null)));
            return null;
        }

        private static List<Move> made(List<Order> orders, Office.Desk desk, Map<String, Outcome> refused) {
            List<Move> moves = new ArrayList<>();
            for (Order order : orders) {
                try {
                    moves.add(desk.maker().make(order.document(), order.fingerprint()));
                } catch (UserError e) {
                    refused.put(order.document().key(), new Outcome.Refused(e.getMessage()));
                }
            }
            return moves;
        }

        private void bring(List<Move> moves, Office.Desk desk) throws OdooFault {
            Map<String, Long> partners = desk.partners().of(moves, desk.calls());
            List<Move> known = new ArrayList<>();
            for (Move move : moves) {
                if (partners.containsKey(move.account())) {
                    known.add(move);
                } else {
                    outcomes.put(
                            move.key(),
                            new Outcome.Refused(
                                    desk.partners().missing(move.account()).getMessage()));
                }
            }
            if (!known.isEmpty()) {
                sent = true;
                new Posting(desk).post(known, partners, outcomes);
            }
        }
    }
}
