package org.caravan.hub.management;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SecretsTest {
    @Test
    void everySecretIsMaskedWhereverItStands() {
        // given: one is a part of another
        Secrets secrets = new Secrets(List.of("hush", "hush-hush", ""));
        // when, then
        assertThat(secrets.mask("401 for user:hush-hush@erp, hush hush")).isEqualTo("401 for user:***@erp, *** ***");
        assertThat(secrets.mask("nothing here")).isEqualTo("nothing here");
        assertThat(secrets.mask(null)).isNull();
    }
}
