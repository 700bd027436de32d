package org.caravan.ledger;

import java.sql.SQLException;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.support.DefaultProducer;
import org.caravan.common.BatchCounts;
import org.caravan.metering.CaravanHeaders;
import org.caravan.metering.UsageBatch;
import org.caravan.metering.sample.SampleBatch;

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
        switch (configuration.getOperation()) {
            case position -> position(exchange.getMessage());
            case collect -> collect(exchange);
            default -> aggregate(exchange);
        }
    }

    private void collect(Exchange exchange) throws SQLException {
        Message message = exchange.getMessage();
        SampleStore samples = exchange.getContext().getRegistry().findSingleByType(SampleStore.class);
        if (samples == null || !(message.getBody() instanceof SampleBatch batch)) {
            throw new IllegalArgumentException(
                    samples == null
                            ? "caravan-ledger:collect: nothing keeps samples; bind a " + SampleStore.class.getName()
                            : "caravan-ledger:collect: the body is no batch of samples; unmarshal it with"
                                    + " caravan-ceilometer before");
        }
        SampleResult result = samples.collect(message.getHeader(CaravanHeaders.SOURCE, "samples", String.class), batch);
        if (configuration.isResult()) {
            message.setBody(result);
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
        BatchCounts counts = ((LedgerEndpoint) getEndpoint()).counts();
        long begun = System.nanoTime();
        CommitResult result;
        try {
            result = ledger.commit(batch, exchange.getProperty(LedgerConstants.COMPANION, Companion.class));
        } catch (SQLException | RuntimeException e) {
            counts.failed();
            throw e;
        }
        counts.done(batch.size(), System.nanoTime() - begun, ledger.now());
        exchange.getMessage().setHeader(LedgerConstants.BATCH, result == null ? 0 : result.batch());
        if (configuration.isResult()) {
            exchange.getMessage().setBody(result);
        }
    }
}
