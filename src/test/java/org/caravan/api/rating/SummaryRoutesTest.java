package org.caravan.api.rating;

import static org.assertj.core.api.Assertions.assertThat;
import static org.caravan.testing.UsageLedger.line;

import java.time.Duration;
import java.util.List;
import org.caravan.api.rating.ReportApi.Reply;
import org.caravan.ledger.report.ReportSettings;
import org.caravan.testing.UsageLedger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SummaryRoutesTest {
    private static final String OCTOBER = "begin=2026-10-01T00:00:00Z&end=2026-11-01T00:00:00Z";
    private static final String PERIOD = "\"2026-10-01T00:00:00+00:00\",\"2026-11-01T00:00:00+00:00\"";

    private static ReportApi api;

    @BeforeAll
    static void fill() throws Exception {
        UsageLedger ledger = new UsageLedger();
        ledger.read(
                line("a", "vm-1", "cpu", "1", "2026-10-04T13:00:00Z", "\"flavor\":\"small\",\"n\":8"),
                line("a", "vm-1", "cpu", "2", "2026-10-04T14:00:00Z", "\"flavor\":\"small\",\"n\":8"),
                line("a", "vm-2", "cpu", "2.50", "2026-10-31T23:00:00Z", "\"flavor\":\"large\""),
                line("b", "i-1", "image.size", "3", "2026-10-04T13:00:00Z", ""));
        ledger.rollUp();
        ledger.read(
                line("b", "vm-3", "cpu", "0.1234567890123456789", "2026-10-05T00:00:00Z", "\"flavor\":\"small\""),
                line("a", "vm-1", "cpu", "100", "2026-12-01T00:00:00Z", ""));
        api = new ReportApi(ledger);
    }

    private static String results(String query) {
        return api.get("/v2/summary?" + query).json().get("results").toString();
    }

    @Test
    void withoutGroupsThereIsOneRowWithExactNumbers() {
        // given / when
        Reply reply = api.get("/v2/summary?" + OCTOBER);
        // then
        assertThat(reply.body())
                .isEqualTo("{\"total\":1,\"columns\":[\"begin\",\"end\",\"qty\",\"rate\"],\"results\":[[" + PERIOD
                        + ",8.6234567890123456789,0.41478827155149382715509]],\"format\":\"table\"}");
        // and the running month unless said
        assertThat(api.get("/v2/summary").json().get("results").toString())
                .isEqualTo("[[\"2026-12-01T00:00:00+00:00\",\"2027-01-01T00:00:00+00:00\",100,4.81]]");
    }

    @Test
    void groupsCanBeAskedForAsAListOrOneByOneAndAnsweredAsObjects() {
        // given / when / then
        String byList =
                api.get("/v2/summary?" + OCTOBER + "&groupby=project_id%2Ctype").body();
        assertThat(byList)
                .isEqualTo(
                        "{\"total\":3,\"columns\":[\"begin\",\"end\",\"qty\",\"rate\",\"project_id\",\"type\"],\"results\":[["
                                + PERIOD + ",5.5,0.26455,\"a\",\"cpu\"],[" + PERIOD
                                + ",0.1234567890123456789,0.00593827155149382715509,\"b\",\"cpu\"],[" + PERIOD
                                + ",3,0.1443,\"b\",\"image.size\"]],\"format\":\"table\"}");
        assertThat(api.get("/v2/summary?" + OCTOBER + "&groupby=project_id&groupby=type")
                        .body())
                .isEqualTo(byList);
        assertThat(api.get("/v2/summary?" + OCTOBER + "&groupby=tenant_id&response_format=object&limit=1")
                        .body())
                .isEqualTo("{\"total\":2,\"results\":[{\"begin\":\"2026-10-01T00:00:00+00:00\","
                        + "\"end\":\"2026-11-01T00:00:00+00:00\",\"qty\":5.5,\"rate\":0.26455,\"tenant_id\":\"a\"}],"
                        + "\"format\":\"object\"}");
    }

    @Test
    void timeGroupsByHourOrByPartsOfTheCalendar() {
        // given / when / then
        assertThat(results(OCTOBER + "&groupby=time,id&filters=type:cpu&filters=project_id:a"))
                .isEqualTo("[[\"2026-10-04T13:00:00+00:00\",\"2026-10-04T14:00:00+00:00\",1,0.0481,\"vm-1\"],"
                        + "[\"2026-10-04T14:00:00+00:00\",\"2026-10-04T15:00:00+00:00\",2,0.0962,\"vm-1\"],"
                        + "[\"2026-10-31T23:00:00+00:00\",\"2026-11-01T00:00:00+00:00\",2.5,0.12025,\"vm-2\"]]");
        assertThat(results(OCTOBER + "&groupby=time-d&filters=project_id:a"))
                .isEqualTo("[[" + PERIOD + ",3,0.1443,\"277\"],[" + PERIOD + ",2.5,0.12025,\"304\"]]");
        Reply parts = api.get("/v2/summary?" + OCTOBER + "&groupby=time-w,time-m,time-y&filters=project_id:a");
        assertThat(parts.json().get("columns").toString())
                .isEqualTo("[\"begin\",\"end\",\"qty\",\"rate\",\"week_of_the_year\",\"month\",\"year\"]");
        assertThat(parts.json().get("results").toString())
                .isEqualTo("[[" + PERIOD + ",3,0.1443,\"40\",\"10\",\"2026\"],[" + PERIOD
                        + ",2.5,0.12025,\"43\",\"10\",\"2026\"]]");
        assertThat(api.get("/v2/summary?groupby=time-u").error())
                .isEqualTo("Invalid groupby time option. There is no groupby processing for [time-u].");
    }

    @Test
    void metadataGroupsAndFiltersAndWhatDoesNotHaveItCountsAsEmpty() {
        // given / when / then
        assertThat(results(OCTOBER + "&groupby=flavor,n"))
                .isEqualTo("[[" + PERIOD + ",3,0.1443,\"\",\"\"],[" + PERIOD + ",2.5,0.12025,\"large\",\"\"],[" + PERIOD
                        + ",0.1234567890123456789,0.00593827155149382715509,\"small\",\"\"],[" + PERIOD
                        + ",3,0.1443,\"small\",\"8\"]]");
        assertThat(results(OCTOBER + "&filters=flavor:small&filters=flavor:large&filters=type:cpu&groupby=flavor"))
                .isEqualTo("[[" + PERIOD + ",2.5,0.12025,\"large\"],[" + PERIOD
                        + ",3.1234567890123456789,0.15023827155149382715509,\"small\"]]");
        assertThat(results(OCTOBER + "&filters=flavor:")).isEqualTo("[[" + PERIOD + ",3,0.1443]]");
        assertThat(results(OCTOBER + "&filters=n:8,project_id:a")).isEqualTo("[[" + PERIOD + ",3,0.1443]]");
    }

    @Test
    void pagesKnowHowManyGroupsThereAre() {
        // given / when / then
        Reply page = api.get("/v2/summary?" + OCTOBER + "&groupby=id&limit=2&offset=1");
        assertThat(page.json().get("total").asInt()).isEqualTo(4);
        assertThat(page.json().at("/results/0/4").asText()).isEqualTo("vm-1");
        assertThat(page.json().at("/results/1/4").asText()).isEqualTo("vm-2");
        Reply behind = api.get("/v2/summary?" + OCTOBER + "&groupby=id&offset=100");
        assertThat(behind.body()).isEqualTo("{\"total\":4,\"columns\":[],\"results\":[],\"format\":\"table\"}");
    }

    @Test
    void customFieldsAreOfAWhitelistAndNamedAsAsked() {
        // given
        String fields = "&custom_fields=last(qty)%20AS%20qty,SUM(price)%20as%20%22the%20rate%22,min(qty)%20AS%20a,"
                + "MAX(price)%20AS%20b,avg(qty)%20AS%20c,count(price)";
        // when
        Reply reply = api.get("/v2/summary?" + OCTOBER + "&filters=project_id:a" + fields);
        // then
        assertThat(reply.json().get("columns").toString())
                .isEqualTo("[\"begin\",\"end\",\"qty\",\"the rate\",\"a\",\"b\",\"c\",\"count\"]");
        assertThat(reply.json().get("results").toString())
                .isEqualTo("[[" + PERIOD + ",2.5,0.26455,1,0.12025,1.833333333333333333333333333,3]]");
    }

    @Test
    void noExpressionReachesTheDatabase() {
        // given / when / then
        for (String evil : List.of(
                "select(qty)",
                "SUM(amount)",
                "sum(qty),(select%20version())%20AS%20v",
                "sum(qty);drop%20table%20entry",
                "sum(qty)%20AS%20x%22,1%20AS%20%22y",
                "pg_sleep(10)",
                "sum(qty)%20AS%20begin",
                "sum(qty)%20AS%20a,sum(price)%20AS%20a",
                "sum(qty),",
                "%00",
                "sum%28qty%29%20AS%20" + "x".repeat(65))) {
            Reply reply = api.get("/v2/summary?custom_fields=" + evil);
            assertThat(reply.status()).as(evil).isEqualTo(400);
            assertThat(reply.error())
                    .startsWith("Invalid data '{'custom_fields': [")
                    .endsWith("(path: '['custom_fields']')");
        }
        // names and values of filters and groups are only ever compared
        for (String odd :
                List.of("x'%20or%20'1'='1", "%22;drop%20table%20entry;--", "a%00b", "%F0%9F%8D%85", "*", "_")) {
            assertThat(api.get("/v2/summary?" + OCTOBER + "&groupby=" + odd).status())
                    .as(odd)
                    .isEqualTo(200);
            assertThat(api.get("/v2/summary?" + OCTOBER + "&filters=" + odd + ":" + odd)
                            .json()
                            .get("total")
                            .asInt())
                    .as(odd)
                    .isZero();
            assertThat(api.get("/v2/summary?" + OCTOBER + "&groupby=time&filters=type:" + odd)
                            .json()
                            .get("total")
                            .asInt())
                    .as(odd)
                    .isZero();
        }
    }

    @Test
    void wrongArgumentsAreNamedInTheContractsWords() {
        // given / when / then
        assertThat(api.get("/v2/summary?limit=0").error())
                .isEqualTo("Invalid data '{'limit': ['0']}' : value must be at least 1 (path: '['limit']')");
        assertThat(api.get("/v2/summary?limit=x").error())
                .isEqualTo("Invalid data '{'limit': ['x']}' : expected int (path: '['limit']')");
        assertThat(api.get("/v2/summary?offset=-1").error())
                .isEqualTo("Invalid data '{'offset': ['-1']}' : value must be at least 0 (path: '['offset']')");
        assertThat(api.get("/v2/summary?state=1").error())
                .isEqualTo("Invalid data '{'state': ['1']}' : extra keys not allowed (path: '['state']')");
        assertThat(api.get("/v2/summary?begin=1&begin=2").error())
                .isEqualTo("Invalid data '{'begin': ['1', '2']}' : length of value must be 1 (path: '['begin']')");
        assertThat(api.get("/v2/summary?begin=monday").status()).isEqualTo(400);
        assertThat(api.get("/v2/summary?filters=type").error())
                .isEqualTo(
                        "Invalid data '{'filters': ['type']}' : invalid key:value association type (path: '['filters']')");
        assertThat(api.get("/v2/summary?response_format=xml").error())
                .isEqualTo("Invalid response format [xml]. Valid format are [['table', 'object']].");
        assertThat(api.get("/v2/summary?filters=time:12").status()).isEqualTo(400);
        assertThat(api.get("/v2/summary?limit=2000000").error()).contains("caravan.report.maxRows");
        assertThat(api.get("/v2/summary?limit=99999999999").status()).isEqualTo(400);
        assertThat(api.get("/v2/summary?groupby=" + "abcdefghijklmnopqrstuvwxyz".replaceAll("(.)", "$1,"))
                        .status())
                .isEqualTo(400);
    }

    @Test
    void hoursAndSingleRecordsHaveAWindowAndDaysHaveNone() {
        // given
        ReportApi narrow =
                new ReportApi(api.ledger, new ReportSettings(Duration.ofDays(2), 6, 100, Duration.ofSeconds(30), 1));
        // when / then
        assertThat(narrow.get("/v2/summary?" + OCTOBER + "&groupby=time-d").status())
                .isEqualTo(200);
        assertThat(narrow.get("/v2/summary?" + OCTOBER + "&groupby=time").status())
                .isEqualTo(400);
        assertThat(narrow.get("/v2/summary?" + OCTOBER + "&groupby=time").error())
                .isEqualTo("Hours and single records can be asked for over 2 days at most (caravan.report.maxWindow);"
                        + " choose begin and end closer together, or group by days.");
        assertThat(narrow.get("/v2/summary?" + OCTOBER + "&custom_fields=min(qty)")
                        .error())
                .contains("maxWindow");
        assertThat(narrow.get("/v2/summary?begin=2026-10-31&end=2026-11-02&groupby=time")
                        .status())
                .isEqualTo(200);
        // when: two batches reach into the window
        ReportApi few =
                new ReportApi(api.ledger, new ReportSettings(Duration.ofDays(2), 5, 100, Duration.ofSeconds(30), 1));
        Reply tooMany = few.get("/v2/summary?begin=2026-10-04T23:00:00&end=2026-10-05T01:00:00");
        // then
        assertThat(tooMany.status()).isEqualTo(400);
        assertThat(tooMany.error()).contains("6 single records, of at most 5 (caravan.report.maxRecords)");
    }

    @Test
    void aMemberGetsItsOwnUsageWhateverItFiltersBy() {
        // given / when / then
        for (String query : List.of(
                "",
                "&filters=project_id:b",
                "&filters=tenant_id:b",
                "&filters=tenant:b,project_id:b",
                "&groupby=project_id")) {
            Reply reply = api.get("/v2/summary?" + OCTOBER + query, "a");
            assertThat(reply.json().get("total").asInt()).as(query).isOne();
            assertThat(reply.json().at("/results/0/2").decimalValue()).as(query).isEqualByComparingTo("5.5");
        }
        assertThat(api.get("/v2/summary?" + OCTOBER + "&groupby=time,project_id", "b")
                        .body())
                .contains("\"b\"")
                .doesNotContain("\"a\"");
        assertThat(api.get("/v2/summary?" + OCTOBER, ReportApi.NOBODYS).body())
                .isEqualTo("{\"total\":0,\"columns\":[],\"results\":[],\"format\":\"table\"}");
        assertThat(api.get("/v2/summary?limit=x", ReportApi.NOBODYS).status()).isIn(200, 400);
        assertThat(api.get("/v2/summary", null).status()).isEqualTo(401);
    }
}
