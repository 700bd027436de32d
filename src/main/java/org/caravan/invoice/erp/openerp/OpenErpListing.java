package org.caravan.invoice.erp.openerp;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.caravan.common.UserError;
import org.caravan.invoice.FoundDocument;
import org.caravan.invoice.IssuedElsewhere;
import org.caravan.invoice.document.DocumentKey;
import org.caravan.invoice.erp.openerp.rpc.Connections;
import org.caravan.invoice.erp.openerp.rpc.Deadline;
import org.caravan.invoice.erp.openerp.rpc.Odoo;
import org.caravan.invoice.erp.openerp.rpc.OdooFault;

/** Tells which invoices Odoo was given: what {@code openerp-sink} names in {@code caravan/list}. */
public final class OpenErpListing implements IssuedElsewhere {
    /** Invoices asked for at a time. */
    private static final int PAGE = 500;

    private static final List<String> FIELDS =
            List.of("name", "ref", "invoice_origin", "move_type", "currency_id", "amount_total");

    @Override
    public void list(Map<String, String> settings, String issuer, Consumer<FoundDocument> to) throws Exception {
        OpenErpSettings read = OpenErpSettings.of(settings);
        try {
            Odoo odoo = Connections.open(read.server(), Deadline.in(read.deadline()));
            Books books = Books.read(odoo, read, Deadline.in(read.deadline()));
            long last = 0;
            while (true) {
                List<OdooRecord> page = page(odoo, books, last, read.deadline());
                for (OdooRecord record : page) {
                    found(record, books, issuer).ifPresent(to);
                    last = record.id();
                }
                if (page.size() < PAGE) {
                    return;
                }
            }
        } catch (OdooFault e) {
            throw new UserError("openerp: " + read.server().url() + " can't be asked: " + e.getMessage(), e);
        }
    }

    /** All that bear a fingerprint, cancelled ones and drafts, too: their numbers are taken. */
    private static List<OdooRecord> page(Odoo odoo, Books books, long after, Duration time) throws OdooFault {
        return new OdooCalls(odoo, books.company(), Deadline.in(time))
                .search(
                        "account.move",
                        List.of(
                                List.of("invoice_origin", "=like", "% sha256:%"),
                                List.of("move_type", "in", List.of("out_invoice", "out_refund")),
                                List.of("company_id", "=", books.company()),
                                List.of("id", ">", after)),
                        FIELDS,
                        "id",
                        PAGE,
                        false);
    }

    private static Optional<FoundDocument> found(OdooRecord record, Books books, String issuer) throws OdooFault {
        String origin = record.text("invoice_origin");
        String number = origin.substring(0, origin.lastIndexOf(" sha256:"));
        Optional<DocumentKey.Parts> parts = DocumentKey.parse(record.text("ref"));
        if (parts.isPresent() && !parts.get().issuer().equals(issuer)) {
            return Optional.empty();
        }
        String currency = books.currencies().entrySet().stream()
                .filter(entry -> entry.getValue().id() == linked(record))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(null);
        int digits = currency == null ? 2 : books.currencies().get(currency).digits();
        BigDecimal shown = Posting.rounded(record, "amount_total", digits);
        return Optional.of(new FoundDocument(
                number,
                parts.isPresent() ? record.text("ref") : null,
                parts.map(DocumentKey.Parts::account).orElse(null),
                parts.map(DocumentKey.Parts::month).orElse(null),
                currency,
                record.text("move_type").equals("out_refund") ? shown.negate() : shown,
                Posting.reference(record)));
    }

    private static long linked(OdooRecord record) {
        try {
            return record.link("currency_id");
        } catch (OdooFault e) {
            return 0;
        }
    }
}
