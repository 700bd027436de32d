package org.caravan.subscription.billing;

import java.time.LocalDate;
import java.time.YearMonth;
import java.time.temporal.ChronoUnit;

/**
 * A subscription as it is billed.
 *
 * @param account name of its customer's account
 * @param tenant as documents name it, or null before it is tied
 * @param tenantId the ledger's id, 0 where it has no usage of it
 * @param from first day
 * @param until the first day after it, or null while it has no end
 */
record Contract(
        String id,
        String merchant,
        String merchantCurrency,
        String customer,
        String account,
        String plan,
        String planTitle,
        int billingDay,
        String tenant,
        int tenantId,
        LocalDate from,
        LocalDate until) {

    boolean holds(LocalDate day) {
        return !day.isBefore(from) && (until == null || day.isBefore(until));
    }

    /** First day of it in a month. */
    LocalDate from(YearMonth month) {
        return from.isAfter(month.atDay(1)) ? from : month.atDay(1);
    }

    /** The first day after its days of a month; not after {@link #from(YearMonth)} if it has none. */
    LocalDate until(YearMonth month) {
        LocalDate end = month.plusMonths(1).atDay(1);
        return until == null || until.isAfter(end) ? end : until;
    }

    /** Its days in a month. */
    int days(YearMonth month) {
        return (int) Math.max(0, ChronoUnit.DAYS.between(from(month), until(month)));
    }
}
