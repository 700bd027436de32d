package org.caravan.subscription;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.caravan.subscription.payment.PaymentPlugins;
import org.caravan.subscription.payment.PaymentProvider;

/** The payment gateways that plug-ins bring. Nobody changes them by this way. */
public final class PaymentProviders implements Store {
    private static final Entity ENTITY = Entity.keyed(
            "PGProvider",
            "payment_provider",
            "",
            "id",
            List.of(
                    Field.read("id", FieldType.TEXT),
                    Field.read("name", FieldType.TEXT),
                    Field.read("title", FieldType.TEXT),
                    Field.read("description", FieldType.TEXT),
                    Field.read("properties", FieldType.PROPERTIES),
                    Field.read("methods", FieldType.LIST)));

    private final PaymentPlugins plugins;

    public PaymentProviders(PaymentPlugins plugins) {
        this.plugins = plugins;
    }

    @Override
    public Entity entity() {
        return ENTITY;
    }

    @Override
    public List<Entry> list(Scope scope, ListQuery query) {
        return plugins.providers().stream()
                .map(PaymentProviders::entry)
                .filter(entry -> query.filters().stream().allMatch(filter -> filter.matches(entry)))
                .filter(entry -> query.marker() == null || entry.text("id").compareTo(query.marker()) > 0)
                .limit(query.limit())
                .toList();
    }

    private static Entry entry(PaymentProvider provider) {
        ArrayNode methods = JsonNodeFactory.instance.arrayNode();
        for (PaymentProvider.Method method : provider.methods()) {
            ObjectNode one = methods.addObject()
                    .put("id", method.key())
                    .put("name", method.name())
                    .put("title", method.title())
                    .put("description", method.description())
                    .put("type", method.type());
            one.putObject("properties");
        }
        return new Entry()
                .put("id", provider.name())
                .put("name", provider.name())
                .put("title", provider.title())
                .put("description", provider.description())
                .put("properties", JsonNodeFactory.instance.objectNode())
                .put("methods", methods);
    }

    @Override
    public Entry one(Scope scope, String key) {
        return list(scope, ListQuery.first(Integer.MAX_VALUE)).stream()
                .filter(entry -> entry.text("id").equals(key))
                .findFirst()
                .orElseThrow(() -> Refusal.notFound(ENTITY.word()));
    }

    @Override
    public Entry create(Scope scope, Entry given) {
        throw Refusal.of(Refusal.Kind.FORBIDDEN, "Providers come with their plug-ins.");
    }

    @Override
    public Entry update(Scope scope, String key, Entry changes) {
        throw Refusal.of(Refusal.Kind.FORBIDDEN, "Providers come with their plug-ins.");
    }

    @Override
    public void delete(Scope scope, String key) {
        throw Refusal.of(Refusal.Kind.FORBIDDEN, "Providers come with their plug-ins.");
    }
}
