package org.caravan.invoice.erp.csv;

import java.text.Normalizer;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.caravan.common.Nearest;
import org.caravan.common.UserError;
import org.caravan.invoice.document.DocumentHead;
import org.caravan.invoice.document.DocumentKey;

/**
 * File names from a template such as {@code {month}-{number}-{account}.csv}.
 *
 * <p>Names are plain ASCII, whatever a tenant is called: the same document must have the same name under every locale of
 * the process, or a retry after a restart would write it a second time. Where that changed a value, a part of the key's
 * digest tells names apart that look alike now.
 */
final class FileNames {
    /** Longest file name, in bytes; what common file systems take. */
    static final int MAX_BYTES = 255;

    /** Hex digits of the key's digest in a name that had to be changed. */
    private static final int DIGEST_DIGITS = 16;

    private static final List<String> PLACES = List.of("month", "number", "account", "kind", "issuer", "digest");
    private static final Pattern PLACE = Pattern.compile("\\{([^{}]*)}");
    private static final Pattern MARKS = Pattern.compile("\\p{M}+");
    private static final Pattern UNFIT = Pattern.compile("[^A-Za-z0-9._~@+=, ()-]+");
    private static final Pattern DOTS = Pattern.compile("\\.{2,}");

    private final String template;

    /** @throws UserError if the template is unfit: an unknown place, a path, or two documents could want one name */
    FileNames(String template) {
        Matcher matcher = PLACE.matcher(template);
        while (matcher.find()) {
            String place = matcher.group(1);
            if (!PLACES.contains(place)) {
                throw problem(template, "unknown place {" + place + "}" + hint(place, PLACES) + "; known: " + PLACES);
            }
        }
        if (!template.contains("{number}") && !template.contains("{digest}")) {
            throw problem(template, "without {number} or {digest} two invoices could want one name; add one");
        }
        String literal = matcher.replaceAll("x");
        if (!literal.equals(clean(literal))) {
            throw problem(template, "use letters, digits and . _ ~ @ + = , ( ) - alone; it names a file, not a path");
        }
        this.template = template;
    }

    String name(DocumentHead head) {
        String digest = DocumentKey.sha256(head.key()).substring(0, DIGEST_DIGITS);
        Map<String, String> values = Map.of(
                "month", head.month().toString(),
                "number", head.number(),
                "account", head.account(),
                "kind", head.kind().code(),
                "issuer", head.issuer(),
                "digest", digest);
        StringBuilder name = new StringBuilder();
        boolean changed = false;
        Matcher matcher = PLACE.matcher(template);
        int from = 0;
        while (matcher.find()) {
            String value = values.get(matcher.group(1));
            String clean = clean(value);
            changed |= !clean.equals(value);
            name.append(template, from, matcher.start()).append(clean);
            from = matcher.end();
        }
        String raw = name.append(template, from, template.length()).toString();
        String whole = clean(raw);
        changed |= !whole.equals(raw) || whole.length() > MAX_BYTES;
        return changed ? mark(whole, "-" + digest) : whole;
    }

    private static String clean(String value) {
        String ascii =
                MARKS.matcher(Normalizer.normalize(value, Normalizer.Form.NFKD)).replaceAll("");
        String clean = DOTS.matcher(UNFIT.matcher(ascii).replaceAll("_")).replaceAll("_");
        // hidden files, options of a command line, and what some file systems drop
        return clean.replaceFirst("^[. -]+", "_").replaceFirst("[. ]+$", "_");
    }

    private static String mark(String name, String mark) {
        int dot = name.lastIndexOf('.');
        String end = dot > 0 && name.length() - dot <= DIGEST_DIGITS ? name.substring(dot) : "";
        String stem = name.substring(0, name.length() - end.length());
        int room = MAX_BYTES - mark.length() - end.length();
        return stem.substring(0, Math.min(stem.length(), room)) + mark + end;
    }

    private static String hint(String name, Collection<String> known) {
        return Nearest.hint(name, known);
    }

    private static UserError problem(String template, String problem) {
        return new UserError("csv-directory: fileName '" + template + "': " + problem);
    }
}
