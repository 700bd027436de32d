package org.caravan.api.rating;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import java.math.BigDecimal;
import org.caravan.common.Decimals;

/** Decimals as JSON numbers, digit by digit: they never become binary on the way. */
final class JsonDecimal {
    private JsonDecimal() {}

    static void put(ObjectNode node, String name, BigDecimal value) {
        node.putRawValue(name, new RawValue(Decimals.plain(value)));
    }

    static void add(ArrayNode node, BigDecimal value) {
        node.addRawValue(new RawValue(Decimals.plain(value)));
    }
}
