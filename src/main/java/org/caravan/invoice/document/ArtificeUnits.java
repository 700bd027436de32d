package org.caravan.invoice.document;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The unit conversions of the {@code artifice} policy: seconds become begun hours, bytes gigabytes of 1024^3. A unit price
 * is converted with its unit, so that the price of a second never meets an hour.
 *
 * <p>Hours are rounded up on the sum of the period per resource and product. Where that sum stands in several pieces (the
 * price changed, something was corrected), each gets what it adds to the rounded running sum: 100.5 h at the old price
 * and 100.5 h at the new one are 101 h and 100 h, 201 h together.
 */
final class ArtificeUnits {
    static final String HOUR = "hour";
    static final String GIGABYTE = "gigabyte";

    private static final Set<String> SECONDS = Set.of("s", "sec", "second", "seconds");
    private static final Set<String> BYTES = Set.of("B", "byte", "bytes");
    private static final BigDecimal SECONDS_PER_HOUR = new BigDecimal(3600);
    private static final BigDecimal BYTES_PER_GIGABYTE = new BigDecimal(1L << 30);

    private static final Comparator<Piece> IN_TIME = Comparator.comparing((Piece p) -> p.key.kind())
            .thenComparing(p -> p.first)
            .thenComparing(Piece.ORDER);

    private ArtificeUnits() {}

    static void convert(Collection<Piece> pieces) {
        Map<Group, List<Piece>> timed = new LinkedHashMap<>();
        for (Piece piece : pieces) {
            if (SECONDS.contains(piece.unit)) {
                timed.computeIfAbsent(Group.of(piece), g -> new ArrayList<>()).add(piece);
            } else if (BYTES.contains(piece.unit)) {
                // a power of two divides every decimal without remainder
                piece.quantity = piece.quantity.divide(BYTES_PER_GIGABYTE);
                convertPrice(piece, GIGABYTE, BYTES_PER_GIGABYTE);
            }
        }
        for (List<Piece> group : timed.values()) {
            group.sort(IN_TIME);
            BigDecimal seconds = BigDecimal.ZERO;
            BigDecimal hours = BigDecimal.ZERO;
            for (Piece piece : group) {
                seconds = seconds.add(piece.quantity);
                BigDecimal before = hours;
                // away from zero: a credit mirrors its charge
                hours = seconds.divide(SECONDS_PER_HOUR, 0, RoundingMode.UP);
                piece.quantity = hours.subtract(before);
                convertPrice(piece, HOUR, SECONDS_PER_HOUR);
                if (piece.unitPrice != null) {
                    piece.billed = piece.quantity.multiply(piece.unitPrice);
                }
            }
        }
    }

    private static void convertPrice(Piece piece, String unit, BigDecimal factor) {
        piece.unit = unit;
        piece.unitPrice = piece.unitPrice == null
                ? null
                : piece.unitPrice.multiply(factor).stripTrailingZeros();
    }

    private record Group(String tenant, String datacenter, String resource, String product, YearMonth usageMonth) {
        static Group of(Piece piece) {
            Piece.Key key = piece.key;
            return new Group(key.tenant(), key.datacenter(), key.resource(), key.product(), key.usageMonth());
        }
    }
}
