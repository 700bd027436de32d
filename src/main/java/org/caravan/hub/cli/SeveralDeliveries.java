package org.caravan.hub.cli;

import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import org.caravan.common.UserError;
import org.caravan.invoice.DeliveryList;
import org.caravan.invoice.DeliveryRow;

/** The rows of an order that can be given to several at once: those named, or all that a filter lets through. */
final class SeveralDeliveries {
    /** Most rows of one order; of more, the rest takes another. */
    private static final int MAX_ROWS = 100_000;

    private final List<String> names;
    private final boolean all;
    private final DeliveryFilterOptions filter;
    private final Set<String> states;

    /**
     * @param states what --all means where no state is said
     * @throws UserError if it is not clear which are meant
     */
    SeveralDeliveries(
            List<String> names, boolean all, DeliveryFilterOptions filter, Set<String> states, String command) {
        this.names = names;
        this.all = all;
        this.filter = filter;
        this.states = states;
        if (names.isEmpty() && !all) {
            throw new UserError("which deliveries? name documents by number or deliveries by id, or say --all; see "
                    + command + " --help");
        }
        if (!names.isEmpty() && (all || filter.chooses())) {
            throw new UserError(
                    "deliveries are named or chosen, not both: leave out the names, or --all, --state, --month"
                            + " and --account");
        }
    }

    List<DeliveryRow> find(DeliveryList list, boolean fanOuts) throws SQLException {
        return all
                ? list.list(filter.filter(states), MAX_ROWS).rows().stream()
                        .filter(row -> fanOuts || !row.isFanOut())
                        .toList()
                : new DeliveryTargets(list, filter.connector()).open(names, fanOuts);
    }
}
