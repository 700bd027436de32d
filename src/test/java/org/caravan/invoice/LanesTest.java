package org.caravan.invoice;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.caravan.invoice.ConnectorInfo.Repeat;
import org.caravan.invoice.Deliveries.Attempt;
import org.caravan.invoice.Deliveries.Failure;
import org.junit.jupiter.api.Test;

class LanesTest {
    private static final DeliverySettings SETTINGS =
            new DeliverySettings(2, Duration.ofMinutes(5), Duration.ofSeconds(10), Duration.ofMinutes(1), 0, 3, 2000);
    private static final ConnectorInfo SAFE = new ConnectorInfo("erp", Repeat.SAFE, false);
    private static final ConnectorInfo NEVER = new ConnectorInfo("erp", Repeat.NEVER, false);
    private static final Lanes.Lane LANE = new Lanes.Lane("erp", "");
    private static final Random RANDOM = new Random(1);

    private final TestLedger ledger = TestLedger.invoicing();
    private final Lanes lanes = new Lanes(ledger.dataSource, SETTINGS, ledger.clock);
    private final Deliveries deliveries = new Deliveries(ledger.dataSource, SETTINGS, ledger.clock);

    @Test
    void aClaimLeasesButTouchesNoState() throws Exception {
        // given
        documents("a", "b", "c");

        // when
        List<Lanes.Lane> due = lanes.due(null);
        List<Lanes.Claim> claims = lanes.claim(LANE, NEVER, "hub-1");

        // then
        assertThat(due).containsExactly(LANE);
        assertThat(claims).hasSize(SETTINGS.claimSize());
        assertThat(states()).containsExactly("pending 0", "pending 0", "pending 0");
        assertThat(ledger.rows("select 1 from delivery_attempt")).isEmpty();
    }

    @Test
    void aLaneHasOneCommitter() throws Exception {
        // given
        documents("a", "b", "c");
        List<Lanes.Claim> first = lanes.claim(LANE, SAFE, "hub-1");

        // when
        List<Lanes.Claim> beside = lanes.claim(LANE, SAFE, "hub-2");
        lanes.release(first);
        List<Lanes.Claim> after = lanes.claim(LANE, SAFE, "hub-2");

        // then
        assertThat(beside).isEmpty();
        assertThat(after)
                .extracting(Lanes.Claim::delivery)
                .isEqualTo(first.stream().map(Lanes.Claim::delivery).toList());
    }

    @Test
    void aCommittedDeliveryKeepsReferenceAndAttempt() throws Exception {
        // given
        documents("a");
        Attempt attempt = start("hub-1", NEVER);

        // when
        boolean ended = deliveries.committed(attempt, "SO42", "4.8");

        // then
        assertThat(ended).isTrue();
        assertThat(attempt.number()).isEqualTo(1);
        assertThat(attempt.body()).contains("\"key\":\"test:a:2026-10:1\"");
        assertThat(ledger.rows("select state, reference, erp_total, last_error, owner, lease_until,"
                        + " committed_at = '2026-11-01 06:00Z' from delivery"))
                .containsExactly("committed SO42 4.8 null null null t");
        assertThat(ledger.rows("select attempt, owner, outcome, detail, ended_at is not null from delivery_attempt"))
                .containsExactly("1 hub-1 committed reference SO42 t");
        assertThat(lanes.due(null)).isEmpty();
    }

    @Test
    void anOutcomeKeptTwiceBecauseItsAnswerWasLostIsKeptOnce() throws Exception {
        // given
        documents("a");
        Attempt attempt = start("hub-1", NEVER);
        deliveries.committed(attempt, "SO42", "4.8");

        // when
        boolean again = deliveries.committed(attempt, "SO42", "4.8");
        boolean another = deliveries.committed(attempt, "SO43", "4.8");

        // then
        assertThat(again).isTrue();
        assertThat(another).isFalse();
        assertThat(ledger.rows("select state, reference from delivery")).containsExactly("committed SO42");
        assertThat(ledger.rows("select outcome, detail from delivery_attempt"))
                .containsExactly("committed reference SO42; too late: reference SO43");
    }

    @Test
    void whateverAnErpSaysItsOutcomeIsKept() throws Exception {
        // given: what PostgreSQL refuses in a text, and what is longer than it is kept
        documents("a", "b");
        String hostile = "no\u0000\n\tNUL \ud83d, " + "\ud83d\ude00".repeat(2_000);
        Attempt failing = start("hub-1", SAFE);

        // when
        Optional<DeliveryState> failed = deliveries.failed(failing, SAFE, Failure.PERMANENT, hostile, RANDOM);
        boolean committed = deliveries.committed(start("hub-1", SAFE), " S\u0000O \udc00" + hostile, null);

        // then
        assertThat(failed).contains(DeliveryState.PARKED);
        assertThat(committed).isTrue();
        assertThat(ledger.rows("select last_error from delivery where state = 'parked'"))
                .singleElement()
                .satisfies(error -> assertThat(error)
                        .startsWith("no NUL \ufffd, \ud83d\ude00")
                        .endsWith("\ud83d\ude00...")
                        .hasSizeLessThanOrEqualTo(2000));
        assertThat(ledger.rows("select reference from delivery where state = 'committed'"))
                .singleElement()
                .satisfies(reference -> assertThat(reference).startsWith("S O \ufffdno NUL"));
    }

    @Test
    void aTotalThatDiffersByACentIsAnAlarmAtACommittedDelivery() throws Exception {
        // given
        documents("a");

        // when
        deliveries.committed(start("hub-1", NEVER), "SO42", "4.81");

        // then
        assertThat(ledger.rows("select state, erp_total from delivery")).containsExactly("committed 4.81");
        assertThat(DeliveryProgress.troubles(ledger.dataSource, TestLedger.MONTH, 10))
                .singleElement()
                .satisfies(trouble -> assertThat(trouble.reason())
                        .startsWith("ALARM")
                        .contains("INV-2026-000001")
                        .contains("SO42")
                        .contains("4.81")
                        .contains("4.8"));
    }

    @Test
    void aTotalThatIsNoNumberIsAnAlarmToo() throws Exception {
        // given
        documents("a");

        // when
        deliveries.committed(start("hub-1", NEVER), "SO42", "four");

        // then
        assertThat(ledger.rows("select state, erp_total, last_error from delivery"))
                .singleElement()
                .asString()
                .startsWith("committed null ALARM")
                .contains("'four'");
    }

    @Test
    void aHubThatLostItsLeaseChangesNothing() throws Exception {
        // given: hub-1 was frozen within its attempt, hub-2 delivered meanwhile
        documents("a");
        Attempt lost = start("hub-1", SAFE);
        Leases.lapseAll(ledger.dataSource);
        Attempt second = start("hub-2", SAFE);
        deliveries.committed(second, "REF-2", null);

        // when
        boolean committed = deliveries.committed(lost, "REF-1", null);
        Optional<DeliveryState> failed = deliveries.failed(lost, SAFE, Failure.PERMANENT, "late", RANDOM);

        // then
        assertThat(committed).isFalse();
        assertThat(failed).isEmpty();
        assertThat(ledger.rows("select state, reference, attempt from delivery"))
                .containsExactly("committed REF-2 2");
        assertThat(ledger.rows("select attempt, outcome, detail from delivery_attempt order by 1"))
                .containsExactly(
                        "1 in-doubt the lease of hub-1 lapsed during attempt 1; too late: reference REF-1;"
                                + " too late: late",
                        "2 committed reference REF-2");
    }

    @Test
    void aClaimThatLapsedStartsNothing() throws Exception {
        // given
        documents("a", "b");
        Lanes.Claim claim = lanes.claim(LANE, SAFE, "hub-1").get(0);

        // when
        Leases.lapseAll(ledger.dataSource);
        Optional<Attempt> late = deliveries.start(claim);

        // then
        assertThat(late).isEmpty();
        assertThat(lanes.claim(LANE, SAFE, "hub-2")).hasSize(2);
        assertThat(deliveries.start(claim)).isEmpty();
        assertThat(states()).containsOnly("pending 0");
    }

    @Test
    void aLapsedAttemptGoesInDoubtAndIsSentAgainWhereThatIsSafe() throws Exception {
        // given
        documents("a");
        start("hub-1", SAFE);

        // when
        Leases.lapseAll(ledger.dataSource);
        List<Lanes.Claim> again = lanes.claim(LANE, SAFE, "hub-2");

        // then
        assertThat(again).hasSize(1);
        assertThat(states()).containsExactly("retrying 1");
        assertThat(ledger.rows("select outcome from delivery_attempt")).containsExactly("in-doubt");
        assertThat(deliveries.start(again.get(0)).orElseThrow().number()).isEqualTo(2);
    }

    @Test
    void aLapsedAttemptStaysInDoubtWhereNobodyMaySendAgain() throws Exception {
        // given
        documents("a");
        start("hub-1", NEVER);

        // when
        Leases.lapseAll(ledger.dataSource);
        ledger.clock.move(Duration.ofDays(30));
        List<Lanes.Claim> again = lanes.claim(LANE, NEVER, "hub-2");

        // then
        assertThat(again).isEmpty();
        assertThat(states()).containsExactly("in-doubt 1");
        assertThat(lanes.due(null)).isEmpty();
        DeliveryProgress progress = DeliveryProgress.of(ledger.dataSource, TestLedger.MONTH);
        assertThat(progress.inDoubt()).isEqualTo(1);
        assertThat(progress.open()).isZero();
        assertThat(progress.complete()).isFalse();
    }

    @Test
    void anUnknownOutcomeIsRetriedOnlyWhereThatIsSafe() throws Exception {
        // given
        documents("a", "b");
        List<Lanes.Claim> claims = lanes.claim(LANE, SAFE, "hub-1");
        Attempt a = deliveries.start(claims.get(0)).orElseThrow();
        Attempt b = deliveries.start(claims.get(1)).orElseThrow();

        // when
        Optional<DeliveryState> safe = deliveries.failed(a, SAFE, Failure.UNKNOWN, "timeout", RANDOM);
        Optional<DeliveryState> never = deliveries.failed(b, NEVER, Failure.UNKNOWN, "timeout", RANDOM);

        // then
        assertThat(safe).contains(DeliveryState.RETRYING);
        assertThat(never).contains(DeliveryState.IN_DOUBT);
    }

    @Test
    void aCertainlyUnsentDocumentIsRetriedEvenWhereNobodyMaySendAgain() throws Exception {
        // given
        documents("a");

        // when
        Optional<DeliveryState> state =
                deliveries.failed(start("hub-1", NEVER), NEVER, Failure.UNSENT, "no route", RANDOM);

        // then
        assertThat(state).contains(DeliveryState.RETRYING);
    }

    @Test
    void aMissingReferenceIsDoubtThatASafeConnectorEndsByRepeating() throws Exception {
        // given
        documents("a");
        Optional<DeliveryState> state =
                deliveries.failed(start("hub-1", SAFE), SAFE, Failure.NO_REFERENCE, "no reference", RANDOM);

        // when
        List<Lanes.Claim> atOnce = lanes.claim(LANE, SAFE, "hub-1");
        ledger.clock.move(Duration.ofSeconds(10));
        List<Lanes.Claim> later = lanes.claim(LANE, SAFE, "hub-1");

        // then
        assertThat(state).contains(DeliveryState.IN_DOUBT);
        assertThat(atOnce).isEmpty();
        assertThat(later).hasSize(1);
    }

    @Test
    void failuresWaitLongerEachTimeAndAreParkedInTheEnd() throws Exception {
        // given
        documents("a");

        // when / then
        assertThat(deliveries.failed(start("hub-1", SAFE), SAFE, Failure.UNKNOWN, "down", RANDOM))
                .contains(DeliveryState.RETRYING);
        ledger.clock.move(Duration.ofSeconds(9));
        assertThat(lanes.due(null)).isEmpty();
        ledger.clock.move(Duration.ofSeconds(1));
        assertThat(deliveries.failed(start("hub-1", SAFE), SAFE, Failure.UNKNOWN, "down", RANDOM))
                .contains(DeliveryState.RETRYING);
        ledger.clock.move(Duration.ofSeconds(19));
        assertThat(lanes.due(null)).isEmpty();
        ledger.clock.move(Duration.ofSeconds(1));
        assertThat(deliveries.failed(start("hub-1", SAFE), SAFE, Failure.UNKNOWN, "down", RANDOM))
                .contains(DeliveryState.PARKED);
        assertThat(ledger.rows("select last_error from delivery")).containsExactly("gave up after 3 attempts: down");
    }

    @Test
    void doubtIsNotRepeatedBeyondTheLastAttempt() throws Exception {
        // given: three attempts, each one lapsed
        documents("a");
        for (int i = 0; i < 3; i++) {
            start("hub-" + i, SAFE);
            Leases.lapseAll(ledger.dataSource);
        }

        // when
        List<Lanes.Claim> again = lanes.claim(LANE, SAFE, "hub-9");

        // then
        assertThat(again).isEmpty();
        assertThat(ledger.rows("select state, last_error from delivery"))
                .containsExactly("parked gave up after 3 attempts: the lease of hub-2 lapsed during attempt 3");
    }

    @Test
    void aProformaDocumentIsParkedAtAConnectorThatDoesNotTakeIt() throws Exception {
        // given
        documents("a");
        ledger.execute("update document set proforma = true");

        // when
        List<Lanes.Claim> refused = lanes.claim(LANE, SAFE, "hub-1");

        // then
        assertThat(refused).isEmpty();
        assertThat(ledger.rows("select state, last_error from delivery"))
                .singleElement()
                .asString()
                .startsWith("parked document INV-2026-000001 is proforma, which connector erp does not take");
    }

    @Test
    void aProformaDocumentReachesAConnectorThatTakesIt() throws Exception {
        // given
        documents("a");
        ledger.execute("update document set proforma = true");

        // when
        List<Lanes.Claim> claims = lanes.claim(LANE, new ConnectorInfo("erp", Repeat.SAFE, true), "hub-1");

        // then
        assertThat(claims).hasSize(1);
    }

    @Test
    void aLaneThatNobodyCanServeIsParkedWithTheReason() throws Exception {
        // given
        documents("a", "b");
        Attempt running = start("hub-1", SAFE);

        // when
        int parked = lanes.park(LANE, "no such connector");
        Leases.lapseAll(ledger.dataSource);
        parked += lanes.park(LANE, "no such connector");

        // then: what ran meanwhile is not known, so it is not parked as if nothing had been sent
        assertThat(parked).isEqualTo(1);
        assertThat(ledger.rows("select state, last_error from delivery order by id")
                        .get(1))
                .isEqualTo("parked no such connector");
        assertThat(ledger.rows("select state from delivery where id = " + running.delivery()))
                .containsExactly("in-doubt");
        assertThat(lanes.due(null)).isEmpty();
    }

    @Test
    void aHubAloneAfterAKillNeedNotWaitForOldLeases() throws Exception {
        // given
        documents("a", "b");
        start("killed", SAFE);

        // when
        Leases.lapseAll(ledger.dataSource);

        // then
        assertThat(lanes.claim(LANE, SAFE, "hub-2")).hasSize(2);
        assertThat(states()).containsExactly("retrying 1", "pending 0");
    }

    @Test
    void aHubWhoseClockIsOffBreaksNobodysLease() throws Exception {
        // given: hub 1 has leased two and works on the first; the clocks of two others are hours off
        documents("a", "b");
        List<Lanes.Claim> leased = lanes.claim(LANE, SAFE, "hub-1");
        Attempt running = deliveries.start(leased.get(0)).orElseThrow();
        for (Duration off : List.of(Duration.ofHours(3), Duration.ofHours(-3))) {
            MovableClock clock = new MovableClock("2026-11-01T06:00:00Z");
            clock.move(off);
            Lanes elsewhere = new Lanes(ledger.dataSource, SETTINGS, clock);
            // when
            List<Lanes.Claim> claims = elsewhere.claim(LANE, SAFE, "hub-2");
            int parked = elsewhere.park(LANE, "unreadable");
            // then
            assertThat(claims).isEmpty();
            assertThat(parked).isZero();
        }
        assertThat(states()).containsExactly("delivering 1", "pending 0");
        assertThat(deliveries.committed(running, "SO1", null)).isTrue();
        assertThat(deliveries.start(leased.get(1))).isPresent();
    }

    @Test
    void lanesOfOneConnectorAreServedBesideEachOther() throws Exception {
        // given
        ConnectorInfo byAccount = new ConnectorInfo("erp", Repeat.SAFE, false, "company-{account}");
        ledger.issued("a", "b");
        Outbox outbox = new Outbox(ledger.dataSource, SETTINGS, ledger.clock);
        List<Outbox.Choice> choices = outbox.claim("fan").stream()
                .map(claim -> new Outbox.Choice(claim, Set.of("erp")))
                .toList();
        outbox.done(choices, LaneOf.declared(name -> byAccount));
        List<Lanes.Lane> due = lanes.due("erp");

        // when
        List<Lanes.Claim> first = lanes.claim(due.get(0), byAccount, "hub-1");
        List<Lanes.Claim> second = lanes.claim(due.get(1), byAccount, "hub-2");

        // then
        assertThat(due).containsExactly(new Lanes.Lane("erp", "company-a"), new Lanes.Lane("erp", "company-b"));
        assertThat(first).hasSize(1);
        assertThat(second).hasSize(1);
    }

    @Test
    void aLaneRestsAfterFailuresInARowAndGoesOnAfterASuccess() throws Exception {
        // given
        documents("a", "b");
        LanePauses pauses = new LanePauses(ledger.dataSource, SETTINGS, ledger.clock);

        // when / then: one failure may be its document's own
        pauses.failed(LANE, false, "down", RANDOM);
        assertThat(lanes.due(null)).containsExactly(LANE);

        // when / then: a second one is not; ten seconds, then twenty
        pauses.failed(LANE, false, "down", RANDOM);
        assertThat(lanes.due(null)).isEmpty();
        ledger.clock.move(Duration.ofSeconds(10));
        assertThat(lanes.due(null)).containsExactly(LANE);
        pauses.failed(LANE, false, "down", RANDOM);
        ledger.clock.move(Duration.ofSeconds(19));
        assertThat(lanes.due(null)).isEmpty();

        // when / then
        pauses.succeeded(LANE);
        assertThat(lanes.due(null)).containsExactly(LANE);
    }

    @Test
    void aProformaIsRefusedThoughAnotherHubHadLeasedIt() throws Exception {
        // given: leased while the connector took proformas
        documents("a");
        ledger.execute("update document set proforma = true");
        lanes.claim(LANE, new ConnectorInfo("erp", Repeat.SAFE, true), "hub-1");
        Leases.lapseAll(ledger.dataSource);

        // when
        List<Lanes.Claim> claims = lanes.claim(LANE, SAFE, "hub-2");

        // then
        assertThat(claims).isEmpty();
        assertThat(states()).containsExactly("parked 0");
    }

    private Attempt start(String owner, ConnectorInfo info) throws Exception {
        List<Lanes.Claim> claims = lanes.claim(LANE, info, owner);
        Attempt attempt = deliveries.start(claims.get(0)).orElseThrow();
        lanes.release(claims);
        return attempt;
    }

    private void documents(String... tenants) throws Exception {
        ledger.issued(tenants);
        Outbox outbox = new Outbox(ledger.dataSource, SETTINGS, ledger.clock);
        for (List<Outbox.Claim> claims = outbox.claim("fan"); !claims.isEmpty(); claims = outbox.claim("fan")) {
            outbox.done(claims.stream()
                    .map(claim -> new Outbox.Choice(claim, Set.of("erp")))
                    .toList());
        }
    }

    private List<String> states() throws Exception {
        return ledger.rows("select state, attempt from delivery order by id");
    }
}
