package org.caravan.ledger;

import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.api.management.ManagedAttribute;
import org.apache.camel.api.management.ManagedResource;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.support.DefaultEndpoint;
import org.caravan.common.BatchCounts;

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
@ManagedResource(description = "Commits batches of usage to the ledger, exactly once, before it answers")
public class LedgerEndpoint extends DefaultEndpoint {
    @UriParam
    private final LedgerConfiguration configuration;

    private final BatchCounts counts = new BatchCounts();

    public LedgerEndpoint(String uri, LedgerComponent component, LedgerConfiguration configuration) {
        super(uri, component);
        this.configuration = configuration;
    }

    BatchCounts counts() {
        return counts;
    }

    @ManagedAttribute(description = "What it does with a message: aggregate, position or collect")
    public String getOperation() {
        return configuration.getOperation().name();
    }

    @ManagedAttribute(description = "Batches that went through since it was started, in this process")
    public long getBatches() {
        return counts.batches();
    }

    @ManagedAttribute(description = "Records of these batches")
    public long getRecords() {
        return counts.records();
    }

    @ManagedAttribute(description = "Batches that failed since it was started")
    public long getFailures() {
        return counts.failures();
    }

    @ManagedAttribute(description = "Milliseconds that all batches took together")
    public long getTakenMillis() {
        return counts.taken().toMillis();
    }

    @ManagedAttribute(description = "When the last batch was committed by this process (UTC); null if none was")
    public String getLastCommitAt() {
        return counts.lastAt();
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
