package org.caravan.reseller;

import java.util.Arrays;
import java.util.Optional;

/** The kinds of resources that the contract knows, and one for whatever is none of these: nothing billed is left out. */
public enum ResourceKind {
    SERVERS("servers", "server", "hour"),
    FLOATING_IPS("floating_ips", "floatingip", "hour"),
    VOLUMES("volumes", "volume", "GB-hour"),
    VOLUME_SNAPSHOTS("volume_snapshots", "volumesnapshot", "GiB-hour"),
    SERVER_SNAPSHOTS("server_snapshots", "serversnapshot", "hour"),
    IMAGES("images", "image", "GiB-hour"),
    LOAD_BALANCERS("load_balancers", "loadbalancer", "hour"),
    LOAD_BALANCERS_BANDWIDTH("load_balancers_bandwidth", "loadbalancer_bandwidth", "hour"),
    NETWORK_BANDWIDTH("network_bandwidth", "network_bandwidth", "hour"),
    DNS_ZONES("dns_zones", "zone", "hour"),
    OBJECT_STORAGE("object_storage", "object_storage", "GiB/hour"),
    OTHERS("others", "other", "");

    private final String key;
    private final String type;
    private final String unit;

    ResourceKind(String key, String type, String unit) {
        this.key = key;
        this.type = type;
        this.unit = unit;
    }

    /** What it is called among the resources of a project. */
    public String key() {
        return key;
    }

    /** What it is called in an invoice. */
    public String type() {
        return type;
    }

    /** Unit where the product names none. */
    public String unit() {
        return unit;
    }

    /** True if how much there is of it is part of what it is. */
    public boolean isSized() {
        return switch (this) {
            case VOLUMES, VOLUME_SNAPSHOTS, SERVER_SNAPSHOTS, IMAGES -> true;
            default -> false;
        };
    }

    /** Unit of its size. */
    String sizeUnit() {
        return this == VOLUMES ? "GB" : "GiB";
    }

    /** True if what was transferred is shown among a project's resources. */
    public boolean isBandwidth() {
        return this == LOAD_BALANCERS_BANDWIDTH || this == NETWORK_BANDWIDTH;
    }

    static Optional<ResourceKind> of(String key) {
        return Arrays.stream(values()).filter(kind -> kind.key.equals(key)).findFirst();
    }
}
