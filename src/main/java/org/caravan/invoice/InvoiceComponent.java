package org.caravan.invoice;

import java.time.Clock;
import java.util.Map;
import javax.sql.DataSource;
import org.apache.camel.Endpoint;
import org.apache.camel.api.management.ManagedAttribute;
import org.apache.camel.api.management.ManagedResource;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;
import org.caravan.common.UserError;
import org.caravan.invoice.document.AccountProfiles;
import org.caravan.invoice.document.Accounts;
import org.caravan.invoice.rerate.Rerating;
import org.caravan.ledger.LedgerSchema;

/**
 * Closes months, fans issued documents out and delivers them. Needs a {@link DataSource} with the ledger's schema in the
 * registry; everything else has a default.
 */
@Component("caravan-invoice")
@ManagedResource(description = "Closes months, fans issued documents out and delivers them")
public class InvoiceComponent extends DefaultComponent {
    @Metadata(
            label = "advanced",
            autowired = true,
            description = "The ledger's database. Should be pooled, with at least" + " two connections per route")
    private DataSource dataSource;

    @Metadata(
            label = "advanced",
            autowired = true,
            description = "Where now comes from. Default: the system's clock, UTC")
    private Clock clock;

    @Metadata(
            label = "advanced",
            autowired = true,
            description = "How accounts are billed. Default: every tenant is an account of its own, billed plainly")
    private Accounts profiles;

    @Metadata(label = "advanced", autowired = true, description = "Limits of fan-out and delivery")
    private DeliverySettings deliverySettings;

    @Metadata(
            label = "advanced",
            autowired = true,
            description = "What closes months. Default: one made from the ledger's"
                    + " own identity and the account profiles")
    private Closer closer;

    @Metadata(
            label = "advanced",
            autowired = true,
            description = "What re-rates usage of open months; needed by caravan-invoice:rerate alone")
    private Rerating rerating;

    @Metadata(
            defaultValue = "file:connectors,classpath:connectors",
            description =
                    "Where connectors (NAME-sink.kamelet.yaml) are looked for, first match wins. A ConnectorInfo bean"
                            + " in the registry declares a connector that is no Kamelet")
    private String connectorLocations = "file:connectors,classpath:connectors";

    @Metadata(
            description =
                    "Names of connectors that are one of several targets of a Kamelet (http/acme,http/zen). Without it"
                            + " every target is taken; with it another one is refused as a slip of the pen")
    private volatile String connectorTargets;

    private ConnectorCatalog catalog;

    private final ConnectorGate gate = new ConnectorGate(this::isMade);

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        InvoiceConfiguration configuration = new InvoiceConfiguration();
        configuration.setOperation(operation(uri, remaining));
        InvoiceEndpoint endpoint = new InvoiceEndpoint(uri, this, configuration);
        setProperties(endpoint, parameters);
        return endpoint;
    }

    private static InvoiceConfiguration.Operation operation(String uri, String name) {
        for (InvoiceConfiguration.Operation operation : InvoiceConfiguration.Operation.values()) {
            if (operation.name().equals(name)) {
                return operation;
            }
        }
        throw new UserError(uri + ": no operation '" + name
                + "'; use caravan-invoice:outbox, caravan-invoice:deliver, caravan-invoice:close or"
                + " caravan-invoice:rerate");
    }

    // Defaults are not stored: Camel autowires only what is still null, and does so after it has started the component.

    Clock clock() {
        return clock != null ? clock : Clock.systemUTC();
    }

    Accounts profiles() {
        return profiles != null ? profiles : AccountProfiles.none();
    }

    DeliverySettings deliverySettings() {
        return deliverySettings != null ? deliverySettings : DeliverySettings.defaults();
    }

    /** Who may call a connector now. */
    ConnectorGate gate() {
        return gate;
    }

    /**
     * Does something to a Kamelet while nobody calls it, and reads it anew afterwards.
     *
     * @param kamelet its name, {@code http-sink}
     * @param waitMillis longest wait for the calls that run
     * @return false if calls still ran after the wait: then nothing was done
     */
    public boolean replaceConnector(String kamelet, long waitMillis, Runnable replace) throws InterruptedException {
        return gate.shut(kamelet, waitMillis, () -> {
            try {
                replace.run();
            } finally {
                catalog().forget(kamelet);
            }
        });
    }

    private boolean isMade(ConnectorName connector) {
        return getCamelContext().getEndpoints().stream()
                .anyMatch(endpoint -> connector.isCalledBy(endpoint.getEndpointUri()));
    }

    synchronized ConnectorCatalog catalog() {
        if (catalog == null) {
            catalog = new ConnectorCatalog(getCamelContext(), connectorLocations, this::getConnectorTargets, gate);
        }
        return catalog;
    }

    /** The database, or an error that says how to name one. */
    DataSource requireDataSource() {
        if (dataSource == null) {
            throw new UserError(
                    "caravan-invoice has no database; bind one javax.sql.DataSource in the registry, or name one"
                            + " with camel.component.caravan-invoice.data-source");
        }
        return dataSource;
    }

    /** The closer in use; made when first needed, as a new ledger has no identity before its first usage. */
    synchronized Closer requireCloser() {
        if (closer == null) {
            LedgerSchema.Identity identity = LedgerSchema.find(requireDataSource());
            if (identity == null) {
                throw new UserError(
                        "nothing can be closed: the ledger has no issuer and currency yet; ingest usage first");
            }
            closer = new Closer(requireDataSource(), identity, profiles(), Map.of(), CloseSettings.defaults(), clock());
        }
        return closer;
    }

    /** What re-rates, or an error that says how to name it. */
    Rerating requireRerating() {
        if (rerating == null) {
            throw new UserError("caravan-invoice:rerate has nothing that re-rates; bind one " + Rerating.class.getName()
                    + " in the registry");
        }
        return rerating;
    }

    public DataSource getDataSource() {
        return dataSource;
    }

    public void setDataSource(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    public Clock getClock() {
        return clock;
    }

    public void setClock(Clock clock) {
        this.clock = clock;
    }

    public Accounts getProfiles() {
        return profiles;
    }

    public void setProfiles(Accounts profiles) {
        this.profiles = profiles;
    }

    public DeliverySettings getDeliverySettings() {
        return deliverySettings;
    }

    public void setDeliverySettings(DeliverySettings deliverySettings) {
        this.deliverySettings = deliverySettings;
    }

    public Closer getCloser() {
        return closer;
    }

    public void setCloser(Closer closer) {
        this.closer = closer;
    }

    public Rerating getRerating() {
        return rerating;
    }

    public void setRerating(Rerating rerating) {
        this.rerating = rerating;
    }

    @ManagedAttribute(description = "Where connectors are looked for; the first match wins")
    public String getConnectorLocations() {
        return connectorLocations;
    }

    public void setConnectorLocations(String connectorLocations) {
        this.connectorLocations = connectorLocations;
    }

    @ManagedAttribute(
            description = "Connectors that are one of several targets of a Kamelet; null or a comma if none is")
    public String getConnectorTargets() {
        return connectorTargets;
    }

    public void setConnectorTargets(String connectorTargets) {
        this.connectorTargets = connectorTargets;
    }
}
