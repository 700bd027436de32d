package org.caravan.hub.connector.check;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.caravan.common.ConfigNode;
import org.caravan.common.UserError;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.connector.HubConnectors;
import org.caravan.invoice.ConnectorFiles;
import org.caravan.invoice.ConnectorName;
import org.caravan.invoice.FoundDocument;
import org.caravan.invoice.IssuedElsewhere;
import org.caravan.invoice.adapter.AdapterSettings;

/** What a connector is told: addresses of its target, secrets, and what can list its documents. */
final class Told {
    private static final Pattern ADDRESS = Pattern.compile("(https?://)(?:([^/?#@]*)@)?([^/?#@]+)(.*)", Pattern.DOTALL);
    private static final String WRONG = "wrong-";

    private final HubConfig config;
    private final ConnectorFiles.Found found;
    private final Map<String, String> values = new LinkedHashMap<>();
    private final AdapterSettings adapter;

    /**
     * @param found a connector that can be used
     * @param resolve replaces Camel's placeholders in a value
     */
    Told(HubConfig config, ConnectorFiles.Found found, UnaryOperator<String> resolve) {
        this.config = config;
        this.found = found;
        for (ConnectorFiles.Property property : found.properties()) {
            if (property.value() != null) {
                values.put(property.name(), resolve.apply(property.value()));
            }
        }
        this.adapter = isAdapter(found) ? HubConnectors.adapter(config).orElse(null) : null;
    }

    private static boolean isAdapter(ConnectorFiles.Found found) {
        return ConnectorName.of(found.name()).base().equals("adapter");
    }

    /** What the connector is told in a trial, over what the configuration says. */
    record Over(Map<String, String> said, AdapterSettings adapter) {}

    /** All values, those of an adapter's own settings included. */
    List<String> all() {
        List<String> all = new ArrayList<>(values.values());
        if (adapter != null) {
            all.addAll(adapter.config().values());
        }
        return all;
    }

    /** A value, or null. */
    String value(String property) {
        return values.get(property);
    }

    /**
     * As it is told, with another address in the place of each HTTP address.
     *
     * @param instead of scheme and authority
     */
    Over addressed(UnaryOperator<String> instead) {
        return over(Map.of(), value -> {
            Matcher address = ADDRESS.matcher(value);
            if (!address.matches()) {
                return value;
            }
            String stand = instead.apply(address.group(1) + address.group(3));
            return address.group(2) == null
                    ? stand + address.group(4)
                    : stand.replace("://", "://" + address.group(2) + "@") + address.group(4);
        });
    }

    /** As {@link #addressed}, with a wrong one in the place of each secret that is said; empty if none is. */
    Optional<Over> mistaken(UnaryOperator<String> instead) {
        Map<String, String> wrong = new LinkedHashMap<>();
        for (ConnectorFiles.Property property : found.properties()) {
            if (property.secret() && property.said() && property.value() != null) {
                wrong.put(property.name(), WRONG + values.get(property.name()));
            }
        }
        Over over = addressed(instead);
        if (wrong.isEmpty()) {
            return Optional.empty();
        }
        Map<String, String> said = new LinkedHashMap<>(over.said());
        wrong.forEach((property, value) -> said.put(prefix() + property, value));
        return Optional.of(new Over(said, over.adapter()));
    }

    /** As it is told, with some properties otherwise. */
    Over with(Map<String, String> properties) {
        return over(properties, value -> value);
    }

    private Over over(Map<String, String> properties, UnaryOperator<String> change) {
        Map<String, String> said = new LinkedHashMap<>();
        values.forEach((property, value) -> {
            String other = properties.containsKey(property) ? properties.get(property) : change.apply(value);
            if (!other.equals(value)) {
                said.put(prefix() + property, other);
            }
        });
        if (adapter == null) {
            return new Over(said, null);
        }
        Map<String, String> told = new LinkedHashMap<>(adapter.config());
        told.replaceAll((name, value) -> change.apply(value));
        return new Over(said, new AdapterSettings(adapter.object(), told));
    }

    private String prefix() {
        return ConnectorName.of(found.name()).prefix();
    }

    /** What tells which documents the target holds, as the Kamelet's annotation {@code caravan/list} names it. */
    Optional<Listing> listing() {
        ConfigNode annotations =
                ConfigNode.read(found.file(), "connector").require("metadata").get("annotations");
        ConfigNode list = annotations == null ? null : annotations.get("caravan/list");
        if (list == null) {
            return Optional.empty();
        }
        try {
            IssuedElsewhere elsewhere = Class.forName(list.text())
                    .asSubclass(IssuedElsewhere.class)
                    .getDeclaredConstructor()
                    .newInstance();
            return Optional.of((issuer, to) -> elsewhere.list(Map.copyOf(values), issuer, to));
        } catch (ReflectiveOperationException | ClassCastException e) {
            throw new UserError(found.file() + ": '" + list.text() + "' can't list what the connector holds", e);
        }
    }

    /** Lists an issuer's documents. */
    interface Listing {
        void list(String issuer, Consumer<FoundDocument> to) throws Exception;
    }

    /** Where the configuration is, for what a trial makes of it. */
    HubConfig config() {
        return config;
    }
}
