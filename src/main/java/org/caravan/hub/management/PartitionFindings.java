package org.caravan.hub.management;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.caravan.hub.management.Finding.Area;
import org.caravan.ledger.LedgerStatus;
import org.caravan.ledger.LedgerStatus.Partition;

/** What needs attention of a source that is read from a topic: partitions that stand still, partitions far behind. */
final class PartitionFindings {
    private static final int NAMED = 20;

    private PartitionFindings() {}

    /** Partitions that stand still until a person decides. */
    static List<Finding> still(LedgerStatus.Source source, Instant now) {
        List<Partition> stopped = source.partitions().stream()
                .filter(partition -> partition.stopped() != null)
                .toList();
        return stopped.isEmpty() ? List.of() : List.of(stopped(source.name(), stopped, now));
    }

    /** @param lagLimit messages that may wait in one partition */
    static List<Finding> behind(LedgerStatus.Source source, long lagLimit) {
        List<Partition> behind = source.partitions().stream()
                .filter(partition -> partition.stopped() == null && partition.lag() > lagLimit)
                .sorted(Comparator.comparingLong(Partition::lag).reversed())
                .toList();
        return behind.isEmpty() ? List.of() : List.of(behind(source.name(), behind));
    }

    private static Finding stopped(String source, List<Partition> stopped, Instant now) {
        Partition first = stopped.get(0);
        String since = Ages.text(java.time.Duration.between(first.stoppedAt(), now));
        String one = "source " + source + ": partition " + first.partition() + " stands still for " + since + ": "
                + first.stopped();
        String command = "caravan sources go-on " + source + " ";
        if (stopped.size() == 1) {
            return new Finding(
                    Area.SOURCES,
                    one,
                    "decide from where to read on: " + command + first.partition() + " --from " + first.logStart()
                            + " --reason TEXT");
        }
        return new Finding(
                Area.SOURCES,
                one + " (as do " + numbers(stopped.subList(1, stopped.size())) + ")",
                "decide from where to read on: " + command + "all --from start --reason TEXT, or each by its number");
    }

    private static Finding behind(String source, List<Partition> behind) {
        Partition first = behind.get(0);
        return new Finding(
                Area.SOURCES,
                String.format(
                                Locale.ROOT,
                                "source %s: partition %d is %,d messages behind (ledger at %d, log ends at %d)",
                                source,
                                first.partition(),
                                first.lag(),
                                first.position(),
                                first.logEnd())
                        + (behind.size() == 1 ? "" : ", as are " + numbers(behind.subList(1, behind.size()))),
                "see that hubs read it and keep up; caravan sources shows each partition");
    }

    private static String numbers(List<Partition> partitions) {
        String named = partitions.stream()
                .limit(NAMED)
                .map(partition -> Integer.toString(partition.partition()))
                .collect(Collectors.joining(", "));
        return named + (partitions.size() > NAMED ? " and " + (partitions.size() - NAMED) + " more" : "");
    }
}
