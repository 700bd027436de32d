package org.caravan.ledger;

import com.github.luben.zstd.Zstd;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.caravan.metering.Price;
import org.caravan.metering.UsageBatch;

/**
 * What one re-rating made of records of one batch, by their row in its archive; zstd level 1. Layout: format byte, prices,
 * count, then column after column: rows, indexes of prices, scales, amounts.
 */
final class Repriced {
    private static final int FORMAT = 1;
    private static final int LEVEL = 1;
    private static final int MAX_UNPACKED_BYTES = 1 << 30;
    private static final int BIG = 128;

    private Repriced() {}

    static byte[] encode(SortedMap<Integer, BilledPrice> prices) {
        Map<Price, Integer> indexes = new HashMap<>();
        List<Price> distinct = new ArrayList<>();
        for (BilledPrice billed : prices.values()) {
            indexes.computeIfAbsent(billed.price(), price -> {
                distinct.add(price);
                return distinct.size() - 1;
            });
        }
        ByteBuilder out = new ByteBuilder(256 + prices.size() * 16);
        out.varint(FORMAT);
        ArchiveCodec.encodePrices(out, distinct);
        out.varint(prices.size());
        int previous = 0;
        for (int row : prices.keySet()) {
            out.varint(row - previous);
            previous = row;
        }
        for (BilledPrice billed : prices.values()) {
            out.varint(indexes.get(billed.price()));
        }
        for (BilledPrice billed : prices.values()) {
            out.varint(UsageBatch.fits(billed.amount()) ? billed.amount().scale() : BIG);
        }
        for (BilledPrice billed : prices.values()) {
            if (UsageBatch.fits(billed.amount())) {
                out.signed(billed.amount().unscaledValue().longValue());
            } else {
                out.decimal(billed.amount());
            }
        }
        byte[] compressed = new byte[Math.toIntExact(Zstd.compressBound(out.length))];
        long length = Zstd.compressByteArray(compressed, 0, compressed.length, out.bytes, 0, out.length, LEVEL);
        if (Zstd.isError(length)) {
            throw new IllegalStateException("re-rated prices: " + Zstd.getErrorName(length));
        }
        return Arrays.copyOf(compressed, (int) length);
    }

    static SortedMap<Integer, BilledPrice> decode(byte[] compressed) {
        long unpacked = Zstd.getFrameContentSize(compressed);
        if (unpacked < 0 || unpacked > MAX_UNPACKED_BYTES) {
            throw new IllegalStateException("re-rated prices: impossible size " + unpacked);
        }
        ByteReader in = new ByteReader(Zstd.decompress(compressed, (int) unpacked));
        if (in.varint() != FORMAT) {
            throw new IllegalStateException("re-rated prices: unknown format; written by a newer version?");
        }
        Price[] prices = ArchiveCodec.decodePrices(in);
        int[] rows = new int[in.count()];
        int row = 0;
        for (int i = 0; i < rows.length; i++) {
            rows[i] = row += in.count();
        }
        int[] priceOf = new int[rows.length];
        for (int i = 0; i < rows.length; i++) {
            priceOf[i] = in.count();
        }
        int[] scales = new int[rows.length];
        for (int i = 0; i < rows.length; i++) {
            scales[i] = in.count();
        }
        SortedMap<Integer, BilledPrice> found = new TreeMap<>();
        for (int i = 0; i < rows.length; i++) {
            BigDecimal amount = scales[i] == BIG ? in.decimal() : BigDecimal.valueOf(in.signed(), scales[i]);
            found.put(rows[i], new BilledPrice(prices[priceOf[i]], amount));
        }
        return found;
    }
}
