package org.caravan.metering.sample;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.caravan.common.ConfigNode;

/** What a meters file says under {@code transformer} of one meter: of which samples its usage is made, and how. */
public final class Transform {
    /** States of an instance that are billed unless the meter says others. */
    static final List<String> STATES = List.of(
            "active",
            "paused",
            "rescue",
            "rescued",
            "resize",
            "resized",
            "verify_resize",
            "suspended",
            "shutoff",
            "stopped");

    private final String meter;
    private final String sampleMeter;
    private final Transformer transformer;
    private final String unit;
    private final Template resource;
    private final String otherwise;
    private final Map<String, String> names;
    private final Set<String> states;
    private final Map<String, Field> fields;

    /** Where a field's value stands, first place first, and how it is written. */
    private record Field(List<String> sources, Template template) {}

    private Transform(String meter, ConfigNode node) {
        boolean bare = !node.isMap();
        this.meter = meter;
        String name = (bare ? node : node.require("name")).oneOf(Transformers.names());
        this.transformer = Transformers.of(name);
        this.sampleMeter = bare ? meter : node.text("meter", meter);
        this.unit = bare ? null : node.text("unit", null);
        this.resource = bare ? Template.SAME : template(node, "resource");
        this.otherwise = bare ? null : node.text("default", null);
        this.names = bare ? Map.of() : names(node);
        this.states = bare ? Set.copyOf(STATES) : states(node);
        this.fields = bare ? builtIn() : fields(node);
        if (!bare) {
            node.noOtherKeys();
        }
    }

    /**
     * Reads what a meter says.
     *
     * @param meter name of the usage that comes of it
     * @param node a transformer's name, or a map with it
     * @throws org.caravan.common.UserError naming file, line and key
     */
    public static Transform read(String meter, ConfigNode node) {
        return new Transform(meter, node);
    }

    /** The usage's meter. */
    public String meter() {
        return meter;
    }

    /** The samples' meter. */
    public String sampleMeter() {
        return sampleMeter;
    }

    /** Paths in a sample's metadata that are looked at; the others need not be kept. */
    public Set<String> paths() {
        Set<String> paths = new LinkedHashSet<>();
        fields.values().forEach(field -> paths.addAll(field.sources()));
        return paths;
    }

    List<Stretch> apply(List<Sample> samples, Window window) {
        List<Sample> until =
                samples.stream().filter(sample -> sample.at() < window.end()).toList();
        return until.isEmpty() ? List.of() : transformer.apply(this, until, window);
    }

    String unit(Sample last) {
        return unit != null ? unit : transformer.unit(last.unit());
    }

    String resource(String sampled) {
        return resource.fill(sampled);
    }

    Set<String> states() {
        return states;
    }

    /** A service under the name that it is billed by. */
    String serviceOf(String found) {
        String service = found == null || found.isBlank() ? otherwise : found;
        return service == null ? null : names.getOrDefault(service, service);
    }

    /** The value of a field, from the first of its places that a sample has; null if it has none. */
    String field(String name, Sample sample) {
        Field field = fields.get(name);
        for (String source : field.sources()) {
            String value = sample.metadata().get(source);
            if (value != null) {
                return field.template().fill(value);
            }
        }
        return null;
    }

    /** The metadata of a usage record: what the file asks for, of the last sample, and the stretch's service. */
    Map<String, String> metadata(Stretch stretch, Sample last) {
        Map<String, String> metadata = new TreeMap<>();
        for (String name : fields.keySet()) {
            // what the transformer itself looks at is its own business
            String value = transformer.fields().containsKey(name) ? null : field(name, last);
            if (value != null) {
                metadata.put(name, value);
            }
        }
        if (stretch.service() != null) {
            metadata.put(transformer.service(), stretch.service());
        }
        return metadata;
    }

    // ---- reading the file ------------------------------------------------------------------------------------------

    private static Template template(ConfigNode node, String key) {
        ConfigNode template = node.get(key);
        if (template == null) {
            return Template.SAME;
        }
        try {
            return Template.parse(template.text());
        } catch (IllegalArgumentException e) {
            throw template.error(e.getMessage());
        }
    }

    private static Map<String, String> names(ConfigNode node) {
        Map<String, String> names = new LinkedHashMap<>();
        ConfigNode map = node.get("names");
        if (map != null) {
            map.entries().forEach((from, to) -> names.put(from, to.text()));
        }
        return names;
    }

    private static Set<String> states(ConfigNode node) {
        ConfigNode states = node.get("states");
        List<String> found = states == null ? STATES : states.texts();
        Set<String> lower = new LinkedHashSet<>();
        found.forEach(state -> lower.add(state.toLowerCase(java.util.Locale.ROOT)));
        return Set.copyOf(lower);
    }

    private Map<String, Field> builtIn() {
        Map<String, Field> known = new LinkedHashMap<>();
        transformer.fields().forEach((name, sources) -> known.put(name, new Field(sources, Template.SAME)));
        return known;
    }

    private Map<String, Field> fields(ConfigNode node) {
        Map<String, Field> all = builtIn();
        ConfigNode metadata = node.get("metadata");
        if (metadata != null) {
            metadata.entries().forEach((name, field) -> all.put(name, field(field)));
        }
        return all;
    }

    private static Field field(ConfigNode node) {
        if (!node.isMap()) {
            return new Field(new ArrayList<>(node.texts()), Template.SAME);
        }
        List<String> sources = node.require("sources").texts();
        Template template = template(node, "template");
        node.noOtherKeys();
        return new Field(sources, template);
    }
}
