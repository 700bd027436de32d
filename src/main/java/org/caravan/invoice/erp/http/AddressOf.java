package org.caravan.invoice.erp.http;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.caravan.common.Nearest;
import org.caravan.common.UserError;
import org.caravan.invoice.InvoiceConstants;
import org.caravan.invoice.document.DocumentKey;

/**
 * Puts a document's key into an address: {@code {key}}, {@code {number}}, {@code {account}} and {@code {digest}} (the
 * key's SHA-256) stand for the document's own, written as a URL wants them. The address goes into the exchange variable
 * {@code address}.
 */
public final class AddressOf implements Processor {
    /** The exchange variable that is set. */
    public static final String VARIABLE = "address";

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([^{}]*)}");
    private static final List<String> PLACEHOLDERS = List.of("key", "number", "account", "digest");

    private String template;

    /**
     * @param template null where there is no such address; then the variable stays unset
     * @throws UserError if it names what a document does not have, or names no document
     */
    public void setTemplate(String template) {
        this.template = template == null || template.isBlank() ? null : template.strip();
        if (this.template == null) {
            return;
        }
        boolean named = false;
        for (Matcher hit = PLACEHOLDER.matcher(this.template); hit.find(); ) {
            if (!PLACEHOLDERS.contains(hit.group(1))) {
                throw new UserError("address " + this.template + ": unknown {" + hit.group(1) + "}"
                        + Nearest.hint(hit.group(1), PLACEHOLDERS) + "; it may name "
                        + String.join(", ", PLACEHOLDERS));
            }
            named |= !hit.group(1).equals("account");
        }
        if (!named) {
            throw new UserError(
                    "address " + this.template + ": names no document; one of {key}, {number} and {digest} is needed");
        }
    }

    @Override
    public void process(Exchange exchange) {
        if (template == null) {
            return;
        }
        Message message = exchange.getMessage();
        exchange.setVariable(
                VARIABLE,
                PLACEHOLDER
                        .matcher(template)
                        .replaceAll(hit -> Matcher.quoteReplacement(encoded(value(message, hit.group(1))))));
    }

    private static String value(Message message, String placeholder) {
        return switch (placeholder) {
            case "key" -> header(message, InvoiceConstants.INVOICE_KEY);
            case "number" -> header(message, InvoiceConstants.INVOICE_NUMBER);
            case "account" -> header(message, InvoiceConstants.ACCOUNT);
            default -> DocumentKey.sha256(header(message, InvoiceConstants.INVOICE_KEY));
        };
    }

    private static String header(Message message, String name) {
        String value = message.getHeader(name, String.class);
        if (value == null) {
            throw new UserError("the message has no header " + name + "; send it through caravan-invoice:outbox");
        }
        return value;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
