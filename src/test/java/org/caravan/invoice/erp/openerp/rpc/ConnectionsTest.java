package org.caravan.invoice.erp.openerp.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.caravan.invoice.erp.openerp.rpc.OdooFault.Kind;
import org.caravan.invoice.erp.openerp.rpc.OdooServer.Transport;
import org.caravan.testing.odoo.FakeOdoo;
import org.caravan.testing.odoo.RawHttp;
import org.junit.jupiter.api.Test;

/** Which transport is chosen, and what no server can do to its caller. */
class ConnectionsTest {
    private static final int MAX_BYTES = 4_096;

    private static OdooServer server(String url, Transport transport, boolean key) {
        return new OdooServer(
                URI.create(url),
                FakeOdoo.DATABASE,
                FakeOdoo.USER,
                key ? FakeOdoo.API_KEY : FakeOdoo.PASSWORD,
                key,
                transport,
                Duration.ofSeconds(5),
                Duration.ofSeconds(20),
                MAX_BYTES);
    }

    private static Deadline soon() {
        return Deadline.in(Duration.ofSeconds(30));
    }

    private static Object companies(Odoo odoo) throws OdooFault {
        return odoo.call(
                "res.company",
                "search_read",
                null,
                Map.of("domain", List.of(), "fields", List.of("name"), "context", Map.of()),
                soon());
    }

    private static OdooFault fault(OdooServer server) {
        return catchThrowableOfType(OdooFault.class, () -> companies(Connections.open(server, soon())));
    }

    private static RawHttp.Answer answer(int status, String body) {
        return RawHttp.Answer.of(status, "application/json", body.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void theTransportFollowsTheVersionAndTheKindOfCredentials() throws Exception {
        try (FakeOdoo fourteen = new FakeOdoo(14);
                FakeOdoo nineteen = new FakeOdoo(19)) {
            // given / when
            Odoo old = Connections.open(server(fourteen.url(), Transport.AUTO, true), soon());
            Odoo now = Connections.open(server(nineteen.url(), Transport.AUTO, true), soon());
            Odoo byPassword = Connections.open(server(nineteen.url(), Transport.AUTO, false), soon());
            Odoo xml = Connections.open(server(nineteen.url(), Transport.XMLRPC, false), soon());
            // then
            assertThat(old.version()).isEqualTo(new OdooVersion(14, "14.0"));
            assertThat(now.version().major()).isEqualTo(19);
            assertThat(now).isInstanceOf(Json2Odoo.class);
            assertThat(byPassword).isInstanceOf(ServiceOdoo.class);
            for (Odoo odoo : List.of(old, now, byPassword, xml)) {
                assertThat(companies(odoo)).hasToString("[{id=1, name=My Company}]");
            }
            assertThat(fault(server(fourteen.url(), Transport.JSON2, true)))
                    .hasMessageContaining("is Odoo 14.0 and has no /json/2; set transport=auto");
            assertThat(fault(server(nineteen.url(), Transport.JSON2, false))).hasMessageContaining("set apiKey");
        }
    }

    @Test
    void versionsAreReadInEveryFormThatReleasesHave() {
        // given / when / then
        assertThat(OdooVersion.of(Map.of("version", "19.0", "version_info", List.of(19, 0))))
                .isEqualTo(new OdooVersion(19, "19.0"));
        assertThat(OdooVersion.of(Map.of("server_version", "saas~18.2", "server_version_info", List.of("saas~18", 2))))
                .isEqualTo(new OdooVersion(18, "saas~18.2"));
        assertThat(OdooVersion.of(Map.of("server_version", "x"))).isNull();
        assertThat(OdooVersion.of(List.of())).isNull();
        assertThat(OdooVersion.of(Map.of("version", "1", "version_info", List.of("one"))))
                .isNull();
    }

    @Test
    void wrongCredentialsAreToldApartFromAllElseAndNeverShown() throws Exception {
        try (FakeOdoo fourteen = new FakeOdoo(14);
                FakeOdoo nineteen = new FakeOdoo(19)) {
            for (Transport transport : List.of(Transport.XMLRPC, Transport.JSONRPC, Transport.JSON2)) {
                // given
                FakeOdoo odoo = transport == Transport.JSON2 ? nineteen : fourteen;
                OdooServer right = server(odoo.url(), transport, true);
                OdooServer wrong = new OdooServer(
                        right.url(),
                        right.database(),
                        right.user(),
                        "geheim",
                        true,
                        transport,
                        right.connectTimeout(),
                        right.callTimeout(),
                        MAX_BYTES);
                // when
                OdooFault fault = fault(wrong);
                // then
                assertThat(fault.kind()).as(transport.name()).isEqualTo(Kind.CREDENTIALS);
                assertThat(fault.getMessage() + wrong).doesNotContain("geheim");
            }
        }
    }

    @Test
    void whatDoesNotAnswerAsAnOdooIsLostOrPassing() throws Exception {
        List<RawHttp.Answer> answers = List.of(
                answer(502, "<html>"),
                answer(429, "{}"),
                answer(200, "<html>"),
                answer(200, "{\"result\": [1,2"),
                answer(200, "[1]"),
                answer(500, "oops"));
        for (RawHttp.Answer given : answers) {
            // given
            try (RawHttp odd = new RawHttp(request -> given)) {
                // when
                OdooFault fault = fault(server(odd.url(), Transport.JSONRPC, false));
                // then
                assertThat(fault.mayPass())
                        .as("%s %s: %s", given.status(), new String(given.body()), fault)
                        .isTrue();
            }
        }
    }

    @Test
    void aRedirectIsNotFollowedAndTakesNoCredentialsElsewhere() throws Exception {
        // given
        List<String> elsewhere = Collections.synchronizedList(new ArrayList<>());
        try (RawHttp other = new RawHttp(request -> {
                    elsewhere.add(request.path());
                    return answer(200, "{}");
                });
                RawHttp first = new RawHttp(request -> new RawHttp.Answer(
                        307, "text/html", new byte[0], Map.of("Location", other.url() + request.path()), -1))) {
            for (Transport transport : Transport.values()) {
                // when
                OdooFault fault = fault(server(first.url(), transport, true));
                // then
                assertThat(fault.kind()).isEqualTo(Kind.REFUSED);
                assertThat(fault).hasMessageContaining("a redirect, which is not followed; correct the url");
            }
            assertThat(elsewhere).isEmpty();
        }
    }

    @Test
    void anAnswerIsBoundedInBytesAndInTime() throws Exception {
        // given: one that is too long, one that comes drop by drop
        byte[] version = "{\"version\":\"19.0\",\"version_info\":[19]}".getBytes(StandardCharsets.UTF_8);
        try (RawHttp large = new RawHttp(request -> request.path().equals("/json/version")
                        ? answer(200, new String(version, StandardCharsets.UTF_8))
                        : answer(200, "\"" + "x".repeat(MAX_BYTES * 4) + "\""));
                java.net.ServerSocket slow =
                        new java.net.ServerSocket(0, 5, java.net.InetAddress.getLoopbackAddress())) {
            Thread dripping = new Thread(() -> drip(slow));
            dripping.setDaemon(true);
            dripping.start();
            OdooServer drop = server("http://127.0.0.1:" + slow.getLocalPort(), Transport.XMLRPC, false);
            // when
            OdooFault tooLong = fault(server(large.url(), Transport.AUTO, true));
            OdooFault tooSlow = catchThrowableOfType(
                    OdooFault.class, () -> Connections.open(drop, Deadline.in(Duration.ofMillis(600))));
            OdooFault tooLate = catchThrowableOfType(
                    OdooFault.class, () -> Connections.open(drop, Deadline.in(Duration.ofMillis(-1))));
            // then
            assertThat(tooLong.kind()).isEqualTo(Kind.LOST);
            assertThat(tooLong).hasMessageContaining("its answer is longer than " + MAX_BYTES + " bytes");
            assertThat(tooSlow.kind()).isEqualTo(Kind.LOST);
            assertThat(tooSlow).hasMessageContaining("did not answer within");
            assertThat(tooLate).hasMessageContaining("no time is left");
        }
    }

    /** A byte now and then, for ever. */
    private static void drip(java.net.ServerSocket server) {
        try (java.net.Socket socket = server.accept()) {
            socket.getOutputStream().write("HTTP/1.0 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            while (true) {
                socket.getOutputStream().write(' ');
                socket.getOutputStream().flush();
                Thread.sleep(50);
            }
        } catch (Exception e) {
            // the caller has had enough
        }
    }
}
