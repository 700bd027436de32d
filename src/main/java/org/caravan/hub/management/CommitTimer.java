package org.caravan.hub.management;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.spi.CamelEvent.ExchangeSentEvent;
import org.apache.camel.support.SimpleEventNotifierSupport;
import org.caravan.ledger.LedgerEndpoint;

/** Measures how long {@code caravan-ledger:aggregate} takes per batch, from Camel's own events. */
final class CommitTimer extends SimpleEventNotifierSupport {
    private final Timer timer;

    CommitTimer(MeterRegistry registry) {
        this.timer = Timer.builder("caravan.commit")
                .description("Time from a rated batch to its answered commit, in this process, also where it failed")
                .register(registry);
    }

    @Override
    public boolean isEnabled(CamelEvent event) {
        return event instanceof ExchangeSentEvent sent && sent.getEndpoint() instanceof LedgerEndpoint;
    }

    @Override
    public void notify(CamelEvent event) {
        if (event instanceof ExchangeSentEvent sent) {
            timer.record(sent.getTimeTaken(), TimeUnit.MILLISECONDS);
        }
    }
}
