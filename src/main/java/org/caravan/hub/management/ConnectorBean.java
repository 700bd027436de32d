package org.caravan.hub.management;

import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.apache.camel.api.management.ManagedAttribute;
import org.apache.camel.api.management.ManagedResource;
import org.caravan.invoice.DeliveryState;
import org.caravan.invoice.InvoiceStatus;

/** One connector's deliveries over JMX. */
@ManagedResource(description = "The deliveries of a connector")
public final class ConnectorBean extends View {
    private final String name;

    ConnectorBean(Watch watch, String name) {
        super(watch);
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
