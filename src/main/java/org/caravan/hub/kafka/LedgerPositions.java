package org.caravan.hub.kafka;

import java.util.HashMap;
import java.util.Map;
import org.apache.camel.spi.StateRepository;
import org.apache.camel.support.service.ServiceSupport;

/**
 * The bean {@code ledgerPositions}: tells camel-kafka where reading of an assigned partition goes on, from the ledger. It
 * keeps nothing: positions move in the ledger alone, with what was read.
 */
public final class LedgerPositions extends ServiceSupport implements StateRepository<String, String> {
    /** What the consumer of this thread was just assigned: by {@code topic/partition}, the first offset to be read. */
    private final ThreadLocal<Map<String, Long>> assigned = ThreadLocal.withInitial(HashMap::new);

    /** Says where the partitions that were just assigned go on; what is not among them is left where it is. */
    void assign(Map<String, Long> offsets) {
        assigned.set(offsets);
    }

    /**
     * The offset of the last message that was read, as camel-kafka wants it: it goes on behind it.
     *
     * @param key {@code topic/partition}
     * @return null for a partition that goes on where its consumer stands
     */
    @Override
    public String getState(String key) {
        Long next = assigned.get().get(key);
        return next == null ? null : Long.toString(next - 1);
    }

    /** Does nothing. */
    @Override
    public void setState(String key, String value) {}
}
