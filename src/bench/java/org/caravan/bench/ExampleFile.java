package org.caravan.bench;

import java.io.BufferedWriter;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * An example file: usage as metered, and among it what real sources send too: records sent twice, corrections that
 * contradict what was sent before, broken lines, records of the months next to this one.
 */
final class ExampleFile {
    /** The meter that examples/tariff.yaml has no rule for. */
    static final String UNPRICED_METER = "loadbalancer";

    private static final int REPEAT_WITHIN = 3_000;

    private final SplittableRandom random;
    private final String header;
    private final List<UsageLine> usage;
    private final Function<UsageLine, String> format;
    private final TreeMap<Integer, List<String>> extras = new TreeMap<>();
    private int duplicates;
    private int conflicts;
    private int broken;
    private int september;
    private int november;

    private ExampleFile(long seed, String header, List<UsageLine> usage, Function<UsageLine, String> format) {
        this.random = new SplittableRandom(seed);
        this.header = header;
        this.usage = usage;
        this.format = format;
    }

    /** The believable month, as caravan-csv. */
    static ExampleFile october(long seed) {
        ExampleFile file = new ExampleFile(seed + 1, UsageLine.HEADER, ExampleMonth.lines(seed), UsageLine::csv);
        file.repeat(120);
        file.contradict(18);
        file.overlap(6);
        file.neighbours();
        file.damage(5, line -> cell(line, 5, "n/a"));
        file.damage(2, line -> cell(line, 5, "1.2.3"));
        file.damage(4, line -> cell(line, 5, "-" + line.split(",")[5]));
        file.damage(5, line -> cell(cell(line, 7, line.split(",")[8]), 8, line.split(",")[7]));
        file.damage(5, line -> cell(line, 1, ""));
        file.damage(3, line -> cell(line, 8, "tomorrow"));
        file.damage(2, line -> cell(line, 3, ""));
        file.damage(4, line -> String.join(",", List.of(line.split(",")).subList(0, 6)));
        return file;
    }

    /** Two hundred records of two tenants, as caravan-jsonl. */
    static ExampleFile small(long seed) {
        List<UsageLine> usage = ExampleMonth.lines(seed + 100).stream()
                .filter(line ->
                        line.tenant().equals("kea-robotics") || line.tenant().equals("moana-fisheries"))
                .limit(190)
                .toList();
        ExampleFile file = new ExampleFile(seed + 101, null, usage, line -> line.json(cores(line)));
        file.repeat(5);
        file.contradict(2);
        file.damage(1, line -> line.replace("\"tenant\"", "\"tenent\""));
        file.damage(1, line -> line.replaceFirst("\"quantity\":\"", "\"quantity\":\"about "));
        file.damage(1, line -> line.substring(0, line.length() / 2));
        return file;
    }

    /** Writes the file and tells what is in it. */
    String writeTo(Path path) throws IOException {
        int written = 0;
        try (BufferedWriter out = Files.newBufferedWriter(path, StandardCharsets.UTF_8)) {
            if (header != null) {
                out.write(header + "\n");
            }
            for (int i = 0; i <= usage.size(); i++) {
                if (i < usage.size()) {
                    out.write(format.apply(usage.get(i)) + "\n");
                    written++;
                }
                for (String extra : extras.getOrDefault(i, List.of())) {
                    out.write(extra + "\n");
                    written++;
                }
            }
        }
        long unpriced = usage.stream()
                .filter(line -> line.meter().equals(UNPRICED_METER))
                .count();
        Set<String> tenants = new HashSet<>();
        usage.forEach(line -> tenants.add(line.tenant()));
        return "read " + written + ", accepted " + (usage.size() + september + november) + ", duplicate " + duplicates
                + ", conflict " + conflicts + ", quarantined " + broken + ", unpriced " + unpriced
                + ", otherMonths " + (september + november) + " (September " + september + ", November " + november
                + "); tenants " + tenants.size();
    }

    private void repeat(int times) {
        for (int i = 0; i < times; i++) {
            int original = random.nextInt(usage.size());
            after(original, format.apply(usage.get(original)));
        }
        duplicates += times;
    }

    /** The same series and period with another quantity. */
    private void contradict(int times) {
        for (int i = 0; i < times; i++) {
            int original = pick(line -> line.quantity().signum() > 0);
            UsageLine line = usage.get(original);
            after(original, format.apply(line.withQuantity(id(), line.quantity().multiply(new BigDecimal("1.125")))));
        }
        conflicts += times;
    }

    /** A period of the same series that is billed already in part. */
    private void overlap(int times) {
        for (int i = 0; i < times; i++) {
            int original = pick(line -> line.name().startsWith("job-"));
            UsageLine line = usage.get(original);
            Instant end = line.end().plus(30, ChronoUnit.MINUTES);
            after(original, format.apply(line.withPeriod(id(), line.begin(), end)));
        }
        conflicts += times;
    }

    /** Late records of September, early ones of November, and two of October that reach into November. */
    private void neighbours() {
        for (int i = 0; i < 12; i++) {
            UsageLine line = usage.get(pick(l -> l.begin().equals(ExampleMonth.BEGIN) && isPlainDay(l)));
            UsageLine late = line.withPeriod(
                    id(), line.begin().minus(2 + i, ChronoUnit.DAYS), line.end().minus(2 + i, ChronoUnit.DAYS));
            after(random.nextInt(usage.size() / 2), format.apply(late));
            september++;
        }
        Set<Integer> taken = new HashSet<>();
        while (november < 8) {
            int original = pick(l -> l.end().equals(ExampleMonth.END) && isPlainDay(l));
            if (taken.add(original)) {
                UsageLine line = usage.get(original);
                after(
                        usage.size() - 1,
                        format.apply(
                                line.withPeriod(id(), line.end(), line.end().plus(1, ChronoUnit.DAYS))));
                november++;
            }
        }
        for (String resource : List.of("lab-1", "lab-2")) {
            UsageLine line = new UsageLine(
                    id(),
                    "takahe-university",
                    "nz-hlz-1",
                    resource,
                    "instance",
                    new BigDecimal("3"),
                    "hour",
                    ExampleMonth.END.minusSeconds(3_600),
                    ExampleMonth.END.plusSeconds(7_200),
                    ZoneOffset.UTC,
                    "c1.c2r4",
                    "",
                    "exam " + resource,
                    "ubuntu-24.04");
            usage.add(line);
        }
    }

    private void damage(int times, UnaryOperator<String> damage) {
        for (int i = 0; i < times; i++) {
            int original =
                    pick(line -> line.name().startsWith("job-") || line.meter().equals("instance") && plain(line));
            after(original, damage.apply(format.apply(usage.get(original))));
        }
        broken += times;
    }

    private static boolean plain(UsageLine line) {
        return line.name().indexOf(',') < 0 && line.name().indexOf('"') < 0;
    }

    private static boolean isPlainDay(UsageLine line) {
        return !line.meter().equals(UNPRICED_METER)
                && line.begin().plus(1, ChronoUnit.DAYS).equals(line.end());
    }

    private int pick(Predicate<UsageLine> wanted) {
        while (true) {
            int index = random.nextInt(usage.size());
            if (wanted.test(usage.get(index))) {
                return index;
            }
        }
    }

    private void after(int index, String text) {
        int place = Math.min(usage.size() - 1, index + random.nextInt(REPEAT_WITHIN));
        extras.computeIfAbsent(place, i -> new ArrayList<>()).add(text);
    }

    private static String cell(String line, int index, String text) {
        String[] cells = line.split(",", -1);
        cells[index] = text;
        return String.join(",", cells);
    }

    private static int cores(UsageLine line) {
        return line.flavor().isEmpty()
                ? 0
                : Integer.parseInt(line.flavor().replaceAll("^c\\d\\.(?:c(\\d+)r\\d+|gpu(\\d))$", "$1$2"));
    }

    private String id() {
        return String.format("%012x", random.nextLong(1L << 48));
    }
}
