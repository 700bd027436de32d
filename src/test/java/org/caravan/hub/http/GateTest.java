package org.caravan.hub.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.caravan.hub.db.DatabaseAccess;
import org.caravan.testing.ApiHub;
import org.caravan.testing.ApiHub.Reply;
import org.caravan.testing.Database;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a hub lets in at once, and for how long. */
class GateTest {
    private static final String SERVICES = "/v1/rating/module_config/hashmap/services";

    @TempDir
    Path directory;

    @Test
    void moreRequestsThanAllowedAndSlowOnesAreAnsweredThatTheyComeAgain() throws Exception {
        // given: somebody holds the rules
        DatabaseAccess ledger = Database.freshAccess();
        try (ApiHub hub = ApiHub.start(directory, ledger, "caravan.api.maxRequests=1", "caravan.api.timeout=2s");
                Connection holder = Database.of(ledger).getConnection()) {
            holder.setAutoCommit(false);
            holder.createStatement().execute("select from rule_state for update");

            // when: one waits for them, and another asks meanwhile
            CompletableFuture<Reply> waiting = CompletableFuture.supplyAsync(() -> create(hub));
            Reply refused = hub.get("/healthcheck");
            long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
            while (refused.status() == 200 && !waiting.isDone() && System.nanoTime() < deadline) {
                refused = hub.get("/healthcheck");
            }

            // then
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.header("Retry-After")).isEqualTo("5");
            assertThat(refused.json().path("faultcode").asText()).isEqualTo("Server");
            assertThat(refused.header("x-openstack-request-id")).startsWith("req-");

            // when: it has waited too long
            Reply late = waiting.get(1, TimeUnit.MINUTES);

            // then
            assertThat(late.status()).isEqualTo(503);
            assertThat(late.json().path("faultstring").asText()).contains("caravan.api.timeout");
            holder.rollback();
            assertThat(hub.get("/healthcheck").status()).isEqualTo(200);
        }
    }

    /** Asks again where the other's look came first and took the only place. */
    private static Reply create(ApiHub hub) {
        try {
            Reply reply;
            do {
                reply = hub.post(SERVICES, "{\"name\": \"instance\"}");
            } while (reply.status() == 503
                    && !reply.json().path("faultstring").asText().contains("caravan.api.timeout"));
            return reply;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
