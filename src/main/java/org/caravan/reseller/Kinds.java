package org.caravan.reseller;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.caravan.common.ConfigNode;

/**
 * Which kind of resource a meter measures: the one place that says so. What comes along ({@code kinds.yaml} beside this class)
 * names the usual meters of OpenStack; the operator's file adds others, or says otherwise.
 */
public final class Kinds {
    private static final String SHIPPED = "kinds.yaml";
    private static final List<String> FLAVOR = List.of("flavor", "flavor_name", "instance_type");
    private static final List<String> SIZE = List.of("size", "volume_size");
    private static final List<String> STORAGE_TYPE = List.of("storage_type", "volume_type");

    /** What is said of a meter that nobody named. */
    private static final Meter UNKNOWN = new Meter(ResourceKind.OTHERS, null, FLAVOR, SIZE, STORAGE_TYPE);

    private final Map<String, Meter> meters;

    /** Where traffic goes. */
    public enum Direction {
        INGRESS("Ingress"),
        EGRESS("Egress");

        private final String word;

        Direction(String word) {
            this.word = word;
        }

        String word() {
            return word;
        }
    }

    /**
     * A meter.
     *
     * @param direction of network bandwidth, else null
     * @param flavor names of metadata that may hold the flavor, the first that is there counts
     * @param size the same of the size
     * @param storageType the same of the storage type
     */
    record Meter(
            ResourceKind kind, Direction direction, List<String> flavor, List<String> size, List<String> storageType) {}

    private Kinds(Map<String, Meter> meters) {
        this.meters = Map.copyOf(meters);
    }

    /** What comes along. */
    public static Kinds shipped() {
        return read(null);
    }

    /** @param node the key {@code kinds}, or null where it is left out */
    static Kinds read(ConfigNode node) {
        Map<String, Meter> meters = new HashMap<>();
        add(meters, ConfigNode.parse(shippedText(), SHIPPED, "kinds"));
        if (node != null) {
            add(meters, node);
        }
        return new Kinds(meters);
    }

    private static String shippedText() {
        try (InputStream in = Kinds.class.getResourceAsStream(SHIPPED)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(SHIPPED + " of this jar can't be read", e);
        }
    }

    private static void add(Map<String, Meter> meters, ConfigNode node) {
        node.entries().forEach((meter, said) -> meters.put(meter, meter(said)));
    }

    private static Meter meter(ConfigNode node) {
        if (!node.isMap()) {
            return new Meter(kind(node), null, FLAVOR, SIZE, STORAGE_TYPE);
        }
        Meter meter = new Meter(
                kind(node.require("kind")),
                direction(node.get("direction")),
                names(node, "flavor", FLAVOR),
                names(node, "size", SIZE),
                names(node, "storage_type", STORAGE_TYPE));
        if (meter.direction() != null && meter.kind() != ResourceKind.NETWORK_BANDWIDTH) {
            throw node.error("only " + ResourceKind.NETWORK_BANDWIDTH.key() + " has a direction");
        }
        node.noOtherKeys();
        return meter;
    }

    private static ResourceKind kind(ConfigNode node) {
        List<String> keys =
                Arrays.stream(ResourceKind.values()).map(ResourceKind::key).toList();
        return ResourceKind.of(node.oneOf(keys.toArray(new String[0]))).orElseThrow();
    }

    private static Direction direction(ConfigNode node) {
        return node == null
                ? null
                : node.oneOf("ingress", "egress").equals("ingress") ? Direction.INGRESS : Direction.EGRESS;
    }

    private static List<String> names(ConfigNode node, String key, List<String> otherwise) {
        ConfigNode names = node.get(key);
        return names == null ? otherwise : new ArrayList<>(names.texts());
    }

    /** What is said of a meter; of a product where nothing is said of the meter, as a plan may sell by other names. */
    Meter of(String meter, String product) {
        Meter known = meters.get(meter);
        return known != null ? known : meters.getOrDefault(product, UNKNOWN);
    }
}
