package org.caravan.hub.connector.check;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.caravan.common.Json;
import org.caravan.hub.connector.check.Wire.Act;
import org.caravan.hub.connector.check.Wire.Passed;
import org.caravan.invoice.DeliveryRow;

/** Text that is more to some programs than text. */
final class Texts {
    private static final String MARK = "caravan-odd-";

    private static final List<String> ODD = List.of(
            "=1+1 \"" + MARK + "1\" 'q' <b> & co",
            "+" + MARK + "2; \u00e9\u00fc\u00df",
            "-" + MARK + "3, \u6f22\u5b57 \u20ac",
            "@" + MARK + "4 \\ back");

    private static final String ESCAPE =
            "write text with a serializer (JSON, XML, CSV, SQL parameters), in UTF-8, never by" + " joining strings";

    private Texts() {}

    static Verdict odd(Bench bench) throws Exception {
        List<TestDocuments.Row> rows = new ArrayList<>();
        for (int i = 0; i < ODD.size(); i++) {
            rows.add(TestDocuments.row(ODD.get(i), "1", "0.1" + i));
        }
        bench.wire().plan((n, request) -> Act.well());
        DeliveryRow row = bench.send(bench.documents().of(rows));
        if (!Commits.isCommitted(row)) {
            return Verdict.failed("not committed: " + Commits.standing(row), ESCAPE);
        }
        if (Commits.alarmed(row)) {
            return Verdict.failed(row.lastError().replaceFirst("; correct it in the ERP.*", ""), ESCAPE);
        }
        if (bench.overHttp()) {
            return sent(bench, row);
        }
        if (bench.files().readable() && !bench.files().news().isEmpty()) {
            return written(bench, row);
        }
        return unseen(row);
    }

    private static Verdict unseen(DeliveryRow row) {
        return Verdict.skipped(
                "committed as " + row.reference() + "; nothing shows its text, look at it in the target");
    }

    private static Verdict sent(Bench bench, DeliveryRow row) {
        List<String> strings = new ArrayList<>();
        for (Passed passed : bench.wire().log()) {
            String raw = new String(passed.request().body(), StandardCharsets.UTF_8);
            try {
                strings.addAll(strings(raw));
            } catch (IOException | XMLStreamException e) {
                if (raw.contains(MARK)) {
                    return Verdict.failed("what it sends is not well-formed: " + e.getMessage(), ESCAPE);
                }
            }
        }
        return compared(strings, row);
    }

    private static Verdict compared(List<String> strings, DeliveryRow row) {
        boolean seen = false;
        for (int i = 0; i < ODD.size(); i++) {
            String mark = MARK + (i + 1);
            String whole = ODD.get(i);
            List<String> marked =
                    strings.stream().filter(text -> text.contains(mark)).toList();
            if (!marked.isEmpty() && marked.stream().noneMatch(text -> text.contains(whole))) {
                return Verdict.failed("'" + whole + "' became '" + around(marked.get(0), mark) + "'", ESCAPE);
            }
            seen |= !marked.isEmpty();
        }
        return seen ? Verdict.passed("quotes, accents and signs arrive as they are") : unseen(row);
    }

    private static String around(String text, String mark) {
        int at = text.indexOf(mark);
        return text.substring(Math.max(0, at - 10), Math.min(text.length(), at + mark.length() + 12));
    }

    private static Verdict written(Bench bench, DeliveryRow row) {
        String text = bench.files().text();
        for (Path file : bench.files().news()) {
            String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
            if (name.endsWith(".csv") || name.endsWith(".tsv")) {
                for (String odd : ODD) {
                    String begin = odd.substring(0, 4);
                    if (Pattern.compile("(?m)(?:^|[,;|\\t])\"?" + Pattern.quote(begin))
                            .matcher(text)
                            .find()) {
                        return Verdict.failed(
                                "a cell of " + file.getFileName() + " begins with " + odd.charAt(0)
                                        + ": a spreadsheet takes it for a formula",
                                "put an apostrophe before text that begins with = + - @, never before a number");
                    }
                }
            }
        }
        return compared(Arrays.asList(text.replace("\"\"", "\"").split("\\R")), row);
    }

    private static List<String> strings(String raw) throws IOException, XMLStreamException {
        String text = raw.strip();
        List<String> strings = new ArrayList<>();
        if (text.startsWith("{") || text.startsWith("[")) {
            collect(Json.mapper().readTree(text), strings);
        } else if (text.startsWith("<")) {
            XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
            factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
            factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
            factory.setProperty(XMLInputFactory.IS_COALESCING, true);
            XMLStreamReader reader =
                    factory.createXMLStreamReader(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
            while (reader.hasNext()) {
                if (reader.next() == XMLStreamReader.CHARACTERS) {
                    strings.add(reader.getText());
                }
                if (reader.isStartElement()) {
                    for (int i = 0; i < reader.getAttributeCount(); i++) {
                        strings.add(reader.getAttributeValue(i));
                    }
                }
            }
        } else if (text.matches("[^\\s&=]+=[^\\s&=]*(&.*)?")) {
            for (String pair : text.split("&")) {
                strings.add(decoded(pair));
            }
        } else {
            strings.add(text);
        }
        return strings;
    }

    private static String decoded(String pair) {
        try {
            return URLDecoder.decode(pair, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return pair;
        }
    }

    private static void collect(JsonNode node, List<String> strings) {
        if (node.isTextual()) {
            strings.add(node.textValue());
        }
        node.forEach(child -> collect(child, strings));
    }
}
