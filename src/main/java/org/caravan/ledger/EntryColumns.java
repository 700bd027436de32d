package org.caravan.ledger;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.caravan.metering.Price;
import org.caravan.metering.UsageBatch;

/** The entries that a batch is going to append, in columns: one per line and contiguous run. */
final class EntryColumns {
    private static final String COLUMN_NAMES =
            " (first_begin, last_end, batch, billing_month, usage_day, tenant, datacenter, meter, resource,"
                    + " identity, product, unit, price_id, metadata, records, bucket, kind, timed, quantity, amount, seconds)"
                    + " from stdin (format binary)";
    private static final int COLUMNS = 21;

    private static final long DAY_MICROS = 86_400_000_000L;

    int size;
    private KeyState[] keys;
    private Price[] prices;
    private long[] firstBegins;
    private long[] lastEnds;
    private long[] dayEnds;
    private long[] micros;
    private int[] records;
    private int[] billingMonths;
    private byte[] kinds;
    private final ExactColumn quantities;
    private final ExactColumn amounts;

    EntryColumns(int capacity) {
        keys = new KeyState[capacity];
        prices = new Price[capacity];
        firstBegins = new long[capacity];
        lastEnds = new long[capacity];
        dayEnds = new long[capacity];
        micros = new long[capacity];
        records = new int[capacity];
        billingMonths = new int[capacity];
        kinds = new byte[capacity];
        quantities = new ExactColumn(capacity);
        amounts = new ExactColumn(capacity);
    }

    /** True if the record goes on where the entry ends: same day, same key, same price. */
    boolean continues(int entry, KeyState key, Price price, long begin) {
        return lastEnds[entry] == begin && begin < dayEnds[entry] && keys[entry] == key && prices[entry] == price;
    }

    /** True if an event belongs to the entry: same day, same price; events need not touch each other. */
    boolean gathers(int entry, Price price, long begin) {
        return prices[entry] == price && begin < dayEnds[entry] && begin >= dayEnds[entry] - DAY_MICROS;
    }

    int start(KeyState key, Price price, UsageBatch batch, int row, int billingMonth, EntryKind kind) {
        int entry = begin(key, price, batch, row, billingMonth, kind.code());
        amounts.set(entry, batch.amount(row), batch.amountScale(row), batch.bigAmount(row));
        return entry;
    }

    private int begin(KeyState key, Price price, UsageBatch batch, int row, int billingMonth, int kind) {
        if (size == keys.length) {
            grow();
        }
        int entry = size++;
        long begin = batch.begin(row);
        keys[entry] = key;
        prices[entry] = price;
        firstBegins[entry] = begin;
        lastEnds[entry] = batch.end(row);
        dayEnds[entry] = (Math.floorDiv(begin, DAY_MICROS) + 1) * DAY_MICROS;
        micros[entry] = batch.end(row) - begin;
        records[entry] = 1;
        billingMonths[entry] = billingMonth;
        kinds[entry] = (byte) kind;
        quantities.set(entry, batch.quantity(row), batch.quantityScale(row), batch.bigQuantity(row));
        return entry;
    }

    /** Starts an entry of a record at a price that need not be the one in its batch. */
    int start(KeyState key, BilledPrice billed, UsageBatch batch, int row, int billingMonth, int kind) {
        int entry = begin(key, billed.price(), batch, row, billingMonth, kind);
        BigDecimal amount = billed.amount();
        boolean fits = UsageBatch.fits(amount);
        amounts.set(
                entry, fits ? amount.unscaledValue().longValue() : 0, fits ? amount.scale() : 0, fits ? null : amount);
        return entry;
    }

    /** Starts an entry that takes back exactly what the record is billed with. */
    int startReversal(KeyState key, BilledPrice billed, UsageBatch batch, int row, int billingMonth, int kind) {
        int entry = start(key, billed, batch, row, billingMonth, kind);
        negate(entry);
        return entry;
    }

    /** Turns the sign of everything that is summed. */
    private void negate(int entry) {
        micros[entry] = -micros[entry];
        records[entry] = -records[entry];
        quantities.negate(entry);
        amounts.negate(entry);
    }

    /** Adds a record to an entry of its key, price and day. */
    void add(int entry, BilledPrice billed, UsageBatch batch, int row) {
        addTime(entry, batch, row);
        BigDecimal amount = billed.amount();
        boolean fits = UsageBatch.fits(amount);
        amounts.add(
                entry, fits ? amount.unscaledValue().longValue() : 0, fits ? amount.scale() : 0, fits ? null : amount);
    }

    /** Takes a record back in an entry that takes back others of its key, price and day. */
    void addReversal(int entry, BilledPrice billed, UsageBatch batch, int row) {
        negate(entry);
        add(entry, billed, batch, row);
        negate(entry);
    }

    void add(int entry, UsageBatch batch, int row) {
        addTime(entry, batch, row);
        amounts.add(entry, batch.amount(row), batch.amountScale(row), batch.bigAmount(row));
    }

    private void addTime(int entry, UsageBatch batch, int row) {
        firstBegins[entry] = Math.min(firstBegins[entry], batch.begin(row));
        lastEnds[entry] = Math.max(lastEnds[entry], batch.end(row));
        micros[entry] += batch.end(row) - batch.begin(row);
        records[entry]++;
        quantities.add(entry, batch.quantity(row), batch.quantityScale(row), batch.bigQuantity(row));
    }

    /** The COPY that takes them: straight into the partition where all go into one, which saves a tenth of its time. */
    private String copy() {
        for (int entry = 1; entry < size; entry++) {
            if (billingMonths[entry] != billingMonths[0]) {
                return "copy entry" + COLUMN_NAMES;
            }
        }
        return "copy " + LedgerSchema.partition("entry", Months.of(billingMonths[0])) + COLUMN_NAMES;
    }

    /** The distinct prices of the entries. */
    Set<Price> prices() {
        Set<Price> distinct = new HashSet<>();
        Price last = null;
        for (int entry = 0; entry < size; entry++) {
            if (prices[entry] != last) {
                last = prices[entry];
                distinct.add(last);
            }
        }
        return distinct;
    }

    /** Writes the entries within the caller's transaction; ids must be known by now. */
    void send(Connection connection, long batch, Terms terms) throws SQLException {
        try (CopyWriter out = CopyWriter.straight(connection, copy())) {
            encode(out, batch, terms);
            out.end();
        }
    }

    private void encode(CopyWriter out, long batch, Terms terms) throws SQLException {
        Price lastPrice = null;
        int priceId = 0;
        for (int entry = 0; entry < size; entry++) {
            if (prices[entry] != lastPrice) {
                lastPrice = prices[entry];
                priceId = terms.price(lastPrice);
            }
            KeyState key = keys[entry];
            SeriesState series = key.series;
            out.startRow(COLUMNS);
            out.timestamptz(firstBegins[entry]);
            out.timestamptz(lastEnds[entry]);
            out.int8(batch);
            out.date(Months.firstDay(billingMonths[entry]));
            out.date((int) (dayEnds[entry] / DAY_MICROS) - 1);
            out.int4(series.tenant);
            out.int4(series.datacenter);
            out.int4(series.meter);
            out.int4(series.resource);
            out.int4(series.identity);
            out.int4(key.product);
            out.int4(key.unit);
            out.int4(priceId);
            out.int4(key.metadataId);
            out.int4(records[entry]);
            out.int2(series.memory.id);
            out.int2(kinds[entry]);
            out.bool(!key.event);
            out.numeric(quantities.unscaled(entry), quantities.scale(entry), quantities.big(entry));
            out.numeric(amounts.unscaled(entry), amounts.scale(entry), amounts.big(entry));
            encodeSeconds(out, micros[entry]);
        }
    }

    private static void encodeSeconds(CopyWriter out, long micros) {
        if (micros % 1_000_000 == 0) {
            out.numeric(micros / 1_000_000, 0, null);
        } else {
            out.numeric(micros, 6, null);
        }
    }

    private void grow() {
        int room = size + Math.max(1024, size / 2);
        keys = Arrays.copyOf(keys, room);
        prices = Arrays.copyOf(prices, room);
        firstBegins = Arrays.copyOf(firstBegins, room);
        lastEnds = Arrays.copyOf(lastEnds, room);
        dayEnds = Arrays.copyOf(dayEnds, room);
        micros = Arrays.copyOf(micros, room);
        records = Arrays.copyOf(records, room);
        billingMonths = Arrays.copyOf(billingMonths, room);
        kinds = Arrays.copyOf(kinds, room);
        quantities.ensure(room);
        amounts.ensure(room);
    }
}
