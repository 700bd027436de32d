package org.caravan.hub.connector.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.caravan.hub.connector.check.ConnectorTest.Report;
import org.caravan.testing.InvoiceServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Connectors that are wrong in one way each, and the check that says so. */
class WrongConnectorsTest {
    private static final boolean ALL = Integer.getInteger("caravan.faults", 3) > 3;

    /** Fault, what the connector declares, the check that names it. */
    private static final List<Arguments> FAULTS = List.of(
            arguments("ignores-the-key", "safe", "answer-lost"),
            arguments("answers-before-the-target", "lookup", "answer-lost"),
            arguments("sends-again-by-itself", "lookup", "answer-lost"),
            arguments("sends-again-by-itself", "never", "answer-lost"),
            arguments("broken-is-unsent", "lookup", "answer-lost"),
            arguments("broken-is-refused", "lookup", "answer-lost"),
            arguments("lookup-finds-nothing", "lookup", "answer-lost"),
            arguments("looks-then-makes", "safe", "two-at-once"),
            arguments("takes-changes-silently", "safe", "same-key-other-content"),
            arguments("timeout-is-success", "lookup", "timeout"),
            arguments("429-is-permanent", "lookup", "too-many-requests"),
            arguments("drops-retry-after", "lookup", "too-many-requests"),
            arguments("swallows-5xx", "lookup", "server-error"),
            arguments("hammers-after-401", "lookup", "wrong-credentials"),
            arguments("401-is-permanent", "lookup", "wrong-credentials"),
            arguments("unknown-tenant-is-success", "lookup", "unknown-tenant"),
            arguments("ignores-the-currency", "lookup", "wrong-currency"),
            arguments("hides-the-currency", "lookup", "wrong-currency"),
            arguments("rounds-by-double", "lookup", "cent-difference"),
            arguments("tells-the-documents-total", "lookup", "cent-difference"),
            arguments("posts-credit-as-positive", "lookup", "credit-note"),
            arguments("drops-lines-past-100", "lookup", "thousand-lines"),
            arguments("rounds-the-price", "lookup", "sub-cent-price"),
            arguments("joins-strings", "lookup", "odd-text"),
            arguments("sends-latin-1", "lookup", "odd-text"),
            arguments("answers-its-own-reference", "lookup", "read-back"),
            arguments("lookup-answers-another", "lookup", "read-back"),
            arguments("lookup-tells-no-total", "lookup", "read-back"));

    @TempDir
    Path directory;

    /** One for each check; all with a system property that the chaos profile sets. */
    static Stream<Arguments> faults() {
        Set<Object> checks = new HashSet<>();
        return FAULTS.stream().filter(fault -> ALL || checks.add(fault.get()[2]));
    }

    @ParameterizedTest(name = "{0} ({1}) is caught by {2}")
    @MethodSource("faults")
    void aFaultTowardsAServerIsCaught(String fault, String repeat, String check) throws Exception {
        // given
        try (InvoiceServer server = new InvoiceServer().accounts("acme")) {
            // when
            Report report = run(
                    Set.of(Check.of(check)),
                    "camel.kamelet.wrong-sink.url=" + server.url(),
                    "camel.kamelet.wrong-sink.fault=" + fault,
                    "camel.kamelet.wrong-sink.repeat=" + repeat);
            // then
            caught(report, check);
        }
    }

    @Test
    void aCallThatDoesNotEndIsCaught() throws Exception {
        // given
        try (InvoiceServer server = new InvoiceServer()) {
            // when
            Report report = run(
                    Duration.ofSeconds(2),
                    Set.of(Check.TIMEOUT),
                    "camel.kamelet.wrong-sink.url=" + server.url(),
                    "camel.kamelet.wrong-sink.fault=waits-for-ever");
            // then
            caught(report, "timeout");
            assertThat(report.results().get(1).verdict().remedy()).contains("caravan.delivery.lease");
        }
    }

    @ParameterizedTest(name = "{0} is caught by {1}")
    @CsvSource({"writes-formulas, odd-text", "writes-a-file-each-time, answer-lost"})
    void aFaultInFilesIsCaught(String fault, String check) throws Exception {
        // given
        Path out = Files.createDirectory(directory.resolve("out"));
        // when
        Report report = run(
                Set.of(Check.of(check)),
                "camel.kamelet.wrong-sink.directory=" + out,
                "camel.kamelet.wrong-sink.fault=" + fault,
                "camel.kamelet.wrong-sink.repeat=safe");
        // then
        caught(report, check);
    }

    @Test
    void withoutAFaultTheyPass() throws Exception {
        // given
        try (InvoiceServer server = new InvoiceServer().accounts("acme").authorization("Bearer s3cret")) {
            // when
            Report toServer = run(
                    Set.of(), "camel.kamelet.wrong-sink.url=" + server.url(), "camel.kamelet.wrong-sink.token=s3cret");
            Report toFiles = run(
                    Set.of(Check.ANSWER_LOST, Check.ODD_TEXT, Check.READ_BACK),
                    "camel.kamelet.wrong-sink.directory=" + Files.createDirectory(directory.resolve("out")),
                    "camel.kamelet.wrong-sink.repeat=never");
            // then
            assertThat(toServer.results())
                    .filteredOn(result -> result.verdict().state() != Verdict.State.PASSED)
                    .extracting(ConnectorTest.Result::check)
                    .containsExactly(Check.SAME_KEY_OTHER_CONTENT);
            assertThat(toFiles.results())
                    .filteredOn(result -> result.verdict().isFailed())
                    .isEmpty();
            assertThat(toServer.sent())
                    .allSatisfy(sent -> assertThat(sent.number()).startsWith(toServer.prefix()));
            assertThat(toServer.sent().stream()
                            .flatMap(sent -> sent.references().stream())
                            .toList())
                    .containsAll(server.invoices().stream()
                            .map(InvoiceServer.Invoice::id)
                            .toList());
        }
    }

    @Test
    void whereNothingCanBeCommittedNothingElseIsTried() throws Exception {
        // given
        try (InvoiceServer server = new InvoiceServer().accounts("zen")) {
            // when
            Report report = run(Set.of(), "camel.kamelet.wrong-sink.url=" + server.url());
            // then
            assertThat(report.count(Verdict.State.FAILED)).isOne();
            assertThat(report.count(Verdict.State.SKIPPED)).isEqualTo(Check.values().length - 1L);
            assertThat(report.results().get(0).verdict().remedy()).contains("--account");
        }
    }

    private static Report run(Set<Check> checks, String... settings) throws Exception {
        return run(Duration.ofSeconds(20), checks, settings);
    }

    private static Report run(Duration limit, Set<Check> checks, String... settings) throws Exception {
        List<String> all = Tested.settings(settings);
        all.add("caravan.connectors.directory=src/test/resources/wrong-connectors");
        return Tested.of("wrong", checks, all, limit);
    }

    private static void caught(Report report, String check) {
        assertThat(Tested.words(report)).as("%s", report.results()).containsEntry("commit", "passed");
        assertThat(Tested.words(report)).as("%s", report.results()).containsEntry(check, "failed");
        assertThat(report.results().get(1).verdict().remedy()).isNotBlank();
    }
}
