package org.caravan.invoice.rerate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.caravan.invoice.rerate.RerateLedger.OCTOBER;
import static org.caravan.invoice.rerate.RerateLedger.at;
import static org.caravan.invoice.rerate.RerateLedger.line;
import static org.caravan.invoice.rerate.RerateLedger.with;

import java.util.List;
import org.caravan.ledger.RollUp;
import org.caravan.metering.MeterCatalog;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Open months, re-rated in place. */
class RerateTest {
    private final RerateLedger ledger = new RerateLedger();

    @AfterEach
    void theLedgerHoldsTogether() throws Exception {
        RollUp.run(ledger.database);
        ledger.audit();
    }

    @Test
    void openUsageIsBilledAtTodaysRulesByEntriesThatNameTheirOrderAndRules() throws Exception {
        // given
        ledger.price("0.05");
        ledger.read(line("a", "2", 0), line("a", "3", 1), line("b", "1", 0));
        ledger.price("0.07");
        // when
        ledger.rerate(0, 2, "a");
        // then
        assertThat(ledger.rows("select kind, records, quantity, amount, seconds, billing_month, usage_day from entry"
                        + " where tenant = 1 order by batch, records"))
                .containsExactly(
                        "1 2 5 0.25 7200 2026-10-01 2026-10-01",
                        "41 -2 -5 -0.25 -7200 2026-10-01 2026-10-01",
                        "41 2 5 0.35 7200 2026-10-01 2026-10-01");
        assertThat(ledger.billed("b")).isEqualTo("1 1 0.05 3600");
        assertThat(ledger.rows("select o.kind, o.reason, b.source, p.rules, p.tariff = '"
                        + ledger.tariff.get().version() + "', p.unit_price"
                        + " from entry e join batch b on b.id = e.batch join rerating o on o.id = b.rerating"
                        + " join price p on p.id = e.price_id where e.amount = 0.35"))
                .hasSize(1)
                .allSatisfy(row -> assertThat(row)
                        .startsWith("reprocess new prices rerate {")
                        .endsWith(" t 0.07"));
    }

    @Test
    void theDocumentShowsTheNewPriceAndNothingOfTheOldOne() throws Exception {
        // given
        ledger.price("0.05");
        ledger.read(line("a", "2", 0), line("a", "3", 24), line("a", "4", 48));
        RollUp.run(ledger.database);
        // when: the second and third day get dearer
        ledger.rules("vm: {mappings: [{type: flat, cost: \"0.05\", end: \"2026-10-02T00:00:00\"},"
                + " {type: flat, cost: \"0.07\", start: \"2026-10-02T00:00:00\"}]}");
        ledger.rerate(0, 49, "a");
        ledger.close(OCTOBER);
        // then
        assertThat(ledger.lines("a", OCTOBER)).containsExactly("vm USAGE null 0.05 2 0.1", "vm USAGE null 0.07 7 0.49");
        assertThat(ledger.document("a", OCTOBER)
                        .sections()
                        .get(0)
                        .lines()
                        .get(0)
                        .items())
                .singleElement()
                .satisfies(item -> assertThat(item.last()).isEqualTo(at(1)));
        assertThat(ledger.document("a", OCTOBER)
                        .sections()
                        .get(0)
                        .lines()
                        .get(1)
                        .items())
                .singleElement()
                .satisfies(item -> {
                    assertThat(item.first()).isEqualTo(at(24));
                    assertThat(item.last()).isEqualTo(at(49));
                });
    }

    @Test
    void aSecondReratingBillsTheFurtherDifferenceOnly() throws Exception {
        // given
        ledger.price("0.05");
        ledger.read(line("a", "10", 0));
        ledger.price("0.07");
        ledger.rerate(0, 1, "a");
        // when
        ledger.price("0.04");
        ledger.rerate(0, 1, "a");
        ledger.rerate(0, 1, "a");
        // then
        assertThat(ledger.rows("select kind, quantity, amount from entry order by batch, records"))
                .containsExactly("1 10 0.50", "41 -10 -0.50", "41 10 0.70", "41 -10 -0.70", "41 10 0.40");
        assertThat(ledger.rows("select changed, before, after, difference from rerating_tenant order by rerating"))
                .containsExactly("1 0.50 0.70 0.20", "1 0.70 0.40 -0.30", "0 0.40 0.40 0");
    }

    @Test
    void rulesThatComeToTheSameBillNothing() throws Exception {
        // given: another tariff version with the same price
        ledger.price("0.05");
        ledger.read(line("a", "10", 0));
        ledger.rules("vm: {mappings: [{type: flat, cost: \"0.050\"}]}, other: {mappings: [{cost: 1}]}");
        // when
        ledger.rerate(0, 1, "a");
        // then
        assertThat(ledger.rows("select count(*) from entry")).containsExactly("1");
        assertThat(ledger.rows("select count(*) from batch")).containsExactly("1");
    }

    @Test
    void onlyTheWindowIsReratedByTheBeginOfRecords() throws Exception {
        // given: one batch, four hours
        ledger.price("1");
        ledger.read(line("a", "1", 0), line("a", "1", 1), line("a", "1", 2), line("a", "1", 3));
        ledger.price("10");
        // when
        ledger.rerate(1, 3, "a");
        // then
        assertThat(ledger.billed("a")).isEqualTo("4 4 22 14400");
    }

    @Test
    void unpricedBecomesPricedAndTheOtherWay() throws Exception {
        // given
        ledger.read(line("a", "2", 0));
        ledger.price("0.05");
        ledger.read(line("b", "2", 0));
        // when
        ledger.rerate(0, 1, "a");
        ledger.rules("traffic: {mappings: [{cost: 1}]}");
        ledger.rerate(0, 1, "b");
        // then
        assertThat(ledger.billed("a")).isEqualTo("1 2 0.1 3600");
        assertThat(ledger.billed("b")).isEqualTo("1 2 0 3600");
        ledger.close(OCTOBER);
        assertThat(ledger.lines("a", OCTOBER)).containsExactly("vm USAGE null 0.05 2 0.1");
        assertThat(ledger.document("b", OCTOBER).sections().get(0).lines())
                .singleElement()
                .satisfies(line -> assertThat(line.unpriced()).isTrue());
    }

    @Test
    void givenPricesAndThoseOfTheCloseAreNeverRerated() throws Exception {
        // given: a price pushed for a meter that is priced so, and a cost that the close finds
        ledger.price("0.05");
        ledger.read(with(line("a", "r", "paid", "2", 0, 1), "price", "7"), line("a", "r", "licence", "1", 0, 1));
        // when: rules price all of them, and the meters file leaves it to rules from now on, save the cost
        ledger.rules("paid: {mappings: [{cost: 1}]}, licence: {mappings: [{cost: 1}]}");
        ledger.rerate(0, 1, "a");
        ledger.meters = MeterCatalog.parse("meters: {licence: {pricing: cost}}", "meters.yaml");
        ledger.rerate(0, 1, "a");
        // then
        assertThat(ledger.rows("select count(*), sum(amount) from entry")).containsExactly("2 7");
    }

    @Test
    void aStartingPriceStaysAndTheRulesOnTopOfItAreThoseOfToday() throws Exception {
        // given: one came when no rule was there, one when there was
        ledger.read(with(line("a", "2", 0), "price", "7"));
        ledger.price("0.05");
        ledger.read(with(line("a", "2", 1), "price", "7"));
        // when
        ledger.price("0.06");
        ledger.rerate(0, 2, "a");
        // then: 7 + 2 * 0.06 each
        assertThat(ledger.billed("a")).isEqualTo("2 4 14.24 7200");
    }

    @Test
    void whatTodaysRulesCanNotRateIsLeftAsItIsAndCounted() throws Exception {
        // given
        ledger.price("0.05");
        ledger.read(
                line("a", "2", 0).replace("{", "{\"metadata\":{\"size\":\"large\"},"),
                line("a", "2", 1).replace("{", "{\"metadata\":{\"size\":\"12\"},"));
        // when
        ledger.rules("vm: {fields: {size: {thresholds: [{level: 10, type: flat, cost: 1}]}}}");
        ledger.rerate(0, 2, "a");
        // then
        assertThat(ledger.billed("a")).isEqualTo("2 4 2.1 7200");
        assertThat(ledger.rows("select records, changed, unratable from rerating_tenant"))
                .containsExactly("2 1 1");
    }

    @Test
    void pricesNotLinearInTheQuantityAreReratedRecordByRecord() throws Exception {
        // given
        String traffic = "traffic: {mappings: [{cost: \"0.11\"}], thresholds: [{level: 100, type: %s}]}";
        ledger.rules(traffic.formatted("rate, cost: \"0.9\""));
        ledger.read(
                line("a", "r", "traffic", "50", 0, 1),
                line("a", "r", "traffic", "150", 1, 1),
                line("a", "r", "traffic", "200.5", 2, 1));
        // when: a sum once a record instead of a factor
        ledger.rules(traffic.formatted("flat, cost: \"-3\""));
        ledger.rerate(0, 3, "a");
        // then
        assertThat(ledger.billed("a")).isEqualTo("3 400.5 38.055 10800");
        ledger.close(OCTOBER);
        assertThat(ledger.lines("a", OCTOBER))
                .containsExactly("traffic USAGE null 0.11 50 5.5", "traffic USAGE null 0.092882 350.5 32.555");
    }

    @Test
    void eventsAreReratedWhereverTheirTimeOverlaps() throws Exception {
        // given
        ledger.rules("call: {mappings: [{cost: 1}]}");
        ledger.read(
                with(line("a", "r", "call", "1", 0, 2), "id", "x"), with(line("a", "r", "call", "2", 1, 2), "id", "y"));
        // when
        ledger.rules("call: {mappings: [{cost: 3}]}");
        ledger.rerate(0, 3, "a");
        // then
        assertThat(ledger.billed("a")).isEqualTo("2 3 9 14400");
        assertThat(ledger.otherHub()
                        .read(with(line("a", "r", "call", "1", 0, 2), "id", "x"))
                        .duplicate())
                .isEqualTo(1);
    }

    @Test
    void duplicatesAndHeldRecordsAreNoneOfIt() throws Exception {
        // given: of the second batch one record is a duplicate, one a conflict, one new
        ledger.price("1");
        ledger.read(line("a", "1", 0), line("a", "1", 1));
        ledger.read(line("a", "1", 0), line("a", "5", 1), line("a", "1", 2));
        // when
        ledger.price("2");
        ledger.rerate(0, 3, "a");
        // then
        assertThat(ledger.billed("a")).isEqualTo("3 3 6 10800");
    }

    @Test
    void whatWasReversedIsNotReratedAndWhatTookItsPlaceIs() throws Exception {
        // given
        ledger.price("1");
        ledger.read(line("a", "1", 0), line("a", "1", 1));
        ledger.read(line("a", "5", 1));
        ledger.acceptAll();
        assertThat(ledger.billed("a")).isEqualTo("2 6 6 7200");
        // when
        ledger.price("2");
        ledger.rerate(0, 2, "a");
        // then
        assertThat(ledger.billed("a")).isEqualTo("2 6 12 7200");
        ledger.close(OCTOBER);
        assertThat(ledger.lines("a", OCTOBER))
                .containsExactly(
                        "vm USAGE null 1 1 1",
                        "vm CORRECTION null 1 -1 -1",
                        "vm USAGE null 2 1 2",
                        "vm CORRECTION null 2 5 10");
    }

    @Test
    void aRecordAcceptedLaterReversesWhatIsReallyBilled() throws Exception {
        // given
        ledger.price("1");
        ledger.read(line("a", "1", 0), line("a", "1", 1));
        ledger.price("2");
        ledger.rerate(0, 2, "a");
        ledger.price("3");
        ledger.rerate(0, 1, "a");
        RerateLedger other = ledger.otherHub();
        // when: [0,2) at 3 a unit takes the place of 3 + 2
        other.read(line("a", "r", "vm", "10", 0, 2));
        assertThat(ledger.rows("select billed_amount from quarantine where state = 'held'"))
                .allSatisfy(amount -> assertThat(amount).isIn("3", "2"));
        other.acceptAll();
        // then
        assertThat(ledger.billed("a")).isEqualTo("1 10 30 7200");
        assertThat(ledger.rows("select sum(amount) from entry where kind = 2 and records < 0"))
                .containsExactly("-5");
        // and: re-rated again, only what is billed is
        ledger.price("4");
        ledger.rerate(0, 2, "a");
        assertThat(ledger.billed("a")).isEqualTo("1 10 40 7200");
    }

    @Test
    void anotherHubsMemoryOfBilledTimeStaysTrue() throws Exception {
        // given: another hub that knows the bucket
        ledger.price("1");
        RerateLedger other = ledger.otherHub();
        other.read(line("a", "1", 0));
        // when
        ledger.price("2");
        ledger.rerate(0, 1, "a");
        // then: what is billed stays billed, what is free is free; for it, and for one that reads all
        for (RerateLedger hub : List.of(other, ledger.otherHub())) {
            assertThat(hub.read(line("a", "1", 0)).duplicate()).isEqualTo(1);
        }
        assertThat(other.read(line("a", "1", 1)).accepted()).isEqualTo(1);
        assertThat(ledger.otherHub().read(line("a", "1", 2)).accepted()).isEqualTo(1);
        assertThat(ledger.billed("a")).isEqualTo("3 3 6 10800");
    }

    @Test
    void theRollUpHoldsWhatTheEntriesHoldWheneverItRan() throws Exception {
        // given
        ledger.price("1");
        ledger.read(line("a", "1", 0), line("a", "1", 30));
        RollUp.run(ledger.database);
        ledger.price("2");
        ledger.rerate(0, 31, "a");
        RollUp.run(ledger.database);
        ledger.price("3");
        ledger.rerate(0, 1, "a");
        // when
        ledger.close(OCTOBER);
        // then
        assertThat(ledger.lines("a", OCTOBER)).containsExactly("vm USAGE null 2 1 2", "vm USAGE null 3 1 3");
    }

    @Test
    void twoHubsAtOnceBillOnce() throws Exception {
        // given
        ledger.price("1");
        for (int hour = 0; hour < 40; hour++) {
            ledger.read(line("a", "1", hour), line("b", "1", hour));
        }
        ledger.settings = new RerateSettings(5, ledger.settings.lockWait(), ledger.settings.lease());
        ledger.price("2");
        ledger.reprocessing().order(new Reprocessing.Wanted(List.of("a", "b"), at(0), at(40), "new prices", "test"));
        // when: the second takes every order away from the first, whose lease it takes for lapsed
        Thread thief = new Thread(() -> {
            try {
                for (int i = 0; i < 20; i++) {
                    ledger.execute("update rerating set owner = null, lease_until = null where state = 'running'");
                    ledger.rerating().runDue(() -> false);
                }
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        thief.start();
        ledger.rerating().runDue(() -> false);
        thief.join();
        ledger.rerating().runDue(() -> false);
        // then
        assertThat(ledger.rows("select state from rerating")).containsExactly("done");
        assertThat(ledger.billed("a")).isEqualTo("40 40 80 144000");
        assertThat(ledger.billed("b")).isEqualTo("40 40 80 144000");
        assertThat(ledger.rows("select records, changed, before, after from rerating_tenant"))
                .containsExactly("40 40 40 80", "40 40 40 80");
    }
}
