package org.caravan.rating.hashmap;

import java.util.List;

/**
 * What the rules of a set are called where they are kept, so that a price can be followed back to them.
 *
 * @param mappings in the order of the set's mappings; empty if they are kept nowhere
 * @param thresholds likewise
 */
public record RuleIds(List<String> mappings, List<String> thresholds) {
    /** Of rules that are kept nowhere. */
    public static final RuleIds NONE = new RuleIds(List.of(), List.of());

    private static final String MARK = " #";

    public RuleIds {
        mappings = List.copyOf(mappings);
        thresholds = List.copyOf(thresholds);
    }

    String mapping(int index) {
        return index < mappings.size() ? MARK + mappings.get(index) : "";
    }

    String threshold(int index) {
        return index < thresholds.size() ? MARK + thresholds.get(index) : "";
    }

    /** The id in the name of a rule that priced something, or null if it has none. */
    public static String in(String name) {
        int mark = name.lastIndexOf(MARK);
        return mark < 0 ? null : name.substring(mark + MARK.length());
    }
}
