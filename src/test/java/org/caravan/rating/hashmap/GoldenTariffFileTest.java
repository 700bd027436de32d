package org.caravan.rating.hashmap;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.caravan.common.Json;
import org.caravan.metering.Meter;
import org.caravan.metering.UsageBatch;
import org.caravan.metering.UsageKey;
import org.caravan.rating.ModuleChain;
import org.caravan.rating.TariffFile;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The golden cases once more, the way people use them: rules from a tariff file, all usage of a case in one batch. */
class GoldenTariffFileTest {
    static Stream<GoldenCase> cases() {
        return GoldenTest.cases();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void ratesABatchByATariffFileAsCloudKittyDoes(GoldenCase golden) {
        // given
        TariffFile.Result file = TariffFile.parse(file(golden.rules()).toString(), "golden.json");

        // when, then
        assertThat(check(golden, file.ruleSet())).isPositive();
    }

    /** Rates the usage of a case by some rules and compares; answers how many points. */
    static int check(GoldenCase golden, RuleSet rules) {
        UsageBatch batch = new UsageBatch(64);
        List<GoldenCase.Point> points = new ArrayList<>();
        List<Boolean> framesFail = new ArrayList<>();
        for (GoldenCase.Frame frame : golden.frames()) {
            for (GoldenCase.Point point : frame.points()) {
                Map<String, Object> metadata = new LinkedHashMap<>(point.metadata());
                metadata.putAll(point.groupby());
                UsageKey key = new UsageKey(
                        "default", frame.tenant(), "", "", Meter.unlisted(point.service()), "h", metadata, "p", "");
                long begin = Timeline.micros(frame.begin());
                batch.add(key, point.quantity(), begin, begin + 1, points.size());
                batch.lastGivenPrice(point.price());
                points.add(point);
                framesFail.add(frame.error() != null);
            }
        }
        new ModuleChain(new TariffHolder(Tariff.compile(rules))).rate(batch);
        for (int row = 0; row < batch.size(); row++) {
            BigDecimal expected = points.get(row).expected();
            if (expected != null) {
                assertThat(batch.amountValue(row)).as("%s", points.get(row)).isEqualByComparingTo(expected);
            } else {
                assertThat(framesFail.get(row)).isTrue();
            }
        }
        assertThat(!batch.rejected().isEmpty()).isEqualTo(framesFail.contains(true));
        return batch.size();
    }

    static ObjectNode file(RuleSet rules) {
        ObjectNode top = Json.mapper().createObjectNode().put("currency", "NZD");
        ArrayNode groups = top.putArray("groups");
        rules.groups().stream().filter(group -> !group.deleted()).forEach(group -> groups.add(group.name()));
        ObjectNode services = top.putObject("services");
        for (RuleSet.Service service : rules.services()) {
            ObjectNode node = services.putObject(service.name());
            rules(rules, service.name(), null, node);
            ObjectNode fields = node.putObject("fields");
            service.fields().forEach(field -> rules(rules, service.name(), field, fields.putObject(field)));
        }
        return top;
    }

    private static void rules(RuleSet rules, String service, String field, ObjectNode parent) {
        ArrayNode mappings = parent.putArray("mappings");
        for (Mapping rule : rules.mappings()) {
            if (!rule.deleted() && service.equals(rule.service()) && Objects.equals(field, rule.field())) {
                ObjectNode node = mappings.addObject();
                if (field != null) {
                    node.put("value", rule.value());
                }
                rule(node, rule.type(), rule.cost(), group(rules, rule.group()), rule.tenant())
                        .put("start", String.valueOf(rule.start()));
                if (rule.end() != null) {
                    node.put("end", rule.end().toString());
                }
            }
        }
        ArrayNode thresholds = parent.putArray("thresholds");
        for (Threshold rule : rules.thresholds()) {
            if (service.equals(rule.service()) && Objects.equals(field, rule.field())) {
                rule(thresholds.addObject(), rule.type(), rule.cost(), group(rules, rule.group()), rule.tenant())
                        .put("level", rule.level());
            }
        }
    }

    private static ObjectNode rule(ObjectNode node, RuleType type, BigDecimal cost, String group, String tenant) {
        return node.put("type", type.word())
                .put("cost", cost.toPlainString())
                .put("group", group)
                .put("tenant", tenant);
    }

    private static String group(RuleSet rules, String name) {
        return name == null ? null : RuleSet.effectiveGroup(name, rules.liveGroups());
    }
}
