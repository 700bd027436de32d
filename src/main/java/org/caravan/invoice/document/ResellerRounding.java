package org.caravan.invoice.document;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * The policy {@code reseller}: an item is rounded half up to one digit more than the currency has (3 for dollars), what one
 * tenant used in one datacenter to the currency's digits.
 *
 * @param minimumCharge what an item above zero and below it is billed as; 0 = off
 */
record ResellerRounding(BigDecimal minimumCharge) implements Rounding {
    @Override
    public String name() {
        return "reseller";
    }

    @Override
    public boolean roundsItems() {
        return true;
    }

    @Override
    public BigDecimal amount(BigDecimal exact, int digits) {
        // a credit is never raised to the minimum: only charges are
        boolean raised = exact.signum() > 0 && exact.compareTo(minimumCharge) < 0;
        return converted(raised ? minimumCharge : exact, digits);
    }

    /** Never raised: what it corrects was, and would be charged the minimum twice; a lower price would cost more. */
    @Override
    public BigDecimal difference(BigDecimal exact, int digits) {
        return converted(exact, digits);
    }

    @Override
    public BigDecimal converted(BigDecimal amount, int digits) {
        return amount.setScale(digits + 1, RoundingMode.HALF_UP);
    }

    @Override
    public boolean roundsProjects() {
        return true;
    }

    @Override
    public BigDecimal project(BigDecimal sumOfItems, int digits) {
        return Rounding.money(sumOfItems, digits);
    }
}
