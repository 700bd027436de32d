package org.caravan.metering;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Everything in a usage record that repeats from one record to the next, interned by the reader: rating and ledger look
 * a record's texts up once per key instead of once per record.
 */
public final class UsageKey {
    /** Buckets of the ledger; a tenant's bucket never changes (Kafka's default partitioner modulo this). */
    public static final int BUCKETS = 1024;

    /** The realm of records that name none. */
    public static final String DEFAULT_REALM = "default";

    private final String realm;
    private final String tenant;
    private final String datacenter;
    private final String resource;
    private final Meter meter;
    private final String unit;
    private final Map<String, Object> metadata;
    private final String product;
    private final String identity;
    private final int bucket;

    /**
     * What the rating stage remembers of this key. Only the thread that rates the batch touches it; the holder must
     * check that the remembered thing is its own, as a batch may meet several raters.
     */
    public Object ratingSlot;

    /** What the ledger's commit stage remembers of this key; the same rule as {@link #ratingSlot}. */
    public Object ledgerSlot;

    /** A guess where the key stands in the batch that is being filled; the batch checks it against its own list. */
    int listedAt;

    /**
     * @param tenant null only where a tariff is tried; such a record can't be committed
     * @param unit billed unit
     * @param metadata kept metadata in a stable order; values String, BigInteger, Boolean, {@link JsonFloat} or null
     * @param product resolved product name
     * @param identity values of the meter's {@code identity.by} fields, joined with U+001F; {@code ""} if none
     */
    public UsageKey(
            String realm,
            String tenant,
            String datacenter,
            String resource,
            Meter meter,
            String unit,
            Map<String, Object> metadata,
            String product,
            String identity) {
        this.realm = Objects.requireNonNull(realm, "realm");
        this.tenant = tenant;
        this.datacenter = Objects.requireNonNull(datacenter, "datacenter");
        this.resource = Objects.requireNonNull(resource, "resource");
        this.meter = Objects.requireNonNull(meter, "meter");
        this.unit = Objects.requireNonNull(unit, "unit");
        this.metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
        this.product = Objects.requireNonNull(product, "product");
        this.identity = Objects.requireNonNull(identity, "identity");
        this.bucket = tenant == null ? 0 : bucketOf(tenant);
    }

    public String realm() {
        return realm;
    }

    public String tenant() {
        return tenant;
    }

    public String datacenter() {
        return datacenter;
    }

    public String resource() {
        return resource;
    }

    public Meter meter() {
        return meter;
    }

    public String unit() {
        return unit;
    }

    public Map<String, Object> metadata() {
        return metadata;
    }

    public String product() {
        return product;
    }

    public String identity() {
        return identity;
    }

    public int bucket() {
        return bucket;
    }

    /** The bucket of a tenant: toPositive(murmur2(UTF-8 bytes)) % {@link #BUCKETS}, as Kafka partitions its keys. */
    public static int bucketOf(String tenant) {
        return (murmur2(tenant.getBytes(StandardCharsets.UTF_8)) & 0x7fffffff) % BUCKETS;
    }

    /** MurmurHash2, 32 bit, with the seed that Kafka's default partitioner uses. */
    static int murmur2(byte[] data) {
        int m = 0x5bd1e995;
        int h = 0x9747b28c ^ data.length;
        int words = data.length / 4;
        for (int i = 0; i < words; i++) {
            int at = i * 4;
            int k = (data[at] & 0xff)
                    | (data[at + 1] & 0xff) << 8
                    | (data[at + 2] & 0xff) << 16
                    | (data[at + 3] & 0xff) << 24;
            k *= m;
            k ^= k >>> 24;
            k *= m;
            h *= m;
            h ^= k;
        }
        int tail = words * 4;
        switch (data.length & 3) {
            case 3:
                h ^= (data[tail + 2] & 0xff) << 16;
                h ^= (data[tail + 1] & 0xff) << 8;
                h ^= data[tail] & 0xff;
                h *= m;
                break;
            case 2:
                h ^= (data[tail + 1] & 0xff) << 8;
                h ^= data[tail] & 0xff;
                h *= m;
                break;
            case 1:
                h ^= data[tail] & 0xff;
                h *= m;
                break;
            default:
                break;
        }
        h ^= h >>> 13;
        h *= m;
        h ^= h >>> 15;
        return h;
    }

    @Override
    public String toString() {
        return "UsageKey[" + tenant + " " + datacenter + " " + resource + " " + meter.name() + " " + metadata + "]";
    }
}
