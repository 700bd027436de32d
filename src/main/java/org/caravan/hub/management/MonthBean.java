package org.caravan.hub.management;

import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.function.ToLongFunction;
import org.apache.camel.api.management.ManagedAttribute;
import org.apache.camel.api.management.ManagedOperation;
import org.apache.camel.api.management.ManagedResource;
import org.caravan.ledger.LedgerStatus;
import org.caravan.ledger.UnpricedUsage;

/** An open month over JMX. */
@ManagedResource(description = "A month with usage that is not closed; its bean goes when it is")
public final class MonthBean extends View {
    private final YearMonth month;
    private final Commands commands;

    MonthBean(Watch watch, Commands commands, YearMonth month) {
        super(watch);
        this.commands = commands;
        this.month = month;
    }

    @ManagedAttribute(description = "The month, such as 2026-10")
    public String getMonth() {
        return month.toString();
    }

    @ManagedAttribute(
            description = "open; closing where a tenant's document is being built; closed where nothing is left")
    public String getState() {
        return seen(last -> last.ledger().months().stream()
                .filter(one -> one.month().equals(month))
                .findFirst()
                .map(one -> one.closing() > 0 ? "closing" : one.isOpen() ? "open" : "closed")
                .orElse("closed"));
    }

    @ManagedAttribute(
            description = "Tenants that are known to be open in it; one without a state of its own is not counted")
    public long getOpenTenants() {
        return number(LedgerStatus.Month::open);
    }

    @ManagedAttribute(description = "Tenants whose document is being built, or whose closing broke off")
    public long getClosingTenants() {
        return number(LedgerStatus.Month::closing);
    }

    @ManagedAttribute(description = "Tenants that are closed in it")
    public long getClosedTenants() {
        return number(LedgerStatus.Month::closed);
    }

    @ManagedAttribute(description = "Seconds since it ended; 0 while it runs")
    public long getEndedSeconds() {
        Instant end = month.plusMonths(1).atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant();
        return age(end);
    }

    @ManagedAttribute(description = "Its records that nothing priced, which would be billed as 0")
    public long getUnpriced() {
        return count(last -> last.pricing().unpriced().stream()
                .filter(one -> one.month().equals(month))
                .mapToLong(UnpricedUsage.Month::records)
                .sum());
    }

    @ManagedAttribute(description = "A product of it that has no price; null if all have one")
    public String getUnpricedProduct() {
        return seen(last -> last.pricing().unpriced().stream()
                .filter(one -> one.month().equals(month))
                .findFirst()
                .map(UnpricedUsage.Month::product)
                .orElse(null));
    }

    @Reads
    @ManagedOperation(
            description =
                    "Tell its records, exact amounts and what holds it, account by account beside the month before")
    public String preview() {
        return Orders.of(commands, "months").value("month", month.toString()).run();
    }

    @Reads
    @ManagedOperation(description = "As preview, as one JSON object with all decimals as exact text")
    public String figures() {
        return Orders.of(commands, "months", "--json")
                .value("month", month.toString())
                .run();
    }

    @ManagedOperation(description = "Close it now for every account that nothing holds, and issue its invoices")
    public String close(
            @Argument(
                            name = "force",
                            description = "true closes also what waits for a source, the grace, prices or quarantine")
                    boolean force) {
        return Orders.of(commands, "close")
                .flag("--force", force)
                .value("month", month.toString())
                .run();
    }

    @ManagedOperation(description = "Close it now for one tenant's account, and issue its invoice")
    public String closeTenant(
            @Argument(name = "tenant", description = "Name of the tenant") String tenant,
            @Argument(
                            name = "force",
                            description = "true closes also what waits for a source, the grace, prices or quarantine")
                    boolean force) {
        return Orders.of(commands, "close")
                .need("--tenant", tenant)
                .flag("--force", force)
                .value("month", month.toString())
                .run();
    }

    @ManagedOperation(
            description =
                    "Approve it: issue what preview shows and nothing holds; if a total changes meanwhile, nothing is issued")
    public String approve() {
        return Orders.of(commands, "approve", "--yes")
                .value("month", month.toString())
                .run();
    }

    private long number(ToLongFunction<LedgerStatus.Month> value) {
        return count(last -> last.ledger().months().stream()
                .filter(one -> one.month().equals(month))
                .mapToLong(value)
                .sum());
    }
}
