package org.caravan.hub.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConnectorTestCommandTest {
    @TempDir
    Path home;

    @Test
    void aConnectorThatKeepsTheContractEndsWithZeroAndNamesWhatTheTargetGot() throws Exception {
        // given
        Path out = Files.createDirectory(home.resolve("out"));
        // when
        Console.Answer answer = caravan(
                "csv-directory",
                "--yes",
                "--json",
                "--only",
                "answer-lost",
                "--only",
                "too-many-requests",
                "--set",
                "camel.kamelet.csv-directory-sink.directory=" + out);
        // then
        assertThat(answer.exitCode()).as(answer.err()).isZero();
        JsonNode report = new ObjectMapper().readTree(answer.out());
        assertThat(report.path("repeat").asText()).isEqualTo("safe");
        assertThat(report.path("passed").asInt()).isEqualTo(2);
        assertThat(report.path("failed").asInt()).isZero();
        assertThat(report.path("skipped").asInt()).isOne();
        assertThat(report.path("checks").findValuesAsText("check"))
                .containsExactly("commit", "answer-lost", "too-many-requests");
        try (Stream<Path> files = Files.list(out)) {
            assertThat(report.path("documents").findValues("references").stream()
                            .map(references -> references.get(0).asText())
                            .toList())
                    .containsExactlyInAnyOrderElementsOf(
                            files.map(file -> file.getFileName().toString())
                                    .filter(name -> !name.startsWith("."))
                                    .toList())
                    .hasSize(3)
                    .allMatch(name -> name.contains("TEST-"));
        }
    }

    @Test
    void aConnectorThatDoesNotEndsWithOneAndSaysWhatToChange() throws Exception {
        // given
        Path out = Files.createDirectory(home.resolve("out"));
        // when
        Console.Answer answer = caravan(
                "wrong",
                "--yes",
                "--only",
                "odd-text",
                "--set",
                "caravan.connectors.directory="
                        + Path.of("src/test/resources/wrong-connectors").toAbsolutePath(),
                "--set",
                "camel.kamelet.wrong-sink.fault=writes-formulas",
                "--set",
                "camel.kamelet.wrong-sink.directory=" + out);
        // then
        assertThat(answer.exitCode()).as(answer.err()).isOne();
        assertThat(answer.out())
                .containsPattern("odd-text +failed +a cell of TEST-\\S+[.]csv begins with =")
                .contains("odd-text: put an apostrophe before text")
                .contains("What the target of wrong may have by now; remove it there:")
                .containsPattern("TEST-\\S+-001 +0[.]46 +EUR +caravan-test +committed +TEST-\\S+-001")
                .contains("wrong (lookup): 1 passed, 1 failed, 0 skipped");
    }

    @Test
    void nothingIsSentWithoutAYesOrWithAWrongWord() throws Exception {
        // given
        Path out = Files.createDirectory(home.resolve("out"));
        String directory = "camel.kamelet.csv-directory-sink.directory=" + out;
        // when
        Console.Answer unconfirmed = caravan("csv-directory", "--set", directory);
        Console.Answer mistyped = caravan("csv-directory", "--yes", "--only", "credit-notes", "--set", directory);
        Console.Answer nobody = caravan("csv-directry", "--yes");
        Console.Answer nameless = caravan("--yes");
        // then
        assertThat(List.of(unconfirmed, mistyped, nobody, nameless))
                .allSatisfy(answer -> assertThat(answer.exitCode()).isEqualTo(2));
        assertThat(unconfirmed.err()).contains("nothing was sent").contains("--yes");
        assertThat(mistyped.err()).contains("did you mean 'credit-note'");
        assertThat(nobody.err()).contains("did you mean 'csv-directory'");
        assertThat(nameless.err()).contains("NAME is missing");
        assertThat(out).isEmptyDirectory();
    }

    @Test
    void theChecksCanBeListed() throws Exception {
        // given / when
        Console.Answer text = caravan("--list");
        Console.Answer json = caravan("--list", "--json");
        // then
        assertThat(text.exitCode()).isZero();
        assertThat(text.out()).contains("same-key-other-content").contains("sub-cent-price");
        assertThat(new ObjectMapper().readTree(json.out()).path("checks")).hasSize(16);
    }

    private Console.Answer caravan(String... args) {
        List<String> all = new ArrayList<>(List.of("connector", "test"));
        all.addAll(List.of(args));
        return new Console(home).run(all);
    }
}
