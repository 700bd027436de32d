package org.caravan.api.subscription;

import java.math.BigDecimal;
import java.util.Objects;
import org.caravan.subscription.Entry;
import org.caravan.subscription.Refusal;

/** What of usage may be said anew: its value. All else may be sent back as it was. */
final class UsageChanges {
    private UsageChanges() {}

    static void check(Entry now, Entry changes) {
        for (String name : changes.names()) {
            Object then = changes.get(name);
            boolean same = then instanceof BigDecimal decimal && now.get(name) instanceof BigDecimal before
                    ? decimal.compareTo(before) == 0
                    : Objects.equals(now.get(name), then);
            if (same || name.equals(UsageView.VALUE)) {
                continue;
            }
            if (name.equals("id")) {
                throw Refusal.of(Refusal.Kind.BAD_REQUEST, "Not allowed to change id");
            }
            throw Refusal.invalid(name, "never changes; only value does");
        }
    }
}
