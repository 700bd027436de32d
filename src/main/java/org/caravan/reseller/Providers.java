package org.caravan.reseller;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.caravan.common.ConfigNode;

/**
 * Which datacenters make up which cloud: the one place that says so. A datacenter that nobody described is a cloud of its own
 * name.
 */
public final class Providers {
    private final Map<String, Provider> byId;
    private final Map<String, Provider> byDatacenter = new HashMap<>();

    private Providers(Map<String, Provider> byId) {
        this.byId = byId;
        byId.values().forEach(provider -> provider.datacenters().forEach(name -> byDatacenter.put(name, provider)));
    }

    /** Every datacenter a cloud of its own. */
    public static Providers none() {
        return new Providers(Map.of());
    }

    /** @param node the key {@code providers}, or null where it is left out */
    static Providers read(ConfigNode node) {
        if (node == null) {
            return none();
        }
        Map<String, Provider> byId = new LinkedHashMap<>();
        Map<String, String> taken = new HashMap<>();
        for (ConfigNode one : node.list()) {
            Provider provider = provider(one);
            if (byId.put(provider.id(), provider) != null) {
                throw one.error("provider '" + provider.id() + "' stands here twice; each needs an id of its own");
            }
            for (String datacenter : provider.datacenters()) {
                String other = taken.put(datacenter, provider.id());
                if (other != null) {
                    throw one.error("datacenter '" + datacenter + "' is part of provider '" + other
                            + "' already; leave it out of one of the two");
                }
            }
        }
        taken.forEach((datacenter, id) -> {
            Provider namesake = byId.get(datacenter);
            if (namesake != null && !namesake.id().equals(id)) {
                throw node.error("provider '" + datacenter + "' bears the name of a datacenter of provider '" + id
                        + "'; give it another id");
            }
        });
        return new Providers(byId);
    }

    private static Provider provider(ConfigNode node) {
        String id = named(node.require("id"));
        String name = node.text("name", id);
        List<String> datacenters = new ArrayList<>();
        ConfigNode regions = node.get("datacenters");
        for (String datacenter : regions == null ? List.of(id) : regions.texts()) {
            if (datacenters.contains(datacenter)) {
                throw regions.error("datacenter '" + datacenter + "' stands here twice");
            }
            datacenters.add(datacenter);
        }
        if (datacenters.isEmpty()) {
            throw regions.error("expected at least one datacenter; leave the key out where it is the provider's id");
        }
        Provider provider = new Provider(
                id,
                name,
                datacenters,
                node.text("os_version", null),
                node.text("public_api_url", null),
                node.flag("is_private", false),
                node.text("reseller", null));
        node.noOtherKeys();
        return provider;
    }

    private static String named(ConfigNode node) {
        String text = node.text();
        if (text.isBlank() || text.contains("/")) {
            throw node.error("expected an id without slashes, found '" + text + "'");
        }
        return text;
    }

    /** Those that the file describes, in its order. */
    public Collection<Provider> described() {
        return byId.values();
    }

    /** The cloud that a datacenter is a part of. Never null. */
    public Provider of(String datacenter) {
        Provider provider = byDatacenter.get(datacenter);
        return provider != null ? provider : Provider.of(datacenter);
    }

    /**
     * The cloud with an id.
     *
     * @return null where only the usage can say whether there is one: none that the file describes, and no part of one
     */
    public Provider find(String id) {
        return byId.get(id);
    }

    /** The datacenters whose usage a provider's id stands for; empty if it stands for none. */
    public List<String> datacenters(String id) {
        Provider provider = byId.get(id);
        if (provider != null) {
            return provider.datacenters();
        }
        // one that is a part of another cloud is no cloud by itself
        if (byDatacenter.containsKey(id)) {
            return List.of();
        }
        return id.equals(Provider.NOWHERE) ? List.of("", id) : List.of(id);
    }
}
