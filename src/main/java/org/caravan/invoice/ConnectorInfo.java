package org.caravan.invoice;

import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.caravan.common.ConfigNode;
import org.caravan.common.Nearest;
import org.caravan.common.UserError;

/**
 * What a connector declares of itself, as annotations of its Kamelet.
 *
 * @param name the connector's name, see {@link ConnectorName}
 * @param repeat how doubt about an attempt's outcome ends (annotation {@code caravan/repeat}, default never; {@code
 *     {{x}}} = what the connector is told as its property x). Lookup counts as never where the property that the
 *     annotation {@code caravan/lookup} names has no value
 * @param proforma whether it takes documents that are no invoices (annotation {@code caravan/proforma}, default false)
 * @param laneTemplate the lane of a document (annotation {@code caravan/lane}): a fixed name in which {@code {account}},
 *     {@code {currency}}, {@code {issuer}}, {@code {kind}} and {@code {month}} stand for the document's own; default
 *     empty, one lane for all
 * @param batch most documents in one call (annotation {@code caravan/batch}, default 1): with more than one, documents that
 *     are due together and were not tried before come as a JSON array
 */
public record ConnectorInfo(String name, Repeat repeat, boolean proforma, String laneTemplate, int batch) {
    private static final int MAX_BATCH = 1_000;
    private static final int MAX_LANE = 200;
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([^{}]*)}");
    private static final List<String> PLACEHOLDERS = List.of("account", "currency", "issuer", "kind", "month");
    private static final Pattern PROPERTY = Pattern.compile("\\{\\{(\\w+)}}");
    private static final List<String> REPEATS = List.of("safe", "lookup", "never");

    /** What may be done when nobody knows whether the ERP has a document. */
    public enum Repeat {
        /** The same key twice, also at once, is one invoice and the same reference: send again. */
        SAFE,
        /** It can be asked by key. */
        LOOKUP,
        /** A person decides. */
        NEVER;

        private static Repeat of(String word) {
            return switch (word) {
                case "safe" -> SAFE;
                case "lookup" -> LOOKUP;
                default -> NEVER;
            };
        }
    }

    public ConnectorInfo {
        checkName(name);
        Objects.requireNonNull(repeat, "repeat");
        Objects.requireNonNull(laneTemplate, "laneTemplate");
        if (batch < 1 || batch > MAX_BATCH) {
            throw new IllegalArgumentException("batch must be 1 to " + MAX_BATCH + ", is " + batch);
        }
    }

    /** A connector that gets one document at a time. */
    public ConnectorInfo(String name, Repeat repeat, boolean proforma, String laneTemplate) {
        this(name, repeat, proforma, laneTemplate, 1);
    }

    /** A connector with one lane for all its documents. */
    public ConnectorInfo(String name, Repeat repeat, boolean proforma) {
        this(name, repeat, proforma, "");
    }

    /** The lane of a document: documents of one lane are committed one after the other, by one hub at a time. */
    String lane(IssuedDocument document) {
        return fill(laneTemplate, placeholder -> switch (placeholder) {
            case "account" -> document.account();
            case "currency" -> document.currency();
            case "issuer" -> document.issuer();
            case "kind" -> document.kind();
            case "month" -> document.month().toString();
            default -> throw new IllegalStateException("no placeholder {" + placeholder + "}");
        });
    }

    private static String fill(String template, Function<String, String> value) {
        return PLACEHOLDER.matcher(template).replaceAll(hit -> Matcher.quoteReplacement(value.apply(hit.group(1))));
    }

    /**
     * Refuses a name that could not be a connector's.
     *
     * @throws UserError naming the rule
     */
    static String checkName(String name) {
        return ConnectorName.of(name).toString();
    }

    /** What comes after {@code kamelet:} in the endpoint that commits to it. */
    String uri() {
        return ConnectorName.of(name).uri();
    }

    /** As {@link #of}, of a Kamelet that is told nothing. */
    static ConnectorInfo parse(String name, String text, String file) {
        return of(name, ConfigNode.parse(text, file, "connector"), ConnectorSettings.NONE);
    }

    /**
     * Reads the annotations of a Kamelet.
     *
     * @param kamelet the file's top
     * @param said what connectors are told: the value of a key such as {@code camel.kamelet.http-sink.url}, or null
     * @throws UserError if it is no Kamelet or an annotation has an unknown value
     */
    static ConnectorInfo of(String name, ConfigNode kamelet, UnaryOperator<String> said) {
        if (!"Kamelet".equals(kamelet.text("kind", ""))) {
            throw kamelet.error("not a Kamelet; key 'kind' must be Kamelet");
        }
        ConfigNode annotations = kamelet.require("metadata").get("annotations");
        Repeat repeat = Repeat.NEVER;
        boolean proforma = false;
        String lane = "";
        int batch = 1;
        if (annotations != null) {
            repeat = repeat(annotations, new ConnectorSettings(ConnectorName.of(name), kamelet, said));
            proforma = annotations.flag("caravan/proforma", false);
            batch = batch(annotations.get("caravan/batch"));
            ConfigNode template = annotations.get("caravan/lane");
            lane = template == null ? "" : laneTemplate(template);
        }
        return new ConnectorInfo(name, repeat, proforma, lane, batch);
    }

    private static int batch(ConfigNode node) {
        if (node == null) {
            return 1;
        }
        String text = node.text();
        int most = text.matches("\\d{1,4}") ? Integer.parseInt(text) : 0;
        if (most < 1 || most > MAX_BATCH) {
            throw node.error("'" + text + "' is no number of documents from 1 to " + MAX_BATCH);
        }
        return most;
    }

    private static Repeat repeat(ConfigNode annotations, ConnectorSettings settings) {
        ConfigNode declared = annotations.get("caravan/repeat");
        if (declared == null) {
            return Repeat.NEVER;
        }
        Matcher property = PROPERTY.matcher(declared.text());
        Repeat repeat;
        if (property.matches()) {
            String value = settings.value(property.group(1));
            if (value != null && !REPEATS.contains(value)) {
                throw declared.error("property '" + property.group(1) + "' is '" + value + "'"
                        + Nearest.hint(value, REPEATS) + "; it must be one of " + String.join(", ", REPEATS));
            }
            repeat = Repeat.of(value == null ? "" : value);
        } else {
            repeat = Repeat.of(declared.oneOf(REPEATS.toArray(String[]::new)));
        }
        ConfigNode needed = annotations.get("caravan/lookup");
        return repeat == Repeat.LOOKUP && needed != null && settings.value(needed.text()) == null
                ? Repeat.NEVER
                : repeat;
    }

    private static String laneTemplate(ConfigNode node) {
        String template = node.text().strip();
        String rest = fill(template, placeholder -> {
            if (!PLACEHOLDERS.contains(placeholder)) {
                throw node.error("unknown {" + placeholder + "}" + Nearest.hint(placeholder, PLACEHOLDERS)
                        + "; a lane may name " + String.join(", ", PLACEHOLDERS));
            }
            return "";
        });
        if (rest.contains("{") || rest.contains("}") || template.length() > MAX_LANE) {
            throw node.error("not a lane; write a name such as {currency}, at most " + MAX_LANE + " characters");
        }
        return template;
    }
}
