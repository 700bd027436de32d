package org.caravan.hub.connector.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.caravan.hub.connector.check.ConnectorTest.Report;
import org.caravan.hub.db.DatabaseAccess;
import org.caravan.testing.Database;
import org.caravan.testing.InvoiceServer;
import org.caravan.testing.odoo.FakeOdoo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The connectors that come along pass all checks that their targets let be seen. */
class ShippedConnectorsTest {
    /** Every promise and transport; with a system property that the chaos profile sets. */
    private static final boolean ALL = Integer.getInteger("caravan.faults", 3) > 3;

    @TempDir
    Path directory;

    @ParameterizedTest
    @MethodSource("promises")
    void http(String promise, List<String> skipped) throws Exception {
        // given
        try (InvoiceServer server = new InvoiceServer().accounts("acme").authorization("Bearer s3cret")) {
            // when
            Report report = Tested.of(
                    "http",
                    Set.of(),
                    Tested.settings(
                            "camel.kamelet.http-sink.url=" + server.url(),
                            "camel.kamelet.http-sink.repeat=" + promise,
                            "camel.kamelet.http-sink.auth=bearer",
                            "camel.kamelet.http-sink.token=s3cret",
                            "camel.kamelet.http-sink.responseTimeoutMillis=300",
                            "camel.kamelet.http-sink.lookupUrl=" + server.url() + "?key={key}",
                            "camel.kamelet.http-sink.lookupListPath=$.data",
                            "camel.kamelet.http-sink.lookupReferencePath=$.data[0].id",
                            "camel.kamelet.http-sink.lookupTotalPath=$.data[0].total"));
            // then
            passedBut(report, skipped.toArray(String[]::new));
        }
    }

    static Stream<Arguments> promises() {
        return Stream.of(
                        arguments("lookup", List.of("same-key-other-content")),
                        arguments("safe", List.of()),
                        arguments("never", List.of("same-key-other-content", "read-back")))
                .limit(ALL ? 3 : 1);
    }

    @Test
    void csvDirectory() throws Exception {
        // given
        List<String> told = Tested.settings(
                "camel.kamelet.csv-directory-sink.directory=" + Files.createDirectory(directory.resolve("out")));
        // when
        Report report = Tested.of("csv-directory", Set.of(), told);
        // then
        passedBut(report, "too-many-requests", "server-error", "timeout", "wrong-credentials");
    }

    @Test
    void sql() throws Exception {
        // given
        DatabaseAccess target = Database.freshAccess();
        java.net.URI at = java.net.URI.create(target.url().substring("jdbc:".length()));
        List<String> told = Tested.settings(
                "camel.kamelet.sql-sink.database_name=" + at.getPath().substring(1),
                "camel.kamelet.sql-sink.host=" + at.getHost(),
                "camel.kamelet.sql-sink.port=" + at.getPort(),
                "camel.kamelet.sql-sink.username=" + target.user(),
                "camel.kamelet.sql-sink.password=" + target.password(),
                "camel.kamelet.sql-sink.timeoutSeconds=1");
        // when
        Report report = Tested.of("sql", Set.of(), told);
        // then
        passedBut(report, "too-many-requests", "server-error", "odd-text");
    }

    @ParameterizedTest
    @MethodSource("releases")
    void openErp(int release, String secret) throws Exception {
        // given
        try (FakeOdoo odoo = new FakeOdoo(release)) {
            // when
            Report report = Tested.of("openerp", Set.of(), odoo(odoo, secret));
            // then
            passedBut(report);
        }
    }

    static Stream<Arguments> releases() {
        return Stream.of(
                        arguments(19, "apiKey=" + FakeOdoo.API_KEY),
                        arguments(14, "password=" + FakeOdoo.PASSWORD),
                        arguments(14, "password=" + FakeOdoo.PASSWORD + ",transport=xmlrpc"))
                .limit(ALL ? 3 : 1);
    }

    private static List<String> odoo(FakeOdoo odoo, String secret) {
        List<String> told = Tested.settings(
                "camel.kamelet.openerp-sink.url=" + odoo.url(),
                "camel.kamelet.openerp-sink.database=" + FakeOdoo.DATABASE,
                "camel.kamelet.openerp-sink.user=" + FakeOdoo.USER,
                "camel.kamelet.openerp-sink.tries=2",
                "camel.kamelet.openerp-sink.callTimeout=1");
        for (String more : secret.split(",")) {
            told.add("camel.kamelet.openerp-sink." + more);
        }
        return told;
    }

    @Test
    void theExampleOfAnAdapter() throws Exception {
        // given
        List<String> told = Tested.settings(
                "caravan.invoice.object=com.example.BookInvoice",
                "caravan.invoice.object.book=" + Files.createDirectory(directory.resolve("book")));
        // when
        Report report = Tested.of("adapter", Set.of(), told);
        // then
        passedBut(
                report, "too-many-requests", "server-error", "timeout", "wrong-credentials", "same-key-other-content");
    }

    private static void passedBut(Report report, String... skipped) {
        Map<String, String> expected = Tested.words(report).keySet().stream()
                .collect(Collectors.toMap(
                        check -> check, check -> Set.of(skipped).contains(check) ? "skipped" : "passed"));
        assertThat(Tested.words(report))
                .as(
                        "%s",
                        report.results().stream()
                                .map(result -> result.check().code() + " " + result.verdict() + "\n")
                                .toList())
                .containsExactlyInAnyOrderEntriesOf(expected)
                .hasSize(Check.values().length);
    }
}
