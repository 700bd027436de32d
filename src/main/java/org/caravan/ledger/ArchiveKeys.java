package org.caravan.ledger;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.caravan.metering.Meter;
import org.caravan.metering.UsageJson;
import org.caravan.metering.UsageKey;

/**
 * The keys of decoded archives, each text once: the batches of a month repeat the same keys, and making one costs more
 * than comparing a hundred records.
 */
final class ArchiveKeys {
    /** Estimated heap of a key beside its bytes. */
    private static final long BYTES_PER_KEY = 800;

    private final Ledger ledger;
    private final long maxBytes;
    private final Function<String, List<String>> pricing;
    private final Map<ByteBuffer, UsageKey> keys = new HashMap<>();
    private long bytes;

    ArchiveKeys(Ledger ledger, long maxBytes) {
        this(ledger, maxBytes, meter -> List.of("hashmap"));
    }

    /** @param pricing what prices a meter by its name, where decoded records are to be rated */
    ArchiveKeys(Ledger ledger, long maxBytes, Function<String, List<String>> pricing) {
        this.ledger = ledger;
        this.maxBytes = maxBytes;
        this.pricing = pricing;
    }

    /** Reads a key as {@link ArchiveCodec#encodeKey} wrote it. */
    UsageKey read(ByteReader in) {
        int start = in.at;
        for (int i = 0; i < 5; i++) {
            skipText(in);
        }
        in.varint();
        for (int i = 0; i < 4; i++) {
            skipText(in);
        }
        UsageKey known = keys.get(ByteBuffer.wrap(in.bytes, start, in.at - start));
        return known != null ? known : make(Arrays.copyOfRange(in.bytes, start, in.at));
    }

    private static void skipText(ByteReader in) {
        int count = in.count();
        if (count > in.bytes.length - in.at) {
            throw new IllegalStateException("archive: a text ends beyond it");
        }
        in.at += count;
    }

    private UsageKey make(byte[] encoded) {
        UsageKey key = decode(encoded);
        long cost = BYTES_PER_KEY + 2L * encoded.length;
        if (bytes + cost > maxBytes) {
            keys.clear();
            bytes = 0;
        }
        bytes += cost;
        keys.put(ByteBuffer.wrap(encoded), key);
        return key;
    }

    private UsageKey decode(byte[] encoded) {
        ByteReader in = new ByteReader(encoded);
        String realm = in.text();
        String tenant = in.text();
        String datacenter = in.text();
        String resource = in.text();
        String meter = in.text();
        Meter.Identity kind = Meter.Identity.values()[in.count()];
        String unit = in.text();
        String product = in.text();
        String identity = in.text();
        String json = in.text();
        Map<String, Object> metadata = UsageJson.readMetadata(json);
        Meter archived = new Meter(
                meter,
                false,
                null,
                null,
                unit,
                null,
                false,
                metadata.isEmpty() ? null : Set.copyOf(metadata.keySet()),
                kind,
                List.of(),
                resource.isEmpty(),
                pricing.apply(meter));
        UsageKey key = new UsageKey(realm, tenant, datacenter, resource, archived, unit, metadata, product, identity);
        key.ledgerSlot = new KeyState(ledger, key, json, encoded);
        return key;
    }
}
