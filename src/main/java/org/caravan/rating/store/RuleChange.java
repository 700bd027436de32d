package org.caravan.rating.store;

import java.time.Instant;

/**
 * One thing that an import changes, for people.
 *
 * @param rule the rule as {@link org.caravan.rating.hashmap.RuleName} calls it, or the name of a service, field or group
 * @param start of a mapping that is added: in force from here on; null = always was, and for everything else
 * @param end of a mapping: in force until here; null = open, and for everything else
 * @param before what it was, where that is not told by the rule itself; null otherwise
 */
public record RuleChange(Kind kind, What what, String rule, Instant start, Instant end, String before) {
    /** How it changes. */
    public enum Kind {
        ADDED,
        /** A mapping that was in force until the import's moment ends there. */
        ENDED,
        /** Another end of a mapping, another cost of a threshold, another place of a field. */
        CHANGED,
        /** A mapping that the import's moment finds not yet begun is taken back, as if it had never been. */
        WITHDRAWN,
        /** A threshold, or the name of something that no rule needs any more. */
        REMOVED
    }

    /** What it is. */
    public enum What {
        MAPPING,
        THRESHOLD,
        SERVICE,
        FIELD,
        GROUP;

        /** True for what has a price. */
        public boolean isRule() {
            return this == MAPPING || this == THRESHOLD;
        }
    }
}
