package org.caravan.api.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is known of tokens, each for a while. Holds digests, not tokens. The one that was not asked for longest goes first
 * where there are too many.
 */
final class TokenCache<T> {
    private final Clock clock;
    private final Map<String, Entry<T>> entries;

    private record Entry<T>(T value, Instant until) {}

    TokenCache(int maxEntries, Clock clock) {
        this.clock = clock;
        this.entries = new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Entry<T>> eldest) {
                return size() > maxEntries;
            }
        };
    }

    /** What is known of it now, or null. */
    synchronized T get(String token) {
        String key = digest(token);
        Entry<T> entry = entries.get(key);
        if (entry == null) {
            return null;
        }
        if (!clock.instant().isBefore(entry.until())) {
            entries.remove(key);
            return null;
        }
        return entry.value();
    }

    synchronized void put(String token, T value, Instant until) {
        if (clock.instant().isBefore(until)) {
            entries.put(digest(token), new Entry<>(value, until));
        }
    }

    synchronized int size() {
        return entries.size();
    }

    private static String digest(String token) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
