package org.caravan.metering.sample;

import java.math.BigDecimal;
import java.util.List;
import java.util.stream.IntStream;
import org.caravan.common.Decimals;

/** Transformers that bill a whole window by its samples' volumes. */
enum Gauge implements Transformer {
    /** The largest volume times the window's hours. */
    MAX {
        @Override
        BigDecimal amount(List<Sample> samples, Window window) {
            return largest(samples.stream().map(Gauge::volume).toList()).multiply(window.hours());
        }
    },
    /** What the samples within the window add up to. */
    SUM {
        @Override
        BigDecimal amount(List<Sample> samples, Window window) {
            return samples.stream()
                    .filter(sample -> sample.at() >= window.begin() && sample.at() < window.end())
                    .map(Gauge::volume)
                    .reduce(BigDecimal.ZERO, BigDecimal::add);
        }

        @Override
        public String unit(String unit) {
            return unit;
        }
    },
    /** The volume is a status: 0 inactive, 1 active; what is beyond says nothing. */
    NETWORKSERVICE {
        @Override
        BigDecimal amount(List<Sample> samples, Window window) {
            return largest(samples.stream()
                            .map(Gauge::volume)
                            .filter(volume -> volume.compareTo(BigDecimal.valueOf(2)) < 0)
                            .toList())
                    .multiply(window.hours());
        }

        @Override
        public String unit(String unit) {
            return "hour";
        }
    },
    /** The volume is the status of a cluster; most of them are billed. */
    MAGNUM {
        @Override
        BigDecimal amount(List<Sample> samples, Window window) {
            boolean billed = samples.stream().map(Gauge::volume).anyMatch(volume -> BILLED_CLUSTERS.stream()
                    .anyMatch(code -> volume.compareTo(code) == 0));
            return billed ? window.hours() : BigDecimal.ZERO;
        }

        @Override
        public String unit(String unit) {
            return "hour";
        }
    };

    private static final List<BigDecimal> BILLED_CLUSTERS = IntStream.of(2, 3, 4, 5, 9, 10, 11, 12, 13, 14, 15, 16, 17)
            .mapToObj(BigDecimal::valueOf)
            .toList();

    abstract BigDecimal amount(List<Sample> samples, Window window);

    @Override
    public List<Stretch> apply(Transform transform, List<Sample> samples, Window window) {
        return whole(window, amount(samples, window), null);
    }

    @Override
    public String unit(String unit) {
        return hours(unit);
    }

    /** One stretch of the whole window; none of nothing. */
    static List<Stretch> whole(Window window, BigDecimal amount, String service) {
        return amount.signum() == 0
                ? List.of()
                : List.of(new Stretch(window.begin(), window.end(), Decimals.plain(amount), service));
    }

    /** The unit of a gauge times hours. */
    static String hours(String unit) {
        return unit.isEmpty() || unit.equals("hour") ? "hour" : unit + "-hour";
    }

    private static BigDecimal volume(Sample sample) {
        return sample.volume() == null ? BigDecimal.ZERO : sample.volume();
    }

    private static BigDecimal largest(List<BigDecimal> volumes) {
        return volumes.stream().reduce(BigDecimal::max).orElse(BigDecimal.ZERO);
    }
}
