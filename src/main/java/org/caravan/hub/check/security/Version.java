package org.caravan.hub.check.security;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** A version as Maven compares it, as far as numbers go: {@code 4.1.130.Final} is after {@code 4.1.99}. */
final class Version implements Comparable<Version> {
    private final List<BigInteger> numbers = new ArrayList<>();
    private final boolean early;

    Version(String text) {
        for (String part : text.split("[.-]")) {
            if (!part.matches("\\d{1,18}")) {
                break;
            }
            numbers.add(new BigInteger(part));
        }
        // 2.0-rc1 comes before 2.0
        early = text.toLowerCase(java.util.Locale.ROOT).matches(".*[.-](alpha|beta|m|rc|cr|snapshot|preview).*");
    }

    @Override
    public int compareTo(Version other) {
        for (int i = 0; i < Math.max(numbers.size(), other.numbers.size()); i++) {
            int order = number(i).compareTo(other.number(i));
            if (order != 0) {
                return order;
            }
        }
        return Boolean.compare(other.early, early);
    }

    private BigInteger number(int i) {
        return i < numbers.size() ? numbers.get(i) : BigInteger.ZERO;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Version version && compareTo(version) == 0;
    }

    @Override
    public int hashCode() {
        return numbers.isEmpty() ? 0 : numbers.get(0).hashCode();
    }
}
