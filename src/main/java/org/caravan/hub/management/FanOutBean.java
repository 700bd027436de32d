package org.caravan.hub.management;

import org.apache.camel.api.management.ManagedAttribute;
import org.apache.camel.api.management.ManagedResource;

/** Fan-out over JMX. */
@ManagedResource(description = "Issued documents whose connectors are to be chosen")
public final class FanOutBean extends View {
    FanOutBean(Watch watch) {
        super(watch);
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
}
