package org.caravan.invoice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.apache.camel.Consumer;
import org.apache.camel.impl.DefaultCamelContext;
import org.caravan.invoice.document.AccountProfiles;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

class InvoiceComponentTest {
    @Test
    void takesClockProfilesAndLimitsFromTheRegistryWheneverItIsMade() throws Exception {
        // given
        Clock clock = Clock.fixed(Instant.parse("2026-12-01T09:00:00Z"), ZoneOffset.UTC);
        AccountProfiles profiles = AccountProfiles.none();
        DeliverySettings settings = DeliverySettings.defaults();

        for (boolean started : new boolean[] {false, true}) {
            try (DefaultCamelContext context = new DefaultCamelContext()) {
                context.getRegistry().bind("clock", clock);
                context.getRegistry().bind("profiles", profiles);
                context.getRegistry().bind("settings", settings);
                if (started) {
                    context.start();
                }

                // when
                InvoiceComponent component = context.getComponent("caravan-invoice", InvoiceComponent.class);

                // then
                assertThat(component.clock()).isSameAs(clock);
                assertThat(component.profiles()).isSameAs(profiles);
                assertThat(component.deliverySettings()).isSameAs(settings);
            }
        }
    }

    @Test
    void aConsumerThatNeverStartedIsStoppedWithoutComplaint() throws Exception {
        // given
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            // nothing is asked of it
            context.getRegistry().bind("dataSource", new PGSimpleDataSource());
            for (String uri :
                    new String[] {"caravan-invoice:outbox?connector=csv", "caravan-invoice:outbox?kind=fan-out"}) {
                Consumer consumer = context.getEndpoint(uri).createConsumer(exchange -> {});

                // when, then
                assertThatCode(consumer::stop).doesNotThrowAnyException();
            }
        }
    }
}
