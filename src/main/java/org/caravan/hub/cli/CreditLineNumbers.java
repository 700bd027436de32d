package org.caravan.hub.cli;

import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.caravan.common.UserError;

/** Numbers of lines as a person writes them: {@code 1,3-5}. */
final class CreditLineNumbers {
    /** No invoice has more lines than a document may have items. */
    private static final int MAX_LINE = 1_000_000;

    private static final Pattern PART = Pattern.compile("(\\d{1,7})(?:-(\\d{1,7}))?");

    private CreditLineNumbers() {}

    /** @throws UserError if it is no such list */
    static SortedSet<Integer> parse(String text) {
        SortedSet<Integer> lines = new TreeSet<>();
        for (String part : text.split(",", -1)) {
            Matcher matcher = PART.matcher(part.strip());
            if (!matcher.matches()) {
                throw problem(part.strip());
            }
            int first = Integer.parseInt(matcher.group(1));
            int last = matcher.group(2) == null ? first : Integer.parseInt(matcher.group(2));
            if (first < 1 || last < first || last > MAX_LINE) {
                throw problem(part.strip());
            }
            for (int line = first; line <= last; line++) {
                lines.add(line);
            }
        }
        return lines;
    }

    private static UserError problem(String part) {
        return new UserError("--lines: '" + part + "' is neither a line's number nor a range; expected such as 1,3-5");
    }
}
