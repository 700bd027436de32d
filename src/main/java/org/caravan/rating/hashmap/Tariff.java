package org.caravan.rating.hashmap;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.caravan.metering.UsageKey;

/**
 * HashMap rules compiled for rating. Never changes; safe for concurrent use.
 *
 * <p>{@link #resolve} looks a kind of usage up by its texts, once; the {@link KeyPricing} it gives then prices any
 * number of records:
 *
 * <pre>{@code
 * Tariff tariff = Tariff.compile(rules);
 * KeyPricing pricing = tariff.resolve("instance", "acme", Map.of("flavor", "m1.small"), Map.of(), begin);
 * BigDecimal amount = pricing.pricing().amount(quantity, null);
 * }</pre>
 */
public final class Tariff {
    /** A tariff without rules: everything is unpriced. */
    public static final Tariff EMPTY = compile(RuleSet.EMPTY);

    /** So many different outcomes are shared between the keys that have them; beyond, each key has its own. */
    public static final int MAX_SHARED_PRICINGS = 1 << 16;

    private final String version;
    private final Map<String, List<String>> fields = new HashMap<>();
    private final Map<String, ServiceRules> global = new HashMap<>();
    private final Map<String, Map<String, ServiceRules>> tenants = new HashMap<>();
    private final Map<Outcome, Pricing> shared = new ConcurrentHashMap<>();

    private Tariff(String version) {
        this.version = version;
    }

    /** Compiles rules; deleted ones are left out. */
    public static Tariff compile(RuleSet rules) {
        return compile(rules, RuleIds.NONE);
    }

    /** As above; prices name the rules by their ids, too. */
    public static Tariff compile(RuleSet rules, RuleIds kept) {
        Tariff tariff = new Tariff(rules.version());
        Set<String> groups = rules.liveGroups();
        Map<String, ServiceRules.Builder> global = new LinkedHashMap<>();
        Map<String, Map<String, ServiceRules.Builder>> own = new LinkedHashMap<>();
        int id = 0;
        for (int i = 0; i < rules.mappings().size(); i++) {
            Mapping mapping = rules.mappings().get(i);
            if (!mapping.deleted()) {
                String group = RuleSet.effectiveGroup(mapping.group(), groups);
                builder(global, own, mapping.tenant(), mapping.service())
                        .add(mapping, Rule.of(id++, mapping, group, kept.mapping(i)));
            }
        }
        for (int i = 0; i < rules.thresholds().size(); i++) {
            Threshold threshold = rules.thresholds().get(i);
            String group = RuleSet.effectiveGroup(threshold.group(), groups);
            builder(global, own, threshold.tenant(), threshold.service())
                    .add(threshold, Rule.of(id++, threshold, group, kept.threshold(i)));
        }
        ServiceRules.Ids ids = new ServiceRules.Ids();
        rules.services().forEach(service -> tariff.fields.put(service.name(), service.fields()));
        global.forEach((service, builder) -> tariff.global.put(service, builder.build(null, ids)));
        own.forEach((tenant, services) -> services.forEach((service, builder) -> tariff.tenants
                .computeIfAbsent(tenant, t -> new HashMap<>())
                .put(service, builder.build(tariff.global.get(service), ids))));
        return tariff;
    }

    private static ServiceRules.Builder builder(
            Map<String, ServiceRules.Builder> global,
            Map<String, Map<String, ServiceRules.Builder>> own,
            String tenant,
            String service) {
        return (tenant == null ? global : own.computeIfAbsent(tenant, t -> new LinkedHashMap<>()))
                .computeIfAbsent(service, s -> new ServiceRules.Builder());
    }

    /** A digest of the rules: equal rules have equal versions. */
    public String version() {
        return version;
    }

    /**
     * How a usage key is priced at a moment.
     *
     * @param begin microseconds since 1970
     * @param others names of further modules that price the key, for {@code Price.rules()}
     */
    public KeyPricing resolve(UsageKey key, long begin, List<String> others) {
        return resolve(key.meter().name(), key.tenant(), FieldValues.of(key), begin, others);
    }

    /**
     * How a point is priced.
     *
     * @param tenant null: by the rules for every tenant alone
     * @param metadata values String, BigInteger, Boolean, JsonFloat or null
     * @param groupby the same; wins over metadata
     * @param begin microseconds since 1970
     */
    public KeyPricing resolve(
            String service, String tenant, Map<String, ?> metadata, Map<String, ?> groupby, long begin) {
        return resolve(service, tenant, FieldValues.of(metadata, groupby), begin, List.of());
    }

    private KeyPricing resolve(String service, String tenant, FieldValues values, long begin, List<String> others) {
        ServiceRules own =
                tenant == null ? null : tenants.getOrDefault(tenant, Map.of()).get(service);
        Match match = new Match(global.get(service), own, begin);
        match.find(service, fields.getOrDefault(service, List.of()), values);
        if (match.problem != null) {
            return new KeyPricing(this, match.from, match.to, null, match.problem);
        }
        Outcome outcome = Outcome.of(match, others);
        Pricing pricing = shared.get(outcome);
        if (pricing == null) {
            pricing = PricingCompiler.compile(version, match, others);
            if (shared.size() < MAX_SHARED_PRICINGS) {
                Pricing first = shared.putIfAbsent(outcome, pricing);
                pricing = first == null ? pricing : first;
            }
        }
        return new KeyPricing(this, match.from, match.to, pricing, null);
    }

    /** The rules that apply, as ids: what makes two keys' pricings the same. */
    private record Outcome(List<Integer> ids, List<String> others) {
        private static final int NONE = -1;
        private static final int FIRST_GROUP = -2;
        private static final int NEXT_GROUP = -3;

        static Outcome of(Match match, List<String> others) {
            List<Integer> ids = new ArrayList<>();
            ids.add(
                    match.serviceThresholds() == null
                            ? NONE
                            : match.serviceThresholds().id());
            for (Match.Group group : match.groups.values()) {
                ids.add(group.first ? FIRST_GROUP : NEXT_GROUP);
                ids.add(group.flat == null ? NONE : group.flat.id());
                ids.add(group.fieldThreshold == null ? NONE : group.fieldThreshold.id());
                group.rates.forEach(rate -> ids.add(rate.id()));
            }
            return new Outcome(List.copyOf(ids), List.copyOf(others));
        }
    }
}
