package org.caravan.invoice;

import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.api.management.ManagedAttribute;
import org.apache.camel.api.management.ManagedResource;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.support.ScheduledPollEndpoint;
import org.caravan.common.UserError;

/**
 * Close months, choose connectors for the issued documents and commit them to ERPs.
 */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "caravan-invoice",
        title = "Caravan Invoice",
        syntax = "caravan-invoice:operation",
        category = {Category.WORKFLOW},
        headersClass = InvoiceConstants.class)
@ManagedResource(description = "A step of an issued document on its way to ERPs, or what closes months")
public class InvoiceEndpoint extends ScheduledPollEndpoint {
    @UriParam
    private InvoiceConfiguration configuration;

    public InvoiceEndpoint(String uri, InvoiceComponent component, InvoiceConfiguration configuration) {
        super(uri, component);
        this.configuration = configuration;
        // Documents wait in the database: what is there is taken at once, and as long as there is more.
        setInitialDelay(0);
        setGreedy(true);
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        if (configuration.getOperation() != InvoiceConfiguration.Operation.outbox) {
            throw new UserError(getEndpointUri() + ": can't be read from; from caravan-invoice:outbox");
        }
        getComponent().requireDataSource();
        InvoiceConsumer consumer = new InvoiceConsumer(this, processor);
        configureConsumer(consumer);
        return consumer;
    }

    @Override
    public Producer createProducer() {
        if (configuration.getOperation() == InvoiceConfiguration.Operation.outbox) {
            throw new UserError(getEndpointUri() + ": can't be written to; to caravan-invoice:deliver");
        }
        getComponent().requireDataSource();
        return new InvoiceProducer(this);
    }

    @Override
    public InvoiceComponent getComponent() {
        return (InvoiceComponent) super.getComponent();
    }

    @ManagedAttribute(description = "What it does: outbox, deliver, close or rerate")
    public String getOperation() {
        return configuration.getOperation().name();
    }

    @ManagedAttribute(description = "Which work it takes from the outbox; of no meaning for other operations")
    public String getWork() {
        return String.valueOf(configuration.getKind());
    }

    public InvoiceConfiguration getConfiguration() {
        return configuration;
    }

    public void setConfiguration(InvoiceConfiguration configuration) {
        this.configuration = configuration;
    }
}
