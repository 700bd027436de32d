package org.caravan.hub.cli;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.caravan.common.Nearest;
import org.caravan.common.UserError;
import org.caravan.invoice.DeliveryList;
import org.caravan.invoice.DeliveryState;
import org.caravan.invoice.FanOutState;
import picocli.CommandLine.Option;

/** Which deliveries. */
final class DeliveryFilterOptions {
    @Option(
            names = "--state",
            paramLabel = "STATE",
            split = ",",
            description =
                    "Only in this state; may be repeated: pending, delivering, retrying, in-doubt, parked, committed;"
                            + " of fan-outs pending, fanning, parked, done.")
    private List<String> states = new ArrayList<>();

    @Option(names = "--connector", paramLabel = "NAME", description = "Only of this connector.")
    private String connector;

    @Option(names = "--month", paramLabel = "YYYY-MM", description = "Only of documents of this month.")
    private String month;

    @Option(names = "--account", paramLabel = "ACCOUNT", description = "Only of documents of this account.")
    private String account;

    String connector() {
        return connector;
    }

    /** True if something is said that only a choice among all understands. */
    boolean chooses() {
        return !states.isEmpty() || month != null || account != null;
    }

    /** @param otherwise states where none is said */
    DeliveryList.Filter filter(Set<String> otherwise) {
        Set<String> known = new LinkedHashSet<>();
        for (DeliveryState state : DeliveryState.values()) {
            known.add(state.code());
        }
        for (FanOutState state : FanOutState.values()) {
            known.add(state.code());
        }
        for (String state : states) {
            if (!known.contains(state)) {
                throw new UserError("--state " + state + ": no such state" + Nearest.hint(state, known) + "; there are "
                        + String.join(", ", known));
            }
        }
        return new DeliveryList.Filter(
                states.isEmpty() ? otherwise : Set.copyOf(states),
                connector,
                month == null ? null : Arguments.month(month),
                account);
    }
}
