package org.caravan.invoice;

import java.util.Objects;
import java.util.regex.Pattern;
import org.caravan.common.ConfigNode;
import org.caravan.common.UserError;

/**
 * What a connector declares of itself, as annotations of its Kamelet.
 *
 * @param name the connector's name: the Kamelet {@code NAME-sink} without its ending
 * @param repeat how doubt about an attempt's outcome ends (annotation {@code caravan/repeat}, default never)
 * @param proforma whether it takes documents that are no invoices (annotation {@code caravan/proforma}, default false)
 */
public record ConnectorInfo(String name, Repeat repeat, boolean proforma) {
    private static final Pattern NAME = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");
    private static final int MAX_NAME = 64;

    /** What may be done when nobody knows whether the ERP has a document. */
    public enum Repeat {
        /** The same key twice, also at once, is one invoice and the same reference: send again. */
        SAFE,
        /** It can be asked by key. */
        LOOKUP,
        /** A person decides. */
        NEVER;

        private static Repeat of(ConfigNode node) {
            return switch (node.oneOf("safe", "lookup", "never")) {
                case "safe" -> SAFE;
                case "lookup" -> LOOKUP;
                default -> NEVER;
            };
        }
    }

    public ConnectorInfo {
        checkName(name);
        Objects.requireNonNull(repeat, "repeat");
    }

    /**
     * Refuses a name that could not be a connector's: it becomes part of an endpoint URI.
     *
     * @throws UserError naming the rule
     */
    static String checkName(String name) {
        if (name == null || name.length() > MAX_NAME || !NAME.matcher(name).matches()) {
            throw new UserError("connector '" + name + "': not a connector's name; use lower-case letters, digits and"
                    + " single hyphens, at most " + MAX_NAME + " characters");
        }
        return name;
    }

    /**
     * Reads the annotations of a Kamelet.
     *
     * @param file the Kamelet's name for messages
     * @throws UserError if it is no Kamelet or an annotation has an unknown value
     */
    static ConnectorInfo parse(String name, String text, String file) {
        ConfigNode kamelet = ConfigNode.parse(text, file, "connector");
        if (!"Kamelet".equals(kamelet.text("kind", ""))) {
            throw kamelet.error("not a Kamelet; key 'kind' must be Kamelet");
        }
        ConfigNode annotations = kamelet.require("metadata").get("annotations");
        Repeat repeat = Repeat.NEVER;
        boolean proforma = false;
        if (annotations != null) {
            ConfigNode declared = annotations.get("caravan/repeat");
            repeat = declared == null ? Repeat.NEVER : Repeat.of(declared);
            proforma = annotations.flag("caravan/proforma", false);
            ConfigNode batch = annotations.get("caravan/batch");
            if (batch != null && !"1".equals(batch.text())) {
                throw batch.error("documents are delivered one by one; remove the annotation or set it to \"1\"");
            }
        }
        return new ConnectorInfo(name, repeat, proforma);
    }
}
