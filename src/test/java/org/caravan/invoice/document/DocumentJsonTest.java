package org.caravan.invoice.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.caravan.common.UserError;
import org.junit.jupiter.api.Test;

class DocumentJsonTest {
    private static Document document() {
        return Sums.of()
                .use("vm/ü😀", "m1", "hour", "1E+3", "0.000000000000000000000000000001")
                .use("vm2", "m1", "hour", "2", "0.05")
                .use("vm2", "m2", "hour", "2", null)
                .told("vm2", "m1", "{\"name\":\"=cmd\",\"nested\":{\"b\":1,\"a\":[1.0,null]},\"big\":1e400}")
                .document(
                        new Sums.Profile().tax("GST", "15").discount("2.5", "0").build());
    }

    private static String text() {
        return new String(DocumentJson.write(document()), StandardCharsets.UTF_8);
    }

    @Test
    void whatIsWrittenIsReadBackEqual() {
        // given
        Document document = document();
        // when
        byte[] bytes = DocumentJson.write(document);
        Document read = DocumentJson.read(bytes);
        // then
        assertThat(read).isEqualTo(document);
        assertThat(DocumentJson.write(read)).isEqualTo(bytes);
    }

    @Test
    void decimalsAreStringsWithoutExponentAndKeysKeepTheirOrder() {
        // given, when
        String json = text();
        // then
        assertThat(json)
                .startsWith("{\"schemaVersion\":1,\"kind\":\"invoice\",\"key\":\"hub:acme:2026-10:1\",\"number\":")
                .contains("\"quantity\":\"1000\",\"unitPrice\":\"0.000000000000000000000000000001\"")
                .contains("\"rate\":\"1\"")
                .endsWith("\"total\":\"0.12\"}");
    }

    @Test
    void whatIsNoDocumentIsRefused() {
        // given
        String json = text();
        // when, then
        assertThatThrownBy(() -> read("[]")).isInstanceOf(UserError.class);
        assertThatThrownBy(() -> read("{}")).isInstanceOf(UserError.class);
        assertThatThrownBy(() -> read(json.replace("\"total\":", "\"totl\":"))).isInstanceOf(UserError.class);
        assertThatThrownBy(() -> read(json.replace("\"total\":\"0.12\"", "\"total\":0.12")))
                .isInstanceOf(UserError.class);
        assertThatThrownBy(() -> read(json.replace("\"total\":\"0.12\"", "\"total\":\"1e9999999\"")))
                .isInstanceOf(UserError.class);
        assertThatThrownBy(() -> read(json.replace("\"schemaVersion\":1", "\"schemaVersion\":2")))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("schema version 2");
    }

    @Test
    void theSchemaRefusesWhatReadersWouldTrip() {
        // given
        String json = text();
        // when, then
        assertThat(Sums.violations(json)).isEmpty();
        assertThat(Sums.violations(json.replace("\"total\":\"0.12\"", "\"total\":0.12")))
                .isNotEmpty();
        assertThat(Sums.violations(json.replace("\"total\":\"0.12\"", "\"total\":\"1e2\"")))
                .isNotEmpty();
        assertThat(Sums.violations(json.replace("\"total\":", "\"sum\":"))).isNotEmpty();
        assertThat(Sums.violations(json.replace("\"month\":\"2026-10\"", "\"month\":\"2026-13\"")))
                .isNotEmpty();
        assertThat(Sums.violations(json.replace("\"kind\":\"usage\"", "\"kind\":\"gift\"")))
                .isNotEmpty();
    }

    private static Document read(String json) {
        return DocumentJson.read(json.getBytes(StandardCharsets.UTF_8));
    }
}
