package org.caravan.subscription;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.Objects;

/** Whether two values of a field say the same. */
final class Same {
    private Same() {}

    static boolean values(Object one, Object other) {
        if (one instanceof BigDecimal a && other instanceof BigDecimal b) {
            return a.compareTo(b) == 0;
        }
        if (one instanceof JsonNode a && other instanceof JsonNode b) {
            return a.equals(
                    (first, second) -> first.isNumber() && second.isNumber()
                            ? first.decimalValue().compareTo(second.decimalValue())
                            : first.equals(second) ? 0 : 1,
                    b);
        }
        return Objects.equals(one, other);
    }
}
