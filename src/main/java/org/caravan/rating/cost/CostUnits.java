package org.caravan.rating.cost;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How a quantity of usage becomes one of a price's unit: seconds as begun hours, bytes as gigabytes of 1024^3, anything else
 * as it is.
 */
public enum CostUnits {
    SAME {
        @Override
        public BigDecimal convert(BigDecimal quantity) {
            return quantity;
        }
    },
    BEGUN_HOURS {
        @Override
        public BigDecimal convert(BigDecimal quantity) {
            // away from zero: what is taken back mirrors what was charged
            return quantity.divide(SECONDS_PER_HOUR, 0, RoundingMode.UP);
        }
    },
    GIGABYTES {
        @Override
        public BigDecimal convert(BigDecimal quantity) {
            // a power of two divides every decimal without remainder
            return quantity.divide(BYTES_PER_GIGABYTE);
        }
    };

    private static final BigDecimal SECONDS_PER_HOUR = new BigDecimal(3600);
    private static final BigDecimal BYTES_PER_GIGABYTE = new BigDecimal(1L << 30);
    private static final Set<String> SECONDS = Set.of("s", "sec", "second", "seconds");
    private static final Set<String> HOURS = Set.of("h", "hour", "hours");
    private static final Set<String> BYTES = Set.of("B", "byte", "bytes");
    private static final Set<String> GIGABYTE = Set.of("GiB", "GB", "gigabyte", "gigabytes");

    /** Words for one and the same unit. */
    private static final Map<String, Set<String>> SYNONYMS =
            Map.of("second", SECONDS, "hour", HOURS, "byte", BYTES, "gigabyte", GIGABYTE);

    /**
     * The quantity in the price's unit. Monotonous, so that of a sum that stands in parts each gets what it adds to the
     * converted running sum.
     */
    public abstract BigDecimal convert(BigDecimal quantity);

    /**
     * From the unit of usage to that of a price.
     *
     * @param price {@code ""} for that of the usage
     * @return empty if one can't be told in the other
     */
    public static Optional<CostUnits> between(String usage, String price) {
        if (price.isEmpty() || same(usage, price)) {
            return Optional.of(SAME);
        }
        if (SECONDS.contains(usage) && HOURS.contains(price)) {
            return Optional.of(BEGUN_HOURS);
        }
        return BYTES.contains(usage) && GIGABYTE.contains(price) ? Optional.of(GIGABYTES) : Optional.empty();
    }

    private static boolean same(String usage, String price) {
        return usage.equals(price)
                || SYNONYMS.values().stream().anyMatch(words -> words.contains(usage) && words.contains(price));
    }

    /** True if a word is one of the units that prices are known in; another one may be an article's number. */
    public static boolean isKnown(String word) {
        return SYNONYMS.values().stream().anyMatch(words -> words.contains(word));
    }
}
