package org.caravan.hub.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Clock;
import org.caravan.api.auth.ApiKeys;
import org.caravan.common.UserError;
import org.caravan.hub.db.DatabaseAccess;
import org.caravan.testing.ApiHub;
import org.caravan.testing.Database;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract of resellers over real HTTP: its key, and a report that is longer than anybody's patience. */
class ResellerApiTest {
    private static final int INVOICES = 30_000;
    private static final String REPORT = "/reseller/billing/v1/report/?start_date=2026-01-01";

    @TempDir
    static Path directory;

    private static DatabaseAccess ledger;
    private static ApiHub hub;
    private static String key;

    @BeforeAll
    static void start() throws Exception {
        ledger = Database.freshAccess();
        hub = ApiHub.start(directory, ledger, "caravan.api.timeout=1s", "caravan.api.maxRequests=2");
        execute(
                "insert into currency (name, title) values ('eur', 'Euro') on conflict do nothing",
                "insert into language (name, title) values ('en', 'English') on conflict do nothing",
                "insert into merchant (id, name, currency, language, created_at, updated_at)"
                        + " values ('m', 'acme', 'eur', 'en', now(), now())",
                "insert into customer (id, merchant_id, name, currency, language, account, created_at, updated_at)"
                        + " values ('c', 'm', 'ann', 'eur', 'en', 'acme/ann', '2026-01-01', now())",
                """
                insert into document (key, number, kind, issuer, account, month, sequence, proforma, currency, total, exact, lines,
                                      body, digest, issued_at)
                select 'k' || n, 'n' || n, 'invoice', 'test', 'acme/ann', '2026-02-01', n, false, 'EUR', 1, 1, 0,
                       '{"subtotal": "1.00", "sections": [], "discount": {"amount": "0.00"}}', '', now()
                  from generate_series(1, %d) n
                """
                        .formatted(INVOICES),
                "insert into invoice_status (document_key, merchant_id, customer_id, identifier, state, updated_at)"
                        + " select key, 'm', 'c', number, 'pending', now() from document",
                "analyze");
        key = new ApiKeys(Database.of(ledger), Clock.systemUTC()).create("acme", ApiKeys.Kind.RESELLER, "m");
    }

    @AfterAll
    static void stop() throws Exception {
        hub.close();
    }

    private static void execute(String... statements) throws Exception {
        try (Connection connection = Database.of(ledger).getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static HttpResponse<InputStream> get(String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(hub.url() + path))
                .header("X-Reseller-Api-Key", key)
                .build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofInputStream());
    }

    @Test
    void theContractIsServedBesideTheOthersByItsOwnKeyAlone() throws Exception {
        // when
        HttpResponse<InputStream> own = get("/reseller/billing/v1/currencies/");
        // then
        assertThat(own.statusCode()).isEqualTo(200);
        assertThat(new String(own.body().readAllBytes(), StandardCharsets.UTF_8))
                .contains("\"iso_code\":\"EUR\"");
        assertThat(own.headers().firstValue("Content-Type")).hasValue("application/json");
        // a hub without authentication has no reseller for whoever shows no key
        assertThat(hub.get("/reseller/billing/v1/currencies").status()).isEqualTo(401);
        assertThat(hub.as(key).get("/reseller/billing/v1/currencies").status()).isEqualTo(401);
        assertThat(hub.as(null).get("/resellers").status()).isEqualTo(404);
    }

    @Test
    void aWrongFileOfCloudsEndsTheStart() throws Exception {
        // given
        Path file = Files.writeString(directory.resolve("clouds.yaml"), "providers: [{name: no id}]\n");
        // when / then
        assertThatThrownBy(() -> ApiHub.start(directory, Database.freshAccess(), "caravan.reseller=" + file))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("clouds.yaml:1: providers[0]: key 'id' is missing");
    }

    @Test
    void aReportGoesOnPastTheTimeoutForAReaderWhoIsSlow() throws Exception {
        // given
        HttpResponse<InputStream> response = get(REPORT);
        long lines = 0;
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            // when
            reader.readLine();
            Thread.sleep(1_500);
            while (reader.readLine() != null) {
                lines++;
            }
        }
        // then
        assertThat(response.headers().firstValue("Content-Type")).hasValue("text/csv; charset=utf-8");
        assertThat(lines).isEqualTo(INVOICES);
    }

    @Test
    void aReportThatCanNotBeCompletedIsCutAndNotEnded() throws Exception {
        // given
        InputStream body = get(REPORT).body();
        body.readNBytes(1_000);
        // when
        execute("alter table invoice_status rename to away");
        try {
            // then
            assertThatThrownBy(body::readAllBytes).isInstanceOf(IOException.class);
        } finally {
            execute("alter table away rename to invoice_status");
        }
    }

    @Test
    void readersWhoGoAwayLeaveTheirPlaceToOthers() throws Exception {
        // given: more of them than there are places
        for (int i = 0; i < 4; i++) {
            InputStream body = get(REPORT).body();
            body.readNBytes(1_000);
            body.close();
            Thread.sleep(50);
        }
        // when
        HttpResponse<InputStream> next = get("/reseller/billing/v1/currencies/");
        // then
        assertThat(next.statusCode()).isEqualTo(200);
    }
}
