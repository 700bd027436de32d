package org.caravan.hub.management;

import java.time.YearMonth;
import java.util.Locale;
import org.apache.camel.api.management.ManagedAttribute;
import org.apache.camel.api.management.ManagedResource;
import org.caravan.ledger.LedgerStatus;

/** Months over JMX. */
@ManagedResource(description = "Billing months")
public final class MonthsBean extends View {
    MonthsBean(Watch watch) {
        super(watch);
    }

    @ManagedAttribute(description = "Months with usage that are not closed")
    public long getOpen() {
        return count(last -> last.ledger().months().stream()
                .filter(LedgerStatus.Month::isOpen)
                .count());
    }

    @ManagedAttribute(description = "The oldest month with usage that is not closed; null if there is none")
    public String getOldestOpen() {
        YearMonth month = seen(last -> last.ledger().oldestOpenMonth());
        return month == null ? null : month.toString();
    }

    @ManagedAttribute(description = "Tenants whose month is being closed, over all months")
    public long getClosing() {
        return count(last -> last.ledger().months().stream()
                .mapToLong(LedgerStatus.Month::closing)
                .sum());
    }

    @ManagedAttribute(description = "A line per month: closed, closing and known open tenants")
    public String[] getMonths() {
        String[] lines = seen(last -> last.ledger().months().stream()
                .map(month -> String.format(
                        Locale.ROOT,
                        "%s %s: %d closed, %d closing, %d open",
                        month.month(),
                        month.isOpen() ? "open" : month.usage() ? "closed" : "without usage",
                        month.closed(),
                        month.closing(),
                        month.open()))
                .toArray(String[]::new));
        return lines == null ? new String[0] : lines;
    }
}
