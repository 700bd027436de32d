package org.caravan.api.rating;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.caravan.api.http.ApiError;
import org.caravan.ledger.report.Aggregate;

/**
 * Expressions such as {@code last(qty) AS qty, SUM(price) AS rate}. They are read here and nothing of them goes on but which
 * function, of what, under which name.
 */
final class CustomFields {
    private static final int MOST = 20;

    private static final Pattern EXPRESSION = Pattern.compile(
            "\\s*(\\w+)\\s*\\(\\s*\"?(\\w+)\"?\\s*\\)(?:\\s+[Aa][Ss]\\s+(?:\"([\\w ]{1,64})\"|([\\w ]{1,64}?)))?\\s*");

    private CustomFields() {}

    /**
     * Reads them.
     *
     * @param text null for quantity and price, summed
     * @param taken names that other columns have
     * @param invalid makes the error from what is wrong
     */
    static List<Aggregate> read(String text, Set<String> taken, Function<String, ApiError> invalid) {
        if (text == null) {
            return List.of(Aggregate.sum(Aggregate.Measure.QTY, "qty"), Aggregate.sum(Aggregate.Measure.PRICE, "rate"));
        }
        List<Aggregate> fields = new ArrayList<>();
        Set<String> names = new HashSet<>(taken);
        for (String expression : text.split(",", -1)) {
            Aggregate field = field(expression, invalid);
            if (!names.add(field.name())) {
                throw invalid.apply("two columns would be called " + field.name());
            }
            if (fields.size() == MOST) {
                throw invalid.apply("more than " + MOST + " custom fields");
            }
            fields.add(field);
        }
        return fields;
    }

    private static Aggregate field(String expression, Function<String, ApiError> invalid) {
        Matcher matcher = EXPRESSION.matcher(expression);
        if (matcher.matches()) {
            Aggregate.Function function = word(Aggregate.Function.class, matcher.group(1));
            Aggregate.Measure measure = word(Aggregate.Measure.class, matcher.group(2));
            if (function != null && measure != null) {
                String name = matcher.group(3) != null ? matcher.group(3) : matcher.group(4);
                return new Aggregate(
                        function, measure, name == null ? matcher.group(1).toLowerCase(Locale.ROOT) : name.strip());
            }
        }
        throw invalid.apply("custom field [" + expression.strip()
                + "] is not allowed; allowed are sum, min, max, avg, last and count of qty or price, such as"
                + " SUM(price) AS rate");
    }

    private static <T extends Enum<T>> T word(Class<T> words, String text) {
        for (T word : words.getEnumConstants()) {
            if (word.name().equalsIgnoreCase(text)) {
                return word;
            }
        }
        return null;
    }
}
