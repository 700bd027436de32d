package org.caravan.bench;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/**
 * The benchmark's data set: hourly usage of 20,000 resources of 1,000 tenants, ten meters, in the order of time.
 *
 * <p>A resource has one meter and keeps its metadata; one line in a hundred repeats an earlier one byte for byte, at
 * most {@link #REPEAT_WITHIN} lines after it. Streams to the file, in flat memory.
 */
public final class BenchUsage {
    static final int TENANTS = 1_000;
    static final int RESOURCES = 20_000;

    /** The farthest that a repetition lies behind its original, in lines. */
    static final int REPEAT_WITHIN = 4_000;

    private static final int REPEATED_OF_10_000 = 100;

    /** Raised with every change of what is written, so that an old file is not taken for a new one. */
    private static final int VERSION = 3;

    private static final Instant START = Instant.parse("2026-10-01T00:00:00Z");
    private static final String HEADER =
            "id,tenant,datacenter,resource,meter,quantity,unit,begin,end,flavor,volume_type,name,os,zone\n";
    private static final String[] DATACENTERS = {"nz-por-1", "nz-hlz-1", "nz-wlg-2"};
    private static final String[] SYSTEMS = {"ubuntu-24.04", "debian-13", "rocky-10", "windows-2025"};
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private final SplittableRandom random;
    private final byte[][] heads = new byte[RESOURCES][];
    private final byte[][] units = new byte[RESOURCES][];
    private final byte[][] tails = new byte[RESOURCES][];
    private final byte[] line = new byte[512];
    private int length;

    private BenchUsage(long seed) {
        random = new SplittableRandom(seed);
        byte[][] tenants = new byte[TENANTS][];
        for (int i = 0; i < TENANTS; i++) {
            tenants[i] = hex(32);
        }
        for (int i = 0; i < RESOURCES; i++) {
            BenchTariff.Meter meter = BenchTariff.METERS.get(i % BenchTariff.METERS.size());
            String value = meter.value(random.nextInt(Math.max(1, meter.values())));
            boolean instance = meter.field().equals("flavor");
            heads[i] = ascii(","
                    + new String(tenants[(i / BenchTariff.METERS.size()) % TENANTS], StandardCharsets.US_ASCII) + ","
                    + DATACENTERS[random.nextInt(DATACENTERS.length)] + "," + uuid() + "," + meter.name() + ",");
            units[i] = ascii("," + meter.unit() + ",");
            tails[i] = ascii("," + (instance ? value : "") + "," + (instance ? "" : value) + ","
                    + meter.name() + "-" + i + "," + (instance ? SYSTEMS[random.nextInt(SYSTEMS.length)] : "")
                    + ",zone-"
                    + random.nextInt(1, 4) + "\n");
        }
    }

    /**
     * Writes the data set, or keeps the file that is there from an earlier run with the same parameters.
     *
     * @return the file
     */
    static Path write(Path directory, long records, long seed) throws IOException {
        Path file = directory.resolve("usage-v" + VERSION + "-" + records + "-" + seed + ".csv");
        if (Files.exists(file)) {
            return file;
        }
        Files.createDirectories(directory);
        Path part = directory.resolve(file.getFileName() + ".part");
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(part), 1 << 20)) {
            new BenchUsage(seed).write(out, records);
        }
        return Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private void write(OutputStream out, long records) throws IOException {
        out.write(ascii(HEADER));
        PriorityQueue<Repeat> repeats = new PriorityQueue<>();
        long written = 0;
        for (int hour = 0; written < records; hour++) {
            Instant begin = START.plus(hour, ChronoUnit.HOURS);
            byte[] period = ascii(begin + "," + begin.plus(1, ChronoUnit.HOURS));
            for (int resource = 0; resource < RESOURCES && written < records; resource++) {
                while (written < records && !repeats.isEmpty() && repeats.peek().at <= written) {
                    out.write(repeats.poll().line);
                    written++;
                }
                if (written == records) {
                    break;
                }
                fill(resource, period);
                out.write(line, 0, length);
                written++;
                if (random.nextInt(10_000) < REPEATED_OF_10_000) {
                    byte[] copy = java.util.Arrays.copyOf(line, length);
                    repeats.add(new Repeat(written + random.nextInt(1, REPEAT_WITHIN - 50), copy));
                }
            }
        }
    }

    private void fill(int resource, byte[] period) {
        length = 0;
        long id = random.nextLong();
        for (int i = 0; i < 16; i++, id >>>= 4) {
            line[length++] = HEX[(int) (id & 15)];
        }
        append(heads[resource]);
        // 0.001 to 999.999
        int thousandths = random.nextInt(1, 1_000_000);
        append(ascii(Integer.toString(thousandths / 1000)));
        line[length++] = '.';
        line[length++] = (byte) ('0' + thousandths / 100 % 10);
        line[length++] = (byte) ('0' + thousandths / 10 % 10);
        line[length++] = (byte) ('0' + thousandths % 10);
        append(units[resource]);
        append(period);
        append(tails[resource]);
    }

    private void append(byte[] bytes) {
        System.arraycopy(bytes, 0, line, length, bytes.length);
        length += bytes.length;
    }

    private String uuid() {
        String hex = new String(hex(32), StandardCharsets.US_ASCII);
        return hex.substring(0, 8) + "-" + hex.substring(8, 12) + "-" + hex.substring(12, 16) + "-"
                + hex.substring(16, 20) + "-" + hex.substring(20);
    }

    private byte[] hex(int digits) {
        byte[] text = new byte[digits];
        for (int i = 0; i < digits; i++) {
            text[i] = HEX[random.nextInt(16)];
        }
        return text;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** A line to be written again once {@code at} lines are written. */
    private record Repeat(long at, byte[] line) implements Comparable<Repeat> {
        @Override
        public int compareTo(Repeat other) {
            return Long.compare(at, other.at);
        }
    }
}
