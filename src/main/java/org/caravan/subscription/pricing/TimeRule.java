package org.caravan.subscription.pricing;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import org.caravan.metering.Bands;

/** Prices by the time of the day. */
public record TimeRule(List<Span> spans) {
    private static final int DAY = 24 * 60;

    public TimeRule {
        spans = List.copyOf(spans);
    }

    /**
     * A part of the day with its price.
     *
     * @param start minute of the day, inclusive
     * @param end exclusive; before or at {@code start} over midnight, and 1,440 is the day's end
     * @param price per unit
     */
    public record Span(int start, int end, BigDecimal price) {
        private boolean holds(int minute) {
            return start < end ? minute >= start && minute < end : minute >= start || minute < end;
        }
    }

    /** The price at a minute of the day; empty if none is said. */
    Optional<BigDecimal> at(int minute) {
        return spans.stream()
                .filter(span -> span.holds(minute))
                .map(Span::price)
                .findFirst();
    }

    /** True if two spans hold one minute. */
    boolean overlaps() {
        for (int minute = 0; minute < DAY; minute++) {
            int at = minute;
            if (spans.stream().filter(span -> span.holds(at)).count() > 1) {
                return true;
            }
        }
        return false;
    }

    /**
     * The price of a band; 0 where none is said.
     *
     * @throws IllegalArgumentException if the band has more than one price
     */
    BigDecimal price(Bands.Part band) {
        Optional<BigDecimal> price = at(band.start());
        for (int minute = band.start(); minute != band.end(); minute = (minute + 1) % DAY) {
            if (!at(minute).equals(price)) {
                throw new IllegalArgumentException(
                        "usage of " + band.times() + " has more than one price by the time of"
                                + " the day; let its meter have 'bands' where the price changes");
            }
        }
        return price.orElse(BigDecimal.ZERO);
    }
}
