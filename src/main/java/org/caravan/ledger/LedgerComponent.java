package org.caravan.ledger;

import java.time.Clock;
import java.util.Map;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.api.management.ManagedAttribute;
import org.apache.camel.api.management.ManagedResource;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;

/** Keeps usage in the ledger: the aggregator keyed by tenant and month. */
@Component("caravan-ledger")
@ManagedResource(description = "Keeps usage in the ledger: the aggregator keyed by tenant and month")
public class LedgerComponent extends DefaultComponent {
    @Metadata(
            autowired = true,
            description =
                    "The ledger to write to. If none is given or bound in the registry, one is made on the data source.")
    private Ledger ledger;

    @Metadata(autowired = true, description = "The PostgreSQL database of the ledger.")
    private DataSource dataSource;

    @Metadata(
            defaultValue = "true",
            description =
                    "Whether the component brings the database to the ledger's schema when it starts. Needs Flyway.")
    private boolean migrate = true;

    @Metadata(
            description =
                    "The one rating currency (ISO 4217) that a new ledger is begun with; an existing ledger must have it.")
    private String currency;

    public LedgerComponent() {}

    public LedgerComponent(CamelContext context) {
        super(context);
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        LedgerConfiguration configuration = new LedgerConfiguration();
        configuration.setOperation(LedgerOperation.valueOf(remaining));
        LedgerEndpoint endpoint = new LedgerEndpoint(uri, this, configuration);
        setProperties(endpoint, parameters);
        return endpoint;
    }

    /** The ledger that all endpoints of this component write to; made on first use where none was given. */
    synchronized Ledger openLedger() {
        if (ledger == null) {
            if (dataSource == null) {
                throw new IllegalArgumentException(
                        "caravan-ledger: no database; bind a javax.sql.DataSource in the registry");
            }
            if (migrate) {
                LedgerSchema.migrate(dataSource);
                LedgerSchema.identify(dataSource, null, currency, false);
            }
            Clock clock = getCamelContext().getRegistry().findSingleByType(Clock.class);
            LedgerSettings settings = getCamelContext().getRegistry().findSingleByType(LedgerSettings.class);
            ledger = new Ledger(
                    dataSource,
                    settings != null ? settings : LedgerSettings.defaults(),
                    clock != null ? clock : Clock.systemUTC());
        }
        return ledger;
    }

    public Ledger getLedger() {
        return ledger;
    }

    public void setLedger(Ledger ledger) {
        this.ledger = ledger;
    }

    public DataSource getDataSource() {
        return dataSource;
    }

    public void setDataSource(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    @ManagedAttribute(description = "True once an endpoint of it has a ledger to write to")
    public synchronized boolean isOpen() {
        return ledger != null;
    }

    @ManagedAttribute(description = "Whether it brings the database to the ledger's schema when it starts")
    public boolean isMigrate() {
        return migrate;
    }

    public void setMigrate(boolean migrate) {
        this.migrate = migrate;
    }

    @ManagedAttribute(description = "Currency that a new ledger is begun with; null if none is said here")
    public String getCurrency() {
        return currency;
    }

    public void setCurrency(String currency) {
        this.currency = currency;
    }
}
