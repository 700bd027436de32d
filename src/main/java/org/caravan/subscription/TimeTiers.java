package org.caravan.subscription;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Tiers of the time of day (UTC), [start, end); one that goes over midnight is kept as two. */
final class TimeTiers {
    private static final Set<String> KNOWN = Set.of("from", "to", "start", "end", "price");
    private static final Pattern TIME = Pattern.compile("([01]?\\d|2[0-4]):([0-5]\\d)(?::00)?");
    private static final int DAY = 24 * 60;
    private static final int HOUR = 60;

    private TimeTiers() {}

    /** In minutes of the day. */
    private record Tier(int start, int end, String price) {}

    static ArrayNode normal(JsonNode sent, String where) {
        List<Tier> tiers = new ArrayList<>();
        VolumeTiers.forEach(sent, KNOWN, where, (tier, at) -> {
            int start = minute(VolumeTiers.either(tier, "start", "from", at), 0, at + "start ");
            int end = minute(VolumeTiers.either(tier, "end", "to", at), DAY, at + "end ");
            String price = Pricing.price(tier.get("price"), at);
            if (start == end || start == DAY) {
                throw new IllegalArgumentException(at + "must end after its beginning");
            }
            if (start < end) {
                tiers.add(new Tier(start, end, price));
            } else {
                tiers.add(new Tier(start, DAY, price));
                if (end > 0) {
                    tiers.add(new Tier(0, end, price));
                }
            }
        });
        tiers.sort(Comparator.comparingInt(Tier::start));
        ArrayNode normal = JsonNodeFactory.instance.arrayNode();
        int before = 0;
        for (Tier tier : tiers) {
            if (tier.start() < before) {
                throw new IllegalArgumentException(where + "tiers must not overlap; a tier ends where the next begins");
            }
            normal.addObject()
                    .put("start", text(tier.start()))
                    .put("end", text(tier.end()))
                    .put("price", tier.price());
            before = tier.end();
        }
        return normal;
    }

    private static int minute(JsonNode time, int otherwise, String what) {
        if (time == null) {
            return otherwise;
        }
        Matcher found = TIME.matcher(time.asText().strip());
        if (!time.isTextual() || !found.matches()) {
            throw new IllegalArgumentException(what + "must be a time of day such as 08:00");
        }
        int minute = Integer.parseInt(found.group(1)) * HOUR + Integer.parseInt(found.group(2));
        if (minute > DAY) {
            throw new IllegalArgumentException(what + "must be a time of day such as 08:00");
        }
        return minute;
    }

    private static String text(int minute) {
        return String.format(Locale.ROOT, "%02d:%02d", minute / HOUR, minute % HOUR);
    }
}
