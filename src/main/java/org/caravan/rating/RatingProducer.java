package org.caravan.rating;

import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultProducer;
import org.caravan.common.UserError;
import org.caravan.metering.UsageBatch;

/** Prices the batch in the message's body, in place. */
public class RatingProducer extends DefaultProducer {
    private final RatingEndpoint endpoint;

    public RatingProducer(RatingEndpoint endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
    }

    @Override
    public void process(Exchange exchange) {
        Object body = exchange.getMessage().getBody();
        if (!(body instanceof UsageBatch batch)) {
            throw new UserError(endpoint.getEndpointUri() + ": expected a body of type " + UsageBatch.class.getName()
                    + ", found " + (body == null ? "none" : body.getClass().getName())
                    + "; unmarshal with a data format such as caravan-csv first");
        }
        long begun = System.nanoTime();
        try {
            endpoint.getRater().rate(batch);
        } catch (RuntimeException e) {
            endpoint.counts().failed();
            throw e;
        }
        endpoint.counts().done(batch.size(), System.nanoTime() - begun, null);
    }
}
