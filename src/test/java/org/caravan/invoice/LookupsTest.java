package org.caravan.invoice;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.caravan.invoice.ConnectorInfo.Repeat;
import org.caravan.invoice.Deliveries.Attempt;
import org.caravan.invoice.Deliveries.Failure;
import org.caravan.invoice.Lookups.Question;
import org.junit.jupiter.api.Test;

/** Doubt at a connector that can be asked by key. */
class LookupsTest {
    private static final DeliverySettings SETTINGS =
            new DeliverySettings(50, Duration.ofMinutes(5), Duration.ofSeconds(10), Duration.ofMinutes(1), 0, 3, 2000);
    private static final ConnectorInfo LOOKUP = new ConnectorInfo("erp", Repeat.LOOKUP, false);
    private static final Lanes.Lane LANE = new Lanes.Lane("erp", "");
    private static final Random RANDOM = new Random(1);
    private static final String HUB = "hub-1";

    private final TestLedger ledger = TestLedger.invoicing();
    private final Lanes lanes = new Lanes(ledger.dataSource, SETTINGS, ledger.clock);
    private final Deliveries deliveries = new Deliveries(ledger.dataSource, SETTINGS, ledger.clock);
    private final Lookups lookups = new Lookups(ledger.dataSource, SETTINGS, ledger.clock);

    @Test
    void whatTheErpHasIsCommittedWithoutBeingSentAgain() throws Exception {
        // given
        documents("a");
        doubt();

        // when: asked for when due, not before
        List<Lanes.Claim> early = claim();
        ledger.clock.move(Duration.ofSeconds(10));
        Question question = ask();
        lookups.found(question, "SO1", "4.80", "EUR");

        // then
        assertThat(early).isEmpty();
        assertThat(ledger.rows("select state, reference, erp_total, attempt, doubt, last_error from delivery"))
                .containsExactly("committed SO1 4.80 1 f null");
        assertThat(ledger.rows("select who, action, from_state, to_state, reason from delivery_note"))
                .containsExactly("hub ask in-doubt committed the connector says that it is there as SO1");
        assertThat(lanes.due(null)).isEmpty();
    }

    @Test
    void aNoCountsOnlyWhenNoCallCanBeUnderWayAnyMore() throws Exception {
        // given
        documents("a");
        doubt();
        ledger.clock.move(Duration.ofSeconds(10));

        // when: the ERP may still be at it
        lookups.absent(ask());

        // then: asked again once a call that began within its lease, and took as long, is over
        assertThat(ledger.rows("select state, doubt, asked, due_at > '2026-11-01 06:09Z' from delivery"))
                .containsExactly("in-doubt t 0 t");
        assertThat(claim()).isEmpty();

        // when
        ledger.execute("update delivery set calm_at = clock_timestamp() - interval '1 ms'");
        ledger.clock.move(Duration.ofMinutes(10));
        lookups.absent(ask());

        // then
        assertThat(ledger.rows("select state, doubt, last_error from delivery"))
                .containsExactly("retrying f the ERP was asked and does not have it");
        Attempt second = deliveries.start(claim().get(0)).orElseThrow();
        assertThat(second.number()).isEqualTo(2);
    }

    @Test
    void aHubThatDiedInItsCallLeavesAQuestion() throws Exception {
        // given
        documents("a");
        deliveries.start(claim().get(0)).orElseThrow();
        Leases.lapseAll(ledger.dataSource);

        // when
        List<Lanes.Claim> claims = lanes.claim(LANE, LOOKUP, "hub-2");

        // then
        assertThat(claims).singleElement().extracting(Lanes.Claim::doubt).isEqualTo(true);
        assertThat(deliveries.start(claims.get(0))).isEmpty();
        assertThat(lanes.claim(LANE, LOOKUP, "hub-3")).isEmpty();
    }

    @Test
    void whatCanNotBeToldIsAskedAgainUntilItIsAPersonsTurn() throws Exception {
        // given
        documents("a");
        doubt();

        // when: as often as a delivery may be tried
        for (int times = 0; times < SETTINGS.maxAttempts(); times++) {
            ledger.clock.move(Duration.ofMinutes(1));
            lookups.unknown(ask(), "503 Service Unavailable", Duration.ZERO, RANDOM);
        }
        ledger.clock.move(Duration.ofDays(1));

        // then
        assertThat(claim()).isEmpty();
        assertThat(ledger.rows("select state, attempt, doubt, due_at, last_error from delivery"))
                .containsExactly("in-doubt 1 t infinity asked 3 times in vain: 503 Service Unavailable");

        // when: a person orders it to go on
        long id = Long.parseLong(ledger.rows("select id from delivery").get(0));
        var result = new DeliveryOrders(ledger.dataSource, SETTINGS, ledger.clock, name -> LOOKUP, "jo")
                .retry(id, "the ERP is up again");

        // then: it is asked before it is sent
        assertThat(result.message()).startsWith("is asked about now");
        assertThat(claim()).singleElement().extracting(Lanes.Claim::doubt).isEqualTo(true);
    }

    @Test
    void anErpThatAsksForTimeGetsIt() throws Exception {
        // given
        documents("a");
        doubt();
        ledger.clock.move(Duration.ofSeconds(10));

        // when
        lookups.unknown(ask(), "429 Too Many Requests", Duration.ofHours(2), RANDOM);

        // then
        ledger.clock.move(Duration.ofMinutes(119));
        assertThat(claim()).isEmpty();
        ledger.clock.move(Duration.ofMinutes(1));
        assertThat(claim()).hasSize(1);
    }

    @Test
    void aReferenceThatIsAnotherDocumentsIsNoAnswer() throws Exception {
        // given: a lookup that finds the first invoice whatever it is asked for
        documents("a", "b");
        List<Lanes.Claim> claims = claim();
        deliveries.committed(deliveries.start(claims.get(0)).orElseThrow(), "SO1", "4.80");
        deliveries.failed(deliveries.start(claims.get(1)).orElseThrow(), LOOKUP, Failure.UNKNOWN, "cut", RANDOM);
        ledger.clock.move(Duration.ofSeconds(10));

        // when
        lookups.found(ask(), "SO1", "4.80", null);

        // then
        assertThat(ledger.rows("select state, last_error from delivery where state <> 'committed'"))
                .containsExactly("in-doubt asked in vain: asked for INV-2026-000002 it answered reference SO1, which is"
                        + " INV-2026-000001's; its lookup finds the wrong document");
    }

    @Test
    void aQuestionWhoseLeaseLapsedChangesNothing() throws Exception {
        // given
        documents("a");
        doubt();
        ledger.clock.move(Duration.ofSeconds(10));
        Question asleep = ask();
        Leases.lapseAll(ledger.dataSource);
        Question other =
                lookups.begin(lanes.claim(LANE, LOOKUP, "hub-2").get(0)).orElseThrow();
        lookups.found(other, "SO1", null, null);

        // when
        var woken = lookups.absent(asleep);

        // then
        assertThat(woken).isEmpty();
        assertThat(ledger.rows("select state, reference from delivery")).containsExactly("committed SO1");
    }

    @Test
    void anErpThatThrottlesIsLeftAlone() throws Exception {
        // given
        documents("a", "b");
        LanePauses pauses = new LanePauses(ledger.dataSource, SETTINGS, ledger.clock);
        Attempt attempt = deliveries.start(claim().get(0)).orElseThrow();

        // when: it wants the whole lane to wait, not the one document
        deliveries.failed(attempt, LOOKUP, Failure.UNSENT, "429", Duration.ofMinutes(30), RANDOM);
        pauses.failed(LANE, false, "429", Duration.ofMinutes(30), RANDOM);
        Leases.lapseAll(ledger.dataSource);

        // then
        ledger.clock.move(Duration.ofMinutes(29));
        assertThat(lanes.due(null)).isEmpty();
        ledger.clock.move(Duration.ofMinutes(1));
        assertThat(claim()).hasSize(2);
    }

    private void documents(String... tenants) throws Exception {
        ledger.issued(tenants);
        Outbox outbox = new Outbox(ledger.dataSource, SETTINGS, ledger.clock);
        outbox.done(outbox.claim(HUB).stream()
                .map(claim -> new Outbox.Choice(claim, Set.of("erp")))
                .toList());
    }

    private List<Lanes.Claim> claim() throws Exception {
        return lanes.claim(LANE, LOOKUP, HUB);
    }

    /** The first attempt's answer is lost. */
    private void doubt() throws Exception {
        Attempt attempt = deliveries.start(claim().get(0)).orElseThrow();
        assertThat(deliveries.failed(attempt, LOOKUP, Failure.UNKNOWN, "the connection broke", RANDOM))
                .contains(DeliveryState.IN_DOUBT);
    }

    private Question ask() throws Exception {
        return lookups.begin(claim().get(0)).orElseThrow();
    }
}
