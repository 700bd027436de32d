package org.caravan.hub.management;

import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.apache.camel.api.management.ManagedAttribute;
import org.apache.camel.api.management.ManagedOperation;
import org.apache.camel.api.management.ManagedResource;
import org.caravan.invoice.DeliveryState;
import org.caravan.invoice.InvoiceStatus;

/** One connector's deliveries over JMX. */
@ManagedResource(description = "The deliveries of a connector")
public final class ConnectorBean extends View {
    private final String name;
    private final Surroundings surroundings;
    private final Commands commands;

    ConnectorBean(Watch watch, Surroundings surroundings, Commands commands, String name) {
        super(watch);
        this.surroundings = surroundings;
        this.commands = commands;
        this.name = name;
    }

    @ManagedAttribute(description = "Name of the connector")
    public String getName() {
        return name;
    }

    @ManagedAttribute(description = "Deliveries that wait for their first attempt")
    public long getPending() {
        return state(DeliveryState.PENDING);
    }

    @ManagedAttribute(description = "Deliveries being attempted")
    public long getDelivering() {
        return state(DeliveryState.DELIVERING);
    }

    @ManagedAttribute(description = "Deliveries that failed and are tried again by themselves")
    public long getRetrying() {
        return state(DeliveryState.RETRYING);
    }

    @ManagedAttribute(description = "Deliveries of which nobody knows whether the ERP has them")
    public long getInDoubt() {
        return state(DeliveryState.IN_DOUBT);
    }

    @ManagedAttribute(description = "Those in doubt that wait for a person")
    public long getUndecided() {
        return number(InvoiceStatus.Connector::undecided);
    }

    @ManagedAttribute(description = "Deliveries stopped until a person decides")
    public long getParked() {
        return state(DeliveryState.PARKED);
    }

    @ManagedAttribute(description = "Deliveries that the ERP has")
    public long getCommitted() {
        return state(DeliveryState.COMMITTED);
    }

    @ManagedAttribute(description = "Deliveries that are not committed, whatever their state")
    public long getBacklog() {
        return number(InvoiceStatus.Connector::backlog);
    }

    @ManagedAttribute(description = "Seconds since the oldest document was issued that is not committed, or 0")
    public long getOldestSeconds() {
        return age(connector(InvoiceStatus.Connector::oldestOpen));
    }

    @ManagedAttribute(description = "Deliveries committed with a total that is not the document's")
    public long getAlarms() {
        return number(InvoiceStatus.Connector::alarms);
    }

    @ManagedAttribute(description = "When it committed last (UTC); null if never")
    public String getLastCommit() {
        return connector(connector -> text(connector.lastCommit()));
    }

    @ManagedAttribute(description = "The newest reason why a delivery is not committed, or an alarm; or null")
    public String getLastError() {
        return connector(InvoiceStatus.Connector::lastError);
    }

    @ManagedAttribute(description = "When that was (UTC), or null")
    public String getLastErrorAt() {
        return connector(connector -> text(connector.lastErrorAt()));
    }

    @ManagedAttribute(description = "Why its file or what it is told can't be used, with the place; null if it can")
    public String getProblem() {
        return surroundings.last().connectors().get(name);
    }

    @ManagedAttribute(
            description = "Until when its lanes rest after failures (UTC), the last of several; null if none does")
    public String getRestsUntil() {
        return seen(last -> text(last.restsUntil(name)));
    }

    @ManagedAttribute(description = "Sum of the totals of what is not committed, exact, by currency, such as 12.50 NZD")
    public String[] getOpenTotals() {
        String[] totals = seen(last -> last.openTotals(name));
        return totals == null ? new String[0] : totals;
    }

    @Reads
    @ManagedOperation(description = "List its deliveries: what has not arrived, why, and what to do next")
    public String list(
            @Argument(
                            name = "state",
                            description =
                                    "Only of this state, such as parked, in-doubt or committed; empty for all open")
                    String state,
            @Argument(name = "limit", description = "Most deliveries told, from 1 on") int limit) {
        return order("list")
                .option("--state", state)
                .option("--limit", Integer.toString(limit))
                .run();
    }

    @Reads
    @ManagedOperation(
            description = "Tell the story of a document's delivery: every attempt and order, with time and outcome")
    public String show(
            @Argument(name = "delivery", description = "Number of the document, or id of the delivery")
                    String delivery) {
        return order("show").value("delivery", delivery).run();
    }

    @ManagedOperation(
            description =
                    "Make a delivery due now that is parked or waits for its next attempt; what is in doubt is sent"
                            + " again only where that is safe")
    public String retry(
            @Argument(name = "delivery", description = "Numbers of documents, or ids of deliveries, between commas")
                    String delivery,
            @Argument(name = "reason", description = "Why; kept in the history. May be empty") String reason) {
        return order("retry")
                .option("--reason", reason)
                .values("delivery", delivery)
                .run();
    }

    @ManagedOperation(description = "Make all deliveries of this connector due now that are parked or retrying")
    public String retryAll(
            @Argument(name = "reason", description = "Why; kept in the history. May be empty") String reason) {
        return order("retry").flag("--all", true).option("--reason", reason).run();
    }

    @ManagedOperation(
            description = "Stop a delivery that is pending, retrying or in doubt until it is retried by a person")
    public String park(
            @Argument(name = "delivery", description = "Numbers of documents, or ids of deliveries, between commas")
                    String delivery,
            @Argument(name = "reason", description = "Why; shown to whoever meets it") String reason) {
        return order("park")
                .need("--reason", reason)
                .values("delivery", delivery)
                .run();
    }

    @ManagedOperation(description = "Stop all deliveries of this connector that are pending or retrying")
    public String parkAll(@Argument(name = "reason", description = "Why; shown to whoever meets them") String reason) {
        return order("park").flag("--all", true).need("--reason", reason).run();
    }

    @ManagedOperation(
            description = "Settle a delivery in doubt: the ERP has the document; commit it under its reference")
    public String adopt(
            @Argument(name = "delivery", description = "Number of the document, or id of the delivery") String delivery,
            @Argument(name = "reference", description = "What the ERP calls it") String reference,
            @Argument(
                            name = "total",
                            description =
                                    "What the ERP says it comes to, such as 1234.50; compared. Empty if not known")
                    String total,
            @Argument(name = "reason", description = "Why; kept in the history. May be empty") String reason) {
        return order("adopt")
                .option("--total", total)
                .option("--reason", reason)
                .value("delivery", delivery)
                .value("reference", reference)
                .run();
    }

    @ManagedOperation(
            description =
                    "Settle a delivery in doubt: the ERP certainly does not have the document; send it again. If the"
                            + " ERP has it all the same, it is invoiced twice")
    public String resend(
            @Argument(name = "delivery", description = "Number of the document, or id of the delivery") String delivery,
            @Argument(name = "reason", description = "How you know; kept in the history") String reason) {
        return order("resend")
                .flag("--yes", true)
                .need("--reason", reason)
                .value("delivery", delivery)
                .run();
    }

    @ManagedOperation(
            description = "Try the connector's file and let it take the place of the one that runs, in every hub")
    public String apply() {
        return Orders.of(commands, "connector", "apply").value("name", name).run();
    }

    private Orders order(String what) {
        return Orders.of(commands, "deliveries", what).option("--connector", name);
    }

    private long state(DeliveryState state) {
        return number(connector -> connector.count(state));
    }

    private <T> T connector(Function<InvoiceStatus.Connector, T> value) {
        return seen(last -> last.invoices().connectors().stream()
                .filter(connector -> connector.name().equals(name))
                .findFirst()
                .map(value)
                .orElse(null));
    }

    private long number(ToLongFunction<InvoiceStatus.Connector> value) {
        Long number = connector(value::applyAsLong);
        return number == null ? 0 : number;
    }
}
