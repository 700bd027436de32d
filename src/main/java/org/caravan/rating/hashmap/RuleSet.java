package org.caravan.rating.hashmap;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.caravan.common.Decimals;

/**
 * HashMap rules as plain data. The order of each list is the order of creation: where two rules of the same parent,
 * value, tenant and group are in force at once, the later one wins.
 *
 * @param services services and their fields; a service may be without rules
 * @param groups the groups that rules may name
 * @param mappings deleted ones may be among them
 * @param thresholds those that exist
 */
public record RuleSet(List<Service> services, List<Group> groups, List<Mapping> mappings, List<Threshold> thresholds) {

    /** Rules that price nothing. */
    public static final RuleSet EMPTY = new RuleSet(List.of(), List.of(), List.of(), List.of());

    /** A rule in this group is the same as one without a group. */
    public static final String DEFAULT_GROUP = "_DEFAULT_";

    private static final int VERSION_BYTES = 10;

    /**
     * @param name the meter's name
     * @param fields names of the fields, in order of creation
     */
    public record Service(String name, List<String> fields) {
        public Service {
            fields = List.copyOf(fields);
        }
    }

    /** @param deleted true if the group was removed while its rules stayed: they are in the default group then */
    public record Group(String name, boolean deleted) {}

    /** @throws IllegalArgumentException if a rule names a service, field or group that is not here, or a name is there twice */
    public RuleSet {
        services = List.copyOf(services);
        groups = List.copyOf(groups);
        mappings = List.copyOf(mappings);
        thresholds = List.copyOf(thresholds);
        Map<String, Set<String>> fields = new HashMap<>();
        for (Service service : services) {
            Set<String> names = new HashSet<>(service.fields());
            if (fields.put(service.name(), names) != null
                    || names.size() != service.fields().size()) {
                throw new IllegalArgumentException("service '" + service.name() + "' or a field of it is there twice");
            }
        }
        Set<String> groupNames = new HashSet<>();
        for (Group group : groups) {
            if (!groupNames.add(group.name())) {
                throw new IllegalArgumentException("group '" + group.name() + "' is there twice");
            }
        }
        for (Mapping rule : mappings) {
            check(rule.service(), rule.field(), rule.group(), fields, groupNames);
        }
        for (Threshold rule : thresholds) {
            check(rule.service(), rule.field(), rule.group(), fields, groupNames);
        }
    }

    private static void check(
            String service, String field, String group, Map<String, Set<String>> fields, Set<String> groups) {
        Set<String> known = fields.get(service);
        if (known == null || field != null && !known.contains(field)) {
            throw new IllegalArgumentException(
                    "no such service or field: " + service + (field == null ? "" : "/" + field));
        }
        if (group != null && !DEFAULT_GROUP.equals(group) && !groups.contains(group)) {
            throw new IllegalArgumentException("no such group: " + group);
        }
    }

    /** The groups that exist and are not deleted. */
    Set<String> liveGroups() {
        Set<String> live = new HashSet<>();
        groups.stream().filter(group -> !group.deleted()).forEach(group -> live.add(group.name()));
        return live;
    }

    /** The group a rule counts in: {@link #DEFAULT_GROUP} also where its own group was deleted. */
    static String effectiveGroup(String named, Set<String> liveGroups) {
        return named != null && liveGroups.contains(named) ? named : DEFAULT_GROUP;
    }

    /** A short digest of everything that can change a price: equal rules have equal versions. */
    String version() {
        StringBuilder canonical = new StringBuilder();
        Set<String> live = liveGroups();
        for (Service service : services) {
            line(canonical, "service", service.name());
            service.fields().forEach(field -> line(canonical, "field", field));
        }
        for (Mapping rule : mappings) {
            if (!rule.deleted()) {
                line(
                        canonical,
                        "mapping",
                        rule.service(),
                        rule.field(),
                        rule.value(),
                        rule.type().word(),
                        Decimals.plain(rule.cost()),
                        effectiveGroup(rule.group(), live),
                        rule.tenant(),
                        rule.start() == null ? null : rule.start().toString(),
                        rule.end() == null ? null : rule.end().toString());
            }
        }
        for (Threshold rule : thresholds) {
            line(
                    canonical,
                    "threshold",
                    rule.service(),
                    rule.field(),
                    Decimals.plain(rule.level()),
                    rule.type().word(),
                    Decimals.plain(rule.cost()),
                    effectiveGroup(rule.group(), live),
                    rule.tenant());
        }
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(canonical.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, VERSION_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Lengths before texts, so that no two different rules are written alike. */
    private static void line(StringBuilder out, String... texts) {
        for (String text : texts) {
            if (text == null) {
                out.append('-');
            } else {
                out.append(text.length()).append(':').append(text);
            }
        }
        out.append('\n');
    }
}
