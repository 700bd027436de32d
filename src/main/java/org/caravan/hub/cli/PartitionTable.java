package org.caravan.hub.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.caravan.ledger.LedgerStatus;

/** The partitions of a source that is read from a topic, for people and for scripts. */
final class PartitionTable {
    /** More than this are in the JSON alone; those that stand still come first. */
    private static final int SHOWN = 64;

    private PartitionTable() {}

    /** Empty for a source of another kind. */
    static List<String> lines(LedgerStatus.Source source, Instant now) {
        if (source.partitions().isEmpty()) {
            return List.of();
        }
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {"PARTITION", "LEDGER AT", "LOG START", "LOG END", "LAG", "SEEN", "STATE"});
        List<LedgerStatus.Partition> shown = new ArrayList<>(source.partitions());
        if (shown.size() > SHOWN) {
            shown.sort(java.util.Comparator.comparing(partition -> partition.stopped() == null));
        }
        for (LedgerStatus.Partition partition : shown.subList(0, Math.min(SHOWN, shown.size()))) {
            rows.add(new String[] {
                partition.topic() + "/" + partition.partition(),
                Long.toString(partition.position()),
                Long.toString(partition.logStart()),
                Long.toString(partition.logEnd()),
                Long.toString(partition.lag()),
                StatusTable.ago(partition.seen(), now),
                partition.stopped() == null ? "ok" : "STANDS STILL"
            });
        }
        List<String> lines =
                new ArrayList<>(List.of("", "Partitions of source " + Errors.oneLine(source.name()) + ":"));
        lines.addAll(Columns.lines(rows));
        if (shown.size() > SHOWN) {
            lines.add("... and " + (shown.size() - SHOWN) + " more; --json lists all");
        }
        for (LedgerStatus.Partition partition : source.partitions()) {
            if (partition.stopped() != null) {
                lines.add("partition " + partition.partition() + " stands still since "
                        + StatusTable.ago(partition.stoppedAt(), now) + ": " + Errors.oneLine(partition.stopped()));
                lines.add("  -> " + goOn(source.name(), partition));
            }
        }
        return lines;
    }

    private static String goOn(String source, LedgerStatus.Partition partition) {
        return "caravan sources go-on " + source + " " + partition.partition() + " --from " + partition.logStart()
                + " --reason TEXT";
    }

    static void json(LedgerStatus.Source source, ArrayNode array) {
        for (LedgerStatus.Partition partition : source.partitions()) {
            array.addObject()
                    .put("topic", partition.topic())
                    .put("partition", partition.partition())
                    .put("key", partition.key())
                    .put("position", partition.position())
                    .put("logStart", partition.logStart())
                    .put("logEnd", partition.logEnd())
                    .put("lag", partition.lag())
                    .put("seen", partition.seen().toString())
                    .put("stopped", partition.stopped())
                    .put(
                            "stoppedAt",
                            partition.stoppedAt() == null
                                    ? null
                                    : partition.stoppedAt().toString());
        }
    }
}
