package org.caravan.hub.cli;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.caravan.common.UserError;
import org.caravan.invoice.DeliveryList;
import org.caravan.invoice.DeliveryRow;

/** From what a person wrote (numbers of documents, ids of deliveries) to rows. */
final class DeliveryTargets {
    private static final Set<String> ENDED = Set.of("committed", "done");

    private final DeliveryList list;
    private final String connector;

    /** @param connector which delivery of a document; null for whichever it may be */
    DeliveryTargets(DeliveryList list, String connector) {
        this.list = list;
        this.connector = connector;
    }

    /**
     * What a name stands for: a delivery by its id; by a document's number its fan-out and its deliveries.
     *
     * @throws UserError if there is nothing of that name
     */
    List<DeliveryRow> all(String name) throws SQLException {
        if (name.matches("\\d{1,18}")) {
            List<DeliveryRow> one = list.byId(Long.parseLong(name));
            if (one.isEmpty()) {
                throw new UserError("delivery " + name + ": there is none; name a document by its number, or look at"
                        + " caravan deliveries list");
            }
            if (connector != null && !connector.equals(one.get(0).connector())) {
                throw new UserError(
                        "delivery " + name + " is at connector " + one.get(0).connector() + ", not at " + connector);
            }
            return one;
        }
        List<DeliveryRow> rows = list.byName(name, connector);
        if (rows.isEmpty() && connector != null && !list.byName(name, null).isEmpty()) {
            throw new UserError("document " + name + " has no delivery to connector " + connector
                    + "; add it with caravan deliveries backfill " + connector + " --number " + name);
        }
        if (rows.isEmpty()) {
            throw new UserError("document " + name + ": there is none; look at caravan deliveries list");
        }
        return rows;
    }

    /** For orders that can be given to several: whatever of the named ones has not ended, or else all, to be refused. */
    List<DeliveryRow> open(List<String> names, boolean fanOuts) throws SQLException {
        Map<String, DeliveryRow> targets = new LinkedHashMap<>();
        for (String name : names) {
            List<DeliveryRow> rows = new ArrayList<>(all(name));
            if (!fanOuts) {
                rows.removeIf(DeliveryRow::isFanOut);
                refuseNone(name, rows);
            }
            List<DeliveryRow> open =
                    rows.stream().filter(row -> !ENDED.contains(row.state())).toList();
            for (DeliveryRow row : open.isEmpty() ? rows : open) {
                targets.putIfAbsent((row.isFanOut() ? "d" : "v") + row.handle(), row);
            }
        }
        return List.copyOf(targets.values());
    }

    /** For orders that must mean exactly one. */
    DeliveryRow one(String name) throws SQLException {
        List<DeliveryRow> rows = new ArrayList<>(all(name));
        rows.removeIf(DeliveryRow::isFanOut);
        refuseNone(name, rows);
        if (rows.size() > 1) {
            throw new UserError("document " + name + " has " + rows.size() + " deliveries: "
                    + String.join(
                            ", ",
                            rows.stream()
                                    .map(row -> row.connector() + " (" + row.state() + ", id " + row.id() + ")")
                                    .toList())
                    + "; say which with --connector or by its id");
        }
        return rows.get(0);
    }

    private static void refuseNone(String name, List<DeliveryRow> deliveries) {
        if (deliveries.isEmpty()) {
            throw new UserError(
                    "document " + name + " has no delivery yet: its fan-out has to choose connectors first; see"
                            + " caravan deliveries show " + name);
        }
    }
}
