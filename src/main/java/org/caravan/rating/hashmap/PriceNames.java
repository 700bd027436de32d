package org.caravan.rating.hashmap;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.caravan.metering.Meter;
import org.caravan.metering.Price;

/**
 * What the prices of a segment say of themselves.
 *
 * @param tariff its version
 * @param rules names of the HashMap rules that applied
 * @param others names of further modules that the meter's pricing lists
 * @param priced false if no price was found: no rule applied, or only factors of a price that is not there
 */
record PriceNames(String tariff, List<String> rules, List<String> others, boolean priced) {
    /** Name of the price that a record came with. */
    static final String GIVEN = "given";

    /** Of a point without a price of its own. */
    Price price(BigDecimal unitPrice) {
        return new Price(tariff, names(false), priced ? unitPrice : null, priced || Meter.isLater(others));
    }

    /** Of a point that came with a price. The tariff is named although no rule of it may apply: another time one may. */
    Price onTop() {
        return new Price(tariff, names(true), null, true);
    }

    private List<String> names(boolean started) {
        List<String> names = new ArrayList<>();
        if (started) {
            names.add(GIVEN);
        }
        names.addAll(rules);
        names.addAll(others);
        return names;
    }
}
