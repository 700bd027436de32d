package org.caravan.metering;

import org.apache.camel.CamelContext;
import org.caravan.common.UserError;

/**
 * Ends reading between two batches when the Camel context is being stopped: a big file would outlast the patience of any
 * stop. What was committed stays, and reading goes on behind it at the next start.
 */
final class UntilStopped implements UsageBatches {
    private static final int EXIT_CODE = 1;

    private final UsageBatches batches;
    private final CamelContext context;
    private final String name;

    UntilStopped(UsageBatches batches, CamelContext context, String name) {
        this.batches = batches;
        this.context = context;
        this.name = name;
    }

    @Override
    public boolean hasNext() {
        return batches.hasNext();
    }

    @Override
    public UsageBatch next() {
        if (context != null && (context.isStopping() || context.isStopped())) {
            throw new UserError(EXIT_CODE, name + ": left in the middle by a stop; it goes on at the next start", null);
        }
        return batches.next();
    }

    @Override
    public void close() {
        batches.close();
    }
}
