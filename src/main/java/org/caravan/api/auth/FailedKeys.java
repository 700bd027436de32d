package org.caravan.api.auth;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.caravan.api.http.ApiError;

/**
 * Counts wrong keys and tokens per address, so that nobody can try them by the thousand. One for all contracts of a hub: who is
 * refused by one is refused by the others, too. Of IPv6 an address is its network of 64 bits, all of which one person may have.
 */
public final class FailedKeys {
    /** Wrong keys in a minute where nothing else is said. */
    public static final int DEFAULT_MOST = 20;

    private static final Duration WINDOW = Duration.ofMinutes(1);
    private static final int MAX_ADDRESSES = 10_000;
    private static final int NETWORK_BYTES = 8;

    private final Clock clock;
    private final int most;

    /** The address that is longest here goes first where there are too many. */
    private final Map<String, Window> windows = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Window> eldest) {
            return size() > MAX_ADDRESSES;
        }
    };

    private record Window(Instant end, int failed) {}

    FailedKeys(Clock clock) {
        this(clock, DEFAULT_MOST);
    }

    /** @param most wrong keys of an address in a minute */
    public FailedKeys(Clock clock, int most) {
        this.clock = clock;
        this.most = most;
    }

    /** @throws ApiError 429 if this address has to wait */
    void refuseTooMany(String address) {
        if (isTooMany(address)) {
            throw new ApiError(429, "Too many wrong keys; try again in a minute.");
        }
    }

    private synchronized boolean isTooMany(String address) {
        Window window = windows.get(network(address));
        return window != null && window.failed() >= most && clock.instant().isBefore(window.end());
    }

    synchronized void failed(String address) {
        Instant now = clock.instant();
        String network = network(address);
        Window window = windows.get(network);
        windows.put(
                network,
                window == null || !now.isBefore(window.end())
                        ? new Window(now.plus(WINDOW), 1)
                        : new Window(window.end(), window.failed() + 1));
    }

    synchronized int addresses() {
        return windows.size();
    }

    private static String network(String address) {
        if (address.indexOf(':') < 0) {
            return address;
        }
        try {
            // an address in figures: nobody is asked for it
            byte[] bytes = InetAddress.getByName(address).getAddress();
            return HexFormat.of().formatHex(Arrays.copyOf(bytes, Math.min(bytes.length, NETWORK_BYTES)));
        } catch (UnknownHostException e) {
            return address;
        }
    }
}
