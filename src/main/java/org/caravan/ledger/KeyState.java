package org.caravan.ledger;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.caravan.metering.Meter;
import org.caravan.metering.UsageJson;
import org.caravan.metering.UsageKey;

/** What the ledger remembers of an interned key: its series, its ids, and its texts as the archive keeps them. */
final class KeyState {
    final Ledger ledger;
    final boolean event;

    /** Canonical JSON of the kept metadata: names in order, so that equal content is equal text. */
    final String metadata;

    /** Hash of {@link #metadata}, never 0 unless there is none. */
    final long metadataHash;

    /** The key as the archive's dictionary keeps it. */
    final byte[] encoded;

    /** The series of the key; trusted only while {@code series.memory.alive}. */
    SeriesState series;

    /** Ids of product and unit; trusted only where {@link #isResolved()}. */
    int product;

    int unit;

    /** Id of {@link #metadata}; the same rule. */
    int metadataId;

    boolean idsKnown;

    // Scratch of the running commit; a stamp says whose.
    long entryStamp;
    int entry;

    /** Of a key as an archive kept it, with its texts exactly as they stand there. */
    KeyState(Ledger ledger, UsageKey key, String metadata, byte[] encoded) {
        this.ledger = ledger;
        this.event = key.meter().identity() == Meter.Identity.EVENT;
        this.metadata = metadata;
        this.metadataHash = key.metadata().isEmpty() ? 0 : hash(metadata);
        this.encoded = encoded;
    }

    /** The state that this ledger keeps at the key, made if it was another ledger's or none. */
    static KeyState of(Ledger ledger, UsageKey key) {
        if (key.ledgerSlot instanceof KeyState state && state.ledger == ledger) {
            return state;
        }
        String metadata = UsageJson.metadata(new TreeMap<>(key.metadata()));
        KeyState state = new KeyState(ledger, key, metadata, ArchiveCodec.encodeKey(key, metadata));
        key.ledgerSlot = state;
        return state;
    }

    /** The fields of the metadata as texts; one without a value is left out. Parsed anew at each call. */
    Map<String, String> fields() {
        Map<String, String> fields = new TreeMap<>();
        UsageJson.readMetadata(metadata).forEach((name, value) -> {
            String text = MetadataText.of(value);
            if (text != null) {
                fields.put(name, text);
            }
        });
        return fields;
    }

    boolean isResolved() {
        return idsKnown && series != null && series.memory.alive;
    }

    /** FNV-1a, 64 bit: a collision costs one missing version of a resource's metadata, never money. */
    static long hash(String text) {
        long hash = 0xcbf29ce484222325L;
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
        }
        return hash == 0 ? 1 : hash;
    }
}
