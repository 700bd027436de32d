package org.caravan.api.rating;

import static org.assertj.core.api.Assertions.assertThat;
import static org.caravan.testing.UsageLedger.line;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.time.Duration;
import org.caravan.api.rating.ReportApi.Reply;
import org.caravan.ledger.Outcome;
import org.caravan.ledger.report.ReportSettings;
import org.caravan.testing.UsageLedger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class StorageRoutesTest {
    private static final String DAY = "begin=2026-10-04T00:00:00&end=2026-10-05T00:00:00";

    private static ReportApi api;

    @BeforeAll
    static void fill() throws Exception {
        UsageLedger ledger = new UsageLedger();
        ledger.read(
                line("a", "vm-1", "cpu", "1.50", "2026-10-04T13:00:00Z", "\"dummy\":true,\"f\":1.0,\"x\":null,\"n\":8"),
                line("a", "vm-2", "cpu", "2", "2026-10-04T13:00:00Z", ""),
                line("b", "i-1", "image.size", "3", "2026-10-04T23:59:59Z", ""));
        ledger.read(line("a", "vm-2", "cpu", "5", "2026-10-04T13:00:00Z", "\"flavor\":\"large\""));
        assertThat(ledger.acceptLast().what()).isEqualTo(Outcome.What.BILLED);
        ledger.read(line("a", "vm-1", "cpu", "7", "2026-12-02T00:00:00Z", ""));
        api = new ReportApi(ledger);
    }

    @Test
    void recordsAreToldAsTheyAreBilledNowWithTheirAttributes() {
        // given / when
        Reply reply = api.get("/v1/storage/dataframes?" + DAY + "&tenant_id=a");
        // then: the corrected record stands in the place of the first
        assertThat(reply.body())
                .isEqualTo("{\"dataframes\":["
                        + "{\"begin\":\"2026-10-04T13:00:00\",\"end\":\"2026-10-04T14:00:00\",\"tenant_id\":\"a\",\"resources\":["
                        + "{\"service\":\"cpu\",\"volume\":\"1.5\",\"rating\":\"0.07215\",\"desc\":{\"dummy\":true,\"f\":1.0,"
                        + "\"n\":8,\"x\":null,\"project_id\":\"a\",\"id\":\"vm-1\",\"datacenter\":\"dc\",\"resource_id\":\"vm-1\"}}]},"
                        + "{\"begin\":\"2026-10-04T13:00:00\",\"end\":\"2026-10-04T14:00:00\",\"tenant_id\":\"a\",\"resources\":["
                        + "{\"service\":\"cpu\",\"volume\":\"5\",\"rating\":\"0.2405\",\"desc\":{\"flavor\":\"large\","
                        + "\"project_id\":\"a\",\"id\":\"vm-2\",\"datacenter\":\"dc\",\"resource_id\":\"vm-2\"}}]}]}");
    }

    @Test
    void theRecordsComeToWhatTheEntriesComeTo() throws Exception {
        // given
        String entries = api.ledger
                .rows(
                        "select trim_scale(sum(quantity)), trim_scale(sum(amount)) from entry where usage_day = '2026-10-04'")
                .get(0);
        // when
        BigDecimal volume = BigDecimal.ZERO;
        BigDecimal rating = BigDecimal.ZERO;
        for (JsonNode frame : api.get("/v1/storage/dataframes?" + DAY).json().get("dataframes")) {
            volume = volume.add(new BigDecimal(frame.at("/resources/0/volume").textValue()));
            rating = rating.add(new BigDecimal(frame.at("/resources/0/rating").textValue()));
        }
        // then
        assertThat(volume.stripTrailingZeros() + " " + rating.stripTrailingZeros())
                .isEqualTo(entries);
    }

    @Test
    void filtersAndPeriodsNarrowAndNothingIsAnEmptyList() {
        // given / when / then
        assertThat(count("?" + DAY)).isEqualTo(3);
        assertThat(count("?" + DAY + "&resource_type=image.size")).isOne();
        assertThat(count("?" + DAY + "&resource_type=volume")).isZero();
        assertThat(count("?begin=2026-10-04T13:00:01&end=2026-10-04T14:00:00")).isZero();
        assertThat(count("?begin=2026-10-05&end=2026-10-04")).isZero();
        assertThat(count("")).isOne();
        assertThat(count("?tenant_id=b")).isZero();
    }

    private static int count(String query) {
        return api.get("/v1/storage/dataframes" + query)
                .json()
                .get("dataframes")
                .size();
    }

    @Test
    void aMemberSeesItsOwnAndMoreThanFitsIsRefused() {
        // given / when / then
        assertThat(api.get("/v1/storage/dataframes?" + DAY, "b").json().findValuesAsText("tenant_id"))
                .containsExactly("b");
        assertThat(api.get("/v1/storage/dataframes?" + DAY + "&tenant_id=a", "b")
                        .status())
                .isEqualTo(403);
        assertThat(api.get("/v1/storage/dataframes?" + DAY, ReportApi.NOBODYS).body())
                .isEqualTo("{\"dataframes\":[]}");
        assertThat(api.get("/v1/storage/dataframes?tenant_id=a", ReportApi.NOBODYS)
                        .status())
                .isEqualTo(403);
        assertThat(api.get("/v1/storage/dataframes?all_tenants=1").error())
                .isEqualTo("Unknown argument: \"all_tenants\"");
        assertThat(api.get("/v1/storage/dataframes?begin=x").status()).isEqualTo(400);
        // given
        ReportApi small =
                new ReportApi(api.ledger, new ReportSettings(Duration.ofDays(1), 1_000, 2, Duration.ofSeconds(30), 1));
        // when / then
        assertThat(small.get("/v1/storage/dataframes?" + DAY).error())
                .startsWith("The report has 3 rows, of at most 2 in one answer (caravan.report.maxRows)");
        assertThat(small.get("/v1/storage/dataframes").error()).contains("caravan.report.maxWindow");
    }
}
