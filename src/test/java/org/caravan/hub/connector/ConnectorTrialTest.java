package org.caravan.hub.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.caravan.common.UserError;
import org.caravan.hub.config.HubConfig;
import org.caravan.invoice.document.DocumentKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConnectorTrialTest {
    private static final String GOOD =
            """
            kind: Kamelet
            metadata:
              name: note-sink
              annotations:
                caravan/repeat: safe
            spec:
              definition:
                title: Note
                required: [prefix]
                properties:
                  prefix: {type: string}
              dependencies: ["camel:core"]
              template:
                from:
                  uri: kamelet:source
                  steps:
                    - setHeader:
                        name: CamelCaravanErpReference
                        simple: "{{prefix}}-${header.CamelCaravanInvoiceNumber}"
            """;

    @TempDir
    Path connectors;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // what is changed | into what | line | said
                "kind: Kamelet | kind: Pipe | 1 | not a Kamelet",
                "caravan/repeat: safe | caravan/repeat: sfae | 5 | did you mean 'safe'",
                "name: note-sink | name: nota-sink | 3 | must be note-sink",
                "title: Note | title: \"Note | 12 | not well-formed",
                "- setHeader: | - setHaeder: | 17 | setHaeder",
                "uri: kamelet:source | urri: kamelet:source | 15 | urri",
                "{{prefix}}- | {{prefxi}}- | 19 | prefxi",
                "${header.CamelCaravanInvoiceNumber} | ${header.Camel | 18 | functionEnd",
                "simple: \"{{prefix}} | simpel: \"{{prefix}} | 19 | simpel",
                "camel:core | camel:slack | 0 | camel-slack; put the jar",
                "uri: kamelet:source | uri: telegram:bots | 0 | camel-telegram",
                "camel:core\"] | camel:telegram\", \"camel:slack\"] | 0 | what is not there: camel-telegram, camel-slack; put",
                "simple: \"{{prefix}} | jq: \"{{prefix}} | 0 | camel-jq",
            })
    void aFileThatCanNotBeUsedIsRefusedWithLineAndReason(String what, String into, int line, String said)
            throws Exception {
        // given
        assertThat(GOOD).contains(what);
        write(GOOD.replace(what, into));
        // when / then
        assertThatThrownBy(() -> ConnectorTrial.of(config("camel.kamelet.note-sink.prefix=N"), "note"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining(line == 0 ? "note-sink.kamelet.yaml" : "note-sink.kamelet.yaml:" + line + ":")
                .hasMessageContaining(said)
                .hasMessageNotContaining("\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "to: \"caravan-invoice:nothing\" | no operation 'nothing'",
                "to: \"http://x?responseTimeuot=1&throwExceptionOnFailure=fasle\" | fasle",
                "process: {ref: \"#class:org.caravan.Nothing\"} | org.caravan.Nothing",
            })
    void aStepThatCamelCanNotMakeIsNamed(String step, String said) throws Exception {
        // given
        write(GOOD + "        - " + step + "\n");
        // when / then
        assertThatThrownBy(() -> ConnectorTrial.of(config("camel.kamelet.note-sink.prefix=N"), "note"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("note-sink.kamelet.yaml")
                .hasMessageContaining(said);
    }

    @Test
    void aFileThatCanBeUsedIsTriedForEachOfItsTargets() throws Exception {
        // given
        write(GOOD);
        // when
        var passed = ConnectorTrial.of(
                config(
                        "caravan.connectors=note/a,note/b",
                        "camel.kamelet.note-sink.prefix=N",
                        "camel.kamelet.note-sink.b.prefix=M"),
                "note");
        // then
        assertThat(passed)
                .isEqualTo(new ConnectorTrial.Passed(
                        "note", List.of("note/a", "note/b"), DocumentKey.sha256(GOOD), List.of()));
    }

    @Test
    void whatItIsToldMustBeWhatItDeclares() throws Exception {
        // given
        write(GOOD);
        // when / then
        assertThatThrownBy(() -> ConnectorTrial.of(config(), "note"))
                .hasMessageContaining("set camel.kamelet.note-sink.prefix");
        assertThatThrownBy(() -> ConnectorTrial.of(
                        config("caravan.connectors=note/a,note/b", "camel.kamelet.note-sink.a.prefix=N"), "note"))
                .hasMessageContaining("set camel.kamelet.note-sink.b.prefix");
        assertThatThrownBy(() -> ConnectorTrial.of(config("camel.kamelet.note-sink.prefxi=N"), "note"))
                .hasMessageContaining("did you mean 'prefix'");
        assertThatThrownBy(() -> ConnectorTrial.of(
                        config("caravan.connectors=note/acme", "camel.kamelet.note-sink.acne.prefix=N"), "note"))
                .hasMessageContaining("no target 'acne' of note; did you mean 'acme'");
        assertThatThrownBy(() -> ConnectorTrial.of(config("caravan.connectors=note/x,noet/x"), "note"))
                .hasMessageContaining(
                        "note/x and noet/x have the same target; give one of them another name, such as noet/x-2")
                .hasMessageNotContaining("\n");
        assertThatThrownBy(() -> HubConnectors.files(config("caravan.connectors=http/acme,sql/acme")))
                .hasMessageContaining("http/acme and sql/acme");
        assertThatThrownBy(() -> KameletProperties.check(config("caravan.connectors=noet/x")))
                .hasMessageContaining("did you mean 'note-sink'");
        assertThatThrownBy(() -> ConnectorTrial.of(config(), "noet")).hasMessageContaining("did you mean 'note'");
    }

    @Test
    void aDatabaseThatIsDownIsNoFaultOfTheFile() throws Exception {
        // given
        Files.copy(Path.of("connectors/sql-sink.kamelet.yaml"), connectors.resolve("sql-sink.kamelet.yaml"));
        // when
        var passed = ConnectorTrial.of(
                config("camel.kamelet.sql-sink.database_name=x", "camel.kamelet.sql-sink.port=1"), "sql");
        // then
        assertThat(passed.warnings()).singleElement().asString().contains("can't reach its target now");
    }

    @Test
    void secretsMayLieInFiles() throws Exception {
        // given
        Path file = Files.writeString(connectors.resolve("secret"), "N'{}\n");
        write(GOOD);
        // when
        var passed = ConnectorTrial.of(config("camel.kamelet.note-sink.prefix={{file:" + file + "}}"), "note");
        // then
        assertThat(passed.warnings()).isEmpty();
        assertThatThrownBy(() -> ConnectorTrial.of(config("camel.kamelet.note-sink.prefix={{file:/nowhere}}"), "note"))
                .hasMessageContaining("secret file /nowhere: can't be read");
    }

    private void write(String text) throws IOException {
        Files.writeString(connectors.resolve("note-sink.kamelet.yaml"), text);
    }

    private HubConfig config(String... settings) {
        List<String> all = new ArrayList<>(List.of("caravan.connectors.directory=" + connectors));
        all.addAll(List.of(settings));
        return new HubConfig.Builder(Path.of(""), Path.of("")).set(all).build();
    }
}
