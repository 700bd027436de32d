package org.caravan.hub;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.caravan.common.UserError;
import org.caravan.hub.config.HubConfig;
import org.caravan.invoice.Documents;
import org.caravan.invoice.IssuedDocument;
import org.caravan.invoice.document.Document;
import org.caravan.invoice.document.DocumentJson;
import org.caravan.invoice.erp.csv.CsvDirectory;

/** Files in the output directory that this run would have to overwrite: found before the first invoice is written. */
final class ForeignFiles {
    private static final String KAMELET = "camel.kamelet.csv-directory-sink.";

    private ForeignFiles() {}

    /**
     * Before anything is issued for keeps: files named as invoices of the month which the ledger does not know. Numbers of
     * a kept ledger are not given back, so this errs on the safe side.
     *
     * @param ours numbers of the month that this ledger has issued, or will issue again
     */
    static void refuseUnknownInvoices(BillInput input, Set<String> ours) {
        Path out = input.out();
        if (!Files.isDirectory(out) || input.config().camel().containsKey(KAMELET + "fileName")) {
            return;
        }
        String month = input.request().month().toString();
        Pattern invoice = Pattern.compile(Pattern.quote(month) + "-(INV-\\d{4}-\\d{6,})-.*");
        try (Stream<Path> files = Files.list(out)) {
            files.forEach(file -> {
                Matcher matcher = invoice.matcher(file.getFileName().toString());
                if (matcher.matches() && !ours.contains(matcher.group(1))) {
                    throw foreign(file);
                }
            });
        } catch (IOException e) {
            throw new UserError("output directory " + out + ": can't be read (" + e.getMessage() + ")", e);
        }
    }

    /** Before the documents of a ledger that is thrown away are delivered: each must find its name free, or itself. */
    static void refuseTakenNames(BillInput input, DataSource dataSource, List<IssuedDocument> issued)
            throws SQLException, IOException {
        CsvDirectory directory = new CsvDirectory(settings(input));
        Documents documents = new Documents(dataSource);
        for (IssuedDocument head : issued) {
            if (!input.accounts().profile(head.account()).connectors().contains("csv-directory")) {
                continue;
            }
            Document document = DocumentJson.read(documents.body(head.id()).getBytes(StandardCharsets.UTF_8));
            if (!directory.isFree(document)) {
                throw foreign(directory.wouldWrite(document.head()));
            }
        }
    }

    private static Map<String, String> settings(BillInput input) {
        Map<String, String> settings = new HashMap<>();
        HubConfig config = input.config();
        config.camel().forEach((key, value) -> {
            if (key.startsWith(KAMELET) && key.indexOf('.', KAMELET.length()) < 0) {
                settings.put(key.substring(KAMELET.length()), value);
            }
        });
        settings.put("directory", input.out().toString());
        return settings;
    }

    private static UserError foreign(Path file) {
        return new UserError(file + " is there already and was not written by this ledger; it is never overwritten:"
                + " move it away or choose another --out");
    }
}
