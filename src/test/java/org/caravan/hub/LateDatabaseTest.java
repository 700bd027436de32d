package org.caravan.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.caravan.common.UserError;
import org.caravan.hub.db.DatabaseAccess;
import org.caravan.testing.Database;
import org.caravan.testing.Relay;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A hub that is started before the server of its ledger is. */
class LateDatabaseTest {
    @TempDir
    Path inbox;

    @Test
    void aHubWaitsAtItsStartForADatabaseThatIsNotThereYet() throws Exception {
        // given
        DatabaseAccess ledger = Database.freshAccess();
        URI real = URI.create(ledger.url().substring("jdbc:".length()));
        int port = RunningHub.freePort();
        DatabaseAccess late = new DatabaseAccess(
                ledger.url().replace(":" + real.getPort() + "/", ":" + port + "/"), ledger.user(), ledger.password());

        // when
        CompletableFuture<RunningHub> starting = CompletableFuture.supplyAsync(() -> {
            try {
                return RunningHub.start(late, inbox, Clock.systemUTC(), "caravan.ledger.connectionWait=2m");
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        TimeUnit.SECONDS.sleep(1);
        assertThat(starting).isNotDone();
        try (Relay relay = Relay.open(port, real.getPort());
                RunningHub hub = starting.get(2, TimeUnit.MINUTES)) {
            // then
            assertThat(hub.running.ledger()).isNotNull();
            assertThat(relay.connections()).isPositive();
            Files.createFile(inbox.resolve("empty.jsonl"));
            RunningHub.await("it reads", () -> Files.notExists(inbox.resolve("empty.jsonl")));
        }
    }

    @Test
    void itDoesNotWaitWhereWaitingHelpsNobodyNorForEver() throws Exception {
        // given
        DatabaseAccess ledger = Database.freshAccess();
        DatabaseAccess refused = new DatabaseAccess(ledger.url(), ledger.user(), "wrong");
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = silent.getLocalPort();
            silent.close();
            DatabaseAccess nobody =
                    new DatabaseAccess("jdbc:postgresql://127.0.0.1:" + port + "/x", ledger.user(), ledger.password());

            // when / then
            assertThatThrownBy(() ->
                            RunningHub.start(refused, inbox, Clock.systemUTC(), "caravan.ledger.connectionWait=10m"))
                    .hasRootCauseMessage("FATAL: password authentication failed for user \"caravan\"");
            assertThatThrownBy(() ->
                            RunningHub.start(nobody, inbox, Clock.systemUTC(), "caravan.ledger.connectionWait=250ms"))
                    .hasCauseInstanceOf(UserError.class)
                    .hasMessageContaining("can't connect to jdbc:postgresql://127.0.0.1:" + port + "/x")
                    .hasMessageContaining("check caravan.ledger.url");
        }
    }
}
