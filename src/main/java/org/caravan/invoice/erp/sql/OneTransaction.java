package org.caravan.invoice.erp.sql;

import javax.sql.DataSource;
import org.apache.camel.AsyncCallback;
import org.apache.camel.AsyncProcessor;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.spi.Policy;
import org.apache.camel.support.AsyncProcessorConverterHelper;
import org.apache.camel.support.processor.DelegateAsyncProcessor;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Camel's {@code policy} step as one transaction: what the steps within write by camel-sql with this data source is there
 * together, or, after any error, not at all.
 */
public final class OneTransaction implements Policy {
    private TransactionTemplate template;

    /** The one that the steps within use, too. */
    public void setDataSource(DataSource dataSource) {
        this.template = new TransactionTemplate(new DataSourceTransactionManager(dataSource));
    }

    @Override
    public void beforeWrap(Route route, NamedNode definition) {}

    @Override
    public Processor wrap(Route route, Processor steps) {
        return new Within(AsyncProcessorConverterHelper.convert(steps));
    }

    private final class Within extends DelegateAsyncProcessor {
        Within(AsyncProcessor steps) {
            super(steps);
        }

        /** In this thread, as the connection is the thread's. */
        @Override
        public boolean process(Exchange exchange, AsyncCallback callback) {
            exchange.getUnitOfWork().beginTransactedBy(OneTransaction.this);
            try {
                template.executeWithoutResult(status -> {
                    try {
                        getProcessor().process(exchange);
                    } catch (Exception e) {
                        exchange.setException(e);
                    }
                    if (exchange.getException() != null || exchange.isRollbackOnly()) {
                        status.setRollbackOnly();
                    }
                });
            } catch (RuntimeException e) {
                // begin, commit or rollback themselves; the steps' own error says more
                if (exchange.getException() == null) {
                    exchange.setException(e);
                }
            } finally {
                exchange.getUnitOfWork().endTransactedBy(OneTransaction.this);
            }
            callback.done(true);
            return true;
        }
    }
}
