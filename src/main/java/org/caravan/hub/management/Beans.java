package org.caravan.hub.management;

import java.util.HashMap;
import java.util.Map;
import javax.management.JMException;
import javax.management.ObjectName;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.ManagementAgent;
import org.caravan.invoice.InvoiceStatus;
import org.caravan.ledger.LedgerStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Registers the hub's MBeans with Camel's own agent, beside routes and endpoints:
 * {@code org.apache.camel:context=caravan,type=sources,name="files"}. Those of sources and connectors appear when the ledger
 * first knows them; Camel takes all of them away when it stops.
 */
final class Beans {
    private static final Logger LOG = LoggerFactory.getLogger(Beans.class);
    /** More sources or connectors than this get no MBean of their own. */
    private static final int MOST = 100;

    private final CamelContext context;
    private final Watch watch;
    private final Limits limits;
    private final Map<String, ObjectName> known = new HashMap<>();

    Beans(CamelContext context, Watch watch, Limits limits) {
        this.context = context;
        this.watch = watch;
        this.limits = limits;
    }

    void register() {
        add("caravan", "hub", new HubBean(watch, limits));
        add("caravan", "ledger", new LedgerBean(watch));
        add("caravan", "months", new MonthsBean(watch));
        add("caravan", "quarantine", new QuarantineBean(watch));
        add("caravan", "fan-out", new FanOutBean(watch));
        watch.onLook(this::update);
    }

    private void update(Overview overview) {
        overview.ledger().sources().stream()
                .map(LedgerStatus.Source::name)
                .limit(MOST)
                .forEach(name -> add("sources", name, new SourceBean(watch, name)));
        overview.invoices().connectors().stream()
                .map(InvoiceStatus.Connector::name)
                .limit(MOST)
                .forEach(name -> add("connectors", name, new ConnectorBean(watch, name)));
    }

    private void add(String type, String name, Object bean) {
        ManagementAgent agent = context.getManagementStrategy().getManagementAgent();
        if (agent == null || known.containsKey(type + "/" + name)) {
            return;
        }
        try {
            ObjectName objectName = new ObjectName(agent.getMBeanObjectDomainName() + ":context="
                    + context.getManagementName() + ",type=" + type + ",name=" + ObjectName.quote(name));
            agent.register(bean, objectName);
            known.put(type + "/" + name, objectName);
        } catch (JMException e) {
            LOG.warn("{} {} can't be shown over JMX: {}", type, name, e.getMessage());
        }
    }
}
