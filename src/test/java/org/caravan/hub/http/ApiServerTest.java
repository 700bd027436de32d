package org.caravan.hub.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.caravan.common.UserError;
import org.caravan.testing.ApiHub;
import org.caravan.testing.Database;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server of all contracts, over real HTTP. */
class ApiServerTest {
    @TempDir
    Path directory;

    @Test
    void whatIsPublicIsAnsweredToAnybodyAndTheRestToTheOperatorAlone() throws Exception {
        // given
        Path file = directory.resolve("operator.key");
        try (ApiHub hub =
                ApiHub.start(directory, Database.freshAccess(), "caravan.auth=key", "caravan.api.keyFile=" + file)) {
            // when
            ApiHub.Reply versions = hub.get("/");

            // then
            assertThat(versions.status()).isEqualTo(200);
            assertThat(versions.header("x-openstack-request-id")).startsWith("req-");
            assertThat(versions.json().at("/versions/0/id").asText()).isEqualTo("v1");
            assertThat(versions.json().at("/versions/0/links/0/href").asText()).isEqualTo(hub.url() + "/v1");
            assertThat(hub.get("/v1").json().at("/version/status").asText()).isEqualTo("CURRENT");
            assertThat(hub.get("/v2/").json().at("/version/status").asText()).isEqualTo("EXPERIMENTAL");
            assertThat(hub.get("/healthcheck").body()).isEqualTo("OK");

            // when / then: nobody learns even what there is
            assertThat(hub.get("/v1/nothing").status()).isEqualTo(401);
            assertThat(hub.as("caravan_1_" + "x".repeat(43)).get("/v1/nothing").status())
                    .isEqualTo(401);

            // when: the operator asks
            hub.as(Files.readString(file).strip());

            // then
            assertThat(hub.get("/v1/nothing").status()).isEqualTo(405);
            assertThat(hub.get("/v1/nothing").json().get("faultcode").asText()).isEqualTo("Client");
            assertThat(hub.get("/v1/nothing").json().get("debuginfo").isNull()).isTrue();
            assertThat(hub.get("/v2/nothing").status()).isEqualTo(404);
            assertThat(hub.get("/v2/nothing").json().has("message")).isTrue();
            assertThat(hub.post("/", "{}").status()).isEqualTo(405);
            assertThat(hub.post("/healthcheck", "{}").header("x-openstack-request-id"))
                    .startsWith("req-");
        }
    }

    @Test
    void theOperatorKeyIsWrittenOnceAndForItsOwnerAlone() throws Exception {
        // given
        var database = Database.freshAccess();
        Path file = directory.resolve("operator.key");
        String[] settings = {"caravan.auth=key", "caravan.api.keyFile=" + file};
        try (ApiHub first = ApiHub.start(directory, database, settings)) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
        }
        String key = Files.readString(file).strip();
        Files.delete(file);

        // when
        try (ApiHub again = ApiHub.start(directory, database, settings)) {
            // then
            assertThat(file).doesNotExist();
            assertThat(again.as(key).get("/v1/nothing").status()).isEqualTo(405);
        }
    }

    @Test
    void aRequestThatIsNotMeantForThisHostOrIsTooMuchIsRefusedInTheContractsForm() throws Exception {
        // given
        try (ApiHub hub = ApiHub.start(directory, Database.freshAccess(), "caravan.api.maxBody=2000")) {
            // when / then: a query argument can't pass for a header
            assertThat(statusLine(hub, "/v1/x?Host=localhost", "evil.example")).contains(" 421 ");
            assertThat(statusLine(hub, "/v1/x", "10.0.0.1:80")).contains(" 421 ");
            assertThat(statusLine(hub, "/v1/x", "localhost:" + hub.port())).contains(" 405 ");

            // when
            ApiHub.Reply tooLong = hub.post("/v1/x", " ".repeat(2001));

            // then
            assertThat(tooLong.status()).isEqualTo(413);
            assertThat(tooLong.json().get("faultstring").asText()).contains("caravan.api.maxBody");
            assertThat(tooLong.header("x-openstack-request-id")).startsWith("req-");
            assertThat(hub.post("/v2/x", " ".repeat(2001)).json().has("message"))
                    .isTrue();
        }
    }

    @Test
    void whatCannotBeServedEndsTheStartWithOneLine() throws Exception {
        // given
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            // when / then
            assertThatThrownBy(() ->
                            ApiHub.start(directory, Database.freshAccess(), "caravan.api.port=" + taken.getLocalPort()))
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining("caravan.api.port")
                    .hasMessageNotContaining("\n");
        }
        assertThatThrownBy(() -> ApiHub.start(directory, Database.freshAccess(), "caravan.api.host=0.0.0.0"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("caravan.auth");
        assertThatThrownBy(() -> ApiHub.start(directory, Database.freshAccess(), "camel.server.port=1"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("caravan.api.");
    }

    private static String statusLine(ApiHub hub, String path, String host) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), hub.port())) {
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .findFirst()
                    .orElse("");
        }
    }
}
