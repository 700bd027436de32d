package org.caravan.rating.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.caravan.rating.TariffFile;
import org.caravan.rating.TariffWriter;
import org.caravan.rating.hashmap.AnyRules;
import org.caravan.rating.hashmap.Mapping;
import org.caravan.rating.hashmap.RuleSet;
import org.caravan.rating.hashmap.Tariff;
import org.caravan.rating.hashmap.Threshold;

/** Whatever rules: they come back from tables and files as they were, and an import holds from its moment on alone. */
class RuleStorePropertyTest {
    private static final int TRIES = 40;

    private static RuleTables tables;

    @BeforeContainer
    static void open() {
        tables = new RuleTables();
    }

    @AfterContainer
    static void close() {
        tables.close();
    }

    private static void begin() {
        tables.clear();
        tables.now = Instant.ofEpochSecond(AnyRules.T0 + 51);
    }

    @Property(tries = TRIES)
    void rulesOfAnyKindComeBackFromTheTablesInTheirNormalForm(@ForAll("ruleSets") RuleSet rules) throws SQLException {
        // given
        begin();
        RuleSet normal = NormalForm.of(rules);
        // when
        tables.store.importRules(RuleTables.wanted(rules, null));
        RuleSet stored = tables.store.load().rules();
        // then
        assertThat(stored).isEqualTo(normal);
        assertThat(Tariff.compile(stored).version())
                .isEqualTo(Tariff.compile(normal).version());
    }

    @Property(tries = 1_000)
    void theNormalFormPricesWhatTheRulesPrice(@ForAll("ruleSets") RuleSet rules, @ForAll long seed) {
        // given
        Tariff asGiven = Tariff.compile(rules);
        Tariff normal = Tariff.compile(NormalForm.of(rules));
        Random random = new Random(seed);
        for (int i = 0; i < 10; i++) {
            Point point = Point.any(random);
            // when, then
            assertThat(point.price(normal)).isEqualByComparingTo(point.price(asGiven));
        }
    }

    @Property(tries = TRIES)
    void fileTablesAndFileAgainAreTheSameRules(@ForAll("files") RuleSet rules) throws SQLException {
        // given
        begin();
        String written = TariffWriter.write(rules, "NZD", List.of("a: comment"));
        RuleSet read = TariffFile.parse(written, "first.yaml").ruleSet();
        // when
        tables.store.importRules(RuleTables.wanted(read, null));
        RuleSet stored = tables.store.load().rules();
        String exported = TariffWriter.write(stored, "NZD", List.of("a: comment"));
        // then
        assertThat(read).isEqualTo(rules);
        assertThat(stored).isEqualTo(rules);
        assertThat(Tariff.compile(stored).version())
                .isEqualTo(Tariff.compile(rules).version());
        assertThat(exported).isEqualTo(written);
        assertThat(tables.store
                        .importRules(RuleTables.wanted(rules, null))
                        .plan()
                        .changes())
                .isEmpty();
    }

    @Property(tries = TRIES)
    void anImportHoldsFromItsMomentOnAndLeavesWhatWasBefore(
            @ForAll("plainRuleSets") List<RuleSet> files, @ForAll long seed) throws SQLException {
        // given
        begin();
        Random random = new Random(seed);
        tables.store.importRules(RuleTables.wanted(files.get(0), null));
        for (RuleSet file : files.subList(1, files.size())) {
            RuleSet before = tables.store.load().rules();
            boolean wasEmpty =
                    before.mappings().isEmpty() && before.thresholds().isEmpty();
            // a moment ahead can't change thresholds, which have no dates
            Instant from = Instant.ofEpochSecond(AnyRules.T0 + random.nextInt(51), random.nextInt(2) * 1_000L);
            // when
            boolean differs =
                    !RuleDiff.of(before, file, wasEmpty ? Instant.MIN : from).isSame();
            ImportPlan done =
                    tables.store.importRules(RuleTables.wanted(file, from)).plan();
            RuleSet after = tables.store.load().rules();
            // then: a diff finds what an import does, and nothing afterwards
            assertThat(differs).isEqualTo(!done.changes().isEmpty());
            assertThat(RuleDiff.of(after, file, wasEmpty ? Instant.MIN : from).differences())
                    .isEmpty();
            Tariff stored = Tariff.compile(after);
            Tariff past = Tariff.compile(wasEmpty ? file : withThresholds(before, file));
            Tariff future = Tariff.compile(file);
            for (int i = 0; i < 40; i++) {
                Point point = Point.any(random);
                assertThat(point.price(stored))
                        .as("%s, import from %s", point, from)
                        .isEqualByComparingTo(point.price(point.seconds() * 1_000_000 < micros(from) ? past : future));
            }
            // when, then: once more
            List<String> rows = tables.everything();
            long version = tables.store.version();
            assertThat(tables.store
                            .importRules(RuleTables.wanted(file, from))
                            .plan()
                            .changes())
                    .isEmpty();
            assertThat(tables.store
                            .importRules(RuleTables.wanted(file, null))
                            .plan()
                            .changes())
                    .isEmpty();
            assertThat(tables.everything()).isEqualTo(rows);
            assertThat(tables.store.version()).isEqualTo(version);
            // then: an export of it is no change either
            RuleSet export = TariffFile.parse(TariffWriter.write(after, "NZD", List.of()), "export.yaml")
                    .ruleSet();
            assertThat(export).isEqualTo(after);
            assertThat(tables.store
                            .importRules(RuleTables.wanted(export, from))
                            .plan()
                            .changes())
                    .isEmpty();
        }
    }

    private static long micros(Instant instant) {
        return instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1_000;
    }

    private static RuleSet withThresholds(RuleSet dated, RuleSet undated) {
        Set<RuleSet.Group> groups = new HashSet<>(dated.groups());
        groups.addAll(undated.groups());
        return new RuleSet(undated.services(), List.copyOf(groups), dated.mappings(), undated.thresholds());
    }

    /** A record to be priced. */
    record Point(String tenant, long seconds, Map<String, String> metadata, BigDecimal quantity) {
        static Point any(Random random) {
            Map<String, String> metadata = new LinkedHashMap<>();
            for (String field : List.of("vcpus", "ram")) {
                if (random.nextInt(4) > 0) {
                    metadata.put(field, List.of("1", "8", "64").get(random.nextInt(3)));
                }
            }
            return new Point(
                    new String[] {null, "acme", "zen"}[random.nextInt(3)],
                    AnyRules.T0 - 1 + random.nextInt(103),
                    metadata,
                    BigDecimal.valueOf(List.of(-1L, 0L, 7L, 10L, 60L, 700L).get(random.nextInt(6))));
        }

        BigDecimal price(Tariff tariff) {
            return tariff.resolve("instance", tenant, metadata, Map.of(), seconds * 1_000_000)
                    .pricing()
                    .amount(quantity, null);
        }
    }

    @Provide
    Arbitrary<RuleSet> ruleSets() {
        return AnyRules.ruleSets();
    }

    /** Costs short enough that no sum or product is rounded, in whatever order it is made. */
    @Provide
    Arbitrary<List<RuleSet>> plainRuleSets() {
        Arbitrary<BigDecimal> costs =
                Arbitraries.integers().between(-20, 90).map(unscaled -> BigDecimal.valueOf(unscaled, 1));
        return AnyRules.ruleSets(costs).map(NormalForm::of).list().ofMinSize(2).ofMaxSize(4);
    }

    /** Rules that a file may hold, under names that no one should give. */
    @Provide
    Arbitrary<RuleSet> files() {
        Arbitrary<String> names = Arbitraries.oneOf(
                Arbitraries.of(
                        "null",
                        "~",
                        "true",
                        "No",
                        "-",
                        "a: b",
                        "#",
                        "{x}",
                        "'",
                        "\"",
                        "\\",
                        " lead",
                        "trail ",
                        "\n",
                        "\t",
                        "\r\n",
                        "\u0085",
                        "\u2028",
                        "\uFEFF",
                        "\u0007",
                        "\u007f",
                        "\ufffe",
                        "é",
                        "\u200f",
                        "🚀",
                        "1e3",
                        "_DEFAULT",
                        "? x",
                        "!t",
                        "&a",
                        "*a",
                        "|",
                        ">",
                        "%",
                        "@",
                        "`",
                        "x".repeat(255),
                        "\u0001".repeat(255),
                        "🚀".repeat(127),
                        "字".repeat(255)),
                Arbitraries.strings().ofMinLength(1).ofMaxLength(20).filter(text -> text.codePoints()
                        .noneMatch(c -> c == 0 || Character.getType(c) == Character.SURROGATE)));
        Arbitrary<Instant> ends = Arbitraries.of(
                        "0000-01-01T00:00:00Z", "1899-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z")
                .map(Instant::parse);
        return Combinators.combine(
                        AnyRules.ruleSets(), names.list().uniqueElements().ofSize(9), ends.injectNull(0.7))
                .as((rules, strange, time) -> renamed(NormalForm.of(rules), strange, time));
    }

    private static RuleSet renamed(RuleSet rules, List<String> strange, Instant time) {
        Map<String, String> names = new LinkedHashMap<>();
        for (String known : List.of("instance", "vcpus", "ram", "a", "b", "acme", "zen", "1", "8")) {
            names.put(known, strange.get(names.size()));
        }
        List<RuleSet.Service> services = new ArrayList<>();
        services.add(new RuleSet.Service("bare", List.of()));
        rules.services()
                .forEach(service -> services.add(new RuleSet.Service(
                        names.get(service.name()),
                        service.fields().stream().map(names::get).toList())));
        services.removeIf(
                service -> service.name().equals("bare") && strange.get(0).equals("bare"));
        List<Mapping> mappings = new ArrayList<>();
        for (Mapping rule : rules.mappings()) {
            boolean first = mappings.isEmpty() && time != null;
            mappings.add(new Mapping(
                    names.get(rule.service()),
                    names.get(rule.field()),
                    rule.value() == null ? null : names.getOrDefault(rule.value(), rule.value()),
                    rule.type(),
                    rule.cost(),
                    names.get(rule.group()),
                    names.get(rule.tenant()),
                    first && time.isBefore(Instant.EPOCH) ? time : rule.start(),
                    first && time.isAfter(Instant.EPOCH) ? time : rule.end(),
                    false));
        }
        List<Threshold> thresholds = rules.thresholds().stream()
                .map(rule -> new Threshold(
                        names.get(rule.service()),
                        names.get(rule.field()),
                        rule.level(),
                        rule.type(),
                        rule.cost(),
                        names.get(rule.group()),
                        names.get(rule.tenant())))
                .toList();
        List<RuleSet.Group> groups = rules.groups().stream()
                .map(group -> new RuleSet.Group(names.get(group.name()), false))
                .toList();
        return NormalForm.of(new RuleSet(services, groups, mappings, thresholds));
    }
}
