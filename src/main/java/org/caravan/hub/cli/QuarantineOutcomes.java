package org.caravan.hub.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.caravan.ledger.Outcome;

/** What became of the records that a command was given. */
final class QuarantineOutcomes {
    /** Outcomes named one by one; the counts are of all. */
    private static final int NAMED = 1_000;

    private static final int SHOWN = 20;

    private final Map<Outcome.What, Long> counts = new EnumMap<>(Outcome.What.class);
    private final List<Outcome> named = new ArrayList<>();
    private long all;

    void add(Outcome outcome) {
        all++;
        counts.merge(outcome.what(), 1L, Long::sum);
        if (named.size() < NAMED) {
            named.add(outcome);
        }
    }

    long count() {
        return all;
    }

    /** Exit code: some records still wait for a decision. */
    int exitCode() {
        return counts.containsKey(Outcome.What.HELD) ? Errors.QUARANTINED : 0;
    }

    void print(boolean json, PrintStream out) {
        if (json) {
            out.println(json());
        } else {
            forPeople(out);
        }
        out.flush();
    }

    private ObjectNode json() {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        for (Outcome.What what : Outcome.What.values()) {
            node.put(word(what), counts.getOrDefault(what, 0L));
        }
        ArrayNode records = node.putArray("records");
        for (Outcome outcome : named) {
            records.addObject()
                    .put("id", outcome.id())
                    .put("outcome", word(outcome.what()))
                    .put("note", outcome.note());
        }
        return node;
    }

    private void forPeople(PrintStream out) {
        if (all == 0) {
            out.println("Nothing to do: no held record matches.");
            return;
        }
        named.stream()
                .limit(SHOWN)
                .forEach(outcome -> out.println(
                        outcome.id() + "  " + word(outcome.what()) + ": " + Errors.oneLine(outcome.note())));
        if (all > SHOWN) {
            out.println(String.format(Locale.ROOT, "... and %,d more", all - SHOWN));
        }
        StringBuilder line = new StringBuilder();
        counts.forEach((what, count) -> line.append(line.length() == 0 ? "" : ", ")
                .append(String.format(Locale.ROOT, "%,d %s", count, people(what))));
        out.println(line);
    }

    private static String people(Outcome.What what) {
        return switch (what) {
            case BILLED -> "billed";
            case DUPLICATE -> "billed before";
            case HELD -> "still held";
            case DROPPED -> "dropped";
            case DECIDED -> "decided before";
        };
    }

    private static String word(Outcome.What what) {
        return what.name().toLowerCase(Locale.ROOT);
    }
}
