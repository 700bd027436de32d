package org.caravan.rating;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.caravan.common.UserError;
import org.caravan.rating.hashmap.Mapping;
import org.caravan.rating.hashmap.RuleSet;
import org.caravan.rating.hashmap.RuleType;
import org.caravan.rating.hashmap.Tariff;
import org.caravan.rating.hashmap.Threshold;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TariffFileTest {
    private static TariffFile.Result parse(String text) {
        return TariffFile.parse(text, "tariff.yaml");
    }

    private static TariffFile.Result withMappings(String mappings) {
        return parse("currency: NZD\ngroups: [compute]\nservices:\n  instance:\n    fields:\n      flavor:\n"
                + "        mappings:\n" + mappings.indent(10));
    }

    @Test
    void readsEveryKindOfRuleInTheOrderOfTheFile() {
        // given
        String text =
                """
                currency: NZD
                groups: [compute]
                services:
                  instance:
                    mappings:   [{type: flat, cost: "0.01", group: compute, tenant: null, start: 2026-01-01T00:00:00, end: null}]
                    thresholds: [{level: "100", type: rate, cost: "0.9"}]
                    fields:
                      ram:
                      flavor:
                        mappings:   [{value: m1.small, type: flat, cost: 0.1000000000000000000000000001, group: compute, tenant: acme}]
                        thresholds: []
                  volume:
                """;

        // when
        TariffFile.Result result = parse(text);

        // then
        assertThat(result.currency()).isEqualTo("NZD");
        assertThat(result.warnings()).isEmpty();
        assertThat(result.ruleSet())
                .isEqualTo(new RuleSet(
                        List.of(
                                new RuleSet.Service("instance", List.of("ram", "flavor")),
                                new RuleSet.Service("volume", List.of())),
                        List.of(new RuleSet.Group("compute", false)),
                        List.of(
                                new Mapping(
                                        "instance",
                                        null,
                                        null,
                                        RuleType.FLAT,
                                        new BigDecimal("0.01"),
                                        "compute",
                                        null,
                                        Instant.parse("2026-01-01T00:00:00Z"),
                                        null,
                                        false),
                                new Mapping(
                                        "instance",
                                        "flavor",
                                        "m1.small",
                                        RuleType.FLAT,
                                        new BigDecimal("0.1000000000000000000000000001"),
                                        "compute",
                                        "acme",
                                        null,
                                        null,
                                        false)),
                        List.of(new Threshold(
                                "instance",
                                null,
                                new BigDecimal("100"),
                                RuleType.RATE,
                                new BigDecimal("0.9"),
                                null,
                                null))));
    }

    @Test
    void readsJsonAsWell(@TempDir Path folder) throws Exception {
        // given
        Path file = folder.resolve("tariff.json");
        Files.writeString(
                file,
                """
                {"currency": "EUR", "services": {"instance": {"mappings": [{"cost": "0.01"}, {"cost": 2, "group": "_DEFAULT_", "tenant": "acme"}]}}}
                """);

        // when
        TariffFile.Result result = TariffFile.read(file);

        // then
        assertThat(result.ruleSet().mappings())
                .extracting(Mapping::type, Mapping::group, Mapping::tenant)
                .containsExactly(tuple(RuleType.FLAT, null, null), tuple(RuleType.FLAT, null, "acme"));
    }

    @ParameterizedTest
    @CsvSource({
        "2026-01-01,                      2026-01-01T00:00:00Z,        2026-01-01T23:59:59Z",
        "2026-01-01T02:03:04,             2026-01-01T02:03:04Z,        2026-01-01T02:03:04Z",
        "2026-01-01 02:03:04,             2026-01-01T02:03:04Z,        2026-01-01T02:03:04Z",
        "2026-01-01T00:00:00Z,            2026-01-01T00:00:00Z,        2026-01-01T00:00:00Z",
        "2026-01-01T00:00:00.123456+13:00,2025-12-31T11:00:00.123456Z, 2025-12-31T11:00:00.123456Z"
    })
    void readsTimesWithAndWithoutOffset(String text, Instant asStart, Instant asEnd) {
        // given
        String rule = "- {value: a, cost: 1, start: '" + text + "'}\n- {value: b, cost: 1, end: '" + text + "'}";

        // when
        RuleSet rules = withMappings(rule).ruleSet();

        // then
        assertThat(rules.mappings().get(0).start()).isEqualTo(asStart);
        assertThat(rules.mappings().get(1).end()).isEqualTo(asEnd);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {value: a, cost: 1, colour: red}     | 8: services.instance.fields.flavor.mappings[0].colour: unknown key 'colour'
                    {value: a, cost: dear}               | 8: services.instance.fields.flavor.mappings[0].cost: expected a decimal number such as 0.048, found 'dear'
                    {value: a, cost: [1]}                | 8: services.instance.fields.flavor.mappings[0].cost: expected a text, found a list
                    {value: a, cost: 1234567890123}      | 8: services.instance.fields.flavor.mappings[0].cost: '1234567890123' has more than 12 digits before or 28 after the point
                    {value: a}                           | 8: services.instance.fields.flavor.mappings[0]: key 'cost' is missing
                    {cost: 1}                            | 8: services.instance.fields.flavor.mappings[0]: key 'value' is missing
                    {value: '', cost: 1}                 | 8: services.instance.fields.flavor.mappings[0].value: must not be empty
                    {value: a, cost: 1, type: flt}       | 8: services.instance.fields.flavor.mappings[0].type: expected one of flat, rate, found 'flt'; did you mean 'flat'?
                    {value: a, cost: 1, group: compote}  | 8: services.instance.fields.flavor.mappings[0].group: group 'compote' is not listed under 'groups'; did you mean 'compute'?
                    {value: a, cost: 1, tenant: ''}      | 8: services.instance.fields.flavor.mappings[0].tenant: must not be empty
                    {value: a, cost: 1, start: 1.1.2026} | 8: services.instance.fields.flavor.mappings[0].start: expected a time such as 2026-01-01T00:00:00 or 2026-01-01, found '1.1.2026'
                    {value: a, cost: 1, end: 2026-02-30} | 8: services.instance.fields.flavor.mappings[0].end: expected a time such as 2026-01-01T00:00:00 or 2026-01-01, found '2026-02-30'
                    {value: a, cost: 1, start: 2026-01-02T00:00:00, end: 2026-01-02T00:00:00} | 8: services.instance.fields.flavor.mappings[0].end: the end 2026-01-02T00:00:00 must be after the start 2026-01-02T00:00:00
                    """)
    void namesFileLineAndKeyOfAWrongRule(String rule, String message) {
        // given
        String mappings = "- " + rule;

        // when / then
        assertThatThrownBy(() -> withMappings(mappings))
                .isInstanceOf(UserError.class)
                .hasMessageStartingWith("tariff.yaml:" + message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    services: {}                                     | tariff.yaml:1: key 'currency' is missing
                    {currency: NZ, services: {}}                     | tariff.yaml:1: currency: 'NZ' is no ISO 4217 currency code such as EUR or NZD
                    {currency: nzd, services: {}}                    | tariff.yaml:1: currency: 'nzd' is no ISO 4217 currency code such as EUR or NZD
                    {currency: NZD}                                  | tariff.yaml:1: key 'services' is missing
                    {currency: NZD, services: {}, group: []}         | tariff.yaml:1: group: unknown key 'group'; did you mean 'groups'?
                    {currency: NZD, services: {}, groups: [a, a]}    | tariff.yaml:1: groups[1]: group 'a' is listed twice
                    {currency: NZD, services: []}                    | tariff.yaml:1: services: expected a map of keys, found a list
                    {currency: NZD, services: {a: {mapping: []}}}    | tariff.yaml:1: services.a.mapping: unknown key 'mapping'; did you mean 'mappings'?
                    {currency: NZD, services: {a: {mappings: [{value: x, cost: 1}]}}} | tariff.yaml:1: services.a.mappings[0].value: a rule of a service has no value
                    {currency: NZD, services: {a: {fields: {f: {fields: {}}}}}} | tariff.yaml:1: services.a.fields.f.fields: unknown key 'fields'
                    {currency: NZD, services: {a: {thresholds: [{level: 1.123456789, cost: 1}]}}} | tariff.yaml:1: services.a.thresholds[0].level: '1.123456789' has more than
                    {currency: NZD, services: {a: {}, a: {}}}        | tariff.yaml:1:
                    [                                                | tariff.yaml:2: not well-formed YAML or JSON
                    """)
    void namesFileLineAndKeyOfAWrongFile(String text, String message) {
        // given a text that is no tariff

        // when / then
        assertThatThrownBy(() -> parse(text + "\n"))
                .isInstanceOf(UserError.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void namesAMissingFile(@TempDir Path folder) {
        // given
        Path file = folder.resolve("none.yaml");

        // when / then
        assertThatThrownBy(() -> TariffFile.read(file))
                .isInstanceOf(UserError.class)
                .hasMessage("tariff " + file + ": no such file; give the path of a YAML or JSON file");
    }

    @Test
    void refusesTheSameRuleTwiceNamingBothLines() {
        // given
        String mappings =
                """
                - {value: a, cost: 1, group: compute, start: 2026-01-01}
                - {value: a, cost: 1}
                - {value: a, cost: 2, group: compute, start: 2026-01-01T00:00:00}
                """;
        String thresholds =
                """
                currency: NZD
                services:
                  volume:
                    thresholds:
                      - {level: 50, cost: 1}
                      - {level: 50, cost: 1, tenant: acme}
                      - {level: "50.0", cost: 2}
                """;

        // when / then
        assertThatThrownBy(() -> withMappings(mappings))
                .isInstanceOf(UserError.class)
                .hasMessageStartingWith(
                        "tariff.yaml:10: services.instance.fields.flavor.mappings[2]: the same rule stands in line 8");
        assertThatThrownBy(() -> parse(thresholds))
                .isInstanceOf(UserError.class)
                .hasMessageStartingWith("tariff.yaml:7: services.volume.thresholds[2]: the same rule stands in line 5");
    }

    @Test
    void warnsOfOverlappingPeriodsAndLetsTheLaterRuleWin() {
        // given
        TariffFile.Result result = withMappings(
                """
                - {value: a, cost: 1, start: 2026-01-01}
                - {value: a, cost: 2, start: 2026-02-01, end: 2026-03-01T00:00:00}
                - {value: b, cost: 3}
                """);
        Tariff tariff = Tariff.compile(result.ruleSet());

        // when
        long inBoth = Instant.parse("2026-02-10T00:00:00Z").getEpochSecond() * 1_000_000;
        long after = Instant.parse("2026-03-01T00:00:00Z").getEpochSecond() * 1_000_000;

        // then
        assertThat(result.warnings())
                .containsExactly(
                        "tariff.yaml:9: services.instance.fields.flavor.mappings[1]: the period overlaps that of"
                                + " the rule in line 8; where both are in force, this later one counts");
        assertThat(amount(tariff, inBoth)).isEqualByComparingTo("2");
        assertThat(amount(tariff, after)).isEqualByComparingTo("1");
    }

    private static BigDecimal amount(Tariff tariff, long begin) {
        return tariff.resolve("instance", null, Map.of("flavor", "a"), Map.of(), begin)
                .pricing()
                .amount(BigDecimal.ONE, null);
    }

    @Test
    void doesNotWarnOfPeriodsThatFollowEachOtherOrDifferInTenantOrGroup() {
        // given
        String mappings =
                """
                - {value: a, cost: 1, end: 2026-02-01T00:00:00}
                - {value: a, cost: 2, start: 2026-02-01}
                - {value: a, cost: 2, tenant: acme}
                - {value: a, cost: 2, group: compute}
                """;

        // when
        TariffFile.Result result = withMappings(mappings);

        // then
        assertThat(result.warnings()).isEmpty();
    }

    @Test
    void warnsOfRulesThatNeverApplyAndOfTheLastSecondOfADay() {
        // given
        String text =
                """
                currency: NZD
                services:
                  volume:
                    mappings:
                      - {cost: -1, end: 2026-01-31}
                      - {cost: 1, start: 2026-02-01}
                    thresholds:
                      - {level: -1, cost: 1}
                """;

        // when
        List<String> warnings = parse(text).warnings();

        // then
        assertThat(warnings).hasSize(3);
        assertThat(warnings.get(0)).startsWith("tariff.yaml:5: services.volume.mappings[0]: a negative flat cost");
        assertThat(warnings.get(1)).startsWith("tariff.yaml:6: services.volume.mappings[1]: between this rule");
        assertThat(warnings.get(2)).startsWith("tariff.yaml:8: services.volume.thresholds[0]: a threshold whose level");
    }

    @Test
    void boundsThePeriodsOfOneRule() {
        // given
        StringBuilder mappings = new StringBuilder();
        Instant start = Instant.parse("2026-01-01T00:00:00Z");
        for (int i = 0; i <= TariffFile.MAX_PERIODS; i++) {
            mappings.append("- {value: a, cost: 1, start: '")
                    .append(start.plusSeconds(i))
                    .append("', end: '")
                    .append(start.plusSeconds(i + 1))
                    .append("'}\n");
        }

        // when / then
        assertThatThrownBy(() -> withMappings(mappings.toString()))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("more than 1000 rules for one value, tenant and group");
    }

    @Test
    void givesEqualRulesEqualVersionsAndOthersAnother() {
        // given
        String text = "currency: NZD\nservices: {volume: {mappings: [{cost: 1.50}]}}";

        // when
        String version = Tariff.compile(parse(text).ruleSet()).version();

        // then
        assertThat(Tariff.compile(parse(text.replace("1.50", "'1.5'")).ruleSet())
                        .version())
                .isEqualTo(version);
        assertThat(Tariff.compile(parse(text.replace("1.50", "1.51")).ruleSet()).version())
                .isNotEqualTo(version);
    }
}
