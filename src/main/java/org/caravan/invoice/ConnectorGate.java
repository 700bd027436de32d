package org.caravan.invoice;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Predicate;

/**
 * Who may call a connector now; one for all connectors of a Camel context.
 *
 * <p>While a Kamelet is replaced nobody may: who replaces it waits for the calls that run, and who wants to call it meanwhile
 * comes again later. Until Camel has made a connector's route, which it does within the first call, that call is alone: a
 * second one beside it would meet a route that is not started yet, or make it anew under the first.
 */
final class ConnectorGate {
    /** By Kamelet; as many as there are files. */
    private final Map<String, ReentrantReadWriteLock> locks = new ConcurrentHashMap<>();

    /** Connectors whose route is there. */
    private final Set<ConnectorName> made = ConcurrentHashMap.newKeySet();

    /** Connectors whose first call runs. */
    private final Set<ConnectorName> beingMade = ConcurrentHashMap.newKeySet();

    private final Predicate<ConnectorName> exists;

    /** @param exists whether Camel has made a connector's route */
    ConnectorGate(Predicate<ConnectorName> exists) {
        this.exists = exists;
    }

    /** Holds the gate open; close it when the call has ended. */
    interface Pass extends AutoCloseable {
        @Override
        void close();
    }

    /** True if Camel has made the connector's route. */
    boolean isMade(ConnectorName connector) {
        return made.contains(connector);
    }

    /** Lets a call in; null if it must come again later. */
    Pass enter(ConnectorName connector) {
        ReentrantReadWriteLock.ReadLock lock = lock(connector.kamelet()).readLock();
        try {
            // not tryLock(), which would overtake who waits to replace it
            if (!lock.tryLock(0, TimeUnit.MILLISECONDS)) {
                return null;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
        if (made.contains(connector) || exists.test(connector)) {
            made.add(connector);
            return lock::unlock;
        }
        if (!beingMade.add(connector)) {
            lock.unlock();
            return null;
        }
        return () -> {
            beingMade.remove(connector);
            lock.unlock();
        };
    }

    /**
     * Waits until no call is inside, and does something while none can be.
     *
     * @param kamelet name of the Kamelet, {@code http-sink}
     * @param waitMillis longest wait for the calls that run
     * @return false if calls still ran after the wait: then nothing was done
     */
    boolean shut(String kamelet, long waitMillis, Runnable work) throws InterruptedException {
        ReentrantReadWriteLock.WriteLock lock = lock(kamelet).writeLock();
        if (!lock.tryLock(waitMillis, TimeUnit.MILLISECONDS)) {
            return false;
        }
        try {
            work.run();
            return true;
        } finally {
            made.removeIf(connector -> connector.kamelet().equals(kamelet));
            lock.unlock();
        }
    }

    private ReentrantReadWriteLock lock(String kamelet) {
        return locks.computeIfAbsent(kamelet, name -> new ReentrantReadWriteLock(true));
    }
}
