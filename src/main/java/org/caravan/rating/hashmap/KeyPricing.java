package org.caravan.rating.hashmap;

/**
 * How a kind of usage is priced while the same rules are in force. Immutable.
 *
 * @param tariff the tariff it belongs to
 * @param from microseconds since 1970: it holds for usage that begins here or later
 * @param to and before here
 * @param pricing null where the usage can't be rated
 * @param problem why not: one line; else null
 */
public record KeyPricing(Tariff tariff, long from, long to, Pricing pricing, String problem) {
    /** True if it holds under this tariff for usage that begins at this moment. */
    public boolean holds(Tariff other, long begin) {
        return tariff == other && begin >= from && begin < to;
    }
}
