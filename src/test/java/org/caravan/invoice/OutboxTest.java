package org.caravan.invoice;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OutboxTest {
    private static final DeliverySettings SETTINGS =
            new DeliverySettings(2, Duration.ofMinutes(5), Duration.ofSeconds(10), Duration.ofMinutes(1), 0, 2, 2000);

    private final TestLedger ledger = TestLedger.invoicing();
    private final Outbox outbox = new Outbox(ledger.dataSource, SETTINGS, ledger.clock);

    @Test
    void eachDocumentIsClaimedByOneHub() throws Exception {
        // given
        ledger.issued("a", "b", "c");

        // when
        List<Outbox.Claim> first = outbox.claim("hub-1");
        List<Outbox.Claim> second = outbox.claim("hub-2");

        // then
        assertThat(first).extracting(c -> c.document().account()).containsExactly("a", "b");
        assertThat(second).extracting(c -> c.document().account()).containsExactly("c");
        assertThat(outbox.claim("hub-3")).isEmpty();
    }

    @Test
    void everyChosenConnectorGetsOneDelivery() throws Exception {
        // given
        ledger.issued("a");
        Outbox.Claim claim = outbox.claim("hub-1").get(0);
        outbox.add(claim.document().key(), List.of("erp"));

        // when
        outbox.done(List.of(new Outbox.Choice(claim, Set.of("erp", "csv-directory"))));
        outbox.done(List.of(new Outbox.Choice(claim, Set.of("another"))));

        // then
        assertThat(ledger.rows("select connector, state from delivery order by 1"))
                .containsExactly("csv-directory pending", "erp pending");
        assertThat(ledger.rows("select state, owner, lease_until from outbox")).containsExactly("done null null");
    }

    @Test
    void aDocumentWithoutConnectorIsParkedWithThatReason() throws Exception {
        // given
        ledger.issued("a");

        // when
        outbox.done(List.of(new Outbox.Choice(outbox.claim("hub-1").get(0), Set.of())));

        // then
        assertThat(ledger.rows("select state, last_error from outbox"))
                .singleElement()
                .asString()
                .startsWith("parked the fan-out route chose no connector for account a");
        DeliveryProgress progress = DeliveryProgress.of(ledger.dataSource, TestLedger.MONTH);
        assertThat(progress.open()).isZero();
        assertThat(progress.complete()).isFalse();
    }

    @Test
    void aLapsedClaimIsAskedAgainAndTheOldOneChangesNothing() throws Exception {
        // given
        ledger.issued("a");
        Outbox.Claim lost = outbox.claim("hub-1").get(0);

        // when
        Leases.lapseAll(ledger.dataSource);
        Outbox.Claim again = outbox.claim("hub-2").get(0);
        outbox.done(List.of(new Outbox.Choice(lost, Set.of("wrong"))));
        outbox.failed(lost, true, "late", new Random(1));
        outbox.release(List.of(lost));

        // then
        assertThat(ledger.rows("select state, owner, attempt from outbox")).containsExactly("fanning hub-2 2");
        outbox.done(List.of(new Outbox.Choice(again, Set.of("right"))));
        assertThat(ledger.rows("select connector from delivery")).containsExactly("right");
    }

    @Test
    void aFailedFanOutIsAskedAgainAfterAWaitAndParkedInTheEnd() throws Exception {
        // given
        ledger.issued("a");

        // when
        outbox.failed(outbox.claim("hub-1").get(0), false, "broken", new Random(1));
        List<Outbox.Claim> atOnce = outbox.claim("hub-1");
        ledger.clock.move(Duration.ofSeconds(10));
        outbox.failed(outbox.claim("hub-1").get(0), false, "broken", new Random(1));

        // then
        assertThat(atOnce).isEmpty();
        assertThat(ledger.rows("select state, last_error from outbox")).containsExactly("parked broken");
    }

    @Test
    void aReleasedClaimIsDueAtOnce() throws Exception {
        // given
        ledger.issued("a");

        // when
        outbox.release(outbox.claim("hub-1"));

        // then
        assertThat(outbox.claim("hub-2")).hasSize(1);
    }

    @Test
    void aReleasedClaimIsNoAttempt() throws Exception {
        // given: hubs that stopped before they asked
        ledger.issued("a");
        for (int i = 0; i < 5; i++) {
            outbox.release(outbox.claim("hub-" + i));
        }

        // when: the first of two attempts allowed fails
        outbox.failed(outbox.claim("hub-9").get(0), false, "broken", new Random(1));

        // then
        assertThat(ledger.rows("select state from outbox")).containsExactly("pending");
    }

    @Test
    void aDocumentThatHasAConnectorOtherwiseIsDoneThoughTheRouteNamesNone() throws Exception {
        // given
        ledger.issued("a");
        Outbox.Claim claim = outbox.claim("hub-1").get(0);
        outbox.add(claim.document().key(), List.of("erp"));

        // when
        outbox.done(List.of(new Outbox.Choice(claim, Set.of())));

        // then
        assertThat(ledger.rows("select state, last_error from outbox")).containsExactly("done null");
    }

    @Test
    void aConnectorCanNotBeAddedToADocumentThatIsNotThere() throws Exception {
        // given
        ledger.issued("a");

        // when
        boolean added = outbox.add("test:b:2026-10:1", List.of("erp"));

        // then
        assertThat(added).isFalse();
        assertThat(ledger.rows("select 1 from delivery")).isEmpty();
    }
}
