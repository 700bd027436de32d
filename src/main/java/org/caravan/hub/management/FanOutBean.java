package org.caravan.hub.management;

import org.apache.camel.api.management.ManagedAttribute;
import org.apache.camel.api.management.ManagedOperation;
import org.apache.camel.api.management.ManagedResource;

/** Fan-out over JMX. */
@ManagedResource(description = "Issued documents whose connectors are to be chosen")
public final class FanOutBean extends View {
    private final Commands commands;

    FanOutBean(Watch watch, Commands commands) {
        super(watch);
        this.commands = commands;
    }

    @ManagedAttribute(description = "Documents that wait for the route fan-out")
    public long getOpen() {
        return count(last -> last.invoices().fanOut().open());
    }

    @ManagedAttribute(description = "Seconds since the oldest of them was issued; 0 if there is none")
    public long getOldestSeconds() {
        return age(seen(last -> last.invoices().fanOut().oldestOpen()));
    }

    @ManagedAttribute(description = "Documents that go to no connector until a person decides")
    public long getParked() {
        return count(last -> last.invoices().fanOut().parked());
    }

    @ManagedAttribute(description = "The newest error of a document that is stuck here, or null")
    public String getLastError() {
        return seen(last -> last.invoices().fanOut().lastError());
    }

    @ManagedOperation(description = "Ask the route fan-out again for documents that go to no connector")
    public String retry(
            @Argument(name = "document", description = "Numbers of documents, between commas") String document,
            @Argument(name = "reason", description = "Why; kept in the history. May be empty") String reason) {
        return Orders.of(commands, "deliveries", "retry")
                .option("--reason", reason)
                .values("document", document)
                .run();
    }

    @ManagedOperation(description = "Send issued documents to a connector that they were not for, as one that is new")
    public String backfill(
            @Argument(name = "connector", description = "Name of the connector") String connector,
            @Argument(name = "document", description = "Number of the document") String document) {
        return Orders.of(commands, "deliveries", "backfill")
                .need("--number", document)
                .value("connector", connector)
                .run();
    }
}
