package org.caravan.metering;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Makes the key of a record that is met for the first time, and says what is wrong with it. For one thread. */
final class KeyMaker {
    private static final int MAX_TEXTS = 100_000;
    /** Of what a band adds to a product's name. */
    private static final int BAND_LENGTH = 12;

    private final MeteringSettings settings;
    private final Map<String, String> texts = new HashMap<>();

    /** What is wrong with the record that {@link #make} was asked for last; null if nothing. */
    String problem;

    KeyMaker(MeteringSettings settings) {
        this.settings = settings;
    }

    /** The record's key, or null if {@link #problem} says why there is none. */
    KeyEntry make(Row row, MeterEntry entry) {
        problem = null;
        Meter meter = entry.meter;
        String realm = text(row, Row.REALM);
        String tenant = text(row, Row.TENANT);
        String datacenter = text(row, Row.DATACENTER);
        String resource = text(row, Row.RESOURCE);
        text(row, Row.METER);
        String unit = text(row, Row.UNIT);
        if (problem != null) {
            return null;
        }
        if (tenant.isEmpty() && settings.requireTenant()) {
            return fail("no tenant");
        }
        if (resource.isEmpty() && !meter.withoutResource()) {
            return fail("no resource; only a meter that says 'resource: none' may come without");
        }
        Map<String, Object> found = new HashMap<>();
        row.metadata(entry, found);
        Map<String, Object> metadata = metadata(found);
        if (metadata == null) {
            return null;
        }
        Conversion conversion = entry.conversion(unit);
        if (conversion == null) {
            return fail(
                    unit.isEmpty()
                            ? "no unit; meter " + meter.name() + " is billed in " + meter.unit()
                            : "unit " + shown(unit) + " does not convert to " + meter.unit() + ", the unit of meter "
                                    + meter.name());
        }
        String product = entry.product == null ? meter.name() : entry.product.fill(meter.name(), datacenter, metadata);
        check("product", product, settings.maxTextLength() - (meter.bands() == null ? 0 : BAND_LENGTH));
        String identity = identity(meter, product, metadata);
        if (problem != null) {
            return null;
        }
        List<UsageKey> keys = new ArrayList<>();
        for (String of : products(meter, product)) {
            keys.add(new UsageKey(
                    realm.isEmpty() ? UsageKey.DEFAULT_REALM : realm,
                    tenant.isEmpty() ? null : tenant,
                    datacenter,
                    resource,
                    meter,
                    shared(conversion.unit),
                    metadata,
                    shared(of),
                    shared(identity)));
        }
        return new KeyEntry(
                keys.get(0),
                conversion,
                meter.identity() == Meter.Identity.EVENT,
                meter.bands() == null ? null : List.copyOf(keys));
    }

    /** One for each band. What a series is told apart by does not change: no moment is in two bands. */
    private static List<String> products(Meter meter, String product) {
        if (meter.bands() == null) {
            return List.of(product);
        }
        List<String> products = new ArrayList<>();
        for (int band = 0; band < meter.bands().count(); band++) {
            products.add(meter.bands().product(product, band));
        }
        return products;
    }

    /** Estimated heap of a key beyond the bytes it was read from. */
    static long weight(KeyEntry entry) {
        return 256
                + 2L * entry.key().resource().length()
                + 96L * entry.key().metadata().size();
    }

    private String text(Row row, int field) {
        String text = row.text(field);
        check(Row.NAMES[field], text, settings.maxTextLength());
        return shared(text);
    }

    private void check(String name, String text, int longest) {
        if (problem == null && Utf8.isLonger(text, longest)) {
            problem = name + " is longer than " + longest + " characters";
        }
        if (problem == null && Utf8.hasControl(text)) {
            problem = name + " " + shown(text) + " holds a control character";
        }
    }

    /** The metadata in the order of their names, checked; null if {@link #problem} says why not. */
    private Map<String, Object> metadata(Map<String, Object> found) {
        if (found.size() > settings.maxMetadataFields()) {
            problem = "more than " + settings.maxMetadataFields() + " metadata fields";
            return null;
        }
        Map<String, Object> metadata = new LinkedHashMap<>();
        for (Map.Entry<String, Object> field : new TreeMap<>(found).entrySet()) {
            check("a metadata name", field.getKey(), settings.maxTextLength());
            Object value = field.getValue();
            if (value != null && Utf8.isLonger(value.toString(), settings.maxMetadataLength())) {
                fail("metadata " + shown(field.getKey()) + " is longer than " + settings.maxMetadataLength()
                        + " characters");
            }
            metadata.put(shared(field.getKey()), value instanceof String text ? shared(text) : value);
        }
        return problem == null ? metadata : null;
    }

    private String identity(Meter meter, String product, Map<String, Object> metadata) {
        StringBuilder identity = new StringBuilder();
        String separator = "";
        for (String field : meter.identityBy()) {
            Object value = field.equals("product") ? product : metadata.get(field);
            String text = value == null ? "" : value.toString();
            // The separator is a control character: without this, two identities could read as one.
            check("identity field " + field, text, settings.maxMetadataLength());
            identity.append(separator).append(text);
            separator = "\u001f";
        }
        return identity.toString();
    }

    private KeyEntry fail(String reason) {
        if (problem == null) {
            problem = reason;
        }
        return null;
    }

    private String shared(String text) {
        if (texts.size() >= MAX_TEXTS) {
            texts.clear();
        }
        String before = texts.putIfAbsent(text, text);
        return before == null ? text : before;
    }

    /** A text of the record as it may stand in a reason: quoted, bounded, on one line. */
    static String shown(String text) {
        StringBuilder shown = new StringBuilder("'");
        int end = Math.min(text.length(), 60);
        // half a surrogate pair can't be stored
        end = end > 0 && Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end;
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            shown.append(Character.isISOControl(c) ? '\ufffd' : c);
        }
        return shown.append(end < text.length() ? "...'" : "'").toString();
    }
}
