package org.caravan.bench;

import de.siegmar.fastcsv.reader.AbstractBaseCsvCallbackHandler;
import de.siegmar.fastcsv.reader.CsvReader;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.caravan.metering.Meter;
import org.caravan.metering.MeterCatalog;
import org.caravan.metering.MeteringSettings;
import org.caravan.metering.UsageBatch;
import org.caravan.metering.UsageBatches;
import org.caravan.metering.UsageInput;
import org.caravan.metering.UsageKey;

/**
 * How fast usage is read. Arguments: {@code csv}, {@code quoted} (csv with one quoted cell a line), {@code jsonl} or
 * {@code fastcsv} (the work of csv with FastCSV's callback reader), records (default 1,000,000), rounds (default 7). Prints one JSON line with the fastest round, in
 * CPU time of the reading thread.
 */
public final class ParseBench {
    private static final Instant START = Instant.parse("2026-10-01T00:00:00Z");
    private static final int RESOURCES = 20_000;

    private ParseBench() {}

    public static void main(String[] args) throws IOException {
        String kind = args.length > 0 ? args[0] : "csv";
        int records = args.length > 1 ? Integer.parseInt(args[1]) : 1_000_000;
        int rounds = args.length > 2 ? Integer.parseInt(args[2]) : 7;
        Path file = Files.createTempFile("caravan-parse", "." + kind);
        try {
            write(file, kind, records);
            long best = Long.MAX_VALUE;
            for (int round = 0; round < rounds; round++) {
                long start = cpuNanos();
                long read = kind.equals("fastcsv") ? readFastCsv(file) : read(file, kind);
                best = Math.min(best, cpuNanos() - start);
                if (read != records) {
                    throw new IllegalStateException("read " + read + " of " + records);
                }
            }
            double seconds = best / 1e9;
            System.out.println(String.format(
                    Locale.ROOT,
                    "{\"bench\":\"parse-%s\",\"records\":%d,\"bytesPerRecord\":%d,\"cpuSeconds\":%.3f,"
                            + "\"recordsPerCpuSecond\":%.0f,\"cpuMicrosPerRecord\":%.3f}",
                    kind,
                    records,
                    Files.size(file) / records,
                    seconds,
                    records / seconds,
                    seconds * 1e6 / records));
        } finally {
            Files.delete(file);
        }
    }

    /** Time on the processor: reading is one thread here, and a busy host would otherwise be what is measured. */
    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static long read(Path file, String kind) throws IOException {
        MeteringSettings settings = MeteringSettings.defaults().withReadAhead(0);
        Clock clock = Clock.fixed(START.plus(Duration.ofDays(400)), ZoneOffset.UTC);
        UsageInput input = UsageInput.of(Files.newInputStream(file), file.toString());
        long rows = 0;
        try (UsageBatches batches = kind.equals("jsonl")
                ? UsageBatches.jsonl(input, settings, MeterCatalog.empty(), clock)
                : UsageBatches.csv(input, settings, MeterCatalog.empty(), clock)) {
            while (batches.hasNext()) {
                rows += batches.next().size();
            }
        }
        return rows;
    }

    private static void write(Path file, String kind, int records) throws IOException {
        Random random = new Random(7);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20)) {
            if (!kind.equals("jsonl")) {
                out.write(("id,tenant,datacenter,resource,meter,quantity,unit,begin,end,flavor,image,project,az,tier\n")
                        .getBytes(StandardCharsets.UTF_8));
            }
            for (int i = 0; i < records; i++) {
                int resource = i % RESOURCES;
                Instant begin = START.plusSeconds(3600L * (i / RESOURCES));
                String[] cells = {
                    String.format("%016x", random.nextLong()),
                    "tenant-" + resource % 1000,
                    "dc" + resource % 3,
                    "res-" + Integer.toHexString(resource * 7919),
                    "meter." + resource % 10,
                    random.nextInt(100) + "." + String.format("%03d", random.nextInt(1000)),
                    "hour",
                    begin.toString(),
                    begin.plusSeconds(3600).toString(),
                    "m1.size" + resource % 7,
                    "debian-" + resource % 5,
                    "project " + resource % 100,
                    "az" + resource % 3,
                    kind.equals("quoted") ? "\"gold, large\"" : "gold"
                };
                out.write((kind.equals("jsonl") ? json(cells) : String.join(",", cells) + "\n")
                        .getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    private static String json(String[] c) {
        return String.format(
                "{\"id\":\"%s\",\"tenant\":\"%s\",\"datacenter\":\"%s\",\"resource\":\"%s\",\"meter\":\"%s\","
                        + "\"quantity\":%s,\"unit\":\"%s\",\"begin\":\"%s\",\"end\":\"%s\",\"metadata\":{"
                        + "\"flavor\":\"%s\",\"image\":\"%s\",\"project\":\"%s\",\"az\":\"%s\",\"tier\":\"%s\"}}%n",
                (Object[]) c);
    }

    // ---- the same work with FastCSV's callback -------------------------------------------------------------------

    private static long readFastCsv(Path file) throws IOException {
        Collector collector = new Collector();
        try (CsvReader<Object> reader = CsvReader.builder().build(collector, file)) {
            reader.forEach(record -> {});
        }
        return collector.rows - 1;
    }

    /** Looks the key up by the characters of its cells and reads numbers and times once per distinct text. */
    private static final class Collector extends AbstractBaseCsvCallbackHandler<Object> {
        private static final boolean[] IN_KEY = {
            false, true, true, true, true, false, true, false, false, true, true, true, true, true
        };

        private final Map<Chars, UsageKey> keys = new HashMap<>();
        private final Map<String, Long> times = new HashMap<>();
        private final Chars probe = new Chars();
        private UsageBatch batch = new UsageBatch(100_000);
        private String id;
        private BigDecimal quantity;
        private final long[] beginEnd = new long[2];
        long rows;

        @Override
        protected void handleField(int index, char[] buffer, int offset, int length, boolean quoted) {
            if (rows == 0) {
                return;
            }
            if (IN_KEY[index]) {
                probe.add(buffer, offset, length);
            } else if (index == 0) {
                id = new String(buffer, offset, length);
            } else if (index == 5) {
                quantity = new BigDecimal(buffer, offset, length);
            } else {
                beginEnd[index - 7] = times.computeIfAbsent(
                        new String(buffer, offset, length),
                        t -> Instant.parse(t).toEpochMilli() * 1000);
            }
        }

        @Override
        protected Object buildRecord() {
            if (rows++ > 0) {
                UsageKey key = keys.get(probe);
                if (key == null) {
                    Chars copy = probe.copy();
                    String text = copy.toString();
                    key = new UsageKey("default", text, "", text, Meter.unlisted("m"), "hour", Map.of(), "m", "");
                    keys.put(copy, key);
                }
                batch.add(key, quantity, beginEnd[0], beginEnd[1], rows);
                byte[] utf8 = id.getBytes(StandardCharsets.UTF_8);
                batch.lastId(utf8, 0, utf8.length);
                if (batch.size() == 100_000) {
                    batch = new UsageBatch(100_000);
                }
            }
            probe.length = 0;
            return this;
        }
    }

    private static final class Chars {
        private char[] chars = new char[256];
        private int length;

        void add(char[] from, int offset, int count) {
            if (length + count + 1 > chars.length) {
                chars = Arrays.copyOf(chars, 2 * (length + count));
            }
            System.arraycopy(from, offset, chars, length, count);
            length += count;
            chars[length++] = '\n';
        }

        Chars copy() {
            Chars copy = new Chars();
            copy.chars = Arrays.copyOf(chars, length);
            copy.length = length;
            return copy;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Chars c && Arrays.equals(chars, 0, length, c.chars, 0, c.length);
        }

        @Override
        public int hashCode() {
            int hash = 1;
            for (int i = 0; i < length; i++) {
                hash = 31 * hash + chars[i];
            }
            return hash;
        }

        @Override
        public String toString() {
            return new String(chars, 0, length);
        }
    }
}
