package org.caravan.api.rating;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.caravan.api.rating.ReportApi.Reply;
import org.caravan.invoice.Audit;
import org.caravan.ledger.Outcome;
import org.caravan.ledger.report.ReportSettings;
import org.caravan.metering.MeterCatalog;
import org.caravan.testing.UsageLedger;
import org.junit.jupiter.api.Test;

class DataframeRoutesTest {
    private static final String PATH = "/v2/dataframes";
    private static final String JULY = PATH + "?begin=2026-07-01T00:00:00Z&end=2026-08-01T00:00:00Z";

    private final UsageLedger ledger = new UsageLedger();
    private final ReportApi api = new ReportApi(ledger);

    private static String frames(String... points) {
        return "{\"dataframes\":[{\"period\":{\"begin\":\"20260723T122810Z\",\"end\":\"2026-07-23T13:28:10+00:00\"},"
                + "\"usage\":{\"metric_one\":[" + String.join(",", points) + "]}}]}";
    }

    private static String point(String qty, String price, String groupby, String metadata) {
        return "{\"vol\":{\"unit\":\"GiB\",\"qty\":" + qty + "},\"rating\":{\"price\":" + price + "},\"groupby\":{"
                + groupby + "},\"metadata\":{" + metadata + "}}";
    }

    private static String point(String qty, String price) {
        return point(qty, price, "\"project_id\":\"p\",\"id\":\"r-1\"", "\"attr_one\":\"one\"");
    }

    private String billed() throws Exception {
        return ledger.rows("select trim_scale(coalesce(sum(quantity), 0)), trim_scale(coalesce(sum(amount), 0)),"
                        + " coalesce(sum(records), 0) from entry")
                .get(0);
    }

    private List<String> held() throws Exception {
        return ledger.rows("select kind, reason from quarantine where state = 'held' order by id");
    }

    @Test
    void aPushedFrameIsBilledAtItsPriceAndReadBackAsItCame() throws Exception {
        // given: rules would charge for it, were they asked
        String body = frames(point(
                "1.20",
                "0.04",
                "\"project_id\":\"p\",\"id\":\"r-1\",\"flavor\":\"m1\"",
                "\"n\":8,\"f\":1.0,\"b\":true"));
        // when
        Reply pushed = api.post(PATH, body);
        Reply read = api.get(JULY);
        // then
        assertThat(pushed.status()).isEqualTo(204);
        assertThat(billed()).isEqualTo("1.2 0.04 1");
        assertThat(read.body())
                .isEqualTo("{\"total\":1,\"dataframes\":[{\"period\":{\"begin\":\"2026-07-23T12:28:10+00:00\","
                        + "\"end\":\"2026-07-23T13:28:10+00:00\"},\"usage\":{\"metric_one\":[{\"vol\":{\"unit\":\"GiB\","
                        + "\"qty\":1.2},\"rating\":{\"price\":0.04},\"groupby\":{\"project_id\":\"p\",\"id\":\"r-1\"},"
                        + "\"metadata\":{\"b\":true,\"f\":1.0,\"flavor\":\"m1\",\"n\":8}}]}}]}");
        assertThat(ledger.rows("select source, key <> '' from batch_position")).containsExactly("dataframes t");
        // when: what was answered is pushed
        Reply again = api.post(PATH, "{\"dataframes\":" + read.json().get("dataframes") + "}");
        // then: it is the same record
        assertThat(again.status()).isEqualTo(204);
        assertThat(billed()).isEqualTo("1.2 0.04 1");
        assertThat(held()).isEmpty();
    }

    @Test
    void theSamePushAgainBillsAndHoldsNothingTwice() throws Exception {
        // given
        String body = frames(point("1.2", "0.04"), point("5", "1", "\"group_one\":\"one\"", ""));
        // when
        for (int i = 0; i < 3; i++) {
            assertThat(api.post(PATH, body).status()).isEqualTo(204);
        }
        // then
        assertThat(billed()).isEqualTo("1.2 0.04 1");
        assertThat(held()).containsExactly("unusable no tenant");
        assertThat(ledger.rows("select count(*) from batch")).containsExactly("1");
        // when: the position is forgotten
        ledger.execute("update position set updated_at = updated_at - interval '8 days'");
        assertThat(new org.caravan.ledger.PushedPositions(ledger.database)
                        .forget(UsageIntake.SOURCE, java.time.Duration.ofDays(7)))
                .isOne();
        assertThat(api.post(PATH, body).status()).isEqualTo(204);
        // then: the records themselves are known
        assertThat(billed()).isEqualTo("1.2 0.04 1");
        assertThat(held()).containsExactly("unusable no tenant");
    }

    @Test
    void whatCanNotBeBilledIsHeldBesideWhatCan() throws Exception {
        // given
        String body =
                "{\"dataframes\":[{\"period\":{\"begin\":\"2027-07-23T12:00:00Z\",\"end\":\"2027-07-23T13:00:00Z\"},"
                        + "\"usage\":{\"m\":[" + point("1", "1") + "]}},"
                        + "{\"period\":{\"begin\":\"2026-07-23T12:00:00Z\",\"end\":\"2026-07-23T11:00:00Z\"},\"usage\":{\"m\":["
                        + point("1", "1")
                        + "]}},{\"period\":{\"begin\":\"2026-07-23T12:00:00Z\",\"end\":\"2026-07-23T13:00:00Z\"},"
                        + "\"usage\":{\"m\":[" + point("-1", "1") + "," + point("3", "7") + "," + point("4", "8")
                        + "]}}]}";
        // when
        Reply reply = api.post(PATH, body);
        // then
        assertThat(reply.status()).isEqualTo(204);
        assertThat(billed()).isEqualTo("3 7 1");
        assertThat(held()).hasSize(4);
        assertThat(ledger.rows("select count(*) from quarantine where source = 'dataframes' and complete"))
                .containsExactly("4");
        assertThat(held()).anySatisfy(held -> assertThat(held).startsWith("conflict"));
    }

    @Test
    void aHeldPointKeepsItsPriceWhenItIsAcceptedLater() throws Exception {
        // given: a conflict, and rules that would charge
        api.post(PATH, frames(point("3", "7")));
        api.post(PATH, frames(point("4", "9.5")));
        assertThat(held()).hasSize(1);
        // when
        Outcome outcome = ledger.acceptLast();
        // then
        assertThat(outcome.what()).isEqualTo(Outcome.What.BILLED);
        assertThat(billed()).isEqualTo("4 9.5 1");
        assertThat(api.get(JULY)
                        .json()
                        .at("/dataframes/0/usage/metric_one/0/rating/price")
                        .decimalValue())
                .isEqualByComparingTo("9.5");
        ledger.rollUp();
        assertThat(Audit.run(ledger.database))
                .allSatisfy(
                        check -> assertThat(check.findings()).as(check.name()).isEmpty());
    }

    @Test
    void whatTellsSeriesApartIsWhatTheyAreGroupedBy() throws Exception {
        // given
        String body = frames(
                point("1", "1", "\"project_id\":\"p\",\"zone\":\"a\",\"n\":1", ""),
                point("2", "1", "\"project_id\":\"p\",\"zone\":\"b\",\"n\":1", "\"zone\":\"overlaid\""),
                point("4", "1", "\"tenant_id\":\"p\"", "\"nested\":{\"x\":[1]}"),
                point("8", "1", "\"resource_id\":\"r\"", "\"project_id\":\"p\""));
        // when
        api.post(PATH, body);
        // then
        assertThat(held()).isEmpty();
        assertThat(ledger.rows("select v.value, trim_scale(quantity) from entry e join term v on v.id = e.resource"
                        + " order by quantity"))
                .containsExactly("n=1,zone=a 1", "n=1,zone=b 2", "p 4", "r 8");
        assertThat(api.get(JULY + "&filters=nested:%7B%22x%22:%5B1%5D%7D")
                        .json()
                        .get("total")
                        .asInt())
                .isOne();
    }

    @Test
    void whatIsNoDataframeIsRefusedWholeAndNothingIsTakenIn() throws Exception {
        // given / when / then
        assertThat(api.post(PATH, "{\"dataframes\":[]}").error()).isEqualTo("Parameter dataframes must not be empty.");
        assertThat(api.post(PATH, "{bad").error()).isEqualTo("Request is not in valid JSON format");
        assertThat(api.post(PATH, "{}").error())
                .isEqualTo("Invalid data '{}' : required key not provided (path: '['dataframes']')");
        String good = point("1", "1");
        for (String wrong : List.of(
                "null",
                "[]",
                "{\"dataframes\":[],\"x\":1}",
                "{\"dataframes\":{}}",
                "{\"dataframes\":[1]}",
                "{\"dataframes\":[{\"period\":{\"begin\":\"2026-07-01\",\"end\":\"2026-07-02\"}}]}",
                frames(good, "1"),
                frames(good, "{\"vol\":{\"unit\":\"GiB\",\"qty\":1.2}}"),
                frames(good, point("\"abc\"", "1")),
                frames(good, point("true", "1")),
                frames(good, point("1e999999", "1")),
                frames(good, point("1", "[]")),
                frames(good, point("1", "1").replace("\"GiB\"", "7")),
                frames(good, point("1", "1").replace("{\"vol\"", "{\"desc\":{},\"vol\"")),
                frames(good, point("1", "1", "\"project_id\":\"p\"", "\"long\":\"" + "x".repeat(70_000) + "\"")),
                frames(good).replace("20260723T122810Z", "20260723TZ"),
                frames(good).replace("\"20260723T122810Z\"", "20260723"),
                frames(good).replace("[{\"vol\"", "{\"vol\"").replace("}}]}}]}", "}}}}]}"))) {
            Reply reply = api.post(PATH, wrong);
            assertThat(reply.status()).as(wrong).isEqualTo(400);
            assertThat(reply.error()).as(wrong).isNotEmpty().hasSizeLessThan(1_400);
        }
        assertThat(api.post(PATH, frames(good, point("\"abc\"", "1"))).error())
                .endsWith(
                        "expected a decimal number of at most 64 digits (path: '['dataframes', 0, 'usage', 'metric_one',"
                                + " 1, 'vol', 'qty']')");
        assertThat(ledger.rows("select count(*) from batch")).containsExactly("0");
        assertThat(held()).isEmpty();
    }

    @Test
    void pricesAreExactAlsoAsTextAndZeroWhereNoneIsGiven() throws Exception {
        // given / when
        api.post(
                PATH,
                frames(
                        point("\"0.1\"", "\"0.1000000000000000055511151231\"", "\"project_id\":\"p\",\"id\":\"1\"", ""),
                        point("1E-5", "0.3", "\"project_id\":\"p\",\"id\":\"2\"", ""),
                        point("1", "-0.4", "\"project_id\":\"p\",\"id\":\"3\"", ""),
                        "{\"vol\":{\"unit\":\"\",\"qty\":1},\"groupby\":{\"project_id\":\"p\",\"id\":\"4\"},\"metadata\":{}}"));
        // then
        assertThat(billed()).isEqualTo("2.10001 0.0000000000000000055511151231 4");
        assertThat(ledger.rows("select v.value from entry e join term v on v.id = e.unit where amount = 0"))
                .containsExactly("undefined");
    }

    @Test
    void metersOfTheOperatorsCatalogueConvertButNeverPrice() throws Exception {
        // given
        ReportApi converting = new ReportApi(
                ledger,
                ReportSettings.defaults(),
                MeterCatalog.parse("meters: {metric_one: {unit: MiB, product: 'Disk {attr_one}'}}", "meters.yaml"));
        // when
        converting.post(PATH, frames(point("2", "0.5")));
        // then
        assertThat(billed()).isEqualTo("2048 0.5 1");
        assertThat(ledger.rows("select p.rules, v.value from entry e join price p on p.id = e.price_id"
                        + " join term v on v.id = e.product"))
                .containsExactly("{given} Disk one");
    }

    @Test
    void onlyAdministratorsPushAndMembersReadTheirOwn() throws Exception {
        // given
        api.post(PATH, frames(point("1", "1"), point("2", "2", "\"project_id\":\"q\",\"id\":\"r-1\"", "")));
        // when / then
        assertThat(api.ask("POST", PATH, "p", frames(point("9", "0"))).status()).isEqualTo(403);
        assertThat(api.ask("POST", PATH, "p", "{bad").error())
                .isEqualTo("Policy doesn't allow dataframes:add to be performed.");
        assertThat(api.ask("POST", PATH, null, frames(point("9", "0"))).status())
                .isEqualTo(401);
        assertThat(billed()).isEqualTo("3 3 2");
        for (String filter : List.of("", "&filters=project_id:p", "&filters=tenant_id:p")) {
            Reply own = api.get(JULY + filter, "q");
            assertThat(own.json().get("total").asInt()).isOne();
            assertThat(own.json().findValuesAsText("project_id")).containsExactly("q");
        }
        assertThat(api.get(JULY, "r").status()).isEqualTo(404);
        assertThat(api.get(JULY, ReportApi.NOBODYS).body()).isEqualTo("{\"total\":0,\"dataframes\":[]}");
    }

    @Test
    void recordsAreFilteredPagedAndNotFoundInTheContractsWords() throws Exception {
        // given
        api.post(
                PATH,
                frames(
                        point("1", "1", "\"project_id\":\"p\",\"id\":\"1\"", "\"k\":\"x\""),
                        point("2", "1", "\"project_id\":\"p\",\"id\":\"2\"", "\"k\":\"y\""),
                        point("3", "1", "\"project_id\":\"q\",\"id\":\"3\"", "\"k\":\"x\"")));
        // when / then
        assertThat(api.get(JULY + "&filters=k:x").json().get("total").asInt()).isEqualTo(2);
        assertThat(api.get(JULY + "&filters=k:x,project_id:q")
                        .json()
                        .get("total")
                        .asInt())
                .isOne();
        assertThat(api.get(JULY + "&filters=type:metric_one&limit=2&offset=2")
                        .json()
                        .findValuesAsText("id"))
                .containsExactly("3");
        assertThat(api.get(JULY + "&offset=10").body()).isEqualTo("{\"total\":3,\"dataframes\":[]}");
        assertThat(api.get(PATH).status()).isEqualTo(404);
        assertThat(api.get(PATH).error()).isEqualTo("No resource found for provided filters.");
        assertThat(api.get(JULY + "&filters=k:x&filters=k:y").error())
                .endsWith(" : key k already provided (path: '['filters']')");
        assertThat(api.get(JULY + "&groupby=type").status()).isEqualTo(400);
        assertThat(api.get(PATH + "?begin=2026-01-01&end=2026-12-31").error()).contains("caravan.report.maxWindow");
        assertThat(api.get(JULY + "&limit=100001").error()).contains("caravan.report.maxRows");
    }
}
