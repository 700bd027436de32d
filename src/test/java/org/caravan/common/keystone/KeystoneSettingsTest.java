package org.caravan.common.keystone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeystoneSettingsTest {
    @Test
    void anAddressMayNameTheVersionAndEndInSlashesOrNot() {
        // given / when / then
        for (String text : new String[] {"https://id.example/v3", "https://id.example", " https://id.example/v3// "}) {
            assertThat(KeystoneSettings.url(text)).as(text).hasToString("https://id.example/v3");
        }
        assertThat(KeystoneSettings.url("http://10.0.0.1/identity/")).hasToString("http://10.0.0.1/identity/v3");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "id.example:5000",
                "ftp://id.example",
                "http://",
                "http://user:secret@id.example/v3",
                "http://id.example/v3?x=1",
                "not an address"
            })
    void whatIsNoAddressIsRefusedWithoutBeingRepeated(String text) {
        // given / when / then
        assertThatThrownBy(() -> KeystoneSettings.url(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("expected an address")
                .hasMessageNotContaining("secret");
    }
}
