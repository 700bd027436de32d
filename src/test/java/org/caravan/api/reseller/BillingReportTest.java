package org.caravan.api.reseller;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.caravan.invoice.CloseSettings;
import org.caravan.reseller.BillingReport;
import org.caravan.reseller.ReportQuery;
import org.caravan.reseller.ReportRow;
import org.caravan.reseller.Reseller;
import org.caravan.reseller.ResellerFile;
import org.caravan.subscription.DocumentVoiding;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The billing report, over invoices that were issued by closing months. */
class BillingReportTest {
    private static final String REPORT = Resale.BILLING + "/report/";
    private static final String USAGE =
            "[{\"type\": \"volume\", \"mode\": \"graduated\", \"tiers\": [{\"price\": \"0.05\"}]}]";
    private static final List<String> COLUMNS =
            List.of(("client_id,test_account,customer_email,customer_name,subscription_id,invoice_id,invoice_date,"
                            + "invoice_status,invoice_start,invoice_end,invoice_subtotal,invoice_discount_percentage,"
                            + "invoice_discount_flat,invoice_discount_total,invoice_total,customer_metadata")
                    .split(","));

    private static Resale resale;
    private static String mine;
    private static String other;
    private static String ann;
    private static String ben;

    @BeforeAll
    static void close() {
        Resale maker = new Resale();
        mine = maker.reseller();
        other = maker.reseller();
        resale = new Resale(ResellerFile.parse(
                "providers:\n  - {id: p-north, name: North, datacenters: [north], reseller: " + mine + "}\n",
                "reseller.yaml"));
        ann = client(mine, "2026-10-17T20:18:00Z");
        ben = client(other, "2026-01-01T00:00:00Z");
        resale.shop.execute(
                "update customer set title = '=cmd|''/c calc''!A1, \"Ann\"', discount_percentage = 10,"
                        + " taxes = '[{\"name\": \"TPS\", \"rate\": \"5\"}]',"
                        + " properties = '{\"test_account\": true, \"tier\": \"gold\"}' where id = ?",
                ann);
        resale.shop.execute(
                "insert into contact_info (id, customer_id, place, email) values (?, ?, 1, ?)",
                Resale.fresh("contact"),
                ann,
                "ann@example.org");
        resale.shop.clock.at("2026-11-03T00:00:00Z");
        use(ann, "2026-10-20T00:00:00Z", "100");
        use(ann, "2026-11-02T00:00:00Z", "40");
        use(ben, "2026-10-20T00:00:00Z", "10");
        resale.shop.close("2026-10", mine + "/" + ann, other + "/" + ben);
        resale.shop.clock.at("2026-12-03T00:00:00Z");
        resale.shop.close("2026-11", mine + "/" + ann);
        resale.shop.execute(
                "update invoice_status set paid = true where document_key in (select key from document"
                        + " where account = ? and month = '2026-10-01')",
                mine + "/" + ann);
    }

    private static String client(String reseller, String joined) {
        String client = resale.client(reseller);
        resale.shop.execute("update customer set created_at = ?::timestamptz where id = ?", joined, client);
        String plan = Resale.fresh("plan");
        resale.shop.planOf(reseller, plan, "instance", USAGE);
        resale.shop.subscription(reseller, "s-" + client, client, plan, "2026-10-01T00:00:00Z", 1);
        resale.shop.tie("s-" + client, "t-" + client);
        return client;
    }

    private static void use(String client, String begin, String quantity) {
        resale.shop.use("t-" + client, "instance", begin, quantity);
    }

    private static List<CSVRecord> read(Resale.Reply reply) {
        assertThat(reply.is(200).body()).endsWith("\r\n");
        try (CSVParser parser = CSVParser.parse(
                new StringReader(reply.body()),
                CSVFormat.RFC4180
                        .builder()
                        .setHeader()
                        .setSkipHeaderRecord(true)
                        .get())) {
            return parser.getRecords();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static List<String> header(Resale.Reply reply) {
        return List.of(reply.is(200).body().lines().findFirst().orElseThrow().split(","));
    }

    @Test
    void aRowIsAnInvoiceWithTheDocumentsFigures() {
        // when
        Resale.Reply reply = resale.as(mine).post(REPORT, "{\"start_date\": \"2026-10-01\"}");
        List<CSVRecord> rows = read(reply);
        // then
        assertThat(header(reply)).isEqualTo(COLUMNS);
        assertThat(rows).hasSize(2);
        CSVRecord first = rows.get(0);
        assertThat(first.get("client_id")).isEqualTo(ann);
        assertThat(first.get("test_account")).isEqualTo("True");
        assertThat(first.get("customer_email")).isEqualTo("ann@example.org");
        assertThat(first.get("customer_name")).isEqualTo("'=cmd|'/c calc'!A1, \"Ann\"");
        assertThat(first.get("subscription_id")).isEqualTo("s-" + ann);
        assertThat(first.get("invoice_date")).isEqualTo("2026-10");
        assertThat(first.get("invoice_status")).isEqualTo("paid");
        assertThat(first.get("invoice_start")).isEqualTo("2026-10-17");
        assertThat(first.get("invoice_end")).isEqualTo("2026-10-31");
        assertThat(first.get("invoice_subtotal")).isEqualTo("5");
        assertThat(first.get("invoice_discount_percentage")).isEqualTo("10");
        assertThat(first.get("invoice_discount_flat")).isEqualTo("0");
        assertThat(first.get("invoice_discount_total")).isEqualTo("0.5");
        // 4.50 and 5 percent, half up
        assertThat(first.get("invoice_total")).isEqualTo("4.73");
        assertThat(first.get("customer_metadata")).isEqualTo("{\"tier\":\"gold\",\"test_account\":true}");
        assertThat(rows.get(1).get("invoice_status")).isEqualTo("not paid");
        assertThat(rows.get(1).get("invoice_start")).isEqualTo("2026-11-01");
        // the same id as among the client's invoices
        assertThat(resale.get(Resale.BILLING + "/clients/" + ann + "/invoices/" + first.get("invoice_id"))
                        .is(200)
                        .json()
                        .at("/invoice/data/invoice_total")
                        .decimalValue())
                .isEqualByComparingTo("4.73");
    }

    @Test
    void anInvoiceIsInIfItsPeriodBeginsWithin() {
        // given
        resale.as(mine);
        for (String[] span : new String[][] {
            {"2026-10-01", "2026-10-31", "1"},
            {"2026-10-18", "2026-11-01", "1"},
            {"2026-10-17", "2026-10-17", "1"},
            {"2026-10-01", "2026-10-16", "0"},
            {"2026-10-17", "2026-11-01", "2"},
            {"2026-12-01", "9999-12-31", "0"}
        }) {
            // when / then
            assertThat(read(resale.get(REPORT + "?start_date=" + span[0] + "&end_date=" + span[1])))
                    .as(span[0] + " to " + span[1])
                    .hasSize(Integer.parseInt(span[2]));
        }
    }

    @Test
    void detailHasARowForEachItemWithoutTheInvoicesFiguresAgain() {
        // given
        resale.as(mine)
                .put(Resale.BILLING + "/resources/vm-instance/metadata", "{\"metadata\":{\"note\":\"x,y\"}}")
                .is(200);
        // when
        Resale.Reply reply = resale.get(REPORT + "?start_date=2026-11-01&end_date=2026-11-30&detail=True");
        List<CSVRecord> rows = read(reply);
        // then
        assertThat(header(reply))
                .isEqualTo(Stream.concat(
                                COLUMNS.stream(),
                                Stream.of(
                                        "project_id",
                                        "project_name",
                                        "region",
                                        "resource_id",
                                        "resource_name",
                                        "resource_type",
                                        "description",
                                        "quantity",
                                        "unit",
                                        "rate",
                                        "resource_total",
                                        "reseller_metadata"))
                        .toList());
        assertThat(rows).hasSize(2);
        assertThat(rows.get(0).get("invoice_subtotal")).isEqualTo("2");
        assertThat(rows.get(0).get("project_id")).isEmpty();
        CSVRecord item = rows.get(1);
        assertThat(item.get("client_id")).isEqualTo(ann);
        assertThat(item.get("invoice_id")).isEqualTo(rows.get(0).get("invoice_id"));
        assertThat(item.get("invoice_subtotal")).isEmpty();
        assertThat(item.get("project_id")).isEqualTo("t-" + ann);
        assertThat(item.get("region")).isEqualTo("north");
        assertThat(item.get("resource_id")).isEqualTo("vm-instance");
        assertThat(item.get("quantity")).isEqualTo("40");
        assertThat(item.get("rate")).isEqualTo("0.05");
        assertThat(item.get("resource_total")).isEqualTo("2");
        assertThat(item.get("reseller_metadata")).isEqualTo("{\"note\":\"x,y\"}");
    }

    @Test
    void whatOthersClientsHaveAtTheResellersCloudIsARowOfThatPartAlone() {
        // when
        Resale.Reply reply =
                resale.as(mine).post(REPORT, "{\"start_date\": \"2026-10-01\", \"show_federated_invoices\": true}");
        // other tests' clients are there, too
        List<CSVRecord> rows = read(reply).stream()
                .filter(row -> List.of(ann, ben).contains(row.get("client_id")))
                .toList();
        // then
        assertThat(header(reply).subList(16, 18)).containsExactly("provider", "reseller");
        assertThat(rows).extracting(row -> row.get("client_id")).containsExactly(ann, ann, ben);
        assertThat(rows).extracting(row -> row.get("reseller")).containsExactly(mine, mine, other);
        assertThat(rows).extracting(row -> row.get("provider")).containsOnly("North");
        assertThat(rows.get(2).get("invoice_total")).isEqualTo("0.5");
        assertThat(rows.get(2).get("customer_metadata")).isEqualTo("{}");
        // the cloud is not the other's
        assertThat(read(resale.as(other).get(REPORT + "?start_date=2026-10-01&show_federated_invoices=true")))
                .extracting(row -> row.get("client_id"))
                .containsExactly(ben);
    }

    @Test
    void allResellersAreForKeysThatMaySeeThem() {
        // when
        Resale.Reply refused = resale.as(mine).get(REPORT + "?start_date=2026-10-01&show_all_resellers=true");
        Resale.Reply all = resale.asAdmin(mine).get(REPORT + "?start_date=2026-10-01&show_all_resellers=true");
        Resale.Reply own = resale.get(REPORT + "?start_date=2026-10-01");
        // then
        assertThat(refused.is(401).json().at("/error/code").asInt()).isEqualTo(401);
        assertThat(header(all)).last().isEqualTo("reseller");
        assertThat(read(all)).extracting(row -> row.get("reseller")).contains(mine, other);
        assertThat(read(own)).extracting(row -> row.get("client_id")).containsOnly(ann);
        Resale.Reply both = resale.get(
                REPORT + "?start_date=2026-10-01&show_all_resellers=true&show_federated_invoices=true&detail=true");
        assertThat(header(both).stream().filter("reseller"::equals)).hasSize(1);
        assertThat(read(both))
                .extracting(row -> row.get("invoice_id"))
                .contains(read(own).get(0).get("invoice_id"));
    }

    @Test
    void whatIsNoReportIsRefused() {
        // given
        resale.as(mine);
        for (String body : List.of(
                "{}",
                "[]",
                "{",
                "{\"start_date\": \"2026-13-01\"}",
                "{\"start_date\": \"2026-02-30\"}",
                "{\"start_date\": \"2026-10-01T00:00:00Z\"}",
                "{\"start_date\": \"\"}",
                "{\"start_date\": []}",
                "{\"start_date\": \"2026-10-02\", \"end_date\": \"2026-10-01\"}",
                "{\"start_date\": \"2026-10-01\", \"detail\": \"maybe\"}",
                "{\"start_date\": \"2026-10-01\", \"detail\": {}}")) {
            // when / then
            resale.post(REPORT, body).is(400);
        }
        resale.get(REPORT).is(400);
        resale.get(REPORT + "?start_date=yesterday").is(400);
        // today is before it
        resale.get(REPORT + "?start_date=2999-01-01").is(400);
        resale.post(REPORT + "?start_date=2026-10-01", null).is(200);
        resale.show(null).get(REPORT + "?start_date=2026-10-01").is(401);
    }

    @Test
    void aCreditNoteIsARowThatTakesItsInvoiceBack() throws Exception {
        // given
        Resale own = new Resale();
        String reseller = own.reseller();
        String client = client(reseller, "2026-01-01T00:00:00Z");
        own.shop.clock.at("2026-11-03T00:00:00Z");
        use(client, "2026-10-20T00:00:00Z", "100");
        own.shop.close("2026-10", reseller + "/" + client);
        String key = own.shop
                .rows("select key from document where account = '" + reseller + "/" + client + "'")
                .get(0);
        // when
        new DocumentVoiding(own.shop.dataSource, CloseSettings.defaults(), own.shop.clock).credit(key, "mistaken");
        List<CSVRecord> rows =
                read(own.as(reseller).get(REPORT + "?start_date=2026-10-01&end_date=2026-10-31&detail=true"));
        // then
        assertThat(rows).extracting(row -> row.get("invoice_total")).containsExactly("5", "", "-5", "");
        assertThat(rows).extracting(row -> row.get("resource_total")).containsExactly("", "5", "", "-5");
        assertThat(rows).extracting(row -> row.get("client_id")).containsOnly(client);
        assertThat(rows.get(0).get("invoice_id")).isNotEqualTo(rows.get(2).get("invoice_id"));
    }

    @Test
    void aReportOfManyPagesHasEachInvoiceOnceAndFewInHand() throws Exception {
        // given: two pages and a half
        Resale many = new Resale();
        String reseller = many.reseller();
        String client = many.client(reseller);
        String federated = REPORT + "?start_date=2026-10-01&show_federated_invoices=true";
        String before = resale.as(mine).get(federated).body();
        many.shop.execute("update customer set created_at = '2026-01-01' where id = ?", client);
        many.shop.execute(
                """
                insert into document (key, number, kind, issuer, account, month, sequence, proforma, currency, total, exact, lines,
                                      body, digest, issued_at)
                select key || '-' || ? || n, number || '-' || ? || n, kind, issuer, ?, month, sequence, false, currency, total,
                       exact, lines, replace(body, '"north"', '"far"'), digest, issued_at
                  from (select * from document where account = ? order by id limit 1) d, generate_series(1, 500) n
                """,
                reseller,
                reseller,
                reseller + "/" + client,
                mine + "/" + ann);
        many.shop.execute(
                """
                insert into invoice_status (document_key, merchant_id, customer_id, identifier, state, updated_at)
                select key, ?, ?, key, 'pending', now() from document where account = ?
                """,
                reseller,
                client,
                reseller + "/" + client);
        try {
            // when
            List<CSVRecord> rows = read(many.as(reseller).get(REPORT + "?start_date=2026-10-01"));
            List<CSVRecord> detail = read(many.get(REPORT + "?start_date=2026-10-01&detail=true"));
            // then
            assertThat(rows).hasSize(500);
            assertThat(rows.stream().map(row -> row.get("invoice_id")).distinct())
                    .hasSize(500);
            assertThat(detail).hasSize(1_000);
            // what is in hand at once: a page of invoices, or one with its items
            assertThat(parts(many, reseller, false)).containsExactly(200, 200, 100);
            assertThat(parts(many, reseller, true)).hasSize(500).containsOnly(2);
            // and whoever's cloud is none of theirs reads over them
            assertThat(resale.as(mine).get(federated).body()).isEqualTo(before);
        } finally {
            // other tests hold this ledger against its own figures
            many.shop.execute("delete from invoice_status where merchant_id = ?", reseller);
            many.shop.execute("delete from document where account = ?", reseller + "/" + client);
        }
    }

    private static List<Integer> parts(Resale at, String reseller, boolean detail) throws SQLException {
        BillingReport report = new BillingReport(
                at.shop.dataSource,
                ResellerFile.none(),
                new Reseller(reseller, reseller, false),
                new ReportQuery(LocalDate.parse("2026-01-01"), LocalDate.parse("2026-12-31"), detail, false, false));
        List<Integer> parts = new ArrayList<>();
        for (List<ReportRow> rows = report.next(); rows != null; rows = report.next()) {
            parts.add(rows.size());
        }
        return parts;
    }
}
