package org.caravan.invoice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.YearMonth;
import java.util.Map;
import java.util.function.Function;
import org.caravan.common.ConfigNode;
import org.caravan.common.UserError;
import org.caravan.invoice.ConnectorInfo.Repeat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectorInfoTest {
    @Test
    void aKameletThatDeclaresNothingIsNeverRepeatedAndTakesNoProforma() {
        // given
        String kamelet = "kind: Kamelet\nmetadata: {name: x-sink}\n";

        // when
        ConnectorInfo info = ConnectorInfo.parse("x", kamelet, "x-sink.kamelet.yaml");

        // then
        assertThat(info).isEqualTo(new ConnectorInfo("x", Repeat.NEVER, false));
    }

    @Test
    void itsAnnotationsAreRead() {
        // given
        String kamelet =
                """
                kind: Kamelet
                metadata:
                  name: x-sink
                  annotations:
                    caravan/repeat: safe
                    caravan/proforma: "true"
                    caravan/batch: "1"
                """;

        // when
        ConnectorInfo info = ConnectorInfo.parse("x", kamelet, "x-sink.kamelet.yaml");

        // then
        assertThat(info).isEqualTo(new ConnectorInfo("x", Repeat.SAFE, true));
    }

    @Test
    void aTargetPromisesWhatItIsTold() {
        // given
        String kamelet =
                """
                kind: Kamelet
                metadata:
                  annotations:
                    caravan/repeat: "{{repeat}}"
                    caravan/lookup: findUrl
                spec:
                  definition:
                    properties:
                      repeat: {type: string, default: lookup}
                      findUrl: {type: string}
                """;
        Map<String, String> said = Map.of(
                "camel.kamelet.x-sink.repeat", "never",
                "camel.kamelet.x-sink.acme.repeat", "safe",
                "camel.kamelet.x-sink.zen.repeat", "lookup",
                "camel.kamelet.x-sink.zen.findUrl", "http://erp",
                "camel.kamelet.x-sink.blind.repeat", "lookup",
                "camel.kamelet.x-sink.odd.repeat", "loookup");
        Function<String, Repeat> repeat =
                name -> ConnectorInfo.of(name, ConfigNode.parse(kamelet, "x-sink.kamelet.yaml", "connector"), said::get)
                        .repeat();

        // when / then: own settings before those of the Kamelet; one that can't be asked can't promise to be
        assertThat(repeat.apply("x")).isEqualTo(Repeat.NEVER);
        assertThat(repeat.apply("x/acme")).isEqualTo(Repeat.SAFE);
        assertThat(repeat.apply("x/zen")).isEqualTo(Repeat.LOOKUP);
        assertThat(repeat.apply("x/blind")).isEqualTo(Repeat.NEVER);
        assertThatThrownBy(() -> repeat.apply("x/odd"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("x-sink.kamelet.yaml:4")
                .hasMessageContaining("did you mean 'lookup'");
    }

    @Test
    void aLaneIsNamedByWhatTheDocumentSays() {
        // given
        String kamelet = "kind: Kamelet\nmetadata:\n  annotations:\n    caravan/lane: \"odoo {currency}/{account}\"\n";
        IssuedDocument document = new IssuedDocument(
                1,
                "k",
                "N",
                "invoice",
                "me",
                "$1 {kind}",
                YearMonth.of(2026, 10),
                1,
                false,
                "EUR",
                BigDecimal.ONE,
                BigDecimal.ONE,
                1,
                Instant.EPOCH);

        // when
        ConnectorInfo info = ConnectorInfo.parse("x", kamelet, "x-sink.kamelet.yaml");

        // then: what stands in a name is no placeholder
        assertThat(info.lane(document)).isEqualTo("odoo EUR/$1 {kind}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{acount}", "{currency", "a}", "{}"})
    void aLaneThatNamesNothingKnownIsRefused(String lane) {
        // given
        String kamelet = "kind: Kamelet\nmetadata:\n  annotations:\n    caravan/lane: '" + lane + "'\n";

        // when / then
        assertThatThrownBy(() -> ConnectorInfo.parse("x", kamelet, "x-sink.kamelet.yaml"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("x-sink.kamelet.yaml:4");
    }

    @Test
    void aMistypedRepeatNamesItsPlaceAndTheNearestWord() {
        // given
        String kamelet = "kind: Kamelet\nmetadata:\n  annotations:\n    caravan/repeat: save\n";

        // when / then
        assertThatThrownBy(() -> ConnectorInfo.parse("x", kamelet, "x-sink.kamelet.yaml"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("x-sink.kamelet.yaml:4")
                .hasMessageContaining("safe");
    }

    @Test
    void aConnectorSaysHowManyDocumentsItTakesTogether() {
        // given
        String kamelet = "kind: Kamelet\nmetadata:\n  annotations:\n    caravan/batch: \"40\"\n";

        // when / then
        assertThat(ConnectorInfo.parse("x", kamelet, "x-sink.kamelet.yaml").batch())
                .isEqualTo(40);
        for (String wrong : new String[] {"0", "1001", "-1", "many"}) {
            assertThatThrownBy(() -> ConnectorInfo.parse("x", kamelet.replace("40", wrong), "x-sink.kamelet.yaml"))
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining("x-sink.kamelet.yaml:4")
                    .hasMessageContaining("'" + wrong + "' is no number of documents from 1 to 1000");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "A", "a b", "a/", "/b", "a/b/c", "a//b", "../a", "-a", "a-", "a?x=y", "a,b", "${x}"})
    void aNameThatCouldLeaveItsPlaceInAUriIsRefused(String name) {
        // given / when / then
        assertThatThrownBy(() -> ConnectorInfo.checkName(name)).isInstanceOf(UserError.class);
    }
}
