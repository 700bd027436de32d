package org.caravan.metering.sample;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import org.caravan.common.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against signatures that Python 3 made by Ceilometer's rule, of a sample with all that JSON and Python write differently. */
class SignatureTest {
    private static final String SAMPLE =
            """
            {"source": "openstack", "counter_name": "volume.size", "counter_type": "gauge", "counter_unit": "GB",
            "counter_volume": 20, "user_id": null, "project_id": "acme", "resource_id": "vol-1",
            "timestamp": "2026-10-01T00:05:00.123456", "message_id": "5bd9e8d2-3c1a-11ef-9b2a-0242ac120002",
            "monotonic_time": null, "resource_metadata": {"display_name": "d\\u00e0ta \\"1\\"", "size": 20.5,
            "tiny": 1e-07, "huge": 1e+22, "whole": 3.0, "zero": 0.0, "neg": -0.00012, "bootable": false,
            "attachments": [{"device": "/dev/vdb", "id": 7, "x": null}, "it's", "\\u00e9\\u200b\\ud83d\\ude00", 1.5, true],
            "empty": [], "nested": {"b": 1, "a": {"z": "q", "A": true}}, "instance_uuid": null}}
            """;
    private static final String TEXTS = "731d8b85f6be75198767812ebdc4049c144ee7a67eda6db43513f590c8c474b6";
    private static final String BYTES = "af67fea711e15dfa57b8e9fb6cf70d290a7a1552387891eb1ac32cafb1fa73e6";

    @Test
    void itIsCeilometersOwn() throws Exception {
        assertThat(new Signature("s3cret").of(sample(null), PythonText.Texts.PLAIN))
                .isEqualTo(TEXTS);
        assertThat(new Signature("s3cret").of(sample(null), PythonText.Texts.BYTES))
                .isEqualTo(BYTES);
        assertThat(new Signature("s3cret").isRight(sample(TEXTS))).isTrue();
        assertThat(new Signature("s3cret").isRight(sample(BYTES))).isTrue();
    }

    @Test
    void aChangedSampleAnotherSecretAndNoSignatureAreWrong() throws Exception {
        // given
        ObjectNode changed = sample(TEXTS);
        changed.put("counter_volume", 21);

        // when / then
        assertThat(new Signature("s3cret").isRight(changed)).isFalse();
        assertThat(new Signature("other").isRight(sample(TEXTS))).isFalse();
        assertThat(new Signature("s3cret").isRight(sample(null))).isFalse();
        assertThat(new Signature("s3cret").isRight(sample(""))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "0.1, 0.1",
        "100.0, 100.0",
        "1E+15, 1000000000000000.0",
        "1E+16, 1e+16",
        "1.25E+100, 1.25e+100",
        "0.0001, 0.0001",
        "0.00001, 1e-05",
        "-1.5E-9, -1.5e-09",
        "-0.0, 0.0"
    })
    void numbersAreWrittenAsPythonWritesThem(BigDecimal number, String text) {
        assertThat(PythonText.number(number)).isEqualTo(text);
    }

    private static ObjectNode sample(String signature) throws Exception {
        JsonNode node = Json.mapper()
                .reader()
                .without(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                .readTree(SAMPLE);
        ObjectNode sample = (ObjectNode) node;
        if (signature != null) {
            sample.put(Signature.FIELD, signature);
        }
        return sample;
    }
}
