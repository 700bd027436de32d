package org.caravan.api.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import org.caravan.api.http.ApiError;
import org.caravan.api.http.Authenticator;
import org.caravan.testing.Database;
import org.junit.jupiter.api.Test;

class FailedKeysTest {
    private static final Instant NOW = Instant.parse("2026-11-01T00:00:00Z");

    private final Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);

    @Test
    void anAddressHasToWaitOnceItShowedTooManyAndOthersHaveNot() {
        // given
        FailedKeys failed = new FailedKeys(clock, 2);
        failed.failed("10.0.0.1");
        assertThatCode(() -> failed.refuseTooMany("10.0.0.1")).doesNotThrowAnyException();
        // when
        failed.failed("10.0.0.1");
        // then
        assertThatThrownBy(() -> failed.refuseTooMany("10.0.0.1"))
                .isInstanceOf(ApiError.class)
                .extracting(error -> ((ApiError) error).status())
                .isEqualTo(429);
        assertThatCode(() -> failed.refuseTooMany("10.0.0.2")).doesNotThrowAnyException();
    }

    @Test
    void aNetworkOfIpv6CountsAsOneAddress() {
        // given
        FailedKeys failed = new FailedKeys(clock, 2);
        // when
        failed.failed("2001:db8:1:2::1");
        failed.failed("2001:db8:1:2:ffff::9");
        // then
        assertThatThrownBy(() -> failed.refuseTooMany("2001:db8:1:2::77")).isInstanceOf(ApiError.class);
        assertThatCode(() -> failed.refuseTooMany("2001:db8:1:3::1")).doesNotThrowAnyException();
    }

    @Test
    void addressesByTheHundredThousandTakeBoundedMemory() {
        // given
        FailedKeys failed = new FailedKeys(clock, 2);
        // when
        for (int i = 0; i < 100_000; i++) {
            failed.failed("10." + (i >> 16) + "." + (i >> 8 & 255) + "." + (i & 255));
        }
        // then
        assertThat(failed.addresses()).isEqualTo(10_000);
    }

    @Test
    void wrongKeysCountInWhicheverFormAndAtWhicheverContractTheyCome() {
        // given: contracts that share what they know of wrong keys
        FailedKeys failed = new FailedKeys(Clock.offset(clock, Duration.ZERO), 3);
        ApiKeys keys = new ApiKeys(Database.fresh(), clock);
        Authenticator tokens = new KeyAuthenticator(keys, failed, Set.of(ApiKeys.Kind.OPERATOR), false);
        Authenticator basic = new KeyAuthenticator(keys, failed, Set.of(ApiKeys.Kind.SOURCE), true);
        Authenticator merchants = new MerchantAuthenticator(keys, failed, tokens);
        String pair = Base64.getEncoder().encodeToString("name:wrong".getBytes());
        // when: one wrong key each
        status(401, tokens, Map.of("x-auth-token", "wrong"));
        status(401, basic, Map.of("authorization", "Basic %%%"));
        status(401, merchants, Map.of("authorization", "Basic " + pair));
        // then: none of them listens any more, and whoever shows nothing is nobody, as before
        status(429, tokens, Map.of("authorization", "Bearer wrong"));
        status(429, basic, Map.of("authorization", "Basic " + pair));
        status(429, merchants, Map.of("x-api-key", "a", "x-api-secret", "b"));
        assertThat(tokens.authenticate(Map.of(), "10.0.0.1").user()).isNull();
    }

    private static void status(int expected, Authenticator authenticator, Map<String, String> headers) {
        assertThatThrownBy(() -> authenticator.authenticate(headers, "10.0.0.1"))
                .isInstanceOf(ApiError.class)
                .extracting(error -> ((ApiError) error).status())
                .isEqualTo(expected);
    }
}
