package org.caravan.hub.push;

import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.component.direct.DirectConsumerNotAvailableException;
import org.caravan.api.http.ApiError;
import org.caravan.api.push.PushApi;
import org.caravan.api.push.PushReceipt;
import org.caravan.ledger.LedgerConstants;
import org.caravan.metering.CaravanHeaders;

/** From the served API into the route {@code metering-push}. */
public final class PushWay implements PushApi.Way {
    /** Header that says which data format reads the records. */
    static final String FORMAT = "CamelCaravanFormat";

    private static final String ROUTE = "direct:metering-push?block=false";
    private static final int UNAVAILABLE = 503;

    private final Runnable turnedAway;
    private volatile ProducerTemplate template;

    /** @param turnedAway told whenever a sender is asked to push again later, as the route is stopped */
    public PushWay(Runnable turnedAway) {
        this.turnedAway = turnedAway;
    }

    /** From here on pushes are taken; stopped with the context. */
    public void open(CamelContext context) {
        template = context.createProducerTemplate();
    }

    @Override
    public void send(PushReceipt receipt) throws Exception {
        ProducerTemplate opened = template;
        if (opened == null) {
            throw new ApiError(UNAVAILABLE, "The hub is starting; push again a little later.");
        }
        Exchange answer = opened.request(ROUTE, exchange -> {
            exchange.getMessage().setBody(receipt.push());
            exchange.getMessage()
                    .setHeader(CaravanHeaders.SOURCE, receipt.push().source());
            exchange.getMessage()
                    .setHeader(CaravanHeaders.POSITION, receipt.push().key());
            exchange.getMessage().setHeader(FORMAT, receipt.push().format().dataFormat());
            exchange.setProperty(LedgerConstants.COMPANION, receipt);
        });
        if (answer.getException() instanceof DirectConsumerNotAvailableException stopped) {
            turnedAway.run();
            throw new ApiError(
                    UNAVAILABLE,
                    "Nothing was taken: pushes are paused in this hub, or it is ending; push again later.",
                    stopped);
        }
        if (answer.getException() != null) {
            throw answer.getException();
        }
    }
}
