package org.caravan.invoice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.YearMonth;
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
    void aConnectorThatWantsArraysIsRefused() {
        // given
        String kamelet = "kind: Kamelet\nmetadata:\n  annotations:\n    caravan/batch: \"40\"\n";

        // when / then
        assertThatThrownBy(() -> ConnectorInfo.parse("x", kamelet, "x-sink.kamelet.yaml"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("one by one");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "A", "a b", "a/b", "../a", "-a", "a-", "a?x=y", "a,b", "${x}"})
    void aNameThatCouldLeaveItsPlaceInAUriIsRefused(String name) {
        // given / when / then
        assertThatThrownBy(() -> ConnectorInfo.checkName(name)).isInstanceOf(UserError.class);
    }
}
