package org.caravan.metering;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.caravan.common.ConfigNode;
import org.caravan.metering.sample.Transform;

/** The meters that the operator described; safe for concurrent use. */
public final class MeterCatalog {
    /** Unlisted meters remembered at a time; more of them are a broken source, and are made anew. */
    static final int MAX_UNLISTED = 10_000;

    private static final MeterCatalog EMPTY = new MeterCatalog(Map.of(), false, Map.of());

    private final Map<String, Meter> listed;
    private final Map<String, Meter> unlisted = new ConcurrentHashMap<>();

    private final boolean given;

    /** By the meter of the samples. */
    private final Map<String, List<Transform>> transforms;

    private MeterCatalog(Map<String, Meter> listed, boolean given, Map<String, List<Transform>> transforms) {
        this.listed = Map.copyOf(listed);
        this.given = given;
        this.transforms = transforms;
    }

    /** A catalogue without meters: every meter is billed under its own name and unit. */
    public static MeterCatalog empty() {
        return EMPTY;
    }

    /** A catalogue of the given meters; of two with one name the later holds. */
    public static MeterCatalog of(Meter... meters) {
        Map<String, Meter> byName = new HashMap<>();
        for (Meter meter : meters) {
            byName.put(meter.name(), meter);
        }
        return new MeterCatalog(byName, false, Map.of());
    }

    /**
     * Reads a meters file.
     *
     * @throws org.caravan.common.UserError naming file, line and key
     */
    public static MeterCatalog read(Path file) {
        return of(ConfigNode.read(file, "meters file"));
    }

    /** As {@link #read}, from a text; {@code file} is the name used in messages. */
    public static MeterCatalog parse(String text, String file) {
        return of(ConfigNode.parse(text, file, "meters file"));
    }

    private static MeterCatalog of(ConfigNode top) {
        MeterCatalog catalog = of(top, "meters");
        top.noOtherKeys();
        return catalog;
    }

    /** The meters below a key of a file that says other things, too. */
    static MeterCatalog of(ConfigNode top, String key) {
        Map<String, Meter> meters = new LinkedHashMap<>();
        ConfigNode map = top.get(key);
        Map<String, List<Transform>> transforms = new TreeMap<>();
        if (map != null) {
            map.entries().forEach((name, node) -> {
                ConfigNode transformer = node.isMap() ? node.get("transformer") : null;
                if (transformer != null) {
                    Transform transform = Transform.read(name, transformer);
                    transforms
                            .computeIfAbsent(transform.sampleMeter(), sampled -> new ArrayList<>())
                            .add(transform);
                }
                meters.put(name, meter(name, node));
            });
        }
        return new MeterCatalog(meters, false, transforms);
    }

    /** What usage is made of samples of this meter, in the order of the file; empty if none is. */
    public List<Transform> transforms(String sampleMeter) {
        return List.copyOf(transforms.getOrDefault(sampleMeter, List.of()));
    }

    /** The metadata that is looked at, by the meter of samples that usage is made of. */
    public Map<String, Set<String>> samplePaths() {
        Map<String, Set<String>> paths = new HashMap<>();
        transforms.forEach((meter, all) -> {
            Set<String> wanted = new LinkedHashSet<>();
            all.forEach(transform -> wanted.addAll(transform.paths()));
            paths.put(meter, wanted);
        });
        return paths;
    }

    /** These meters and others; of two with one name this catalogue's holds. */
    public MeterCatalog and(MeterCatalog others) {
        Map<String, Meter> meters = new HashMap<>(others.listed);
        meters.putAll(listed);
        Map<String, List<Transform>> all = new TreeMap<>(others.transforms);
        all.putAll(transforms);
        return new MeterCatalog(meters, given, all);
    }

    /** What is known of a meter; never null. */
    public Meter meter(String name) {
        Meter meter = listed.get(name);
        if (meter != null) {
            return meter;
        }
        if (unlisted.size() >= MAX_UNLISTED) {
            unlisted.clear();
        }
        return unlisted.computeIfAbsent(name, n -> given ? Meter.unlisted(n).withGivenPrices() : Meter.unlisted(n));
    }

    /** The same meters where records come with their final prices: nothing else prices them, whatever a meter says. */
    public MeterCatalog withGivenPrices() {
        Map<String, Meter> meters = new HashMap<>();
        listed.forEach((name, meter) -> meters.put(name, meter.withGivenPrices()));
        return new MeterCatalog(meters, true, transforms);
    }

    /** True if it was made by {@link #withGivenPrices}. */
    public boolean hasGivenPrices() {
        return given;
    }

    /** The meters that the file lists, by name. */
    public Map<String, Meter> listed() {
        return listed;
    }

    // ---- one meter -----------------------------------------------------------------------------------------------

    private static Meter meter(String name, ConfigNode node) {
        if (name.isBlank()) {
            throw node.error("a meter needs a name");
        }
        if (node.isNull()) {
            // "cpu:" alone lists the meter: own name, own unit, all metadata
            Meter plain = Meter.unlisted(name);
            return new Meter(
                    name,
                    true,
                    null,
                    null,
                    null,
                    null,
                    false,
                    null,
                    plain.identity(),
                    List.of(),
                    false,
                    plain.pricing());
        }
        String product = product(node);
        String unit = unit(node);
        boolean hours = hours(node, unit);
        Identity identity = identity(node);
        List<String> pricing = pricing(node);
        Bands bands = bands(node, identity, pricing);
        String label = node.text("label", null);
        String factor = factor(node, unit, hours);
        Set<String> metadata = metadata(node, product, identity.by);
        boolean withoutResource = withoutResource(node, identity);
        node.noOtherKeys();
        return new Meter(
                name,
                true,
                product,
                label,
                unit,
                factor,
                hours,
                metadata,
                identity.kind,
                identity.by,
                withoutResource,
                pricing,
                bands);
    }

    private static Bands bands(ConfigNode node, Identity identity, List<String> pricing) {
        ConfigNode bands = node.get("bands");
        if (bands == null) {
            return null;
        }
        if (identity.kind == Meter.Identity.EVENT) {
            throw bands.error("an event is not split at times of the day; leave 'bands' or identity: event out");
        }
        if (pricing.contains("given")) {
            throw bands.error("a price that a record brings is not split at times of the day; leave 'bands' or"
                    + " pricing: given out");
        }
        try {
            return Bands.parse(bands.texts());
        } catch (IllegalArgumentException e) {
            throw bands.error(e.getMessage());
        }
    }

    private static String product(ConfigNode node) {
        ConfigNode product = node.get("product");
        if (product == null) {
            return null;
        }
        try {
            return ProductTemplate.parse(product.text()).text();
        } catch (IllegalArgumentException e) {
            throw product.error(e.getMessage());
        }
    }

    private static String unit(ConfigNode node) {
        ConfigNode unit = node.get("unit");
        if (unit != null && unit.text().isBlank()) {
            throw unit.error("is empty; leave it out for the record's own unit");
        }
        return unit == null ? null : unit.text();
    }

    private static String factor(ConfigNode node, String unit, boolean hours) {
        ConfigNode factor = node.get("factor");
        if (factor == null) {
            return null;
        }
        if (unit == null) {
            throw factor.error("a factor needs 'unit': the unit that the multiplied quantity is billed in");
        }
        try {
            Fraction.parse(factor.text());
        } catch (NumberFormatException e) {
            throw factor.error(
                    "expected a number above 0 or a fraction such as 1/1048576, found '" + factor.text() + "'");
        }
        return factor.text();
    }

    private static boolean hours(ConfigNode node, String unit) {
        ConfigNode times = node.get("times");
        if (times == null) {
            return false;
        }
        times.oneOf("hours");
        if (unit != null && !Conversion.isHours(unit)) {
            throw times.error(
                    "a gauge times hours is billed in a unit such as " + unit + "-hour; say unit: " + unit + "-hour");
        }
        return true;
    }

    private record Identity(Meter.Identity kind, List<String> by) {}

    private static Identity identity(ConfigNode node) {
        ConfigNode identity = node.get("identity");
        if (identity == null) {
            return new Identity(Meter.Identity.INTERVAL, List.of());
        }
        if (!identity.isMap()) {
            return new Identity(kind(identity), List.of());
        }
        ConfigNode kind = identity.get("kind");
        ConfigNode by = identity.get("by");
        identity.noOtherKeys();
        Meter.Identity meaning = kind == null ? Meter.Identity.INTERVAL : kind(kind);
        if (by != null && meaning == Meter.Identity.EVENT) {
            throw by.error("identity: event tells records apart by their id alone; leave 'by' out");
        }
        List<String> fields = by == null ? List.of() : by.texts();
        if (new LinkedHashSet<>(fields).size() != fields.size() || fields.contains("")) {
            throw by.error("expected names of metadata fields or 'product', each once");
        }
        return new Identity(meaning, fields);
    }

    private static Meter.Identity kind(ConfigNode word) {
        return word.oneOf("interval", "event").equals("event") ? Meter.Identity.EVENT : Meter.Identity.INTERVAL;
    }

    /** The kept fields; those that make the product or the identity are always among them. */
    private static Set<String> metadata(ConfigNode node, String product, List<String> identityBy) {
        ConfigNode metadata = node.get("metadata");
        if (metadata == null) {
            return null;
        }
        Set<String> kept = new LinkedHashSet<>();
        metadata.list().forEach(field -> kept.add(field.text()));
        identityBy.stream().filter(field -> !field.equals("product")).forEach(kept::add);
        if (product != null) {
            kept.addAll(ProductTemplate.parse(product).metadataFields());
        }
        return kept;
    }

    private static boolean withoutResource(ConfigNode node, Identity identity) {
        ConfigNode resource = node.get("resource");
        if (resource == null) {
            return false;
        }
        resource.oneOf("none");
        if (identity.kind == Meter.Identity.INTERVAL && identity.by.isEmpty()) {
            throw resource.error("a meter without resource must name what tells its series apart, such as identity: "
                    + "{kind: interval, by: [product]}");
        }
        return true;
    }

    private static List<String> pricing(ConfigNode node) {
        ConfigNode pricing = node.get("pricing");
        if (pricing == null) {
            return List.of("hashmap");
        }
        List<ConfigNode> words = pricing.isList() ? pricing.list() : List.of(pricing);
        Set<String> modules = new LinkedHashSet<>();
        for (ConfigNode word : words) {
            if (!modules.add(word.oneOf("hashmap", "given", Meter.COST, Meter.PLAN))) {
                throw word.error("stands here twice; its price would be added twice");
            }
        }
        if (modules.isEmpty()) {
            throw pricing.error("names nothing; leave it out for hashmap");
        }
        return List.copyOf(modules);
    }
}
