package org.caravan.api.rating;

import static org.assertj.core.api.Assertions.assertThat;

import org.caravan.api.rating.ReportApi.Reply;
import org.caravan.ledger.report.ReportSettings;
import org.caravan.metering.MeterCatalog;
import org.caravan.testing.UsageLedger;
import org.junit.jupiter.api.Test;

class InfoRoutesTest {
    private static final UsageLedger LEDGER = new UsageLedger();
    private static final MeterCatalog METERS = MeterCatalog.parse(
            """
            meters:
              volume.size: {unit: GiB-hour, times: hours, metadata: [volume_type], label: Block storage}
              image.size: {unit: MiB, factor: 1/1048576, metadata: [disk_format, container_format]}
              net: {unit: GB, factor: 0.10, identity: {kind: interval, by: [direction, product]}, metadata: []}
              ip.floating:
            """,
            "meters.yaml");

    private final ReportApi api = new ReportApi(LEDGER, ReportSettings.defaults(), METERS);

    @Test
    void metricsAreTheMetersThatTheOperatorDescribed() {
        // given / when
        Reply metrics = api.get("/v1/info/metrics/", "a");
        // then
        assertThat(metrics.body())
                .isEqualTo("{\"metrics\":["
                        + "{\"metric_id\":\"image.size\",\"metadata\":[\"container_format\",\"disk_format\"],\"unit\":\"MiB\"},"
                        + "{\"metric_id\":\"ip.floating\",\"metadata\":[],\"unit\":\"undefined\"},"
                        + "{\"metric_id\":\"net\",\"metadata\":[],\"unit\":\"GB\"},"
                        + "{\"metric_id\":\"volume.size\",\"metadata\":[\"volume_type\"],\"unit\":\"GiB-hour\"}]}");
        assertThat(api.get("/v1/info/services", "a").body()).isEqualTo(metrics.body());
    }

    @Test
    void oneMetricIsFoundByItsName() {
        // given / when / then
        for (String path : new String[] {"/v1/info/metrics/", "/v1/info/services/"}) {
            assertThat(api.get(path + "image.size", "a").json().get("unit").asText())
                    .isEqualTo("MiB");
            assertThat(api.get(path + "nothing", "a").status()).isEqualTo(404);
            assertThat(api.get(path + "nothing", "a").error()).isEqualTo("nothing");
        }
    }

    @Test
    void theConfigurationIsToldByMetric() {
        // given / when
        Reply config = api.get("/v1/info/config/", "a");
        // then
        assertThat(config.json().at("/metrics/image.size/factor").textValue()).isEqualTo("1/1048576");
        assertThat(config.json().at("/metrics/net").toString())
                .isEqualTo(
                        "{\"unit\":\"GB\",\"alt_name\":\"net\",\"factor\":0.1,\"offset\":0,\"groupby\":[\"id\",\"project_id\","
                                + "\"direction\"],\"metadata\":[],\"mutate\":\"NONE\",\"extra_args\":{}}");
        assertThat(config.json().at("/metrics/volume.size/description").asText())
                .isEqualTo("Block storage");
    }

    @Test
    void withoutMetersThereIsNoSuchEndpoint() {
        // given
        ReportApi bare = new ReportApi(LEDGER, ReportSettings.defaults(), MeterCatalog.empty());
        // when / then
        for (String path : new String[] {"metrics", "metrics/cpu", "services", "services/cpu"}) {
            assertThat(bare.get("/v1/info/" + path).status()).isEqualTo(405);
            assertThat(bare.get("/v1/info/" + path).error())
                    .isEqualTo("Invalid endpoint: no metrics in current configuration.");
        }
        assertThat(bare.get("/v1/info/config").body()).isEqualTo("{\"metrics\":{}}");
    }

    @Test
    void nothingIsSaidToNobodyAndNoUnknownArgumentIsTaken() {
        // given / when / then
        assertThat(api.get("/v1/info/metrics", null).status()).isEqualTo(401);
        assertThat(api.get("/v1/info/metrics", ReportApi.NOBODYS).status()).isEqualTo(200);
        assertThat(api.get("/v1/info/config?x=1").error()).isEqualTo("Unknown argument: \"x\"");
    }
}
