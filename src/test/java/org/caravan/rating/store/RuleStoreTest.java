package org.caravan.rating.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import org.caravan.common.UserError;
import org.caravan.rating.hashmap.RuleSet;
import org.caravan.rating.hashmap.Tariff;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an import makes of the rules that are there: the smallest change, from a moment on. */
class RuleStoreTest {
    private static final String NOW = "2026-11-20T10:00:00Z";
    private static final String MAPPINGS =
            "select value, cost, start_at, end_at, deleted_at is not null from rule_mapping order by id";

    private static RuleTables tables;

    @BeforeAll
    static void open() {
        tables = new RuleTables();
    }

    @AfterAll
    static void close() {
        tables.close();
    }

    @BeforeEach
    void clear() {
        tables.clear();
        tables.now = Instant.parse(NOW);
    }

    private static String flavors(String... rules) {
        return "currency: NZD\nservices:\n  instance:\n    fields:\n      flavor:\n        mappings:\n          - {"
                + String.join("}\n          - {", rules) + "}\n";
    }

    @Test
    void rulesForEmptyTablesAreTakenAsTheyStandInTheFile() throws Exception {
        // given
        String yaml =
                """
                currency: NZD
                groups: [compute, unused]
                services:
                  instance:
                    mappings: [{type: rate, cost: "1.50", group: compute}]
                    thresholds: [{level: "100.0", type: rate, cost: "0.9", tenant: acme}]
                    fields:
                      flavor:
                        mappings:
                          - {value: small, cost: "0.0480", group: compute, end: 2026-01-01T00:00:00}
                          - {value: small, cost: 1e2, group: compute, start: 2026-01-01}
                      os: {}
                  network: {}
                """;
        RuleSet rules = RuleTables.rules(yaml);
        // when
        RuleStore.Result result = tables.store.importRules(RuleTables.wanted(rules, null));
        StoredRules stored = tables.store.load();
        // then
        assertThat(stored.rules()).isEqualTo(rules);
        assertThat(Tariff.compile(stored.rules()).version())
                .isEqualTo(Tariff.compile(rules).version());
        assertThat(stored.currency()).isEqualTo("NZD");
        assertThat(stored.version()).isEqualTo(result.version());
        assertThat(result.plan().from()).isNull();
        assertThat(tables.rows("select distinct created_by, length(name) from rule_mapping"))
                .containsExactly("kiri 32");
    }

    @Test
    void theSameFileAgainChangesNothingNotEvenTheVersion() throws Exception {
        // given
        String yaml = flavors("value: small, cost: 1", "value: large, cost: 2, start: 2026-12-01");
        tables.importNow(yaml);
        List<String> before = tables.everything();
        long version = tables.store.version();
        tables.now = Instant.parse("2026-12-24T00:00:00Z");
        // when
        ImportPlan again = tables.importNow(yaml);
        // then
        assertThat(again.isEmpty()).isTrue();
        assertThat(again.unchanged()).isEqualTo(2);
        assertThat(tables.everything()).isEqualTo(before);
        assertThat(tables.store.version()).isEqualTo(version);
    }

    @Test
    void anotherCostEndsTheRuleThatRunsAndBeginsAnother() throws Exception {
        // given
        tables.importNow(flavors("value: small, cost: 1", "value: large, cost: 2"));
        List<String> large = tables.rows("select * from rule_mapping where value = 'large'");
        // when
        ImportPlan plan = tables.importNow(flavors("value: small, cost: 1.1", "value: large, cost: 2.00"));
        // then
        assertThat(tables.rows(MAPPINGS))
                .containsExactly(
                        "small 1 null 2026-11-20 10:00:00+00 f",
                        "large 2 null null f",
                        "small 1.1 2026-11-20 10:00:00+00 null f");
        assertThat(tables.rows("select * from rule_mapping where value = 'large'"))
                .isEqualTo(large);
        assertThat(plan.count(RuleChange.Kind.ENDED)).isEqualTo(1);
        assertThat(plan.count(RuleChange.Kind.ADDED)).isEqualTo(1);
        assertThat(plan.unchanged()).isEqualTo(1);
        assertThat(plan.warnings()).isEmpty();
    }

    @Test
    void aRuleThatTheFileNoLongerHasEndsAndKeepsItsPast() throws Exception {
        // given
        tables.importNow(flavors("value: small, cost: 1", "value: large, cost: 2"));
        // when
        tables.importNow(flavors("value: small, cost: 1"));
        // then
        assertThat(tables.rows(MAPPINGS))
                .containsExactly("small 1 null null f", "large 2 null 2026-11-20 10:00:00+00 f");
    }

    @Test
    void aRuleThatHasNotBegunIsWithdrawnAndTheRunningOneGoesOn() throws Exception {
        // given
        tables.importNow(
                flavors("value: small, cost: 1, end: 2027-01-01T00:00:00", "value: small, cost: 2, start: 2027-01-01"));
        // when
        ImportPlan plan = tables.importNow(flavors("value: small, cost: 1"));
        // then
        assertThat(tables.rows(MAPPINGS))
                .containsExactly("small 1 null null f", "small 2 2027-01-01 00:00:00+00 null t");
        assertThat(tables.rows("select deleted_by from rule_mapping where deleted_at is not null"))
                .containsExactly("kiri");
        assertThat(plan.count(RuleChange.Kind.CHANGED)).isEqualTo(1);
        assertThat(plan.count(RuleChange.Kind.WITHDRAWN)).isEqualTo(1);
    }

    @Test
    void aPriceThatTheFileDatesAheadOnlySetsTheEndOfTheRunningOne() throws Exception {
        // given
        tables.importNow(flavors("value: small, cost: 1"));
        String ahead =
                flavors("value: small, cost: 1, end: 2027-01-01T00:00:00", "value: small, cost: 2, start: 2027-01-01");
        // when
        ImportPlan plan = tables.importNow(ahead);
        // then
        assertThat(tables.rows(MAPPINGS))
                .containsExactly("small 1 null 2027-01-01 00:00:00+00 f", "small 2 2027-01-01 00:00:00+00 null f");
        assertThat(plan.warnings()).isEmpty();
        assertThat(tables.store.load().rules()).isEqualTo(RuleTables.rules(ahead));
    }

    @Test
    void aTimeAheadKeepsTodayAndATimeBackTakesOverUsageNotYetRated() throws Exception {
        // given
        tables.importNow(flavors("value: small, cost: 1"));
        // when
        ImportPlan ahead = tables.importFrom("2026-12-01T00:00:00Z", flavors("value: small, cost: 2"));
        ImportPlan back = tables.importFrom("2026-11-01T00:00:00Z", flavors("value: small, cost: 3"));
        // then
        assertThat(tables.rows(MAPPINGS))
                .containsExactly(
                        "small 1 null 2026-11-01 00:00:00+00 f",
                        "small 2 2026-12-01 00:00:00+00 null t",
                        "small 3 2026-11-01 00:00:00+00 null f");
        assertThat(ahead.warnings()).isEmpty();
        assertThat(back.warnings()).singleElement().asString().contains("usage that is rated already keeps its price");
    }

    @Test
    void aPastThatTheFileSaysOtherwiseStaysAndIsTold() throws Exception {
        // given
        tables.importNow(flavors("value: small, cost: 1, start: 2026-10-01"));
        // when: the cost of the running rule is written over
        ImportPlan plan = tables.importNow(flavors("value: small, cost: 2, start: 2026-10-01"));
        // then
        assertThat(tables.rows(MAPPINGS))
                .containsExactly(
                        "small 1 2026-10-01 00:00:00+00 2026-11-20 10:00:00+00 f",
                        "small 2 2026-11-20 10:00:00+00 null f");
        assertThat(plan.warnings())
                .containsExactly(
                        "1 rule says for before 2026-11-20T10:00:00Z what was not in force then; the past is left"
                                + " as it was, unless --from names an earlier time");
    }

    @Test
    void thresholdsChangeInTheirRowAndAtOnce() throws Exception {
        // given
        String file =
                """
                currency: NZD
                services:
                  network:
                    mappings: [{cost: 1}]
                    thresholds:
                      - {level: 100, type: rate, cost: 0.9}
                      - {level: 200, type: rate, cost: 0.8}
                      - {level: 300, type: rate, cost: 0.7}
                """;
        tables.importNow(file);
        String changed = file.replace("cost: 0.8", "cost: 0.75")
                .replace(
                        "      - {level: 300, type: rate, cost: 0.7}\n", "      - {level: 400, type: flat, cost: 5}\n");
        // when
        ImportPlan plan = tables.importNow(changed);
        // then
        assertThat(tables.rows("select id - (select min(id) from rule_threshold), level, type, cost from rule_threshold"
                        + " order by id"))
                .containsExactly("0 100 rate 0.9", "1 200 rate 0.75", "3 400 flat 5");
        assertThat(plan.warnings())
                .singleElement()
                .asString()
                .contains("thresholds and the order of fields have no dates");
        // when, then: no date ahead for what has none
        long version = tables.store.version();
        assertThatThrownBy(() -> tables.importFrom("2026-12-01T00:00:00Z", file))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("can't change at 2026-12-01T00:00:00Z");
        assertThat(tables.store.version()).isEqualTo(version);
    }

    @Test
    void namesGoOnlyWhenNoRuleNotEvenAnEndedOneNeedsThem() throws Exception {
        // given
        tables.importNow(
                """
                currency: NZD
                groups: [used, spare]
                services:
                  instance:
                    fields: {flavor: {mappings: [{value: small, cost: 1, group: used}]}, os: {}}
                  typo: {}
                """);
        // when
        tables.importNow("currency: NZD\nservices:\n  network: {mappings: [{cost: 1}]}\n");
        // then
        RuleSet rules = tables.store.load().rules();
        assertThat(rules.services())
                .containsExactly(
                        new RuleSet.Service("instance", List.of("flavor")), new RuleSet.Service("network", List.of()));
        assertThat(rules.groups()).containsExactly(new RuleSet.Group("used", false));
        assertThat(rules.mappings()).hasSize(2);
        // when: a name comes back
        tables.importNow(
                "currency: NZD\nservices:\n  typo: {mappings: [{cost: 1}]}\n  network: {mappings: [{cost: 1}]}\n");
        // then
        assertThat(tables.rows("select name, deleted_at is null from rule_service where name = 'typo' order by id"))
                .containsExactly("typo f", "typo t");
    }

    @Test
    void fieldsWithThresholdsAreLookedAtInTheFilesOrder() throws Exception {
        // given
        String file =
                """
                currency: NZD
                services:
                  instance:
                    fields:
                      ram: {thresholds: [{level: 8, cost: 1}]}
                      vcpus: {thresholds: [{level: 8, cost: 2}]}
                """;
        String turned =
                """
                currency: NZD
                services:
                  instance:
                    fields:
                      vcpus: {thresholds: [{level: 8, cost: 2}]}
                      ram: {thresholds: [{level: 8, cost: 1}]}
                """;
        tables.importNow(file);
        // when
        ImportPlan plan = tables.importNow(turned);
        // then
        assertThat(tables.store.load().rules()).isEqualTo(RuleTables.rules(turned));
        assertThat(plan.names()).isEqualTo(1);
        assertThat(plan.count(RuleChange.Kind.CHANGED)).isZero();
    }

    @Test
    void aPlanChangesNothing() throws Exception {
        // given
        tables.importNow(flavors("value: small, cost: 1"));
        List<String> before = tables.everything();
        long version = tables.store.version();
        RuleStore.Import wanted = RuleTables.wanted(RuleTables.rules(flavors("value: small, cost: 2")), null);
        // when
        RuleStore.Result planned = tables.store.plan(wanted);
        // then
        assertThat(tables.everything()).isEqualTo(before);
        assertThat(tables.store.version()).isEqualTo(version);
        assertThat(planned.plan()).isEqualTo(tables.store.importRules(wanted).plan());
    }

    @Test
    void anotherCurrencyIsRefused() throws Exception {
        // given
        tables.importNow(flavors("value: small, cost: 1"));
        List<String> before = tables.everything();
        RuleSet others = RuleTables.rules(flavors("value: small, cost: 2"));
        // when, then
        assertThatThrownBy(() -> tables.store.importRules(new RuleStore.Import(others, "EUR", null, "kiri")))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("NZD")
                .hasMessageContaining("EUR");
        assertThat(tables.everything()).isEqualTo(before);
    }

    @Test
    void whatIsDeletedByOtherHandsCountsForNothing() throws Exception {
        // given: rows as an API would leave them
        tables.importNow(
                """
                currency: NZD
                groups: [gone, held]
                services:
                  instance:
                    mappings: [{cost: 1, group: gone}, {cost: 2, group: held}]
                    fields: {flavor: {mappings: [{value: small, cost: 3}]}, os: {mappings: [{value: w, cost: 4}]}}
                  network: {mappings: [{cost: 5}], thresholds: [{level: 1, cost: 6}]}
                """);
        long version = tables.store.version();
        // when
        tables.execute("update rule_group set deleted_at = now() where name = 'gone'");
        tables.execute("update rule_field set deleted_at = now() where name = 'os'");
        tables.execute("update rule_service set deleted_at = now() where name = 'network'");
        tables.execute("update rule_mapping set deleted_at = now(), deleted_by = 'api' where cost = 3");
        // then
        assertThat(tables.store.load().rules())
                .isEqualTo(
                        RuleTables.rules(
                                """
                        currency: NZD
                        groups: [held]
                        services:
                          instance:
                            mappings: [{cost: 1}, {cost: 2, group: held}]
                            fields: {flavor: {}}
                        """));
        assertThat(tables.store.version()).isEqualTo(version + 4);
    }

    @Test
    void rowsThatNoContractAllowsAreRefusedByTheTables() throws Exception {
        // given
        tables.importNow(
                """
                currency: NZD
                services:
                  instance:
                    mappings: [{cost: 1}]
                    thresholds: [{level: "50", cost: 1}]
                    fields: {flavor: {}}
                  network: {fields: {direction: {}}}
                """);
        String mapping = "insert into rule_mapping (service, field, value, type, cost, created_at, created_by, name)"
                + " select s.id, %s, %s, 'flat', %s, now(), 'x', %s from rule_service s where name = 'instance'";
        String otherField = "(select id from rule_field where name = 'direction')";
        String field = "(select id from rule_field where name = 'flavor')";
        // when, then
        for (String wrong : List.of(
                "insert into rule_service (name) values ('instance')",
                mapping.formatted(otherField, "'v'", "1", "'n'"),
                mapping.formatted(field, "null", "1", "'n'"),
                mapping.formatted("null", "'v'", "1", "'n'"),
                mapping.formatted("null", "null", "1000000000000", "'n'"),
                mapping.formatted("null", "null", "'NaN'", "'n'"),
                mapping.formatted("null", "null", "0.00000000000000000000000000001", "'n'"),
                mapping.formatted("null", "null", "1", "(select name from rule_mapping)"),
                "update rule_mapping set start_at = now(), end_at = now()")) {
            assertThatThrownBy(() -> tables.execute(wrong)).as(wrong).hasMessageContaining("violates");
        }
        // then: one price in several places is no conflict
        tables.execute(mapping.formatted(field, "'v'", "-999999999999.9999999999999999999999999999", "'n'"));
    }

    @Test
    void ofSeveralThresholdsOfOneLevelTheLastOneIsTheOneThatAnImportChanges() throws Exception {
        // given: the rating API lets them be
        String yaml =
                """
                currency: NZD
                services:
                  instance:
                    thresholds: [{level: "50", cost: %s}]
                """;
        tables.importNow(yaml.formatted(1));
        tables.execute("insert into rule_threshold (service, level, type, cost)"
                + " select service, 50.0, 'flat', 2 from rule_threshold");
        // when / then: it counts, so it is what the file says
        assertThat(tables.importNow(yaml.formatted(2)).isEmpty()).isTrue();
        // when
        tables.importNow(yaml.formatted(3));
        // then
        assertThat(tables.rows("select cost from rule_threshold order by id")).containsExactly("1", "3");
        // when
        tables.importNow("currency: NZD\nservices: {instance: {}}\n");
        // then
        assertThat(tables.rows("select cost from rule_threshold")).isEmpty();
    }

    @Test
    void aFileIsNotLoadedIntoALedgerWhoseRulesWereAllTakenBack() throws Exception {
        // given
        RuleSet rules = RuleTables.rules(flavors("value: small, cost: 1"));
        tables.store.importIfEmpty(RuleTables.wanted(rules, null));
        tables.execute("update rule_mapping set deleted_at = now(), deleted_by = 'kiri'");
        // when
        tables.store.importIfEmpty(RuleTables.wanted(rules, null));
        // then
        assertThat(tables.store.isEmpty()).isTrue();
    }
}
