package org.caravan.ledger;

import java.sql.SQLException;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.support.DefaultProducer;
import org.caravan.metering.CaravanHeaders;
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
        if (configuration.getOperation() == LedgerOperation.position) {
            position(exchange.getMessage());
        } else {
            aggregate(exchange);
        }
    }

    private void position(Message message) throws SQLException {
        String source = message.getHeader(CaravanHeaders.SOURCE, String.class);
        String key = message.getHeader(CaravanHeaders.POSITION, String.class);
        if (source == null || key == null) {
            throw new IllegalArgumentException("caravan-ledger:position needs the headers " + CaravanHeaders.SOURCE
                    + " and " + CaravanHeaders.POSITION);
        }
        message.setHeader(LedgerConstants.POSITION_DONE, ledger.isDone(source, key));
    }

    private void aggregate(Exchange exchange) throws SQLException {
        if (!(exchange.getMessage().getBody() instanceof UsageBatch batch)) {
            Object body = exchange.getMessage().getBody();
            throw new IllegalArgumentException("caravan-ledger: the body is "
                    + (body == null ? "empty" : "a " + body.getClass().getName())
                    + ", not a usage batch; unmarshal it with caravan-csv or caravan-jsonl and rate it before");
        }
        CommitResult result = ledger.commit(batch, exchange.getProperty(LedgerConstants.COMPANION, Companion.class));
        exchange.getMessage().setHeader(LedgerConstants.BATCH, result == null ? 0 : result.batch());
        if (configuration.isResult()) {
            exchange.getMessage().setBody(result);
        }
    }
}
