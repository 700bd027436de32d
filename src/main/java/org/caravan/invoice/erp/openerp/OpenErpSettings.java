package org.caravan.invoice.erp.openerp;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.caravan.common.UserError;
import org.caravan.invoice.erp.openerp.rpc.OdooServer;
import org.caravan.invoice.erp.openerp.rpc.OdooServer.Transport;

/**
 * What the connector is told, checked.
 *
 * @param server where Odoo is
 * @param company name or id; null = that of the journal
 * @param journal code or id; null = the only one for sales
 * @param createPartner true if an account that Odoo does not know gets a partner
 * @param dueDays from an invoice's date to its due date
 * @param priced true if lines bear quantity and price where Odoo keeps both exactly
 * @param maxLines a document of more lines is told in fewer
 * @param taxes which tax of Odoo's stands for one of a document
 * @param taxCents true if a tax that Odoo would round otherwise gets a line that evens it out
 * @param tries rounds of the recipe in one commit
 * @param deadline longest time that one commit takes
 * @param refresh how long currencies, taxes and journals are remembered
 */
record OpenErpSettings(
        OdooServer server,
        String company,
        String journal,
        boolean createPartner,
        int dueDays,
        boolean priced,
        int maxLines,
        TaxMap taxes,
        boolean taxCents,
        int tries,
        Duration deadline,
        Duration refresh) {
    private static final String WHO = "openerp: ";

    /**
     * @param settings the Kamelet's properties, as texts
     * @throws UserError naming the property that is unfit
     */
    static OpenErpSettings of(Map<String, String> settings) {
        Read read = new Read(settings);
        return new OpenErpSettings(
                server(read),
                read.text("company", null),
                read.text("journal", null),
                read.oneOf("partner", "create", "require").equals("create"),
                read.number("dueDays", 30, 0, 3650),
                read.oneOf("lines", "amount", "price").equals("price"),
                read.number("maxLines", 200, 1, 10_000),
                TaxMap.parse(read.text("taxes", "")),
                read.oneOf("taxDifference", "refuse", "line").equals("line"),
                read.number("tries", 8, 1, 100),
                Duration.ofSeconds(read.number("deadline", 240, 1, 86_400)),
                Duration.ofSeconds(read.number("refresh", 300, 0, 86_400)));
    }

    /** Only where the server is and who calls it. */
    static OdooServer server(Map<String, String> settings) {
        return server(new Read(settings));
    }

    private static OdooServer server(Read read) {
        String key = secret(read, "apiKey");
        String password = secret(read, "password");
        if ((key == null) == (password == null)) {
            throw new UserError(WHO + (key == null ? "no credentials" : "both a password and an API key")
                    + "; set one of apiKey, apiKeyFile, password, passwordFile");
        }
        return new OdooServer(
                url(read.text("url", null)),
                read.required("database"),
                read.required("user"),
                key == null ? password : key,
                key != null,
                Transport.valueOf(read.oneOf("transport", "auto", "xmlrpc", "jsonrpc", "json2")
                        .toUpperCase(Locale.ROOT)),
                Duration.ofSeconds(read.number("connectTimeout", 10, 1, 600)),
                Duration.ofSeconds(read.number("callTimeout", 120, 1, 3600)),
                read.number("maxAnswerBytes", 16 << 20, 1 << 10, 1 << 30));
    }

    private static URI url(String text) {
        try {
            URI url = URI.create(text == null ? "" : text.replaceAll("/+$", ""));
            boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
            if (http && url.getHost() != null && url.getUserInfo() == null && url.getQuery() == null) {
                return url;
            }
        } catch (IllegalArgumentException e) {
            // said below
        }
        throw new UserError(WHO + "url is not that of a server; write it as https://erp.example.com");
    }

    private static String secret(Read read, String name) {
        String said = read.text(name, null);
        String file = read.text(name + "File", null);
        if (said != null || file == null) {
            return said;
        }
        try {
            return Files.readString(Path.of(file), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new UserError(WHO + name + "File " + file + " can't be read (" + e.getMessage() + ")", e);
        }
    }

    private record Read(Map<String, String> settings) {
        String text(String name, String otherwise) {
            String text = settings.get(name);
            return text == null || text.isBlank() ? otherwise : text.strip();
        }

        String required(String name) {
            String text = text(name, null);
            if (text == null) {
                throw new UserError(WHO + name + " is not set");
            }
            return text;
        }

        /** The first of the words is what holds where nothing is said. */
        String oneOf(String name, String... words) {
            String text = text(name, words[0]);
            for (String word : words) {
                if (word.equals(text)) {
                    return text;
                }
            }
            throw new UserError(WHO + name + " is '" + text + "'; it must be one of " + String.join(", ", words));
        }

        int number(String name, int otherwise, int least, int most) {
            String text = text(name, Integer.toString(otherwise));
            int value = text.matches("\\d{1,9}") ? Integer.parseInt(text) : -1;
            if (value < least || value > most) {
                throw new UserError(WHO + name + " is '" + text + "'; it must be " + least + " to " + most);
            }
            return value;
        }
    }
}
