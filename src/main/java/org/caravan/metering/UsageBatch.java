package org.caravan.metering;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * Usage records in columns, as they travel from a data format through rating into the ledger.
 *
 * <p>A quantity or amount is an unscaled long with a scale; where it does not fit, the row's {@code big…} entry holds it
 * and the long is 0. Rows are only ever appended; rating fills the price columns; a stage that can't use a row calls
 * {@link #reject}. A batch belongs to one thread at a time.
 */
public final class UsageBatch {
    private int size;

    // the distinct keys, and which of them each row has: later stages work per key, of which there are far fewer
    private UsageKey[] keys = new UsageKey[64];
    private int keyCount;
    private int[] keyIndexes;

    private long[] quantities;
    private byte[] quantityScales;
    private BigDecimal[] bigQuantities;
    private long[] begins;
    private long[] ends;
    private long[] positionOf;
    private short[] positionIndexes;
    private BigDecimal[] givenPrices;

    private byte[] idBytes = new byte[0];
    private int[] idEnds;
    private int idLength;

    private Price[] prices;
    private long[] amounts;
    private byte[] amountScales;
    private BigDecimal[] bigAmounts;

    private boolean finalPrices;
    private boolean[] rejectedRows;
    private final List<Rejected> rejected = new ArrayList<>();
    private List<PositionRange> positions = List.of();
    private List<SampleWindow> windows = List.of();

    /** An empty batch with room for {@code capacity} rows; it grows where needed. */
    public UsageBatch(int capacity) {
        int room = Math.max(16, capacity);
        keyIndexes = new int[room];
        quantities = new long[room];
        quantityScales = new byte[room];
        begins = new long[room];
        ends = new long[room];
        positionOf = new long[room];
    }

    // ---- filling -------------------------------------------------------------------------------------------------

    /**
     * Appends a row.
     *
     * @param quantity unscaled value
     * @param scale digits after the point, 0 to 127
     * @param begin microseconds since 1970, inclusive
     * @param end microseconds since 1970, exclusive
     * @param position line number or offset within the batch's first position
     * @return the row's index
     */
    public int add(UsageKey key, long quantity, int scale, long begin, long end, long position) {
        if (size == keyIndexes.length) {
            grow();
        }
        int row = size++;
        int at = key.listedAt;
        // believed only where our own list confirms it: another batch may have written its place there since
        keyIndexes[row] = at < keyCount && keys[at] == key ? at : list(key);
        quantities[row] = quantity;
        quantityScales[row] = (byte) scale;
        begins[row] = begin;
        ends[row] = end;
        positionOf[row] = position;
        if (idEnds != null) {
            idEnds[row] = idLength;
        }
        return row;
    }

    /** Appends a row whose quantity may be any decimal; see {@link #add(UsageKey, long, int, long, long, long)}. */
    public int add(UsageKey key, BigDecimal quantity, long begin, long end, long position) {
        if (fits(quantity)) {
            return add(key, quantity.unscaledValue().longValue(), quantity.scale(), begin, end, position);
        }
        int row = add(key, 0, 0, begin, end, position);
        if (bigQuantities == null) {
            bigQuantities = new BigDecimal[keyIndexes.length];
        }
        bigQuantities[row] = quantity;
        return row;
    }

    /** Sets the id of the row appended last, from UTF-8 bytes. */
    public void lastId(byte[] utf8, int offset, int length) {
        if (idEnds == null) {
            idEnds = new int[keyIndexes.length];
        }
        if (idLength + length > idBytes.length) {
            idBytes = Arrays.copyOf(idBytes, Math.max(idLength + length, Math.max(1 << 16, idBytes.length * 2)));
        }
        System.arraycopy(utf8, offset, idBytes, idLength, length);
        idLength += length;
        idEnds[size - 1] = idLength;
    }

    /** Sets the price that the row appended last came with. */
    public void lastGivenPrice(BigDecimal price) {
        setGivenPrice(size - 1, price);
    }

    /** Sets the price that any row came with. */
    public void setGivenPrice(int row, BigDecimal price) {
        if (givenPrices == null) {
            givenPrices = new BigDecimal[keyIndexes.length];
        }
        givenPrices[row] = price;
    }

    /** Sets the ids of all rows at once: {@code lengths[row]} UTF-8 bytes each, one after the other; 0 = none. */
    public void setIds(byte[] utf8, int offset, int[] lengths) {
        idEnds = new int[keyIndexes.length];
        int end = 0;
        for (int row = 0; row < size; row++) {
            end += lengths[row];
            idEnds[row] = end;
        }
        idBytes = Arrays.copyOfRange(utf8, offset, offset + end);
        idLength = end;
    }

    /** Says which of {@link #positions()} the row appended last came from; 0 unless said. */
    public void lastPositionIndex(int index) {
        if (positionIndexes == null) {
            positionIndexes = new short[keyIndexes.length];
        }
        positionIndexes[size - 1] = (short) index;
    }

    /** Adds a record that could not be read. */
    public void rejectUnread(Rejected record) {
        rejected.add(record);
    }

    /** Sets what stretches of which sources this batch covers; empty for a batch without position. */
    public void setPositions(List<PositionRange> ranges) {
        positions = List.copyOf(ranges);
    }

    /** Says of which samples it was made; empty for usage that was not made of samples. */
    public void setWindows(List<SampleWindow> made) {
        windows = List.copyOf(made);
    }

    private int list(UsageKey key) {
        if (keyCount == keys.length) {
            keys = Arrays.copyOf(keys, 2 * keyCount);
        }
        keys[keyCount] = key;
        key.listedAt = keyCount;
        return keyCount++;
    }

    private void grow() {
        int room = Math.addExact(size, Math.max(16, size / 2));
        keyIndexes = Arrays.copyOf(keyIndexes, room);
        quantities = Arrays.copyOf(quantities, room);
        quantityScales = Arrays.copyOf(quantityScales, room);
        begins = Arrays.copyOf(begins, room);
        ends = Arrays.copyOf(ends, room);
        positionOf = Arrays.copyOf(positionOf, room);
        bigQuantities = bigQuantities == null ? null : Arrays.copyOf(bigQuantities, room);
        positionIndexes = positionIndexes == null ? null : Arrays.copyOf(positionIndexes, room);
        givenPrices = givenPrices == null ? null : Arrays.copyOf(givenPrices, room);
        idEnds = idEnds == null ? null : Arrays.copyOf(idEnds, room);
        rejectedRows = rejectedRows == null ? null : Arrays.copyOf(rejectedRows, room);
    }

    // ---- reading -------------------------------------------------------------------------------------------------

    /** Rows, rejected ones included; {@link #rejected()} may hold further records that never became rows. */
    public int size() {
        return size;
    }

    public UsageKey key(int row) {
        return keys[keyIndexes[row]];
    }

    /** Number of listed keys, of which {@link #keyIndex} says a row's; a key may be listed more than once. */
    public int keyCount() {
        return keyCount;
    }

    /** A listed key, by index from 0. */
    public UsageKey keyAt(int index) {
        return keys[index];
    }

    /** Index of the row's key among the listed ones. */
    public int keyIndex(int row) {
        return keyIndexes[row];
    }

    /** Unscaled quantity; 0 where {@link #bigQuantity} holds it. */
    public long quantity(int row) {
        return quantities[row];
    }

    public int quantityScale(int row) {
        return quantityScales[row];
    }

    /** The quantity where it does not fit a long, else null. */
    public BigDecimal bigQuantity(int row) {
        return bigQuantities == null ? null : bigQuantities[row];
    }

    /** The quantity as a decimal; allocates, so not for the batch path. */
    public BigDecimal quantityValue(int row) {
        BigDecimal big = bigQuantity(row);
        return big != null ? big : BigDecimal.valueOf(quantities[row], quantityScales[row]);
    }

    /** Microseconds since 1970, inclusive. */
    public long begin(int row) {
        return begins[row];
    }

    /** Microseconds since 1970, exclusive. */
    public long end(int row) {
        return ends[row];
    }

    /** Line number or offset of the row. */
    public long position(int row) {
        return positionOf[row];
    }

    /** Index into {@link #positions()} of the row's source position. */
    public int positionIndex(int row) {
        return positionIndexes == null ? 0 : positionIndexes[row];
    }

    /** The price the record came with, or null. */
    public BigDecimal givenPrice(int row) {
        return givenPrices == null ? null : givenPrices[row];
    }

    /** True if any row of the batch came with a price. */
    public boolean hasGivenPrices() {
        return givenPrices != null;
    }

    /** The row's id, or null if it has none; allocates. */
    public String id(int row) {
        int length = idLength(row);
        return length == 0 ? null : new String(idBytes, idStart(row), length, StandardCharsets.UTF_8);
    }

    /** Bytes that hold all ids; see {@link #idStart} and {@link #idLength}. */
    public byte[] idBytes() {
        return idBytes;
    }

    public int idStart(int row) {
        return idEnds == null || row == 0 ? 0 : idEnds[row - 1];
    }

    /** Length of the row's id in bytes; 0 = none. */
    public int idLength(int row) {
        return idEnds == null ? 0 : idEnds[row] - idStart(row);
    }

    /** Sources and stretches this batch covers; empty if it has no position. */
    public List<PositionRange> positions() {
        return positions;
    }

    /** The windows of samples that it was made of; empty for usage that was not made of samples. */
    public List<SampleWindow> windows() {
        return windows;
    }

    // ---- prices --------------------------------------------------------------------------------------------------

    /** Makes room for the price columns; called by the rating stage before it prices rows. */
    public void startPricing() {
        prices = new Price[keyIndexes.length];
        amounts = new long[keyIndexes.length];
        amountScales = new byte[keyIndexes.length];
        bigAmounts = null;
    }

    /** True once a rating stage has begun to price this batch. */
    public boolean isPriced() {
        return prices != null;
    }

    /** Prices a row with an amount that fits a long. */
    public void price(int row, Price price, long amount, int scale) {
        prices[row] = price;
        amounts[row] = amount;
        amountScales[row] = (byte) scale;
    }

    /** Prices a row with any decimal. */
    public void price(int row, Price price, BigDecimal amount) {
        if (fits(amount)) {
            price(row, price, amount.unscaledValue().longValue(), amount.scale());
            return;
        }
        price(row, price, 0, 0);
        if (bigAmounts == null) {
            bigAmounts = new BigDecimal[keyIndexes.length];
        }
        bigAmounts[row] = amount;
    }

    /** What priced the row; null before rating and for rejected rows. */
    public Price price(int row) {
        return prices == null ? null : prices[row];
    }

    /** Unscaled amount; 0 where {@link #bigAmount} holds it. */
    public long amount(int row) {
        return amounts[row];
    }

    public int amountScale(int row) {
        return amountScales[row];
    }

    /** The amount where it does not fit a long, else null. */
    public BigDecimal bigAmount(int row) {
        return bigAmounts == null ? null : bigAmounts[row];
    }

    /** The amount as a decimal; allocates, so not for the batch path. */
    public BigDecimal amountValue(int row) {
        BigDecimal big = bigAmount(row);
        return big != null ? big : BigDecimal.valueOf(amounts[row], amountScales[row]);
    }

    // ---- rejection -----------------------------------------------------------------------------------------------

    /** Takes a row out of the batch: later stages skip it and the ledger puts it into quarantine with this reason. */
    public void reject(int row, String reason) {
        if (rejectedRows == null) {
            rejectedRows = new boolean[keyIndexes.length];
        }
        if (!rejectedRows[row]) {
            rejectedRows[row] = true;
            rejected.add(new Rejected(
                    positionOf[row],
                    positionIndex(row),
                    reason,
                    UsageJson.line(record(row)),
                    JsonRow.FORMAT,
                    heldContext(),
                    true,
                    key(row).tenant(),
                    begins[row]));
        }
    }

    public boolean isRejected(int row) {
        return rejectedRows != null && rejectedRows[row];
    }

    /** Says that the prices which records came with are final, also for one that is set aside and read again later. */
    void pricesAreFinal() {
        finalPrices = true;
    }

    /** What the text of a converted record needs to be read again; see {@link Rejected#context()}. */
    public String heldContext() {
        return finalPrices ? Rejected.BILLED_UNITS_GIVEN_PRICE : Rejected.BILLED_UNITS;
    }

    /** Records that can't be used: unread ones and rejected rows, in the order they were found. */
    public List<Rejected> rejected() {
        return Collections.unmodifiableList(rejected);
    }

    /** Records that the batch stands for: rows, and those that never became one. */
    public int records() {
        int rejectedAsRows = 0;
        for (int row = 0; rejectedRows != null && row < size; row++) {
            rejectedAsRows += rejectedRows[row] ? 1 : 0;
        }
        return size + rejected.size() - rejectedAsRows;
    }

    /** The row as a record; allocates, so not for the batch path. */
    public UsageRecord record(int row) {
        UsageKey key = key(row);
        return new UsageRecord(
                id(row),
                key.realm(),
                key.tenant(),
                key.datacenter(),
                key.resource(),
                key.meter().name(),
                quantityValue(row),
                key.unit(),
                Instant.EPOCH.plus(begins[row], ChronoUnit.MICROS),
                Instant.EPOCH.plus(ends[row], ChronoUnit.MICROS),
                key.metadata(),
                givenPrice(row));
    }

    /** True if the value can be kept as a long with a scale of 0 to 127. */
    public static boolean fits(BigDecimal value) {
        return value.scale() >= 0
                && value.scale() <= 127
                && value.unscaledValue().bitLength() < 64;
    }
}
