package org.caravan.rating.hashmap;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.caravan.common.Decimals;

/** The rules read naively, one after the other for every point: what the compiled tariff is compared with. */
final class ReferenceHashMap {
    private static final class State {
        BigDecimal flat = BigDecimal.ZERO;
        BigDecimal rate = BigDecimal.ONE;
        BigDecimal level = BigDecimal.ONE.negate();
        BigDecimal cost = BigDecimal.ZERO;
        RuleType type = RuleType.FLAT;
        boolean ofService;
    }

    private final RuleSet rules;
    private final String tenant;
    private final Instant at;
    private final Map<String, State> groups = new LinkedHashMap<>();

    private ReferenceHashMap(RuleSet rules, String tenant, Instant at) {
        this.rules = rules;
        this.tenant = tenant;
        this.at = at;
    }

    /** The amount of a point whose metadata are all text. */
    static BigDecimal amount(
            RuleSet rules,
            String tenant,
            Instant at,
            String service,
            Map<String, String> metadata,
            BigDecimal quantity,
            BigDecimal start) {
        return new ReferenceHashMap(rules, tenant, at).amount(service, metadata, quantity, start);
    }

    private BigDecimal amount(String service, Map<String, String> metadata, BigDecimal quantity, BigDecimal start) {
        mappings(service, null, null);
        thresholds(service, null, quantity);
        for (RuleSet.Service known : rules.services()) {
            for (String field : known.name().equals(service) ? known.fields() : List.<String>of()) {
                if (metadata.containsKey(field)) {
                    mappings(service, field, metadata.get(field));
                    boolean compared = rules.thresholds().stream()
                            .anyMatch(
                                    t -> service.equals(t.service()) && field.equals(t.field()) && isMine(t.tenant()));
                    if (compared) {
                        thresholds(service, field, new BigDecimal(metadata.get(field)));
                    }
                }
            }
        }
        BigDecimal sum = BigDecimal.ZERO;
        for (State state : groups.values()) {
            BigDecimal flat = state.flat;
            BigDecimal rate = state.rate;
            if (!state.ofService && state.type == RuleType.FLAT) {
                flat = flat.add(state.cost, Decimals.RATING);
            } else if (!state.ofService) {
                rate = rate.multiply(state.cost, Decimals.RATING);
            }
            BigDecimal result = rate.multiply(flat, Decimals.RATING).multiply(quantity, Decimals.RATING);
            if (state.ofService && state.type == RuleType.FLAT) {
                result = result.add(state.cost, Decimals.RATING);
            } else if (state.ofService) {
                result = result.multiply(state.cost, Decimals.RATING);
            }
            sum = sum.add(result, Decimals.RATING);
        }
        return start.add(sum, Decimals.RATING);
    }

    private boolean isMine(String owner) {
        return owner == null || owner.equals(tenant);
    }

    private static String group(String name) {
        return name == null ? RuleSet.DEFAULT_GROUP : name;
    }

    private void mappings(String service, String field, String value) {
        Map<String, Mapping> inForce = new LinkedHashMap<>();
        for (String owner : tenant == null ? new String[] {null} : new String[] {null, tenant}) {
            for (Mapping rule : rules.mappings()) {
                boolean active = !rule.deleted()
                        && (rule.start() == null || !rule.start().isAfter(at))
                        && (rule.end() == null || rule.end().isAfter(at));
                if (Objects.equals(owner, rule.tenant())
                        && service.equals(rule.service())
                        && Objects.equals(field, rule.field())
                        && Objects.equals(value, rule.value())) {
                    // groups in order of creation, whether or not their rules are in force
                    inForce.putIfAbsent(group(rule.group()), null);
                    if (active) {
                        inForce.put(group(rule.group()), rule);
                    }
                }
            }
        }
        inForce.values().removeIf(Objects::isNull);
        inForce.forEach((group, rule) -> {
            State state = groups.computeIfAbsent(group, g -> new State());
            if (rule.type() == RuleType.RATE) {
                state.rate = state.rate.multiply(rule.cost(), Decimals.RATING);
            } else if (rule.cost().compareTo(state.flat) > 0) {
                state.flat = rule.cost();
            }
        });
    }

    private void thresholds(String service, String field, BigDecimal number) {
        Map<String, Map<BigDecimal, Threshold>> inForce = new LinkedHashMap<>();
        for (String owner : tenant == null ? new String[] {null} : new String[] {null, tenant}) {
            for (Threshold rule : rules.thresholds()) {
                if (Objects.equals(owner, rule.tenant())
                        && service.equals(rule.service())
                        && Objects.equals(field, rule.field())) {
                    inForce.computeIfAbsent(group(rule.group()), g -> new HashMap<>())
                            .put(rule.level().stripTrailingZeros(), rule);
                }
            }
        }
        inForce.forEach((group, levels) -> levels.values().forEach(rule -> {
            if (number.compareTo(rule.level()) >= 0) {
                State state = groups.computeIfAbsent(group, g -> new State());
                if (rule.level().compareTo(state.level) > 0) {
                    state.level = rule.level();
                    state.cost = rule.cost();
                    state.type = rule.type();
                    state.ofService = field == null;
                }
            }
        }));
    }
}
