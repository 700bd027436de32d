package org.caravan.ledger;

import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultProducer;
import org.caravan.metering.UsageBatch;

/** Commits the batch in the message body before it answers. */
public class LedgerProducer extends DefaultProducer {
    private final LedgerConfiguration configuration;
    private Ledger ledger;

    public LedgerProducer(LedgerEndpoint endpoint) {
        super(endpoint);
        this.configuration = endpoint.getConfiguration();
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        ledger = ((LedgerEndpoint) getEndpoint()).getComponent().openLedger();
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        if (!(exchange.getMessage().getBody() instanceof UsageBatch batch)) {
            Object body = exchange.getMessage().getBody();
            throw new IllegalArgumentException("caravan-ledger: the body is "
                    + (body == null ? "empty" : "a " + body.getClass().getName())
                    + ", not a usage batch; unmarshal it with caravan-csv or caravan-jsonl and rate it before");
        }
        CommitResult result = ledger.commit(batch);
        exchange.getMessage().setHeader(LedgerConstants.BATCH, result.batch());
        if (configuration.isResult()) {
            exchange.getMessage().setBody(result);
        }
    }
}
