package org.caravan.ledger;

import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.support.DefaultEndpoint;

/**
 * Commit rated usage to Caravan's ledger, exactly once.
 */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "caravan-ledger",
        title = "Caravan Ledger",
        syntax = "caravan-ledger:operation",
        producerOnly = true,
        category = {Category.DATABASE},
        headersClass = LedgerConstants.class)
public class LedgerEndpoint extends DefaultEndpoint {
    @UriParam
    private final LedgerConfiguration configuration;

    public LedgerEndpoint(String uri, LedgerComponent component, LedgerConfiguration configuration) {
        super(uri, component);
        this.configuration = configuration;
    }

    @Override
    public Producer createProducer() {
        return new LedgerProducer(this);
    }

    @Override
    public Consumer createConsumer(Processor processor) {
        throw new UnsupportedOperationException("caravan-ledger: no route can start from the ledger's endpoint");
    }

    @Override
    public LedgerComponent getComponent() {
        return (LedgerComponent) super.getComponent();
    }

    public LedgerConfiguration getConfiguration() {
        return configuration;
    }
}
