package org.caravan.rating.hashmap;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The compiled rules of one service: those for every tenant, or those of one tenant alone.
 *
 * <p>Mappings of a tenant stand beside the global ones, as which of the two is in force depends on time. Thresholds
 * have no dates, so a tenant's lists already hold the global ones that it does not replace.
 */
final class ServiceRules {
    /** Rules of the service itself, by group in order of creation. */
    final Map<String, Timeline> mappings;

    final ThresholdList thresholds;

    /** By field name; a field without rules here is missing. */
    final Map<String, FieldRules> fields;

    private ServiceRules(Map<String, Timeline> mappings, ThresholdList thresholds, Map<String, FieldRules> fields) {
        this.mappings = mappings;
        this.thresholds = thresholds;
        this.fields = fields;
    }

    /**
     * The rules of one field.
     *
     * @param values timelines by value and group
     * @param thresholds those in force, for every tenant or for this one
     */
    record FieldRules(Map<String, Map<String, Timeline>> values, ThresholdList thresholds) {}

    /**
     * Thresholds that compete.
     *
     * @param id unique within the tariff
     */
    record ThresholdList(int id, List<Rule> rules) {}

    /** Collects the rules of one service, in order of creation. */
    static final class Builder {
        private final Map<String, Timeline.Builder> mappings = new LinkedHashMap<>();
        private final Map<List<Object>, Rule> thresholds = new LinkedHashMap<>();
        private final Map<String, Map<String, Map<String, Timeline.Builder>>> values = new LinkedHashMap<>();
        private final Map<String, Map<List<Object>, Rule>> fieldThresholds = new LinkedHashMap<>();

        void add(Mapping mapping, Rule rule) {
            Map<String, Timeline.Builder> groups = mapping.field() == null
                    ? mappings
                    : values.computeIfAbsent(mapping.field(), f -> new LinkedHashMap<>())
                            .computeIfAbsent(mapping.value(), v -> new LinkedHashMap<>());
            groups.computeIfAbsent(rule.group(), g -> new Timeline.Builder()).add(rule, mapping);
        }

        void add(Threshold threshold, Rule rule) {
            Map<List<Object>, Rule> levels = threshold.field() == null
                    ? thresholds
                    : fieldThresholds.computeIfAbsent(threshold.field(), f -> new LinkedHashMap<>());
            levels.put(level(rule), rule);
        }

        /**
         * @param global the same service's rules for every tenant, or null where these are they, or there are none
         * @param ids gives each list of thresholds its id
         */
        ServiceRules build(ServiceRules global, Ids ids) {
            Map<String, FieldRules> fields = new LinkedHashMap<>();
            List<String> names = new ArrayList<>(values.keySet());
            fieldThresholds.keySet().stream()
                    .filter(f -> !values.containsKey(f))
                    .forEach(names::add);
            for (String field : names) {
                FieldRules beside = global == null ? null : global.fields.get(field);
                Map<String, Map<String, Timeline>> built = new LinkedHashMap<>();
                values.getOrDefault(field, Map.of()).forEach((value, groups) -> built.put(value, build(groups)));
                fields.put(
                        field,
                        new FieldRules(
                                built,
                                merge(
                                        beside == null ? null : beside.thresholds(),
                                        fieldThresholds.getOrDefault(field, Map.of()),
                                        ids)));
            }
            return new ServiceRules(
                    build(mappings), merge(global == null ? null : global.thresholds, thresholds, ids), fields);
        }

        private static Map<String, Timeline> build(Map<String, Timeline.Builder> groups) {
            Map<String, Timeline> built = new LinkedHashMap<>();
            groups.forEach((group, timeline) -> built.put(group, timeline.build()));
            return built;
        }

        private static ThresholdList merge(ThresholdList global, Map<List<Object>, Rule> own, Ids ids) {
            if (own.isEmpty() && global != null) {
                return global;
            }
            Map<List<Object>, Rule> merged = new LinkedHashMap<>();
            if (global != null) {
                global.rules().forEach(rule -> merged.put(level(rule), rule));
            }
            merged.putAll(own);
            return new ThresholdList(ids.next(), List.copyOf(merged.values()));
        }

        /** What a threshold replaces: the one of its group with an equal level. */
        private static List<Object> level(Rule rule) {
            return List.of(rule.group(), rule.level().stripTrailingZeros());
        }
    }

    /** Counts. */
    static final class Ids {
        private int next;

        int next() {
            return next++;
        }
    }
}
