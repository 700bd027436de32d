package org.caravan.api.reseller;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Iterator;
import org.caravan.api.http.Answer;
import org.caravan.api.http.Request;
import org.caravan.api.http.StreamedBody;
import org.caravan.invoice.document.Document;
import org.caravan.reseller.BilledProject;
import org.caravan.reseller.Client;
import org.caravan.reseller.ClientInvoice;
import org.caravan.reseller.ClientInvoices;
import org.caravan.reseller.Currencies;
import org.caravan.reseller.Reseller;

/** Issued invoices of a client. */
final class InvoiceRoutes {
    private final ResellerBackend backend;
    private final ClientInvoices invoices;
    private final Currencies currencies;

    InvoiceRoutes(ResellerBackend backend) {
        this.backend = backend;
        this.invoices = new ClientInvoices(backend.ledger(), backend.file().kinds());
        this.currencies = new Currencies(backend.ledger(), backend.currency(), backend.clock());
    }

    void addTo(ResellerRoutes routes) {
        routes.addOfClient(ResellerCall.INVOICES, this::list)
                .addOfClient(ResellerCall.LAST_INVOICE, this::last)
                .addOfClient(ResellerCall.INVOICE, this::one);
    }

    /** One after the other: years of invoices with many entities are more than should be in hand. */
    private Answer list(Request request, Reseller reseller, Client client) throws SQLException {
        CurrencyJson shown = new CurrencyJson(currencies, reseller);
        Iterator<Long> places = invoices.newest(client, backend.maxList()).iterator();
        String begin = "{\"invoices\":[";
        boolean[] ended = {false};
        return Answer.streamed(200, Answer.JSON, new StreamedBody(bytes(begin + next(shown, client, places)), () -> {
            if (places.hasNext()) {
                return bytes("," + next(shown, client, places));
            }
            byte[] end = ended[0] ? null : bytes("]}");
            ended[0] = true;
            return end;
        }));
    }

    private String next(CurrencyJson shown, Client client, Iterator<Long> places) throws SQLException {
        return places.hasNext() ? ResellerJson.text(json(shown, invoices.at(client, places.next()))) : "";
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private Answer last(Request request, Reseller reseller, Client client) throws SQLException {
        return answer(reseller, invoices.last(client).orElseThrow(() -> ResellerErrors.notFound("invoice")));
    }

    private Answer one(Request request, Reseller reseller, Client client) throws SQLException {
        return answer(
                reseller,
                invoices.find(client, request.variable("invoice_id"))
                        .orElseThrow(() -> ResellerErrors.notFound("invoice")));
    }

    private Answer answer(Reseller reseller, ClientInvoice invoice) throws SQLException {
        return ResellerJson.answer(JsonNodeFactory.instance
                .objectNode()
                .set("invoice", json(new CurrencyJson(currencies, reseller), invoice)));
    }

    private ObjectNode json(CurrencyJson currencies, ClientInvoice invoice) throws SQLException {
        Client client = invoice.client();
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("id", invoice.id())
                .put("client_id", client.id())
                .put("deleted", client.isDeleted())
                .put("date_deleted", client.isDeleted() ? ResellerJson.iso(client.deletedAt()) : null)
                .put("processed", invoice.processed())
                .put("paid", invoice.paid());
        if (invoice.credited() != null) {
            json.set("credited", ResellerJson.number(invoice.credited()));
        }
        currencies.put(json, invoice.document());
        return json.set("data", data(invoice));
    }

    private ObjectNode data(ClientInvoice invoice) {
        Document document = invoice.document();
        Document.Discount discount = document.discount();
        ObjectNode data = JsonNodeFactory.instance
                .objectNode()
                .put("invoice_period_start", ResellerJson.iso(invoice.from()))
                .put("invoice_period_end", ResellerJson.iso(invoice.until()))
                .put("subscription_period_start", ResellerJson.rfc1123(invoice.from()))
                .put("subscription_period_end", ResellerJson.rfc1123(invoice.until()));
        ArrayNode projects = data.putArray("invoice_projects");
        invoice.projects().forEach(project -> projects.add(project(project)));
        data.set("invoice_subtotal", ResellerJson.number(document.subtotal()));
        data.set("invoice_discount_percentage", ResellerJson.number(discount.percentage()));
        data.set("invoice_discount_percentage_value", ResellerJson.number(discount.percentageAmount()));
        data.set("invoice_discount_flat", ResellerJson.number(discount.flat()));
        data.set("invoice_discount", ResellerJson.number(discount.amount()));
        data.set("invoice_taxes", BillableJson.taxes(document.taxes(), document.subtotal(), discount.amount()));
        data.set("invoice_total", ResellerJson.number(document.total()));
        return data;
    }

    private static ObjectNode project(BilledProject project) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("id", project.id())
                .put("name", project.name())
                .put("region", project.datacenter());
        json.set("total", ResellerJson.number(project.total()));
        ArrayNode entities = json.putArray("entities");
        project.billables().forEach(billable -> entities.add(BillableJson.entity(billable)));
        return json;
    }
}
