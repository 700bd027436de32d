package org.caravan.hub.management;

import java.time.YearMonth;
import java.util.Locale;
import org.apache.camel.api.management.ManagedAttribute;
import org.apache.camel.api.management.ManagedOperation;
import org.apache.camel.api.management.ManagedResource;
import org.caravan.ledger.LedgerStatus;

/** Months over JMX. */
@ManagedResource(description = "Billing months")
public final class MonthsBean extends View {
    private final Commands commands;

    MonthsBean(Watch watch, Commands commands) {
        super(watch);
        this.commands = commands;
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

    @Reads
    @ManagedOperation(description = "Tell of all months: state, usage, late usage, invoices, and what holds each")
    public String overview() {
        return commands.run("months");
    }

    @Reads
    @ManagedOperation(
            description = "Tell a month's records, exact amounts and holds, account by account beside the month before")
    public String preview(@Argument(name = "month", description = "The month, such as 2026-10") String month) {
        return Orders.of(commands, "months").value("month", month).run();
    }

    @ManagedOperation(description = "Close a month now for every account that nothing holds, and issue its invoices")
    public String close(
            @Argument(name = "month", description = "The month, such as 2026-10") String month,
            @Argument(name = "tenant", description = "Only this tenant's account; empty for all") String tenant,
            @Argument(
                            name = "force",
                            description = "true closes also what waits for a source, the grace, prices or quarantine")
                    boolean force) {
        return Orders.of(commands, "close")
                .option("--tenant", tenant)
                .flag("--force", force)
                .value("month", month)
                .run();
    }

    @ManagedOperation(
            description = "Approve a month: issue what preview shows and nothing holds; if a total changes, nothing is")
    public String approve(@Argument(name = "month", description = "The month, such as 2026-10") String month) {
        return Orders.of(commands, "approve", "--yes").value("month", month).run();
    }

    @Reads
    @ManagedOperation(description = "Show what correcting an issued month would bill, and bill nothing")
    public String planCorrection(
            @Argument(name = "month", description = "Month of use, such as 2026-10") String month) {
        return Orders.of(commands, "correct")
                .flag("--plan", true)
                .value("month", month)
                .run();
    }

    @ManagedOperation(
            description = "Rate an issued month again from the archive, and bill the difference on the next documents")
    public String correct(
            @Argument(name = "month", description = "Month of use, such as 2026-10") String month,
            @Argument(name = "reason", description = "Why; the difference is billed once per reason") String reason) {
        return Orders.of(commands, "correct")
                .need("--reason", reason)
                .value("month", month)
                .run();
    }
}
