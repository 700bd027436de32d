package org.caravan.rating.hashmap;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.caravan.rating.hashmap.ServiceRules.FieldRules;
import org.caravan.rating.hashmap.ServiceRules.ThresholdList;

/**
 * Finds the rules that apply to a point, all but the service thresholds, which depend on its quantity; and until when
 * they do.
 */
final class Match {
    /** A threshold must be above this level to apply at all. */
    static final BigDecimal NO_LEVEL = BigDecimal.ONE.negate();

    /** A group that only service thresholds know. */
    static final Group NO_GROUP = new Group(false);

    private static final int MAX_SHOWN = 60;

    /** What of one group applies; the state that 4.3 of the contract calls flat, rate and threshold. */
    static final class Group {
        /** True if a mapping of the service itself met the group, which puts it before all others. */
        final boolean first;

        Rule flat;
        final List<Rule> rates = new ArrayList<>(2);
        Rule fieldThreshold;

        private Group(boolean first) {
            this.first = first;
        }

        private void apply(Rule mapping) {
            if (!mapping.isFlat()) {
                rates.add(mapping);
            } else if (mapping.cost().signum() >= 0
                    && (flat == null || mapping.cost().compareTo(flat.cost()) > 0)) {
                flat = mapping;
            }
        }

        private void offer(Rule threshold) {
            BigDecimal best = fieldThreshold == null ? NO_LEVEL : fieldThreshold.level();
            if (threshold.level().compareTo(best) > 0) {
                fieldThreshold = threshold;
            }
        }
    }

    private final ServiceRules global;
    private final ServiceRules own;
    private final long begin;

    private boolean ofService = true;

    /** In the order in which mappings and field thresholds met them. */
    final Map<String, Group> groups = new LinkedHashMap<>();

    /** The match holds for begins in [from, to). */
    long from = Long.MIN_VALUE;

    long to = Long.MAX_VALUE;

    /** Why the point can't be rated, or null. */
    String problem;

    /**
     * @param global the service's rules for every tenant, or null
     * @param own the tenant's, or null
     */
    Match(ServiceRules global, ServiceRules own, long begin) {
        this.global = global;
        this.own = own;
        this.begin = begin;
    }

    /** Thresholds of the service that compete for the quantity; null if there are none. */
    ThresholdList serviceThresholds() {
        return own != null ? own.thresholds : global != null ? global.thresholds : null;
    }

    /** Finds the mappings of the service, then what applies of its fields, in their order. */
    void find(String service, List<String> fields, FieldValues values) {
        mappings(global == null ? null : global.mappings, own == null ? null : own.mappings);
        ofService = false;
        for (String field : fields) {
            FieldRules globally = global == null ? null : global.fields.get(field);
            FieldRules forTenant = own == null ? null : own.fields.get(field);
            if (globally == null && forTenant == null) {
                continue;
            }
            Object value = values.get(field);
            if (value != FieldValues.ABSENT) {
                String text = FieldValues.text(value);
                mappings(of(globally, text), of(forTenant, text));
                thresholds(service, field, forTenant != null ? forTenant.thresholds() : globally.thresholds(), value);
            }
        }
    }

    private static Map<String, Timeline> of(FieldRules rules, String value) {
        return rules == null ? null : rules.values().get(value);
    }

    private void mappings(Map<String, Timeline> globally, Map<String, Timeline> forTenant) {
        Set<String> seen = globally == null ? Set.of() : globally.keySet();
        for (String group : seen) {
            Rule rule = forTenant == null ? null : inForce(forTenant.get(group));
            apply(group, rule != null ? rule : inForce(globally.get(group)));
        }
        if (forTenant != null) {
            for (Map.Entry<String, Timeline> timeline : forTenant.entrySet()) {
                if (!seen.contains(timeline.getKey())) {
                    apply(timeline.getKey(), inForce(timeline.getValue()));
                }
            }
        }
    }

    private Rule inForce(Timeline timeline) {
        if (timeline == null) {
            return null;
        }
        int stretch = timeline.at(begin);
        from = Math.max(from, timeline.from(stretch));
        to = Math.min(to, timeline.to(stretch));
        return timeline.rule(stretch);
    }

    private void apply(String group, Rule rule) {
        if (rule != null) {
            group(group).apply(rule);
        }
    }

    private void thresholds(String service, String field, ThresholdList list, Object value) {
        if (list.rules().isEmpty()) {
            return;
        }
        FieldNumber number = FieldNumber.of(value);
        if (number == null) {
            if (problem == null) {
                problem = "can't be rated: field '" + field + "' of service '" + service
                        + "' has thresholds, but its value " + shown(value) + " is no number";
            }
            return;
        }
        for (Rule threshold : list.rules()) {
            if (number.reaches(threshold.level())) {
                group(threshold.group()).offer(threshold);
            }
        }
    }

    private static String shown(Object value) {
        if (value == null) {
            return "null";
        }
        String text = FieldValues.text(value);
        return "'" + (text.length() > MAX_SHOWN ? text.substring(0, MAX_SHOWN) + "…" : text) + "'";
    }

    private Group group(String name) {
        return groups.computeIfAbsent(name, n -> new Group(ofService));
    }
}
