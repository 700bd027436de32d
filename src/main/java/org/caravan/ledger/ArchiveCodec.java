package org.caravan.ledger;

import com.github.luben.zstd.Zstd;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.caravan.metering.Price;
import org.caravan.metering.UsageBatch;
import org.caravan.metering.UsageKey;

/**
 * The archive of a batch: its records as columns behind a dictionary of keys and prices, zstd level 1. What makes
 * content comparable, and re-rating, explaining and replaying possible without the source.
 *
 * <p>Layout: format byte, row count, keys, prices, then column after column. An amount is kept only where it is not
 * exactly unit price times quantity.
 */
final class ArchiveCodec {
    static final byte FORMAT = 1;
    private static final int LEVEL = 1;
    /** A segment that would unpack to more than this is refused. */
    private static final int MAX_UNPACKED_BYTES = 1 << 30;

    private static final int BIG = 127;

    private ArchiveCodec() {}

    static byte[] encodeKey(UsageKey key, String metadata) {
        ByteBuilder out = new ByteBuilder(160);
        out.text(key.realm());
        out.text(key.tenant() == null ? "" : key.tenant());
        out.text(key.datacenter());
        out.text(key.resource());
        out.text(key.meter().name());
        out.varint(key.meter().identity().ordinal());
        out.text(key.unit());
        out.text(key.product());
        out.text(key.identity());
        out.text(metadata);
        return out.toBytes();
    }

    /** Encodes all rows of a priced batch. */
    static byte[] encode(UsageBatch batch, BatchKeys keys) {
        int size = batch.size();
        Map<Price, Integer> prices = new HashMap<>();
        List<Price> priceList = new ArrayList<>();
        int[] priceIndexes = new int[size];
        Price lastPrice = null;
        int lastPriceIndex = 0;
        for (int row = 0; row < size; row++) {
            Price price = batch.price(row);
            if (price != lastPrice) {
                lastPrice = price;
                lastPriceIndex = price == null
                        ? 0
                        : prices.computeIfAbsent(price, p -> {
                            priceList.add(p);
                            return priceList.size();
                        });
            }
            priceIndexes[row] = lastPriceIndex;
        }
        ByteBuilder out = new ByteBuilder(256 + keys.size() * 128 + size * 24);
        out.varint(FORMAT);
        out.varint(size);
        out.varint(keys.size());
        for (int i = 0; i < keys.size(); i++) {
            KeyState state = keys.state(i);
            byte[] encoded = state != null ? state.encoded : encodeKey(keys.key(i), "{}");
            out.raw(encoded, 0, encoded.length);
        }
        encodePrices(out, priceList);
        for (int row = 0; row < size; row++) {
            out.varint(batch.keyIndex(row));
        }
        for (int row = 0; row < size; row++) {
            out.varint(priceIndexes[row]);
        }
        long previous = 0;
        for (int row = 0; row < size; row++) {
            out.signed(batch.begin(row) - previous);
            previous = batch.begin(row);
        }
        for (int row = 0; row < size; row++) {
            out.varint(batch.end(row) - batch.begin(row));
        }
        previous = 0;
        for (int row = 0; row < size; row++) {
            out.signed(batch.position(row) - previous);
            previous = batch.position(row);
        }
        encodeQuantities(out, batch);
        encodeAmounts(out, batch);
        encodeGiven(out, batch);
        for (int row = 0; row < size; row++) {
            out.varint(batch.idLength(row));
        }
        for (int row = 0; row < size; row++) {
            out.raw(batch.idBytes(), batch.idStart(row), batch.idLength(row));
        }
        byte[] compressed = new byte[Math.toIntExact(Zstd.compressBound(out.length))];
        long length = Zstd.compressByteArray(compressed, 0, compressed.length, out.bytes, 0, out.length, LEVEL);
        if (Zstd.isError(length)) {
            throw new IllegalStateException("archive: " + Zstd.getErrorName(length));
        }
        return Arrays.copyOf(compressed, (int) length);
    }

    static void encodePrices(ByteBuilder out, List<Price> prices) {
        out.varint(prices.size());
        for (Price price : prices) {
            out.text(price.tariff());
            out.varint(price.rules().size());
            price.rules().forEach(out::text);
            out.varint((price.priced() ? 1 : 0) | (price.unitPrice() != null ? 2 : 0));
            if (price.unitPrice() != null) {
                out.decimal(price.unitPrice());
            }
        }
    }

    private static void encodeQuantities(ByteBuilder out, UsageBatch batch) {
        for (int row = 0; row < batch.size(); row++) {
            out.varint(batch.bigQuantity(row) != null ? BIG + 1 : batch.quantityScale(row));
        }
        for (int row = 0; row < batch.size(); row++) {
            BigDecimal big = batch.bigQuantity(row);
            if (big != null) {
                out.decimal(big);
            } else {
                out.signed(batch.quantity(row));
            }
        }
    }

    /** Two bits a row say where the amount is: 0 product, 1 a scaled long, 2 a decimal. */
    private static void encodeAmounts(ByteBuilder out, UsageBatch batch) {
        int size = batch.size();
        byte[] kinds = new byte[(size + 3) / 4];
        ByteBuilder values = new ByteBuilder(1024);
        for (int row = 0; row < size; row++) {
            Price price = batch.price(row);
            if (price == null) {
                continue;
            }
            BigDecimal big = batch.bigAmount(row);
            int kind = isProduct(batch, row, price) ? 0 : big != null ? 2 : 1;
            kinds[row >> 2] |= (byte) (kind << (2 * (row & 3)));
            if (kind == 2) {
                values.decimal(big);
            } else if (kind == 1) {
                values.varint(batch.amountScale(row));
                values.signed(batch.amount(row));
            }
        }
        out.raw(kinds, 0, kinds.length);
        out.raw(values.bytes, 0, values.length);
    }

    private static boolean isProduct(UsageBatch batch, int row, Price price) {
        BigDecimal unit = price.unitPrice();
        if (unit == null || batch.bigAmount(row) != null || batch.bigQuantity(row) != null) {
            return false;
        }
        if (batch.amount(row) == 0 && batch.quantity(row) == 0) {
            return true;
        }
        if (unit.scale() >= 0
                && unit.precision() <= 18
                && batch.amountScale(row) == unit.scale() + batch.quantityScale(row)) {
            long factor = unit.unscaledValue().longValue();
            long quantity = batch.quantity(row);
            long product = factor * quantity;
            return product == batch.amount(row) && Math.multiplyHigh(factor, quantity) == product >> 63;
        }
        return false;
    }

    private static void encodeGiven(ByteBuilder out, UsageBatch batch) {
        int given = 0;
        for (int row = 0; batch.hasGivenPrices() && row < batch.size(); row++) {
            given += batch.givenPrice(row) == null ? 0 : 1;
        }
        out.varint(given);
        for (int row = 0; given > 0 && row < batch.size(); row++) {
            if (batch.givenPrice(row) != null) {
                out.varint(row);
                out.decimal(batch.givenPrice(row));
            }
        }
    }

    /**
     * Decodes an archive.
     *
     * @param keys makes the batch's keys
     * @param whole false to leave out ids, prices and amounts, which comparing content does not need
     */
    static UsageBatch decode(byte[] compressed, ArchiveKeys keys, boolean whole) {
        long unpacked = Zstd.getFrameContentSize(compressed);
        if (unpacked < 0 || unpacked > MAX_UNPACKED_BYTES) {
            throw new IllegalStateException("archive: impossible size " + unpacked);
        }
        ByteReader in = new ByteReader(Zstd.decompress(compressed, (int) unpacked));
        if (in.varint() != FORMAT) {
            throw new IllegalStateException("archive: unknown format; written by a newer version?");
        }
        int size = in.count();
        UsageKey[] dictionary = new UsageKey[in.count()];
        for (int i = 0; i < dictionary.length; i++) {
            dictionary[i] = keys.read(in);
        }
        Price[] prices = decodePrices(in);
        int[] keyOf = counts(in, size);
        int[] priceOf = counts(in, size);
        long[] begins = new long[size];
        long previous = 0;
        for (int row = 0; row < size; row++) {
            begins[row] = previous += in.signed();
        }
        long[] ends = new long[size];
        for (int row = 0; row < size; row++) {
            ends[row] = begins[row] + in.varint();
        }
        long[] positions = new long[size];
        previous = 0;
        for (int row = 0; row < size; row++) {
            positions[row] = previous += in.signed();
        }
        UsageBatch batch = new UsageBatch(size);
        int[] scales = counts(in, size);
        for (int row = 0; row < size; row++) {
            if (scales[row] > BIG) {
                batch.add(dictionary[keyOf[row]], in.decimal(), begins[row], ends[row], positions[row]);
            } else {
                batch.add(dictionary[keyOf[row]], in.signed(), scales[row], begins[row], ends[row], positions[row]);
            }
        }
        decodeAmounts(in, whole ? batch : null, prices, priceOf);
        for (int given = in.count(); given > 0; given--) {
            int row = in.count();
            batch.setGivenPrice(row, in.decimal());
        }
        if (whole) {
            decodeIds(in, batch, size);
        }
        return batch;
    }

    /** @param batch null to read over the amounts */
    private static void decodeAmounts(ByteReader in, UsageBatch batch, Price[] prices, int[] priceOf) {
        int size = priceOf.length;
        if (batch != null) {
            batch.startPricing();
        }
        int kindsAt = in.at;
        in.at += (size + 3) / 4;
        for (int row = 0; row < size; row++) {
            if (priceOf[row] == 0) {
                continue;
            }
            Price price = prices[priceOf[row] - 1];
            int kind = in.bytes[kindsAt + (row >> 2)] >> 2 * (row & 3) & 3;
            int scale = kind == 1 ? in.count() : 0;
            long unscaled = kind == 1 ? in.signed() : 0;
            BigDecimal big = kind > 1 ? in.decimal() : null;
            if (batch == null) {
                continue;
            }
            switch (kind) {
                case 0 -> batch.price(row, price, price.unitPrice().multiply(batch.quantityValue(row)));
                case 1 -> batch.price(row, price, unscaled, scale);
                default -> batch.price(row, price, big);
            }
        }
    }

    private static void decodeIds(ByteReader in, UsageBatch batch, int size) {
        int[] lengths = counts(in, size);
        batch.setIds(in.bytes, in.at, lengths);
    }

    static Price[] decodePrices(ByteReader in) {
        Price[] prices = new Price[in.count()];
        for (int i = 0; i < prices.length; i++) {
            String tariff = in.text();
            List<String> rules = new ArrayList<>();
            for (int rule = in.count(); rule > 0; rule--) {
                rules.add(in.text());
            }
            long flags = in.varint();
            BigDecimal unitPrice = (flags & 2) != 0 ? in.decimal() : null;
            prices[i] = new Price(tariff, rules, unitPrice, (flags & 1) != 0);
        }
        return prices;
    }

    private static int[] counts(ByteReader in, int size) {
        int[] values = new int[size];
        for (int row = 0; row < size; row++) {
            values[row] = in.count();
        }
        return values;
    }
}
