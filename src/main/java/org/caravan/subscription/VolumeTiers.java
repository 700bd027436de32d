package org.caravan.subscription;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

/** Tiers of an amount, [from, to); an end that is null is open. */
final class VolumeTiers {
    private static final int MAX_TIERS = 1_000;
    private static final int QUANTITY_PLACES = 9;
    private static final Set<String> KNOWN = Set.of("from", "to", "start", "end", "price");

    private VolumeTiers() {}

    private record Tier(BigDecimal from, BigDecimal to, String price) {}

    static ArrayNode normal(JsonNode sent, String where) {
        List<Tier> tiers = new ArrayList<>();
        forEach(
                sent,
                KNOWN,
                where,
                (tier, at) -> tiers.add(new Tier(
                        bound(tier, "from", "start", at),
                        bound(tier, "to", "end", at),
                        Pricing.price(tier.get("price"), at))));
        tiers.sort(Comparator.comparing(Tier::from, Comparator.nullsFirst(Comparator.naturalOrder())));
        ArrayNode normal = JsonNodeFactory.instance.arrayNode();
        Tier before = null;
        for (Tier tier : tiers) {
            if (tier.from() != null && tier.to() != null && tier.from().compareTo(tier.to()) >= 0) {
                throw new IllegalArgumentException(where + "a tier must end above its beginning");
            }
            if (before != null
                    && (before.to() == null
                            || tier.from() == null
                            || tier.from().compareTo(before.to()) < 0)) {
                throw new IllegalArgumentException(where + "tiers must not overlap; a tier ends where the next begins");
            }
            normal.addObject()
                    .put("from", text(tier.from()))
                    .put("to", text(tier.to()))
                    .put("price", tier.price());
            before = tier;
        }
        return normal;
    }

    private static BigDecimal bound(JsonNode tier, String name, String older, String at) {
        JsonNode bound = either(tier, name, older, at);
        return bound == null ? null : new BigDecimal(Pricing.positive(bound, QUANTITY_PLACES, at + name + " "));
    }

    /** An attribute by its name of today or of before; null where it is neither. */
    static JsonNode either(JsonNode tier, String name, String older, String at) {
        if (tier.hasNonNull(name) && tier.hasNonNull(older) && !name.equals(older)) {
            throw new IllegalArgumentException(at + name + " is said twice");
        }
        JsonNode found = tier.hasNonNull(name) ? tier.get(name) : tier.get(older);
        return found == null || found.isNull() ? null : found;
    }

    private static String text(BigDecimal bound) {
        return bound == null ? null : bound.toPlainString();
    }

    /** Takes a tier, and where it is. */
    interface Taker {
        void take(JsonNode tier, String at);
    }

    static void forEach(JsonNode sent, Set<String> known, String where, Taker taker) {
        if (!sent.isArray() || sent.isEmpty() || sent.size() > MAX_TIERS) {
            throw new IllegalArgumentException(where + "tiers must be a list of 1 to " + MAX_TIERS);
        }
        for (int i = 0; i < sent.size(); i++) {
            JsonNode tier = sent.get(i);
            String at = where + "tier " + (i + 1) + ": ";
            if (!tier.isObject()) {
                throw new IllegalArgumentException(at + "must be an object");
            }
            for (Iterator<String> names = tier.fieldNames(); names.hasNext(); ) {
                if (!known.contains(names.next())) {
                    throw new IllegalArgumentException(at + "has two ends and a price, and nothing else");
                }
            }
            taker.take(tier, at);
        }
    }
}
