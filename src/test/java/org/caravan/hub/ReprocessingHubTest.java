package org.caravan.hub;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.caravan.hub.db.DatabaseAccess;
import org.caravan.testing.ApiHub;
import org.caravan.testing.Database;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A running hub that is told over HTTP to rate usage again. */
class ReprocessingHubTest {
    private static final String HASHMAP = "/v1/rating/module_config/hashmap";
    private static final String MONTH = "begin=2026-11-01T00:00:00Z&end=2026-12-01T00:00:00Z";
    private static final String USAGE =
            """
            tenant,datacenter,resource,meter,quantity,unit,begin,end
            acme,north,vm-1,instance,2,hour,2026-11-03T00:00:00Z,2026-11-03T01:00:00Z
            acme,north,vm-1,instance,3,hour,2026-11-04T00:00:00Z,2026-11-04T01:00:00Z
            zen,north,vm-2,instance,5,hour,2026-11-03T00:00:00Z,2026-11-03T01:00:00Z
            """;

    @TempDir
    Path directory;

    @Test
    void usageIsRatedAgainInTheBackgroundAndReportsShowTheNet() throws Exception {
        // given: a hub with usage at a price that was wrong from the beginning
        Path inbox = Files.createDirectory(directory.resolve("inbox"));
        DatabaseAccess access = Database.freshAccess();
        Clock clock = Clock.fixed(Instant.parse("2026-11-10T12:00:00Z"), ZoneOffset.UTC);
        try (ApiHub hub = ApiHub.start(
                directory,
                access,
                clock,
                "caravan.rerate.period=100ms",
                "caravan.inbox=" + inbox,
                "caravan.inbox.rest=100ms",
                "caravan.inbox.poll=100ms")) {
            String service = hub.post(HASHMAP + "/services", "{\"name\": \"instance\"}")
                    .json()
                    .get("service_id")
                    .asText();
            String mapping = price(hub, service, "0.05");
            Files.writeString(inbox.resolve("usage.csv"), USAGE);
            waitFor(() -> rate(hub, "acme").equals("0.25"));
            assertThat(hub.delete(HASHMAP + "/mappings/?mapping_id=" + mapping).status())
                    .isEqualTo(204);
            price(hub, service, "0.07");
            // when
            ApiHub.Reply ordered = hub.post(
                    "/v2/task/reprocesses",
                    "{\"scope_ids\": [\"acme\"], \"start_reprocess_time\": \"2026-11-03T00:00:00+00:00\","
                            + " \"end_reprocess_time\": \"2026-11-04T00:00:00+00:00\", \"reason\": \"wrong price\"}");
            // then: one of acme's records, nothing of zen's
            assertThat(ordered.status()).isEqualTo(202);
            waitFor(() -> {
                JsonNode task = hub.get("/v2/task/reprocesses/acme")
                        .json()
                        .get("results")
                        .get(0);
                return task.get("current_reprocess_time").equals(task.get("end_reprocess_time"));
            });
            assertThat(rate(hub, "acme")).isEqualTo("0.29");
            assertThat(rate(hub, "zen")).isEqualTo("0.25");
            // and: single records cost what they are billed with
            JsonNode frames = hub.get("/v2/dataframes?" + MONTH + "&filters=project_id:acme")
                    .json()
                    .get("dataframes");
            assertThat(frames).hasSize(2);
            assertThat(frames.get(0).at("/usage/instance/0/rating/price").decimalValue())
                    .isEqualByComparingTo("0.14");
            // when: all of it from a moment on
            assertThat(hub.put("/v2/scope", "{\"all_scopes\": true, \"state\": \"2026-11-01T00:00:00+00:00\"}")
                            .status())
                    .isEqualTo(202);
            // then
            waitFor(() -> rate(hub, "acme").equals("0.35") && rate(hub, "zen").equals("0.35"));
        }
    }

    private static String price(ApiHub hub, String service, String cost) throws Exception {
        return hub.post(
                        HASHMAP + "/mappings?force=true",
                        "{\"service_id\": \"" + service + "\", \"cost\": \"" + cost
                                + "\", \"start\": \"2026-11-01T00:00:00\"}")
                .json()
                .get("mapping_id")
                .asText();
    }

    private static String rate(ApiHub hub, String tenant) throws Exception {
        JsonNode summary = hub.get("/v1/report/summary?tenant_id=" + tenant + "&" + MONTH)
                .json()
                .get("summary");
        return summary.isEmpty() ? "" : summary.get(0).get("rate").asText();
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void waitFor(Condition condition) throws Exception {
        for (int i = 0; i < 1_200 && !condition.holds(); i++) {
            Thread.sleep(50);
        }
        assertThat(condition.holds()).isTrue();
    }
}
