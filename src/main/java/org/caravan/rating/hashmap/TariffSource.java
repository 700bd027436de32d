package org.caravan.rating.hashmap;

/** Where the tariff comes from that a batch is rated by; asked once per batch. Safe for concurrent use. */
public interface TariffSource {
    /**
     * The tariff that holds now, never null. The same object as long as the rules are the same, for what was looked up in
     * it is remembered by it.
     *
     * @throws RuntimeException if it can't be known: then nothing may be rated
     */
    Tariff get();
}
