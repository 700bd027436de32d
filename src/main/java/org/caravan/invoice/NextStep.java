package org.caravan.invoice;

import org.caravan.common.Decimals;
import org.caravan.invoice.ConnectorInfo.Repeat;

/** What a person does next about a document on its way, in words. */
public final class NextStep {
    private NextStep() {}

    /**
     * Never null; begins with "nothing" where it goes on by itself.
     *
     * @param repeat what its connector declares; null for the fan-out or where the connector is not known
     */
    public static String of(DeliveryRow row, Repeat repeat) {
        return row.isFanOut() ? fanOut(row) : delivery(row, repeat);
    }

    private static String fanOut(DeliveryRow row) {
        return switch (FanOutState.of(row.state())) {
            case PENDING -> "nothing: a running hub asks the fan-out route";
            case FANNING ->
                row.leased()
                        ? "nothing: a hub asks the fan-out route, " + row.owner()
                        : "nothing: a running hub asks again, for the hub that did is gone";
            case PARKED ->
                "name a connector in the account's profile or in the fan-out route, then: deliveries retry "
                        + row.handle() + "; or add one: deliveries backfill CONNECTOR --number " + row.handle();
            case DONE -> "nothing";
        };
    }

    private static String delivery(DeliveryRow row, Repeat repeat) {
        boolean safe = repeat == Repeat.SAFE;
        boolean asked = repeat == Repeat.LOOKUP;
        return switch (DeliveryState.of(row.state())) {
            case PENDING -> pending(row);
            case DELIVERING ->
                row.leased()
                        ? "nothing: attempt " + row.attempt() + " runs at hub " + row.owner() + ", whose lease ends "
                                + row.leaseUntil()
                        : "nothing: a running hub notices that the lease of attempt " + row.attempt()
                                + " lapsed; then it is in doubt";
            case RETRYING ->
                "nothing: attempt " + (row.attempt() + 1) + " is due " + row.dueAt() + "; at once: deliveries retry "
                        + row.handle();
            case IN_DOUBT -> {
                if (asked && row.dueAt() != null) {
                    yield "nothing: its connector is asked whether the ERP has it, next at " + row.dueAt();
                }
                if (asked) {
                    yield "once its connector can be asked again: deliveries retry " + row.handle() + "; or "
                            + doubt(row);
                }
                if (!safe) {
                    yield doubt(row);
                }
                yield row.dueAt() == null
                        ? "its connector is safe to repeat: deliveries retry " + row.handle()
                        : "nothing: it is sent again when due, " + row.dueAt() + ", as its connector is safe to repeat";
            }
            case PARKED ->
                row.doubt() && !safe && !asked
                        ? doubt(row)
                        : "remove the reason, then: deliveries retry " + row.handle()
                                + "; or, if the ERP has it: deliveries adopt " + row.handle() + " REFERENCE";
            case COMMITTED ->
                row.isAlarm()
                        ? "correct it in the ERP, then: deliveries adopt " + row.handle() + " '" + row.reference()
                                + "' --total " + Decimals.plain(row.document().total())
                        : "nothing";
        };
    }

    private static String pending(DeliveryRow row) {
        if (row.pausedUntil() != null) {
            return "nothing: its lane may rest until " + row.pausedUntil() + ", as attempts failed; at once: deliveries"
                    + " retry " + row.handle();
        }
        if (!row.document().isInvoice()) {
            return "nothing: a running hub delivers it once its invoice is committed at " + row.connector();
        }
        return row.leased()
                ? "nothing: hub " + row.owner() + " is about to deliver it"
                : "nothing: a running hub delivers it";
    }

    /** What ends doubt that only a person can end. */
    static String doubt(DeliveryRow row) {
        return "look in the ERP for " + row.document().number() + "; if it is there: deliveries adopt " + row.handle()
                + " REFERENCE; if it certainly is not: deliveries resend " + row.handle();
    }
}
