package org.caravan.subscription.payment;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.TreeMap;

/** The payment gateways that there are, by name. */
public final class PaymentPlugins {
    private final Map<String, PaymentPlugin> plugins = new TreeMap<>();

    public PaymentPlugins(List<PaymentPlugin> plugins) {
        plugins.forEach(plugin -> this.plugins.put(plugin.provider().name(), plugin));
    }

    /** The dummy, and what lies on the class path. */
    public static PaymentPlugins found() {
        List<PaymentPlugin> all = new ArrayList<>(List.of(new DummyPlugin()));
        ServiceLoader.load(PaymentPlugin.class).forEach(all::add);
        return new PaymentPlugins(all);
    }

    public List<PaymentProvider> providers() {
        return plugins.values().stream().map(PaymentPlugin::provider).toList();
    }

    public Optional<PaymentPlugin> find(String name) {
        return Optional.ofNullable(plugins.get(name));
    }
}
