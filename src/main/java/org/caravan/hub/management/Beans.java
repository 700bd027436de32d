package org.caravan.hub.management;

import java.time.YearMonth;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
 * first knows them, those of months while they are open; Camel takes all of them away when it stops.
 */
final class Beans {
    private static final Logger LOG = LoggerFactory.getLogger(Beans.class);
    /** More sources or connectors than this get no MBean of their own. */
    private static final int MOST = 100;

    private static final String MONTHS = "months/";

    private final CamelContext context;
    private final Watch watch;
    private final Attention attention;
    private final Commands commands;
    private final SourceRoutes routes;
    private final Map<String, ObjectName> known = new HashMap<>();

    Beans(CamelContext context, Attention attention, Commands commands) {
        this.context = context;
        this.watch = attention.watch();
        this.attention = attention;
        this.commands = commands;
        this.routes = new SourceRoutes(context);
    }

    void register() {
        add("caravan", "hub", new HubBean(attention, commands));
        add("caravan", "ledger", new LedgerBean(watch, commands));
        add("caravan", "months", new MonthsBean(watch, commands));
        add("caravan", "tariff", new TariffBean(watch, commands));
        add("caravan", "quarantine", new QuarantineBean(watch, commands));
        add("caravan", "fan-out", new FanOutBean(watch, commands));
        watch.onLook(this::update);
    }

    private void update(Overview overview) {
        overview.ledger().sources().stream()
                .map(LedgerStatus.Source::name)
                .limit(MOST)
                .forEach(name -> add("sources", name, new SourceBean(watch, routes, commands, name)));
        Stream.concat(
                        attention.surroundings().last().connectors().keySet().stream()
                                .filter(name -> !name.isEmpty()),
                        overview.invoices().connectors().stream().map(InvoiceStatus.Connector::name))
                .distinct()
                .limit(MOST)
                .forEach(name ->
                        add("connectors", name, new ConnectorBean(watch, attention.surroundings(), commands, name)));
        Set<String> open = overview.ledger().months().stream()
                .filter(LedgerStatus.Month::isOpen)
                .limit(MOST)
                .map(month -> month.month().toString())
                .collect(Collectors.toSet());
        open.forEach(month -> add("months", month, new MonthBean(watch, commands, YearMonth.parse(month))));
        known.keySet().stream()
                .filter(key -> key.startsWith(MONTHS) && !open.contains(key.substring(MONTHS.length())))
                .toList()
                .forEach(this::remove);
    }

    private void remove(String key) {
        ObjectName name = known.remove(key);
        try {
            context.getManagementStrategy().getManagementAgent().unregister(name);
        } catch (JMException e) {
            LOG.warn("{} can't be taken from JMX: {}", key, e.getMessage());
        }
    }

    private void add(String type, String name, Object bean) {
        ManagementAgent agent = context.getManagementStrategy().getManagementAgent();
        if (agent == null || known.containsKey(type + "/" + name)) {
            return;
        }
        try {
            ObjectName objectName = new ObjectName(agent.getMBeanObjectDomainName() + ":context="
                    + context.getManagementName() + ",type=" + type + ",name=" + ObjectName.quote(name));
            agent.register(new DescribedBean(bean), objectName);
            known.put(type + "/" + name, objectName);
        } catch (JMException e) {
            LOG.warn("{} {} can't be shown over JMX: {}", type, name, e.getMessage());
        }
    }
}
