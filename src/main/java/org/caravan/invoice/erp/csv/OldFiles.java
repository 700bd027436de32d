package org.caravan.invoice.erp.csv;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.YearMonth;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.caravan.common.UserError;
import org.caravan.invoice.FoundDocument;

/**
 * Invoices that were written without a note beside them: their names tell number, and mostly month and account, their
 * cells the total.
 */
final class OldFiles {
    private static final Pattern PLACE = Pattern.compile("\\{([a-z]+)}");
    private static final int DIGEST_DIGITS = 16;

    private final Path directory;
    private final Pattern name;
    private final Layout layout;
    private final char delimiter;

    /** @param template see {@link FileNames} */
    OldFiles(Path directory, String template, Layout layout, char delimiter) {
        this.directory = directory;
        this.name = pattern(template);
        this.layout = layout;
        this.delimiter = delimiter;
    }

    /**
     * Names the invoices of files that have no note.
     *
     * @param noted names of those that have one
     * @throws UserError if a file's name does not tell its number
     */
    void each(Set<String> noted, Consumer<FoundDocument> to) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                String text = file.getFileName().toString();
                Matcher matcher = name.matcher(text);
                if (!text.startsWith(".") && !noted.contains(text) && matcher.matches()) {
                    to.accept(found(file, matcher));
                }
            }
        }
    }

    private FoundDocument found(Path file, Matcher matcher) {
        String number = group(matcher, "number");
        if (number == null) {
            throw new UserError("csv-directory: " + file + " has no note in " + Written.DIRECTORY
                    + ", and its name does not tell its number; list such invoices by hand");
        }
        // a name that had to be changed bears a mark, and its account is not what it was
        String account = group(matcher, "mark") == null ? group(matcher, "account") : null;
        return new FoundDocument(
                number,
                null,
                account,
                month(group(matcher, "month")),
                null,
                total(file),
                file.getFileName().toString());
    }

    private BigDecimal total(Path file) {
        try {
            return layout.total(file, delimiter);
        } catch (IOException | RuntimeException e) {
            // written in another layout, perhaps: then its total is not known
            return null;
        }
    }

    private static YearMonth month(String text) {
        try {
            return text == null ? null : YearMonth.parse(text);
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static String group(Matcher matcher, String name) {
        return matcher.pattern().pattern().contains("(?<" + name + ">") ? matcher.group(name) : null;
    }

    private static Pattern pattern(String template) {
        StringBuilder regex = new StringBuilder();
        Set<String> named = new java.util.HashSet<>();
        Matcher matcher = PLACE.matcher(template);
        int dot = template.lastIndexOf('.');
        int from = 0;
        boolean marked = false;
        while (matcher.find()) {
            if (!marked && dot >= from && dot < matcher.start()) {
                marked = literal(regex, template, from, dot, matcher.start());
            } else {
                regex.append(Pattern.quote(template.substring(from, matcher.start())));
            }
            String place = matcher.group(1);
            regex.append(named.add(place) ? "(?<" + place + ">" + of(place) + ")" : of(place));
            from = matcher.end();
        }
        if (!marked && dot >= from) {
            literal(regex, template, from, dot, template.length());
        } else {
            regex.append(Pattern.quote(template.substring(from)));
            if (!marked) {
                regex.append(mark());
            }
        }
        return Pattern.compile(regex.toString(), Pattern.DOTALL);
    }

    private static boolean literal(StringBuilder regex, String template, int from, int dot, int to) {
        regex.append(Pattern.quote(template.substring(from, dot)))
                .append(mark())
                .append(Pattern.quote(template.substring(dot, to)));
        return true;
    }

    private static String mark() {
        return "(?:-(?<mark>[0-9a-f]{" + DIGEST_DIGITS + "}))?";
    }

    private static String of(String place) {
        return switch (place) {
            case "number" -> "(?:INV|CN)-\\d{4}-\\d{6,15}";
            case "month" -> "\\d{4}-\\d{2}";
            case "kind" -> "(?:invoice|credit-note)";
            case "digest" -> "[0-9a-f]{" + DIGEST_DIGITS + "}";
            default -> ".+?";
        };
    }
}
