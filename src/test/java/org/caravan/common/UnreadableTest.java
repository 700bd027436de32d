package org.caravan.common;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.AccessDeniedException;
import org.junit.jupiter.api.Test;

/** What is said of a file that can't be read. */
class UnreadableTest {
    @Test
    void theRemedyIsThatOfTheCause() {
        // given, when, then
        assertThat(Unreadable.of("tariff /etc/t.yaml", new AccessDeniedException("/etc/t.yaml")))
                .hasMessage("tariff /etc/t.yaml: this user may not read it; give it to the hub's user or group");
        assertThat(Unreadable.of("tariff t.yaml", new MalformedInputException(1)))
                .hasMessage("tariff t.yaml: it is no UTF-8 text; write it as UTF-8");
        assertThat(Unreadable.of("tariff t.yaml", new IOException("Input/output error")))
                .hasMessage("tariff t.yaml: can't be read (Input/output error); see that it is a file and whole");
    }
}
