package org.caravan.api.rating;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import org.caravan.testing.ApiHub;
import org.caravan.testing.Database;
import org.caravan.testing.UsageLedger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reports and pushed usage over real HTTP, as a hub serves them. */
class ReportHttpTest {
    @TempDir
    Path directory;

    @Test
    void usageThatIsPushedIsFoundByEveryReport() throws Exception {
        // given
        Clock clock = UsageLedger.CLOCK;
        try (ApiHub hub = ApiHub.start(
                directory,
                Database.freshAccess(),
                clock,
                "caravan.meters=" + Path.of("examples/meters.yaml").toAbsolutePath(),
                "caravan.report.maxWindow=2d")) {
            String frames =
                    "{\"dataframes\":[{\"period\":{\"begin\":\"20261201T120000Z\",\"end\":\"20261201T130000Z\"},"
                            + "\"usage\":{\"metric_one\":[{\"vol\":{\"unit\":\"GiB\",\"qty\":1.20},\"rating\":{\"price\":0.04},"
                            + "\"groupby\":{\"project_id\":\"p 1\",\"id\":\"r\"},\"metadata\":{\"flavor\":\"ü\"}}]}}]}";
            // when
            ApiHub.Reply pushed = hub.post("/v2/dataframes", frames);
            // then
            assertThat(pushed.status()).isEqualTo(204);
            assertThat(pushed.body()).isEmpty();
            assertThat(hub.get("/v2/summary?groupby=project_id%2Cflavor").body())
                    .isEqualTo(
                            "{\"total\":1,\"columns\":[\"begin\",\"end\",\"qty\",\"rate\",\"project_id\",\"flavor\"],"
                                    + "\"results\":[[\"2026-12-01T00:00:00+00:00\",\"2027-01-01T00:00:00+00:00\",1.2,0.04,\"p 1\","
                                    + "\"ü\"]],\"format\":\"table\"}");
            assertThat(hub.get("/v1/report/total/?tenant_id=p+1&begin=2026-12-01+00%3A00%3A00")
                            .body())
                    .isEqualTo("\"0.04\"");
            assertThat(hub.get("/v1/report/tenants").body()).isEqualTo("[\"p 1\"]");
            assertThat(hub.get("/v1/report/summary")
                            .json()
                            .at("/summary/0/rate")
                            .asText())
                    .isEqualTo("0.04");
            assertThat(hub.get("/v2/scope").json().at("/results/0/scope_id").asText())
                    .isEqualTo("p 1");
            assertThat(hub.get("/v1/info/metrics/").json().get("metrics").isEmpty())
                    .isFalse();
            assertThat(hub.get("/v2/dataframes?begin=2026-12-01T00:00:00Z&end=2026-12-02T00:00:00Z")
                            .json()
                            .at("/dataframes/0/usage/metric_one/0/vol/qty")
                            .decimalValue())
                    .isEqualByComparingTo("1.2");
            // and the limits are the configuration's
            ApiHub.Reply tooMuch = hub.get("/v1/storage/dataframes");
            assertThat(tooMuch.status()).isEqualTo(400);
            assertThat(tooMuch.json().get("faultstring").asText()).contains("over 2 days at most");
        }
    }
}
