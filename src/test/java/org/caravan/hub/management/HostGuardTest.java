package org.caravan.hub.management;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostGuardTest {
    private final HostGuard guard = new HostGuard(List.of("127.0.0.1", "hub.Example"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.0.0.1:9535",
                "10.1.2.3:80",
                "[::1]:9535",
                "[fe80::1]",
                "localhost",
                "LOCALHOST:9535",
                "hub.example",
                "HUB.example:9535"
            })
    void aHostOfOursIsServed(String host) {
        // given, when
        boolean ours = guard.isOurs(host);
        // then
        assertThat(ours).isTrue();
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                "evil.example",
                "evil.example:9535",
                "localhost.evil.example",
                "127.0.0.1.evil.example",
                "evil.example#127.0.0.1",
                "1.2.3",
                "[evil.example]",
                ":9535"
            })
    void anyOtherHostIsNot(String host) {
        // given, when
        boolean ours = guard.isOurs(host);
        // then
        assertThat(ours).isFalse();
    }
}
