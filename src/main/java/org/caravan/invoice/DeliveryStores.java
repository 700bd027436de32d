package org.caravan.invoice;

import java.time.Clock;

/** What a committer keeps in the ledger. */
record DeliveryStores(
        Lanes lanes,
        Deliveries deliveries,
        Lookups lookups,
        LanePauses pauses,
        DeliverySettings settings,
        Clock clock) {
    static DeliveryStores of(InvoiceComponent component) {
        var ledger = component.requireDataSource();
        DeliverySettings settings = component.deliverySettings();
        Clock clock = component.clock();
        return new DeliveryStores(
                new Lanes(ledger, settings, clock),
                new Deliveries(ledger, settings, clock),
                new Lookups(ledger, settings, clock),
                new LanePauses(ledger, settings, clock),
                settings,
                clock);
    }
}
