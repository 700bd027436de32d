package org.caravan.api.rating;

import static org.assertj.core.api.Assertions.assertThat;
import static org.caravan.testing.UsageLedger.line;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.caravan.api.rating.ReportApi.Reply;
import org.caravan.testing.UsageLedger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ReportRoutesTest {
    private static final String OCTOBER = "begin=2026-10-01T00:00:00&end=2026-11-01T00:00:00";

    private static ReportApi api;

    @BeforeAll
    static void fill() throws Exception {
        UsageLedger ledger = new UsageLedger();
        ledger.read(
                line("a", "vm-1", "cpu", "1", "2026-10-04T13:00:00Z", ""),
                line("a", "vm-2", "cpu", "2.5", "2026-10-31T23:00:00Z", ""),
                line("b", "i-1", "image.size", "3", "2026-10-04T13:00:00Z", ""));
        ledger.rollUp();
        ledger.read(
                line("a", "i-2", "image.size", "0.0001", "2026-10-05T00:00:00Z", ""),
                line("b", "vm-3", "cpu", "7", "2026-11-30T00:00:00Z", ""),
                line("a", "vm-1", "cpu", "100", "2026-12-01T00:00:00Z", ""));
        api = new ReportApi(ledger);
    }

    private static List<String> rows(Reply reply) {
        List<String> rows = new ArrayList<>();
        for (JsonNode row : reply.json().get("summary")) {
            rows.add(row.get("tenant_id").asText() + " " + row.get("res_type").asText() + " "
                    + row.get("rate").textValue());
        }
        return rows;
    }

    @Test
    void aSummaryAddsUpByTenantAndTypeAsAsked() {
        // given / when / then
        assertThat(rows(api.get("/v1/report/summary?" + OCTOBER))).containsExactly("ALL ALL 0.31265");
        assertThat(rows(api.get("/v1/report/summary/?" + OCTOBER + "&groupby=tenant_id")))
                .containsExactly("a ALL 0.16835", "b ALL 0.1443");
        assertThat(rows(api.get("/v1/report/summary?" + OCTOBER + "&groupby=res_type")))
                .containsExactly("ALL cpu 0.16835", "ALL image.size 0.1443");
        assertThat(rows(api.get("/v1/report/summary?" + OCTOBER + "&groupby=res_type%2Ctenant_id")))
                .containsExactly("a cpu 0.16835", "a image.size 0", "b image.size 0.1443");
        assertThat(rows(api.get("/v1/report/summary?" + OCTOBER + "&groupby=res_type&groupby=tenant_id&service=cpu")))
                .containsExactly("a cpu 0.16835");
        assertThat(rows(api.get("/v1/report/summary?" + OCTOBER + "&tenant_id=b&service=cpu")))
                .containsExactly("ALL ALL 0");
        assertThat(rows(api.get("/v1/report/summary?" + OCTOBER + "&tenant_id=nobody&groupby=tenant_id")))
                .isEmpty();
        assertThat(api.get("/v1/report/summary?" + OCTOBER)
                        .json()
                        .at("/summary/0/begin")
                        .asText())
                .isEqualTo("2026-10-01T00:00:00");
        assertThat(api.get("/v1/report/summary?" + OCTOBER)
                        .json()
                        .at("/summary/0/end")
                        .asText())
                .isEqualTo("2026-11-01T00:00:00");
    }

    @Test
    void theTotalIsExactAndTheMonthIsTheRunningOneUnlessSaid() {
        // given / when / then
        assertThat(api.get("/v1/report/total?" + OCTOBER).body()).isEqualTo("\"0.31265481\"");
        assertThat(api.get("/v1/report/total?" + OCTOBER + "&all_tenants=True&tenant_id=b")
                        .body())
                .isEqualTo("\"0.31265481\"");
        assertThat(api.get("/v1/report/total?" + OCTOBER + "&tenant_id=b").body())
                .isEqualTo("\"0.1443\"");
        assertThat(api.get("/v1/report/total").body()).isEqualTo("\"4.81\"");
        assertThat(rows(api.get("/v1/report/summary"))).containsExactly("ALL ALL 4.81");
        assertThat(api.get("/v1/report/summary").json().at("/summary/0/end").asText())
                .isEqualTo("2027-01-01T00:00:00");
    }

    @Test
    void whatBeginsWithinADayIsCountedToTheMoment() {
        // given / when / then
        assertThat(api.get("/v1/report/total?begin=2026-10-04+13%3A00%3A00&end=2026-10-31T23:00:00")
                        .body())
                .isEqualTo("\"0.19240481\"");
        assertThat(api.get("/v1/report/total?begin=2026-10-04T13:00:00.000001&end=20261031T235959Z")
                        .body())
                .isEqualTo("\"0.12025481\"");
        assertThat(api.get("/v1/report/total?begin=2026-10-04T14:00:00%2B01:00&end=2026-10-04T13:00:01Z")
                        .body())
                .isEqualTo("\"0.1924\"");
    }

    @Test
    void aPeriodThatEndsBeforeItBeginsHoldsNothing() {
        // given / when / then
        assertThat(api.get("/v1/report/total?begin=2026-11-01&end=2026-10-01").body())
                .isEqualTo("\"0\"");
        assertThat(api.get("/v1/report/tenants?begin=2026-11-01&end=2026-10-01").body())
                .isEqualTo("[]");
    }

    @Test
    void tenantsAreThoseWithUsageInThePeriod() {
        // given / when / then
        assertThat(api.get("/v1/report/tenants?" + OCTOBER).body()).isEqualTo("[\"a\",\"b\"]");
        assertThat(api.get("/v1/report/tenants?begin=2026-11-01&end=2026-12-01").body())
                .isEqualTo("[\"b\"]");
        assertThat(api.get("/v1/report/tenants").body()).isEqualTo("[\"a\"]");
        assertThat(api.get("/v1/report/tenants?begin=2015-01-01&end=2015-02-01").body())
                .isEqualTo("[]");
    }

    @Test
    void aMemberSeesItsOwnProjectAndNothingElse() {
        // given / when / then
        assertThat(rows(api.get("/v1/report/summary?" + OCTOBER + "&groupby=tenant_id", "a")))
                .containsExactly("a ALL 0.16835");
        assertThat(api.get("/v1/report/total?" + OCTOBER, "b").body()).isEqualTo("\"0.1443\"");
        assertThat(api.get("/v1/report/total?" + OCTOBER + "&tenant_id=b", "b").body())
                .isEqualTo("\"0.1443\"");
        for (String path : List.of("summary", "total")) {
            for (String beyond : List.of("tenant_id=b", "all_tenants=true", "all_tenants=1&tenant_id=a")) {
                Reply refused = api.get("/v1/report/" + path + "?" + beyond, "a");
                assertThat(refused.status()).as(path + " " + beyond).isEqualTo(403);
                assertThat(refused.error()).isEqualTo("Policy doesn't allow report:get_" + path + " to be performed.");
            }
        }
        assertThat(api.get("/v1/report/tenants", "a").status()).isEqualTo(403);
        assertThat(api.get("/v1/report/tenants", "a").error())
                .isEqualTo("Policy doesn't allow report:list_tenants to be performed.");
    }

    @Test
    void whoSpeaksForNoProjectSeesNothing() {
        // given / when / then
        assertThat(rows(api.get("/v1/report/summary?" + OCTOBER, ReportApi.NOBODYS)))
                .containsExactly("ALL ALL 0");
        assertThat(rows(api.get("/v1/report/summary?" + OCTOBER + "&groupby=tenant_id", ReportApi.NOBODYS)))
                .isEmpty();
        assertThat(api.get("/v1/report/total?" + OCTOBER, ReportApi.NOBODYS).body())
                .isEqualTo("\"0\"");
        assertThat(api.get("/v1/report/total?tenant_id=a", ReportApi.NOBODYS).status())
                .isEqualTo(403);
        assertThat(api.get("/v1/report/total", null).status()).isEqualTo(401);
    }

    @Test
    void wrongArgumentsAreNamed() {
        // given / when / then
        assertThat(api.get("/v1/report/total?begin=yesterday").error())
                .startsWith("Invalid input for field/attribute begin. Value: 'yesterday'.");
        assertThat(api.get("/v1/report/total?deleted=1").error()).isEqualTo("Unknown argument: \"deleted\"");
        assertThat(api.get("/v1/report/total?all_tenants=maybe").error())
                .startsWith("Invalid input for field/attribute all_tenants. Value: 'maybe'.");
        assertThat(api.get("/v1/report/summary?groupby=flavor").error())
                .isEqualTo("Invalid input for field/attribute groupby. Value: 'flavor'. Value should be one of:"
                        + " res_type, tenant_id");
        for (String wrong : List.of(
                "begin=2026-13-01",
                "end=2026-10-01T25:00",
                "begin=0000-01-01",
                "begin=%00",
                "end=99999-01-01",
                "tenant_id=%00&begin=x")) {
            Reply reply = api.get("/v1/report/summary?" + wrong);
            assertThat(reply.status()).as(wrong).isEqualTo(400);
            assertThat(reply.json().get("faultcode").asText()).isEqualTo("Client");
        }
        assertThat(api.get("/v1/report/summary?tenant_id=%00").status()).isEqualTo(400);
        assertThat(api.get("/v1/report/summary?service=%F0%9F%8D%85").status()).isEqualTo(200);
        assertThat(api.get("/v1/report/total?begin=0001-01-01&end=9999-12-31").body())
                .isEqualTo("\"5.45935481\"");
    }
}
