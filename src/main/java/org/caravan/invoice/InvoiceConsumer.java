package org.caravan.invoice;

import java.sql.SQLException;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.support.ScheduledPollConsumer;
import org.caravan.common.LostConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes documents from the outbox and gives them to the route. */
public class InvoiceConsumer extends ScheduledPollConsumer {
    private static final Logger LOG = LoggerFactory.getLogger(InvoiceConsumer.class);

    private final InvoiceEndpoint endpoint;

    /** Unique among all consumers of all hubs, and telling which process it was. */
    private final String owner = ProcessHandle.current().pid() + "-" + UUID.randomUUID();

    /** Held while a round runs. */
    private final ReentrantLock working = new ReentrantLock();

    private Poll poll;

    /** True after a round that lost the database, and with it perhaps the word that gives its leases back. */
    private boolean cutOff;

    /** One round of a kind of work. */
    interface Poll {
        /**
         * Does what is due now.
         *
         * @return documents handled; with more than none the next round follows at once
         */
        int run() throws Exception;

        /** Begins; nothing runs before. */
        default void start() {}

        /**
         * Ends, when no further round runs.
         *
         * @param waitMillis longest wait for what was begun in a round
         * @return false if something still runs after the wait
         */
        default boolean stop(long waitMillis) throws InterruptedException {
            return true;
        }
        /** Lets go of what a round holds still that lost the database: nothing of it is at work any more. */
        void letGo() throws SQLException;
    }

    public InvoiceConsumer(InvoiceEndpoint endpoint, Processor processor) {
        super(endpoint, processor);
        this.endpoint = endpoint;
    }

    @Override
    protected void doInit() throws Exception {
        super.doInit();
        poll = endpoint.getConfiguration().getKind() == InvoiceConfiguration.Kind.FAN_OUT
                ? new FanOutPoll(this, owner)
                : new DeliveryPoll(this, owner);
    }

    @Override
    protected void doStart() throws Exception {
        poll.start();
        super.doStart();
    }

    @Override
    protected int poll() throws Exception {
        working.lock();
        try {
            if (cutOff) {
                poll.letGo();
                cutOff = false;
            }
            return poll.run();
        } catch (SQLException e) {
            cutOff |= LostConnection.is(e);
            throw e;
        } finally {
            working.unlock();
        }
    }

    /**
     * Lets the round come to its end. Camel's graceful shutdown waits for exchanges, but between two of them, and while an
     * outcome is being kept, none is in flight; an attempt that was cut off there would be in doubt.
     */
    @Override
    protected void doStop() throws Exception {
        if (poll == null) {
            // Camel also stops what it never started
            super.doStop();
            return;
        }
        var shutdown = endpoint.getCamelContext().getShutdownStrategy();
        boolean ended = working.tryLock(shutdown.getTimeout(), shutdown.getTimeUnit());
        if (ended) {
            working.unlock();
            ended = poll.stop(shutdown.getTimeUnit().toMillis(shutdown.getTimeout()));
        }
        if (!ended) {
            LOG.warn(
                    "{}: still at work after {} {}; its lease tells the next hub",
                    endpoint.getEndpointUri(),
                    shutdown.getTimeout(),
                    shutdown.getTimeUnit());
        }
        super.doStop();
    }

    @Override
    public InvoiceEndpoint getEndpoint() {
        return endpoint;
    }

    /** True as long as another document may be begun. */
    boolean mayGoOn() {
        return isPollAllowed() && !endpoint.getCamelContext().isStopping();
    }

    /** Keeps calls out of a connector while it is replaced. */
    ConnectorGate gate() {
        return endpoint.getComponent().gate();
    }

    /** A new exchange that says nothing of a document. */
    Exchange newExchange() {
        return createExchange(false);
    }

    /** A new exchange with a document's head in its headers. */
    Exchange newExchange(IssuedDocument document) {
        Exchange exchange = createExchange(false);
        var message = exchange.getIn();
        message.setHeader(InvoiceConstants.INVOICE_KEY, document.key());
        message.setHeader(InvoiceConstants.INVOICE_NUMBER, document.number());
        message.setHeader(InvoiceConstants.INVOICE_KIND, document.kind());
        message.setHeader(InvoiceConstants.ACCOUNT, document.account());
        message.setHeader(InvoiceConstants.MONTH, document.month().toString());
        message.setHeader(InvoiceConstants.TOTAL, document.total());
        message.setHeader(InvoiceConstants.CURRENCY, document.currency());
        message.setHeader(InvoiceConstants.PROFORMA, document.proforma());
        return exchange;
    }

    /**
     * Runs the route to its end, whatever thread its steps take.
     *
     * @return what went wrong, or null
     */
    Throwable runRoute(Exchange exchange) {
        try {
            getProcessor().process(exchange);
        } catch (Exception e) {
            exchange.setException(e);
        }
        if (exchange.getException() == null && exchange.isRollbackOnly()) {
            return new IllegalStateException("the route marked the exchange for rollback");
        }
        return exchange.getException();
    }

    void release(Exchange exchange) {
        releaseExchange(exchange, false);
    }
}
