package org.caravan.hub.management;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.caravan.hub.management.Finding.Area;
import org.caravan.invoice.DeliveryState;
import org.caravan.invoice.InvoiceStatus;
import org.caravan.invoice.OpenDeliveries;
import org.caravan.invoice.RestoredLedger;
import org.caravan.invoice.rerate.RerateKind;
import org.caravan.invoice.rerate.RerateStatus;
import org.caravan.ledger.BatchTotals;
import org.caravan.ledger.LedgerStatus;
import org.caravan.ledger.UnpricedUsage;
import org.junit.jupiter.api.Test;

class FindingsTest {
    private static final Instant NOW = Instant.parse("2026-11-05T12:00:00Z");
    private static final Limits LIMITS = new Limits(
            Duration.ofDays(2),
            Duration.ofDays(1),
            Duration.ofDays(35),
            1_000,
            Duration.ofHours(1),
            3,
            1_000,
            Duration.ofDays(400),
            5,
            Duration.ofSeconds(30));
    private static final PricingStatus PRICED = new PricingStatus(true, 1, List.of());
    private static final OpenDeliveries NONE_OPEN = new OpenDeliveries(Map.of(), Map.of());
    private static final RerateStatus NO_RERATING = new RerateStatus(List.of(), 0);
    private static final Instant LONG_AGO = Instant.parse("2026-01-01T00:00:00Z");
    private static final YearMonth OCTOBER = YearMonth.of(2026, 10);
    private static final InvoiceStatus.FanOut NO_FAN_OUT = new InvoiceStatus.FanOut(0, null, 0, null);

    @Test
    void aLedgerWhereEverythingIsDoneIsWell() {
        // given
        LedgerStatus.Source files = source(true, "2026-11-01T00:00:00Z", null, NOW);
        LedgerStatus.Month closed = new LedgerStatus.Month(OCTOBER, true, 0, 0, 7);
        LedgerStatus.Month current = new LedgerStatus.Month(YearMonth.of(2026, 11), true, 0, 0, 0);
        InvoiceStatus.Connector csv = connector(Map.of(DeliveryState.COMMITTED, 7L), 0, null, null);
        // when
        List<Finding> findings = Findings.of(
                overview(List.of(files), List.of(closed, current), 3, NO_FAN_OUT, List.of(csv)), LIMITS, NOW);
        // then
        assertThat(findings).isEmpty();
    }

    @Test
    void reratingThatNeedsAPersonIsNamedAndWhatGoesOnByItselfIsNot() {
        // given
        RerateStatus rerating = new RerateStatus(
                List.of(
                        order(1, RerateKind.REPROCESS, "failed", false, "batch 7: its archive is damaged"),
                        order(2, RerateKind.CORRECTION, "running", false, null),
                        order(3, RerateKind.RESET, "running", false, "there are no rules"),
                        order(4, RerateKind.CORRECTION, "running", true, null),
                        order(5, RerateKind.REPROCESS, "pending", false, null)),
                2);
        Overview sound = months(new LedgerStatus.Month(OCTOBER, true, 0, 0, 7));
        // when
        List<Finding> findings = Findings.of(
                new Overview(NOW, Duration.ZERO, sound.ledger(), sound.invoices(), rerating, PRICED, NONE_OPEN),
                LIMITS,
                NOW);
        // then
        assertThat(findings)
                .extracting(Finding::reason)
                .containsExactly(
                        "the re-rating of usage from 2026-01-01T00:00:00Z on (why 1) failed (batch 7: its archive is damaged)",
                        "the correction of usage from 2026-01-01T00:00:00Z on (why 2) is not finished",
                        "the re-rating of usage from 2026-01-01T00:00:00Z on (why 3) is interrupted (there are no rules)",
                        "2 tenants were issued a month before their usage of it was re-rated as ordered");
    }

    private static RerateStatus.Order order(long id, RerateKind kind, String state, boolean held, String error) {
        return new RerateStatus.Order(id, kind, "why " + id, LONG_AGO, null, state, 1, held, null, error, NOW);
    }

    @Test
    void aRestoredLedgerIsNamedUntilItIsRecovered() {
        // given
        Overview sound = months(new LedgerStatus.Month(OCTOBER, true, 0, 0, 7));
        InvoiceStatus restored = new InvoiceStatus(NO_FAN_OUT, List.of(), new RestoredLedger.Waiting(NOW, LONG_AGO));
        // when
        List<Finding> findings = Findings.of(
                new Overview(NOW, Duration.ZERO, sound.ledger(), restored, NO_RERATING, PRICED, NONE_OPEN),
                LIMITS,
                NOW);
        // then
        assertThat(findings).singleElement().satisfies(finding -> {
            assertThat(finding.area()).isEqualTo(Area.MONTHS);
            assertThat(finding.line()).contains("restored from a backup of 2026-01-01", "run caravan recover");
        });
    }

    @Test
    void usageWithoutAPriceAndAModuleThatIsOffAreNamed() {
        // given
        Overview sound = months(new LedgerStatus.Month(OCTOBER, true, 0, 0, 7));
        PricingStatus few = new PricingStatus(true, 1, List.of(new UnpricedUsage.Month(OCTOBER, 5, "gpu")));
        PricingStatus many = new PricingStatus(false, 1, List.of(new UnpricedUsage.Month(OCTOBER, 6, "gpu")));
        // when, then
        assertThat(Findings.of(priced(sound, few), LIMITS, NOW)).isEmpty();
        assertThat(Findings.of(priced(sound, many), LIMITS, NOW))
                .allMatch(finding -> finding.area() == Area.PRICING)
                .extracting(Finding::line)
                .satisfiesExactly(
                        line -> assertThat(line).contains("hashmap is switched off", "switch it on"),
                        line -> assertThat(line).contains("6 of 2026-10 (such as gpu)", "caravan tariff import"));
    }

    private static Overview priced(Overview overview, PricingStatus pricing) {
        return new Overview(
                NOW, Duration.ZERO, overview.ledger(), overview.invoices(), NO_RERATING, pricing, NONE_OPEN);
    }

    @Test
    void aSourceThatIsRatedTooFarBehindIsNamed() {
        // given: nothing is due yet
        Overview slow = sources(source(true, "2026-11-02T00:00:00Z", null, NOW));
        Limits hours = new Limits(
                LIMITS.grace(),
                LIMITS.monthOverdue(),
                LIMITS.sourceSilence(),
                LIMITS.lag(),
                LIMITS.deliveryAge(),
                LIMITS.quarantineHeld(),
                LIMITS.diskFree(),
                Duration.ofHours(3),
                LIMITS.unpriced(),
                LIMITS.ledgerSilence());
        // when, then
        assertThat(Findings.of(slow, LIMITS, NOW)).isEmpty();
        assertThat(Findings.of(slow, hours, NOW)).singleElement().satisfies(finding -> {
            assertThat(finding.area()).isEqualTo(Area.SOURCES);
            assertThat(finding.reason()).contains("rated until 2026-11-02T00:00:00Z only, 3d 12h behind");
            assertThat(finding.remedy()).contains("caravan sources check files");
        });
    }

    @Test
    void aMonthIsOverdueOnlyAfterGraceAndLimit() {
        // given
        Overview open = months(new LedgerStatus.Month(OCTOBER, true, 0, 2, 5));
        // when
        List<Finding> before = Findings.of(open, LIMITS, Instant.parse("2026-11-03T23:59:59Z"));
        List<Finding> after = Findings.of(open, LIMITS, Instant.parse("2026-11-04T00:00:00Z"));
        // then
        assertThat(before).isEmpty();
        assertThat(after).singleElement().satisfies(finding -> {
            assertThat(finding.area()).isEqualTo(Area.MONTHS);
            assertThat(finding.reason()).contains("2026-10", "5 tenants closed, 2 closing", "3d ago");
            assertThat(finding.remedy()).contains("caravan close 2026-10");
        });
    }

    @Test
    void aMonthWithoutUsageIsNeverOverdue() {
        // given
        Overview empty = months(new LedgerStatus.Month(YearMonth.of(2026, 3), false, 1, 0, 0));
        // when
        List<Finding> findings = Findings.of(empty, LIMITS, NOW);
        // then
        assertThat(findings).isEmpty();
    }

    @Test
    void aSourceThatHoldsAMonthIsNamedWithTheMonth() {
        // given
        Overview behind = sources(source(true, "2026-10-31T23:59:59Z", null, NOW));
        Overview never = sources(source(true, null, null, NOW));
        Overview forgotten = sources(source(false, null, "broken", LONG_AGO));
        // when, then
        assertThat(Findings.of(behind, LIMITS, NOW)).singleElement().satisfies(finding -> {
            assertThat(finding.area()).isEqualTo(Area.SOURCES);
            assertThat(finding.reason()).contains("source files", "2026-10-31T23:59:59Z", "holds 2026-10");
            assertThat(finding.remedy()).contains("caravan sources done files 2026-10");
        });
        assertThat(Findings.of(never, LIMITS, NOW)).singleElement().satisfies(finding -> assertThat(finding.reason())
                .contains("never said"));
        assertThat(Findings.of(forgotten, LIMITS, NOW)).isEmpty();
        // before grace and limit are over, October holds nothing; September is in
        assertThat(Findings.of(behind, LIMITS, Instant.parse("2026-11-03T12:00:00Z")))
                .isEmpty();
    }

    @Test
    void aSourceThatWasMadeKnownAfterTheMonthHoldsItNot() {
        // given
        LedgerStatus.Source fresh = new LedgerStatus.Source(
                "files",
                "files",
                NOW.minusSeconds(60),
                true,
                null,
                false,
                null,
                null,
                0,
                0,
                null,
                List.of(),
                List.of());
        // when
        List<Finding> findings = Findings.of(sources(fresh), LIMITS, NOW);
        // then
        assertThat(findings).isEmpty();
    }

    @Test
    void aSourceThatFailsOrIsSilentIsNamed() {
        // given
        Overview failing = sources(source(true, "2026-11-01T00:00:00Z", "disk\n is gone", NOW));
        Overview silent = sources(source(true, "2026-11-01T00:00:00Z", null, NOW.minus(Duration.ofDays(36))));
        // when, then
        assertThat(Findings.of(failing, LIMITS, NOW)).singleElement().satisfies(finding -> assertThat(finding.reason())
                .isEqualTo("source files failed 5m ago: disk is gone"));
        assertThat(Findings.of(silent, LIMITS, NOW)).singleElement().satisfies(finding -> assertThat(finding.reason())
                .isEqualTo("source files brought nothing for 36d"));
    }

    @Test
    void quarantineAboveItsLimitIsNamedByKind() {
        // given
        Overview held = overview(List.of(), List.of(), 4, NO_FAN_OUT, List.of());
        // when
        List<Finding> findings = Findings.of(held, LIMITS, NOW);
        // then
        assertThat(findings).singleElement().satisfies(finding -> {
            assertThat(finding.area()).isEqualTo(Area.QUARANTINE);
            assertThat(finding.reason()).contains("4 unusable since 2026-01-01T00:00:00Z");
        });
    }

    @Test
    void whatIsStuckOnItsWayToAnErpIsNamedWithItsReason() {
        // given
        InvoiceStatus.FanOut fanOut = new InvoiceStatus.FanOut(2, NOW.minusSeconds(7200), 1, "no connector");
        InvoiceStatus.Connector odoo = connector(
                Map.of(DeliveryState.PARKED, 1L, DeliveryState.IN_DOUBT, 3L, DeliveryState.RETRYING, 2L),
                2,
                NOW.minusSeconds(3601),
                "timeout");
        // when
        List<Finding> findings = Findings.of(overview(List.of(), List.of(), 0, fanOut, List.of(odoo)), LIMITS, NOW);
        // then
        assertThat(findings)
                .extracting(finding -> finding.area() + " " + finding.reason())
                .containsExactly(
                        "FAN_OUT 1 documents go to no connector (no connector)",
                        "FAN_OUT 2 documents wait for their connectors to be chosen, the oldest for 2h (no connector)",
                        "DELIVERIES connector odoo: 1 deliveries parked (timeout)",
                        "DELIVERIES connector odoo: 2 deliveries in doubt (timeout)",
                        "DELIVERIES connector odoo: 6 deliveries not committed, the oldest issued 1h ago (timeout)");
        assertThat(findings).allSatisfy(finding -> assertThat(finding.remedy()).isNotBlank());
    }

    @Test
    void aDeliveryThatIsRetriedWithinTheLimitIsNoFinding() {
        // given
        InvoiceStatus.Connector odoo =
                connector(Map.of(DeliveryState.RETRYING, 2L), 0, NOW.minusSeconds(3600), "timeout");
        // when
        List<Finding> findings = Findings.of(overview(List.of(), List.of(), 0, NO_FAN_OUT, List.of(odoo)), LIMITS, NOW);
        // then
        assertThat(findings).isEmpty();
    }

    @Test
    void aPartitionThatStandsStillIsNamedWithBothOffsetsAndTheCommandThatGoesOn() {
        // given
        LedgerStatus.Partition still = new LedgerStatus.Partition(
                "usage",
                3,
                "c/t/3",
                100,
                150,
                400,
                NOW,
                "the ledger stands at 100, the log holds [150, 400)",
                LONG_AGO);
        LedgerStatus.Partition fine = new LedgerStatus.Partition("usage", 4, "c/t/4", 390, 0, 400, NOW, null, null);
        // when
        List<Finding> findings = Findings.of(sources(topic(List.of(still, fine))), LIMITS, NOW);
        // then
        assertThat(findings).singleElement().satisfies(finding -> {
            assertThat(finding.area()).isEqualTo(Finding.Area.SOURCES);
            assertThat(finding.reason()).contains("source kafka: partition 3 stands still", "[150, 400)");
            assertThat(finding.remedy()).endsWith("caravan sources go-on kafka 3 --from 150 --reason TEXT");
        });
        // when: all of them stand still
        findings = Findings.of(sources(topic(Collections.nCopies(30, still))), LIMITS, NOW);
        // then
        assertThat(findings).singleElement().satisfies(finding -> {
            assertThat(finding.reason()).contains("and 9 more)");
            assertThat(finding.remedy()).contains("go-on kafka all --from start --reason TEXT");
        });
        // when: another source fails, which is tried again by itself
        findings = Findings.of(
                sources(source(true, "2026-11-01T00:00:00Z", "connection refused", NOW), topic(List.of(still))),
                LIMITS,
                NOW);
        // then: what needs a person comes first
        assertThat(findings)
                .extracting(Finding::reason)
                .satisfiesExactly(
                        reason -> assertThat(reason).contains("partition 3 stands still"),
                        reason -> assertThat(reason).contains("source files failed"));
    }

    @Test
    void aPartitionThatIsFarBehindIsNamedOnceItsLagIsPastTheLimit() {
        // given
        LedgerStatus.Partition near = new LedgerStatus.Partition("usage", 3, "c/t/3", 100, 0, 1_100, NOW, null, null);
        LedgerStatus.Partition far = new LedgerStatus.Partition("usage", 4, "c/t/4", 99, 50, 5_100, NOW, null, null);
        // when
        List<Finding> findings = Findings.of(sources(topic(List.of(near, far))), LIMITS, NOW);
        // then
        assertThat(findings)
                .extracting(Finding::reason)
                .containsExactly("source kafka: partition 4 is 5,001 messages behind (ledger at 99, log ends at 5100)");
    }

    private static LedgerStatus.Source topic(List<LedgerStatus.Partition> partitions) {
        return new LedgerStatus.Source(
                "kafka",
                "kafka",
                LONG_AGO,
                true,
                Instant.parse("2026-11-01T00:00:00Z"),
                false,
                null,
                null,
                partitions.size(),
                partitions.size(),
                NOW,
                List.of(),
                partitions);
    }

    private static LedgerStatus.Source source(boolean configured, String ratedUntil, String error, Instant moved) {
        return new LedgerStatus.Source(
                "files",
                "files",
                LONG_AGO,
                configured,
                ratedUntil == null ? null : Instant.parse(ratedUntil),
                false,
                error,
                error == null ? null : NOW.minusSeconds(300),
                1,
                0,
                moved,
                List.of(),
                List.of());
    }

    private static InvoiceStatus.Connector connector(
            Map<DeliveryState, Long> counts, long undecided, Instant oldest, String error) {
        Map<DeliveryState, Long> states = new EnumMap<>(DeliveryState.class);
        for (DeliveryState state : DeliveryState.values()) {
            states.put(state, counts.getOrDefault(state, 0L));
        }
        return new InvoiceStatus.Connector("odoo", states, undecided, 0, oldest, null, error, NOW);
    }

    private static Overview sources(LedgerStatus.Source... sources) {
        return overview(List.of(sources), List.of(), 0, NO_FAN_OUT, List.of());
    }

    private static Overview months(LedgerStatus.Month month) {
        return overview(List.of(), List.of(month), 0, NO_FAN_OUT, List.of());
    }

    private static Overview overview(
            List<LedgerStatus.Source> sources,
            List<LedgerStatus.Month> months,
            long held,
            InvoiceStatus.FanOut fanOut,
            List<InvoiceStatus.Connector> connectors) {
        return new Overview(
                NOW,
                Duration.ZERO,
                new LedgerStatus(
                        NOW,
                        new BatchTotals.Totals(1, 1, 1, 0, 0, 0, 0),
                        sources,
                        months,
                        held == 0 ? List.of() : List.of(new LedgerStatus.Held("unusable", held, LONG_AGO))),
                new InvoiceStatus(fanOut, connectors, null),
                NO_RERATING,
                PRICED,
                NONE_OPEN);
    }
}
