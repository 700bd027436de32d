package org.caravan.reseller;

import java.time.Instant;
import java.time.YearMonth;
import java.time.temporal.ChronoUnit;
import org.caravan.invoice.document.Document;
import org.caravan.invoice.document.DocumentBuilder;

/** A client's billing period: a UTC calendar month, the first one from the client's sign-up on. Half-open. */
public record BillingPeriod(Instant from, Instant until) {
    /** Its part of a month; the whole month where the client signed up after it, as what was used before is billed, too. */
    static BillingPeriod of(Client client, YearMonth month) {
        Document.Period period = DocumentBuilder.period(month);
        Instant joined = client.createdAt().truncatedTo(ChronoUnit.SECONDS);
        boolean within = joined.isAfter(period.from()) && joined.isBefore(period.to());
        return new BillingPeriod(within ? joined : period.from(), period.to());
    }
}
