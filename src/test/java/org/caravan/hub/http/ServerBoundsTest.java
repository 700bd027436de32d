package org.caravan.hub.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.caravan.common.UserError;
import org.caravan.hub.config.HubConfig;
import org.caravan.testing.ApiHub;
import org.caravan.testing.Database;
import org.caravan.testing.TestCertificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the HTTP servers of a hub bear: strangers that send much, or slowly, or come often; and TLS. */
class ServerBoundsTest {
    private static final String GET = "GET /healthcheck HTTP/1.1\r\nHost: localhost\r\n";
    private static final int PATIENCE_MILLIS = 60_000;

    @TempDir
    Path directory;

    @Test
    void aServerBearsLongHeadersLongAddressesSlowSendersAndManyConnections() throws Exception {
        // given
        int management = ApiHub.freePort();
        try (ApiHub hub = ApiHub.start(
                directory,
                Database.freshAccess(),
                "caravan.api.maxHeaderBytes=2048",
                "caravan.api.maxUriBytes=512",
                "caravan.api.idleTimeout=1s",
                "caravan.api.timeout=2s",
                "caravan.api.maxConnections=5",
                "caravan.api.maxBody=2048",
                "caravan.management.port=" + management)) {
            for (int port : new int[] {hub.port(), management}) {
                // when, then: more than is borne is refused, and not read on
                assertThat(answer(port, GET + "X-Long: " + "x".repeat(3000) + "\r\n\r\n"))
                        .startsWith("HTTP/1.1 431");
                assertThat(answer(port, "GET /" + "x".repeat(600) + " HTTP/1.1\r\nHost: localhost\r\n\r\n"))
                        .startsWith("HTTP/1.0 414");
                // and a connection that brings nothing, or brings it slowly, is closed
                assertThat(answer(port, "")).isEmpty();
                // and what is not HTTP at all
                assertThat(answer(port, "\0\1\2\3\r\n\r\n")).doesNotContain("200");
            }
            assertThat(slowly(hub.port())).isEmpty();

            // when, then: a body that does not come is not waited for beyond the timeout; one that is too long is
            // refused
            assertThat(answer(
                            hub.port(),
                            "POST /v1/rating/quote HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{"))
                    .startsWith("HTTP/1.1 503")
                    .contains("caravan.api.timeout");
            assertThat(answer(
                            hub.port(),
                            "POST /v1/rating/quote HTTP/1.1\r\nHost: localhost\r\nContent-Length: 999999999\r\n\r\n"))
                    .startsWith("HTTP/1.1 413");
            // two lengths, or a length beside chunks, are how requests are smuggled past a proxy
            assertThat(answer(
                            hub.port(),
                            "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nContent-Length: 5\r\n\r\nabc"))
                    .startsWith("HTTP/1.1 400");

            // when: many stay
            List<Socket> many = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                many.add(connect(hub.port()));
            }

            // then: those beyond the bound are closed, and once the others are, too, it answers again
            for (Socket socket : many) {
                assertThat(read(socket)).isEmpty();
                socket.close();
            }
            assertThat(hub.get("/healthcheck").status()).isEqualTo(200);
        }
    }

    @Test
    void nothingListensBeyondLoopbackUnlessToldTo() throws Exception {
        // given
        int management = ApiHub.freePort();

        // when
        try (ApiHub hub = ApiHub.start(directory, Database.freshAccess(), "caravan.management.port=" + management)) {
            Set<Integer> ours = listening("0100007F:");
            Set<Integer> open = listening("00000000:");

            // then
            assertThat(ours).contains(hub.port(), management);
            assertThat(open).doesNotContain(hub.port(), management);
        }
    }

    @Test
    void theApisAreServedByTlsAloneAndARenewedCertificateIsTakenUp() throws Exception {
        // given
        TestCertificate first = TestCertificate.make(directory, "first", "EC");
        TestCertificate second = TestCertificate.make(directory, "second", "EC");
        Path certificate = Files.copy(first.file, directory.resolve("served.pem"));
        Path key = Files.copy(first.keyFile, directory.resolve("served.key"));
        try (ApiHub hub = ApiHub.start(
                directory,
                Database.freshAccess(),
                "caravan.api.certificate=" + certificate,
                "caravan.api.certificateKey=" + key)) {

            // when
            HttpResponse<String> root = get(first, hub.port(), "/");

            // then
            assertThat(root.statusCode()).isEqualTo(200);
            assertThat(root.body()).contains("https://localhost:" + hub.port()).doesNotContain("http://");
            assertThat(answer(hub.port(), GET + "\r\n")).doesNotContain("200");
            assertThatThrownBy(() -> get(second, hub.port(), "/")).isInstanceOf(IOException.class);
        }

        // given: it is followed by the same class that the server asks, as often as it is told
        FollowedKey followed = new FollowedKey(Certificate.read(certificate, key), 0);
        String before = followed.chooseEngineServerAlias("EC", null, null);
        Files.copy(second.file, certificate, java.nio.file.StandardCopyOption.REPLACE_EXISTING);

        // when: the certificate is there and its key is not yet
        String between = followed.chooseEngineServerAlias("EC", null, null);
        Files.copy(second.keyFile, key, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        String after = followed.chooseEngineServerAlias("EC", null, null);

        // then
        assertThat(between).isEqualTo(before);
        assertThat(after).isNotEqualTo(before);
        assertThat(followed.getCertificateChain(after)[0]
                        .getSubjectX500Principal()
                        .getName())
                .isEqualTo("CN=second");
        assertThat(Pem.belong(followed.getCertificateChain(before)[0], followed.getPrivateKey(before)))
                .as("a handshake that has begun goes on with what it had")
                .isTrue();
    }

    @Test
    void aCertificateThatCanNotBeServedIsNamedWithItsRemedy() throws Exception {
        // given
        TestCertificate one = TestCertificate.make(directory, "one", "EC");
        TestCertificate other = TestCertificate.make(directory, "other", "EC");
        Path old = Files.writeString(
                directory.resolve("old.key"), "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n");

        // when, then
        assertThatThrownBy(() -> check(one.file, other.keyFile))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("caravan.api.certificate: ")
                .hasMessageContaining("is not the key of the certificate");
        assertThatThrownBy(() -> check(one.keyFile, one.keyFile)).hasMessageContaining("holds no certificate");
        assertThatThrownBy(() -> check(one.file, one.file)).hasMessageContaining("holds no private key");
        assertThatThrownBy(() -> check(one.file, old)).hasMessageContaining("openssl pkcs8 -topk8");
        assertThatThrownBy(() -> check(one.file, directory.resolve("nowhere")))
                .hasMessageContaining("nowhere can't be read");
        assertThatThrownBy(() -> check(one.file, null)).hasMessageContaining("but not caravan.api.certificateKey");
        check(one.file, one.keyFile);
    }

    private void check(Path certificate, Path key) {
        List<String> set = new ArrayList<>(List.of("caravan.api.certificate=" + certificate));
        if (key != null) {
            set.add("caravan.api.certificateKey=" + key);
        }
        ApiServer.checkSettings(
                new HubConfig.Builder(directory, directory).set(set).build());
    }

    private static HttpResponse<String> get(TestCertificate trusted, int port, String path) throws Exception {
        return HttpClient.newBuilder()
                .sslContext(trusted.trusting())
                .build()
                .send(
                        HttpRequest.newBuilder(URI.create("https://localhost:" + port + path))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    private static Socket connect(int port) throws IOException {
        Socket socket = new Socket("127.0.0.1", port);
        socket.setSoTimeout(PATIENCE_MILLIS);
        return socket;
    }

    /** What is answered before the other side closes the connection. */
    private static String answer(int port, String request) throws IOException {
        try (Socket socket = connect(port)) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return read(socket);
        }
    }

    private static String read(Socket socket) throws IOException {
        try {
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (java.net.SocketException reset) {
            return "";
        }
    }

    /** A header that never ends, a byte every 100 ms: closed all the same. */
    private static String slowly(int port) throws Exception {
        try (Socket socket = connect(port)) {
            byte[] header = (GET + "X-Slow: " + "x".repeat(600)).getBytes(StandardCharsets.ISO_8859_1);
            for (byte one : header) {
                try {
                    socket.getOutputStream().write(one);
                } catch (IOException closed) {
                    return read(socket);
                }
                Thread.sleep(100);
            }
            return "it was let send for " + header.length / 10 + " s";
        }
    }

    /** Ports that this machine's processes listen on, at an address as the kernel writes it. */
    private static Set<Integer> listening(String address) throws IOException {
        List<String> lines = new ArrayList<>(Files.readAllLines(Path.of("/proc/net/tcp")));
        Path six = Path.of("/proc/net/tcp6");
        if (Files.exists(six)) {
            lines.addAll(Files.readAllLines(six));
        }
        return lines.stream()
                .map(line -> line.strip().split("\\s+"))
                .filter(cells -> cells.length > 3 && cells[3].equals("0A"))
                .map(cells -> cells[1])
                .filter(local -> local.contains(address))
                .map(local -> Integer.parseInt(local.substring(local.lastIndexOf(':') + 1), 16))
                .collect(Collectors.toSet());
    }
}
