package org.caravan.metering;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.caravan.common.Nearest;

/**
 * The limits of reading usage. Bind one in the Camel registry to change them for all data formats of a context.
 *
 * @param batchSize lines per batch, unusable ones included
 * @param readAhead batches parsed ahead by a thread of their own; 0 = parsed when asked for
 * @param requireTenant false where a tariff is tried: a record may then come without tenant
 * @param maxLineBytes a longer line is rejected and skipped in flat memory
 * @param maxRawBytes bytes kept of a rejected line
 * @param maxKeys interned keys kept by one reader; beyond it they are made anew
 * @param maxKeyBytes estimated heap of these keys
 * @param maxTextLength code points in an id, realm, tenant, datacenter, resource, meter, unit or product
 * @param maxMetadataLength code points in a metadata value
 * @param maxMetadataFields metadata fields of a record; also columns of a CSV
 * @param maxDuration longest period of a record
 * @param maxSkew how far begin and end may lie after the clock's now
 * @param earliest a record that begins before is rejected: a zero timestamp is a broken source, not usage of 1970
 * @param refuseAbove this many rejected lines never refuse a file
 * @param refusePercent a file is refused when more than this part of the lines read so far is rejected (and more than
 *     {@code refuseAbove})
 * @param mappings how CSV files are read whose columns are not Caravan's own; the first whose columns are all there
 */
public record MeteringSettings(
        int batchSize,
        int readAhead,
        boolean requireTenant,
        int maxLineBytes,
        int maxRawBytes,
        int maxKeys,
        long maxKeyBytes,
        int maxTextLength,
        int maxMetadataLength,
        int maxMetadataFields,
        Duration maxDuration,
        Duration maxSkew,
        Instant earliest,
        int refuseAbove,
        int refusePercent,
        List<CsvMapping> mappings) {
    /** The largest batch that can be asked for: its columns are arrays. */
    public static final int MAX_BATCH_SIZE = 1_000_000;

    /** The longest line that can be allowed for. */
    public static final int MAX_LINE_BYTES = 16 << 20;

    public MeteringSettings {
        between("batchSize", batchSize, 1, MAX_BATCH_SIZE);
        between("readAhead", readAhead, 0, 64);
        between("maxLineBytes", maxLineBytes, 64, MAX_LINE_BYTES);
        between("maxRawBytes", maxRawBytes, 64, MAX_LINE_BYTES);
        between("maxKeys", maxKeys, 16, 1 << 26);
        between("maxKeyBytes", maxKeyBytes, 1 << 14, Long.MAX_VALUE);
        between("maxTextLength", maxTextLength, 1, 1 << 16);
        between("maxMetadataLength", maxMetadataLength, 1, 1 << 20);
        between("maxMetadataFields", maxMetadataFields, 0, 4096);
        between("refuseAbove", refuseAbove, 0, Integer.MAX_VALUE);
        between("refusePercent", refusePercent, 0, 100);
        mappings = List.copyOf(mappings);
        if (maxDuration.isNegative() || maxDuration.isZero() || maxSkew.isNegative()) {
            throw new IllegalArgumentException("maxDuration must be positive and maxSkew not negative");
        }
    }

    /** What holds where nothing else is said. */
    public static MeteringSettings defaults() {
        // An eighth of the heap: the ledger keeps the series of the same keys and wants more.
        long keyBytes =
                Math.max(16 << 20, Math.min(256 << 20, Runtime.getRuntime().maxMemory() / 8));
        return new MeteringSettings(
                200_000,
                1,
                true,
                64 << 10,
                4096,
                500_000,
                keyBytes,
                255,
                1024,
                256,
                Duration.ofDays(31),
                Duration.ofHours(1),
                Instant.parse("2000-01-01T00:00:00Z"),
                1000,
                10,
                List.of());
    }

    public MeteringSettings withBatchSize(int lines) {
        return with("batchSize", lines);
    }

    public MeteringSettings withReadAhead(int batches) {
        return with("readAhead", batches);
    }

    public MeteringSettings withRequireTenant(boolean required) {
        return with("requireTenant", required);
    }

    public MeteringSettings withMappings(List<CsvMapping> known) {
        return new MeteringSettings(
                batchSize,
                readAhead,
                requireTenant,
                maxLineBytes,
                maxRawBytes,
                maxKeys,
                maxKeyBytes,
                maxTextLength,
                maxMetadataLength,
                maxMetadataFields,
                maxDuration,
                maxSkew,
                earliest,
                refuseAbove,
                refusePercent,
                known);
    }

    /**
     * A copy with one setting changed, by its name as configuration gives it.
     *
     * @param value a value of the setting's type or its text, such as {@code PT1H} for a duration
     * @throws IllegalArgumentException if there is no such setting, or the value is not allowed
     */
    public MeteringSettings with(String setting, Object value) {
        RecordComponent[] components = MeteringSettings.class.getRecordComponents();
        Object[] values = new Object[components.length];
        Class<?>[] types = new Class<?>[components.length];
        List<String> names = new ArrayList<>();
        try {
            for (int i = 0; i < components.length; i++) {
                names.add(components[i].getName());
                types[i] = components[i].getType();
                values[i] = names.get(i).equals(setting)
                        ? read(setting, types[i], value.toString())
                        : components[i].getAccessor().invoke(this);
            }
            if (!names.contains(setting)) {
                throw new IllegalArgumentException("no setting '" + setting + "'" + Nearest.hint(setting, names));
            }
            return MeteringSettings.class.getDeclaredConstructor(types).newInstance(values);
        } catch (InvocationTargetException e) {
            throw new IllegalArgumentException(e.getCause().getMessage(), e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Object read(String setting, Class<?> type, String text) {
        try {
            if (type == int.class) {
                return Integer.valueOf(text);
            }
            if (type == long.class) {
                return Long.valueOf(text);
            }
            if (type == Duration.class) {
                return Duration.parse(text);
            }
            if (type == Instant.class) {
                return Instant.parse(text);
            }
        } catch (NumberFormatException | DateTimeException e) {
            throw new IllegalArgumentException(setting + ": '" + text + "' is no " + type.getSimpleName(), e);
        }
        if (!text.equals("true") && !text.equals("false")) {
            throw new IllegalArgumentException(setting + ": expected true or false, found '" + text + "'");
        }
        return Boolean.valueOf(text);
    }

    private static void between(String name, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(name + " must be " + least + " to " + most + ", is " + value);
        }
    }
}
