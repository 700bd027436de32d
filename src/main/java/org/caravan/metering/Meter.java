package org.caravan.metering;

import java.util.List;
import java.util.Set;

/**
 * What the operator says of one meter; {@link #unlisted(String)} is the meaning of a meter that nobody described.
 *
 * @param name the meter's name in usage records, also the service name of HashMap rules
 * @param listed false for a meter that {@code config/meters.yaml} does not name
 * @param product template of the product's name: text with {@code {metadata-field}}, {@code {meter}}, {@code
 *     {datacenter}} places; null = the meter's name
 * @param label name for people, or null
 * @param unit billed unit, or null = the record's own
 * @param factor multiplies the quantity of records in the meter's source unit, as decimal or fraction ({@code
 *     1/1048576}), or null
 * @param timesHours true if the quantity is a gauge to be multiplied by the record's hours
 * @param metadata names of the kept metadata fields; null = all are kept
 * @param identity whether time or an id makes a record unique
 * @param identityBy further fields that tell series apart: {@code product} or metadata names
 * @param withoutResource true if records of this meter may come without a resource
 * @param pricing what prices it: hashmap, given, cost, plan; several add
 * @param bands parts of the day that its records are split at and its products told apart by; null = none
 */
public record Meter(
        String name,
        boolean listed,
        String product,
        String label,
        String unit,
        String factor,
        boolean timesHours,
        Set<String> metadata,
        Identity identity,
        List<String> identityBy,
        boolean withoutResource,
        List<String> pricing,
        Bands bands) {

    /** The word in {@code pricing} for a price that an ERP or a rates file has, found when the month closes. */
    public static final String COST = "cost";

    /** The word in {@code pricing} for a plan, found when the month closes. */
    public static final String PLAN = "plan";

    /** How records are told apart. */
    public enum Identity {
        /** No moment of a series is billed twice. */
        INTERVAL,
        /** (realm, tenant, meter, id) for ever. */
        EVENT
    }

    public Meter {
        metadata = metadata == null ? null : Set.copyOf(metadata);
        identityBy = List.copyOf(identityBy);
        pricing = List.copyOf(pricing);
    }

    /** A meter whose records are not split. */
    public Meter(
            String name,
            boolean listed,
            String product,
            String label,
            String unit,
            String factor,
            boolean timesHours,
            Set<String> metadata,
            Identity identity,
            List<String> identityBy,
            boolean withoutResource,
            List<String> pricing) {
        this(
                name,
                listed,
                product,
                label,
                unit,
                factor,
                timesHours,
                metadata,
                identity,
                identityBy,
                withoutResource,
                pricing,
                null);
    }

    /** True if its price is found when the month closes, alone or on top of another. */
    public static boolean isLater(java.util.Collection<String> pricing) {
        return pricing.contains(COST) || pricing.contains(PLAN);
    }

    /** True if a quantity in this unit can be billed. */
    public boolean takes(String recordUnit) {
        return Conversion.of(this, recordUnit) != null;
    }

    /** True if a quantity in this unit is a gauge, which is multiplied by the hours of its record. */
    public boolean isGauge(String recordUnit) {
        Conversion conversion = Conversion.of(this, recordUnit);
        return conversion != null && conversion.timesHours();
    }

    /** The same meter, priced by nothing but the price that a record comes with. */
    Meter withGivenPrices() {
        return new Meter(
                name,
                listed,
                product,
                label,
                unit,
                factor,
                timesHours,
                metadata,
                identity,
                identityBy,
                withoutResource,
                List.of("given"));
    }

    /** A meter billed under its own name and unit, by interval, priced by HashMap. */
    public static Meter unlisted(String name) {
        return new Meter(
                name,
                false,
                null,
                null,
                null,
                null,
                false,
                null,
                Identity.INTERVAL,
                List.of(),
                false,
                List.of("hashmap"));
    }
}
