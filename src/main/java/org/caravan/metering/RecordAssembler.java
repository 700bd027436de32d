package org.caravan.metering;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.caravan.common.Decimals;

/**
 * Checks a record and appends it to a batch, whatever format it came in. Nothing is allocated for a record whose key was
 * met before and whose quantity has at most 18 digits. For one thread.
 */
final class RecordAssembler {
    private static final int MAX_METERS = 10_000;
    private static final int MAX_METER_BYTES = 1 << 22;
    /** Digits that a part of a quantity may have more than the whole. */
    private static final int BAND_DIGITS = 12;

    private final MeteringSettings settings;
    private final MeterCatalog catalog;
    private final Clock clock;
    private final ByteTable<MeterEntry> meters;
    private final ByteTable<KeyEntry> keys;
    private final KeyMaker keyMaker;
    private final Micros begins = new Micros();
    private final Micros ends = new Micros();
    private final DecimalReader decimals = new DecimalReader();
    private final int[] meterFrom = new int[1];
    private final int[] meterTo = new int[1];
    private final long maxMicros;
    private final long earliest;
    private long latest;

    RecordAssembler(MeteringSettings settings, MeterCatalog catalog, Clock clock) {
        this.settings = settings;
        this.catalog = catalog;
        this.clock = clock;
        this.meters = new ByteTable<>(MAX_METERS, MAX_METER_BYTES);
        this.keys = new ByteTable<>(settings.maxKeys(), settings.maxKeyBytes());
        this.keyMaker = new KeyMaker(settings);
        this.maxMicros = micros(Instant.EPOCH.plus(settings.maxDuration()));
        this.earliest = micros(settings.earliest());
        startBatch();
    }

    /** Reads the clock: what counts as too far in the future is decided once per batch. */
    void startBatch() {
        latest = micros(clock.instant().plus(settings.maxSkew()));
    }

    /**
     * Appends the record to the batch.
     *
     * @return null, or the reason why it can't be used; the batch is then unchanged
     */
    String add(Row row, UsageBatch batch, long position) {
        if (!row.has(Row.METER)) {
            return "no meter";
        }
        MeterEntry meter = meter(row);
        if (meter == null) {
            return "meter is longer than " + settings.maxTextLength() + " characters";
        }
        row.readKey(meter);
        KeyEntry entry = keys.get(row.keyBytes, row.keyFrom, row.keyTo, row.keyRuns);
        if (entry == null) {
            entry = keyMaker.make(row, meter);
            if (entry == null) {
                return keyMaker.problem;
            }
            keys.put(row.keyBytes, row.keyFrom, row.keyTo, row.keyRuns, entry, KeyMaker.weight(entry));
        }
        String wrongId = wrongId(row, entry);
        if (wrongId != null) {
            return wrongId;
        }
        long begin = begins.read(row.bytes, row.from[Row.BEGIN], row.to[Row.BEGIN]);
        long end = !row.moment
                ? ends.read(row.bytes, row.from[Row.END], row.to[Row.END])
                : begin == Micros.NONE ? Micros.NONE : begin + 1;
        if (begin == Micros.NONE
                || end == Micros.NONE
                || end <= begin
                || end - begin > maxMicros
                || end > latest
                || begin < earliest) {
            return wrongTime(row, begin, end);
        }
        BigDecimal price = null;
        if (row.has(Row.PRICE)) {
            if (!decimals.read(row.bytes, row.from[Row.PRICE], row.to[Row.PRICE])) {
                return wrongNumber(row, Row.PRICE);
            }
            price = decimals.value();
        }
        if (!decimals.read(row.bytes, row.from[Row.QUANTITY], row.to[Row.QUANTITY])) {
            return wrongNumber(row, Row.QUANTITY);
        }
        if (decimals.isNegative()) {
            return "quantity " + shown(row, Row.QUANTITY) + " is negative";
        }
        if (entry.banded() != null) {
            return price == null
                    ? addBanded(row, batch, entry, begin, end, position)
                    : "a record of meter " + entry.key().meter().name()
                            + ", which is split at times of the day, can't bring its price";
        }
        if (!addConverted(batch, entry, begin, end, position)) {
            return "quantity " + shown(row, Row.QUANTITY) + " has more than " + Decimals.MAX_DIGITS + " digits in "
                    + entry.conversion().unit;
        }
        if (row.has(Row.ID)) {
            batch.lastId(row.bytes, row.from[Row.ID], row.to[Row.ID] - row.from[Row.ID]);
        }
        if (price != null) {
            batch.lastGivenPrice(price);
        }
        return null;
    }

    private MeterEntry meter(Row row) {
        meterFrom[0] = row.from[Row.METER];
        meterTo[0] = row.to[Row.METER];
        MeterEntry entry = meters.get(row.bytes, meterFrom, meterTo, 1);
        if (entry == null) {
            String name = row.text(Row.METER);
            if (Utf8.isLonger(name, settings.maxTextLength())) {
                return null;
            }
            entry = new MeterEntry(catalog.meter(name));
            meters.put(row.bytes, meterFrom, meterTo, 1, entry, 256);
        }
        return entry;
    }

    /**
     * Appends a row for each part of the record between two borders of its meter's bands. Each gets its part of the
     * quantity by time, the last one what is left, so that they sum up to the record's; the first digits that are rounded
     * are beyond what any price makes a difference of.
     */
    private String addBanded(Row row, UsageBatch batch, KeyEntry entry, long begin, long end, long position) {
        Bands bands = entry.key().meter().bands();
        BigDecimal whole = entry.conversion().apply(decimals.value(), end - begin);
        if (!isShort(whole)) {
            return "quantity " + shown(row, Row.QUANTITY) + " has more than " + Decimals.MAX_DIGITS + " digits in "
                    + entry.conversion().unit;
        }
        BigDecimal left = whole;
        int scale = Math.min(Decimals.MAX_DIGITS - 1, Math.max(whole.scale(), 0) + BAND_DIGITS);
        for (long from = begin; from < end; ) {
            long to = Math.min(end, bands.next(from));
            BigDecimal part = to == end
                    ? left
                    : whole.multiply(BigDecimal.valueOf(to - from))
                            .divide(BigDecimal.valueOf(end - begin), scale, RoundingMode.DOWN);
            part = plain(part);
            left = left.subtract(part);
            batch.add(entry.banded().get(bands.at(from)), part, from, to, position);
            if (row.has(Row.ID)) {
                batch.lastId(row.bytes, row.from[Row.ID], row.to[Row.ID] - row.from[Row.ID]);
            }
            from = to;
        }
        return null;
    }

    private static BigDecimal plain(BigDecimal quantity) {
        BigDecimal stripped = quantity.stripTrailingZeros();
        return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
    }

    private static boolean isShort(BigDecimal quantity) {
        return quantity.precision() <= Decimals.MAX_DIGITS
                && quantity.scale() <= Decimals.MAX_DIGITS
                && quantity.precision() - quantity.scale() <= Decimals.MAX_DIGITS;
    }

    /** Appends a row with the billed quantity; false if that has too many digits. */
    private boolean addConverted(UsageBatch batch, KeyEntry entry, long begin, long end, long position) {
        Conversion conversion = entry.conversion();
        if (decimals.big == null) {
            long quantity = decimals.unscaled;
            if (conversion.same) {
                batch.add(entry.key(), quantity, decimals.scale, begin, end, position);
                return true;
            }
            long multiplier = conversion.multiplier(end - begin);
            long product = quantity * multiplier;
            if (multiplier != 0 && Math.multiplyHigh(quantity, multiplier) == 0 && product >= 0) {
                batch.add(entry.key(), product, decimals.scale + conversion.multiplierScale, begin, end, position);
                return true;
            }
        }
        BigDecimal billed = conversion.apply(decimals.value(), end - begin);
        if (!isShort(billed)) {
            return false;
        }
        batch.add(entry.key(), billed, begin, end, position);
        return true;
    }

    // ---- what an unusable record says nevertheless ----------------------------------------------------------------

    /** The tenant of a record that was not added, or null if it has no usable one. */
    String tenant(Row row) {
        String tenant = row.text(Row.TENANT);
        return tenant.isEmpty() || Utf8.isLonger(tenant, settings.maxTextLength()) || Utf8.hasControl(tenant)
                ? null
                : tenant;
    }

    /** The begin of a record that was not added, or null if it has no plausible one. */
    Long begin(Row row) {
        long begin = begins.read(row.bytes, row.from[Row.BEGIN], row.to[Row.BEGIN]);
        return begin == Micros.NONE || begin < earliest || begin > latest ? null : begin;
    }

    // ---- what is wrong -------------------------------------------------------------------------------------------

    private String wrongId(Row row, KeyEntry entry) {
        int length = row.to[Row.ID] - row.from[Row.ID];
        if (length == 0) {
            return entry.needsId()
                    ? "no id; records of meter " + entry.key().meter().name() + " are events"
                    : null;
        }
        if (length <= settings.maxTextLength() && !row.unusual) {
            return null;
        }
        String id = row.text(Row.ID);
        if (Utf8.isLonger(id, settings.maxTextLength())) {
            return "id is longer than " + settings.maxTextLength() + " characters";
        }
        return Utf8.hasControl(id) ? "id " + KeyMaker.shown(id) + " holds a control character" : null;
    }

    private String wrongTime(Row row, long begin, long end) {
        if (begin == Micros.NONE) {
            return notATime(row, Row.BEGIN);
        }
        if (end == Micros.NONE) {
            return notATime(row, Row.END);
        }
        if (end <= begin) {
            return "end " + shown(row, Row.END) + (end == begin ? " equals begin" : " is before begin ")
                    + (end == begin ? "" : shown(row, Row.BEGIN));
        }
        if (end > latest) {
            int field = row.moment || begin > latest ? Row.BEGIN : Row.END;
            return Row.NAMES[field] + " " + shown(row, field) + " is more than " + settings.maxSkew()
                    + " in the future";
        }
        if (end - begin > maxMicros) {
            return "longer than " + settings.maxDuration().toDays() + " days: " + shown(row, Row.BEGIN) + " to "
                    + shown(row, Row.END);
        }
        return "begin " + shown(row, Row.BEGIN) + " is before " + settings.earliest();
    }

    private static String notATime(Row row, int field) {
        return row.has(field)
                ? Row.NAMES[field] + " " + shown(row, field) + " is no time such as 2026-10-01T00:00:00Z"
                : "no " + Row.NAMES[field];
    }

    private static String wrongNumber(Row row, int field) {
        return row.has(field)
                ? Row.NAMES[field] + " " + shown(row, field) + " is no decimal number of at most " + Decimals.MAX_DIGITS
                        + " digits"
                : "no " + Row.NAMES[field];
    }

    private static String shown(Row row, int field) {
        return KeyMaker.shown(row.text(field));
    }

    private static long micros(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }
}
