package org.caravan.api.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.caravan.api.subscription.Portal.Reply;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Invoices: issued documents with their lines and states, and what merchants write by hand. */
class InvoiceRoutesTest {
    private final Portal portal = new Portal();
    private String merchant;
    private String m;
    private String customer;

    @BeforeEach
    void make() {
        merchant = portal.merchant();
        m = Portal.m(merchant);
        customer = portal.customer(merchant);
    }

    /** A document as the close of a month issues it. */
    private String issued(String number, String identifier) throws Exception {
        String key = "test:" + number + ":2026-11:1";
        String line = "{\"product\":\"%s\",\"label\":%s,\"kind\":\"usage\",\"unit\":\"hour\",\"quantity\":\"%s\","
                + "\"unitPrice\":\"%s\",\"effective\":false,\"unpriced\":false,\"amount\":\"%s\",\"exact\":\"%s\",\"items\":[]}";
        String body = "{\"schemaVersion\":1,\"kind\":\"invoice\",\"key\":\"" + key + "\",\"number\":\"" + number
                + "\",\"proforma\":false,\"issuer\":\"test\",\"account\":\"" + number
                + "\",\"tenants\":[\"t\"],\"month\":\"2026-11\",\"period\":{\"from\":\"2026-11-01T00:00:00Z\",\"to\":\"2026-12-01T00:00:00Z\"},"
                + "\"currency\":\"NZD\",\"ratingCurrency\":\"NZD\",\"rate\":\"1\",\"rounding\":\"currency\",\"sections\":[{\"name\":\"dc\",\"lines\":["
                + line.formatted("instance", "\"Small: Instances\"", "100.5", "0.1", "10.05", "10.05") + ","
                + line.formatted("volume", "null", "3", "1", "3.00", "3")
                + "],\"subtotal\":\"13.05\",\"exact\":\"13.05\"}],\"subtotal\":\"13.05\",\"exact\":\"13.05\",\"roundingDifference\":\"0.00\","
                + "\"discount\":{\"percentage\":\"0\",\"percentageAmount\":\"0.00\",\"flat\":\"0.00\",\"amount\":\"0.00\"},"
                + "\"taxes\":[{\"name\":\"GST\",\"rate\":\"15\",\"amount\":\"1.96\"}],\"total\":\"15.01\"}";
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(body.getBytes(StandardCharsets.UTF_8));
        StringBuilder hex = new StringBuilder();
        for (byte b : digest) {
            hex.append("%02x".formatted(b));
        }
        Portal.execute(
                "insert into document (key, number, kind, issuer, account, month, sequence, proforma, currency, total,"
                        + " exact, lines, body, digest, issued_at) values ('" + key + "', '" + number
                        + "', 'invoice', 'test', '"
                        + number + "', '2026-11-01', 1, false, 'NZD', 15.01, 13.05, 2, '" + body + "', '\\x" + hex
                        + "', '2026-12-01Z');"
                        + " insert into outbox (document, state) select id, 'done' from document where key = '" + key
                        + "';"
                        + " insert into invoice_status (document_key, merchant_id, customer_id, identifier, state, due, updated_at)"
                        + " values ('" + key + "', '" + merchant + "', '" + customer + "', '" + identifier
                        + "', 'pending', '2026-12-15Z', '2026-12-01Z')");
        return portal.get(m + "/invoices?q.field=identifier&q.value=" + identifier)
                .is(200)
                .each("id")
                .get(0);
    }

    @Test
    void anIssuedDocumentIsAnInvoiceWithAllThatWasMissing() throws Exception {
        // given
        String id = issued(Portal.fresh("INV"), "000001");
        // when
        Reply invoice = portal.get(m + "/invoices/" + id).is(200);
        // then
        assertThat(invoice.text("customer_id")).isEqualTo(customer);
        assertThat(invoice.text("currency")).isEqualTo("nzd");
        assertThat(invoice.text("state")).isEqualTo("pending");
        assertThat(invoice.text("due")).isEqualTo("2026-12-15T00:00:00Z");
        assertThat(invoice.text("sub_total")).isEqualTo("13.05");
        assertThat(invoice.text("tax_percentage")).isEqualTo("15");
        assertThat(invoice.text("tax_total")).isEqualTo("1.96");
        assertThat(invoice.text("total")).isEqualTo("15.01");
        assertThat(invoice.text("month")).isEqualTo("2026-11");
        assertThat(invoice.json().path("lines")).hasSize(2);
        Reply lines = portal.get(m + "/invoices/" + id + "/lines").is(200);
        assertThat(lines.each("description")).containsExactly("Small: Instances", "volume");
        assertThat(lines.each("quantity")).containsExactly("100.5", "3");
        assertThat(lines.each("sub_total")).containsExactly("10.05", "3.00");
        String line = lines.each("id").get(1);
        assertThat(portal.get(m + "/invoices/" + id + "/lines/" + line).is(200).text("price"))
                .isEqualTo("1");
        // what is issued never changes
        for (String method : List.of("PATCH", "PUT", "DELETE")) {
            String body = method.equals("DELETE") ? null : "{\"price\":\"2\"}";
            assertThat(portal.send(method, m + "/invoices/" + id + "/lines/" + line, body)
                            .is(409)
                            .type())
                    .isEqualTo("in_use");
        }
        portal.post(m + "/invoices/" + id + "/lines", "{\"description\":\"x\",\"quantity\":1,\"price\":1}")
                .is(409);
        portal.patch(m + "/invoices/" + id, "{\"tax_percentage\":\"0\"}").is(409);
        portal.patch(m + "/invoices/" + id, "{\"total\":\"0\"}").is(400);
        portal.delete(m + "/invoices/" + id).is(409);
        portal.delete(m + "/customers/" + customer).is(409);
        portal.delete(m).is(409);
        // sent back as it was, it is as it was
        assertThat(portal.put(m + "/invoices/" + id, invoice.body())
                        .is(200)
                        .json()
                        .path("lines"))
                .isEqualTo(invoice.json().path("lines"));
        assertThat(portal.get(m + "/invoices?q.field=total&q.op=gt&q.value=15").json())
                .hasSize(1);
        assertThat(portal.get(m + "/invoices?q.field=state&q.value=paid").json())
                .isEmpty();
    }

    @Test
    void statesMoveButNothingLeavesVoidAndVoidingIsACreditNote() throws Exception {
        // given
        String number = Portal.fresh("INV");
        String id = issued(number, "000001");
        String path = m + "/invoices/" + id;
        // when / then
        assertThat(portal.patch(path, "{\"state\":\"failed\"}").is(200).text("state"))
                .isEqualTo("failed");
        portal.patch(path, "{\"state\":\"completed\"}").is(200);
        assertThat(Portal.rows("select paid and paid_at is not null from invoice_status where document_key like '%"
                        + number + "%'"))
                .containsExactly("t");
        portal.patch(path, "{\"state\":\"nonsense\"}").is(400);
        portal.patch(path, "{\"state\":\"draft\"}").is(409);
        portal.patch(path, "{\"due\":\"2027-01-31\"}").is(200);
        assertThat(portal.patch(path, "{\"state\":\"void\"}").is(200).text("state"))
                .isEqualTo("void");
        String notes = "select n.total::text from document n join document d on d.id = n.corrects where d.number = '"
                + number + "'";
        assertThat(Portal.rows(notes)).containsExactly("-15.01");
        // asked again, and after a kill between credit and state
        portal.patch(path, "{\"state\":\"void\"}").is(200);
        Portal.execute("update invoice_status set state = 'pending' where document_key like '%" + number + "%'");
        portal.patch(path, "{\"state\":\"void\"}").is(200);
        assertThat(Portal.rows(notes)).containsExactly("-15.01");
        assertThat(portal.patch(path, "{\"state\":\"paid\"}").is(409).type()).isEqualTo("in_use");
    }

    @Test
    void aMerchantWritesAnInvoiceByHandAndIssuesIt() {
        // given
        String id = portal.post(m + "/invoices", "{\"customer_id\":\"" + customer + "\",\"tax_percentage\":\"19\"}")
                .is(202)
                .id();
        String path = m + "/invoices/" + id;
        // when / then
        portal.patch(path, "{\"state\":\"pending\"}").is(400);
        portal.post(path + "/lines", "{\"description\":\"Setup\",\"quantity\":\"3\",\"price\":\"0.335\"}")
                .is(202);
        String second = portal.post(
                        path + "/lines", "{\"description\":\"Hours\",\"quantity\":\"1.5\",\"price\":\"80\"}")
                .is(202)
                .id();
        Reply draft = portal.get(path).is(200);
        assertThat(draft.text("identifier")).isNull();
        assertThat(draft.text("sub_total")).isEqualTo("121.01");
        assertThat(draft.text("tax_total")).isEqualTo("22.99");
        assertThat(draft.text("total")).isEqualTo("144.00");
        portal.delete(path + "/lines/" + second).is(204);
        assertThat(portal.get(path).text("sub_total")).isEqualTo("1.01");
        // a customer sees no draft
        portal.asCustomer(customer).get(path).is(404);
        assertThat(portal.asCustomer(customer).get(m + "/invoices").json()).isEmpty();
        portal.asOperator();
        Reply issued = portal.patch(path, "{\"state\":\"pending\",\"due\":\"2026-12-31\"}")
                .is(200);
        assertThat(issued.text("identifier")).isEqualTo("000001");
        assertThat(portal.asCustomer(customer).get(m + "/invoices").each("id")).containsExactly(id);
        portal.asOperator();
        portal.patch(path, "{\"tax_percentage\":\"7\"}").is(409);
        portal.post(path + "/lines", "{\"description\":\"x\",\"quantity\":1,\"price\":1}")
                .is(409);
        portal.delete(path).is(409);
        portal.patch(path, "{\"state\":\"paid\"}").is(200);
        portal.patch(path, "{\"state\":\"void\"}").is(200);
        portal.patch(path, "{\"state\":\"pending\"}").is(409);
    }

    @Test
    void identifiersHaveNoGapHoweverManyAreIssuedAtOnce() throws Exception {
        // given
        ExecutorService threads = Executors.newFixedThreadPool(6);
        String body = "{\"customer_id\":\"" + customer
                + "\",\"state\":\"pending\",\"lines\":[{\"description\":\"x\",\"quantity\":\"%s\",\"price\":\"1\"}]}";
        try {
            // when: each third one is refused
            List<Callable<Integer>> work = IntStream.range(0, 24)
                    .mapToObj(i -> (Callable<Integer>)
                            () -> portal.post(m + "/invoices", body.formatted(i % 3 == 0 ? "none" : "1"))
                                    .status())
                    .toList();
            List<Integer> statuses = new ArrayList<>();
            for (Future<Integer> one : threads.invokeAll(work)) {
                statuses.add(one.get());
            }
            // then
            assertThat(statuses).containsOnly(202, 400);
            assertThat(portal.get(m + "/invoices").each("identifier"))
                    .containsExactlyInAnyOrderElementsOf(IntStream.rangeClosed(1, 16)
                            .mapToObj("%06d"::formatted)
                            .toList());
        } finally {
            threads.shutdownNow();
        }
    }
}
