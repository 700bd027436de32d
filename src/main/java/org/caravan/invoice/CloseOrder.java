package org.caravan.invoice;

import java.math.BigDecimal;
import java.time.YearMonth;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.caravan.invoice.hold.Hold;

/**
 * What is to be closed.
 *
 * @param month billing month
 * @param accounts only these; null for all
 * @param overridden holds that do not count; those that are not forcible count always
 * @param approved the totals that were approved, by account, for issuing these and no others; null if nobody was asked
 */
public record CloseOrder(
        YearMonth month, Set<String> accounts, Predicate<Hold> overridden, Map<String, Total> approved) {
    /** A document's total in its currency. */
    public record Total(String currency, BigDecimal amount) {
        @Override
        public String toString() {
            return amount.toPlainString() + " " + currency;
        }
    }

    /** What nothing holds. */
    public static CloseOrder of(YearMonth month) {
        return new CloseOrder(month, null, hold -> false, null);
    }

    /** Only these accounts; null for all. */
    public CloseOrder only(Set<String> accounts) {
        return new CloseOrder(month, accounts, overridden, approved);
    }

    /** Over every hold that a person may override. */
    public CloseOrder forced() {
        return overriding(hold -> true);
    }

    /** Over those of the forcible holds that the predicate accepts. */
    public CloseOrder overriding(Predicate<Hold> overridden) {
        return new CloseOrder(month, accounts, overridden, approved);
    }

    CloseOrder approved(Map<String, Total> approved) {
        return new CloseOrder(month, Set.copyOf(approved.keySet()), overridden, Map.copyOf(approved));
    }

    boolean overrides(Hold hold) {
        return hold.forcible() && overridden.test(hold);
    }

    boolean isFor(String account) {
        return accounts == null || accounts.contains(account);
    }
}
