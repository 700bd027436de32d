package org.caravan.api.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;
import org.caravan.api.http.ApiError;
import org.caravan.api.http.Caller;
import org.caravan.common.keystone.KeystoneToken;
import org.caravan.testing.Database;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class MerchantAuthenticatorTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-12-10T12:00:00Z"), ZoneOffset.UTC);
    private static final Caller OTHER = new Caller("other", null, Set.of(), Caller.Kind.KEYSTONE);

    private static DataSource database;
    private static ApiKeys keys;
    private static String key;
    private static String secret;

    private final MerchantAuthenticator authenticator =
            new MerchantAuthenticator(keys, CLOCK, (headers, remote) -> OTHER);

    @BeforeAll
    static void make() throws Exception {
        database = Database.fresh();
        keys = new ApiKeys(database, CLOCK);
        String whole = keys.create("shop", ApiKeys.Kind.MERCHANT, "m1");
        int end = whole.indexOf('_', whole.indexOf('_') + 1);
        key = whole.substring(0, end);
        secret = whole.substring(end + 1);
    }

    private static Map<String, String> basic(String user, String password) {
        return Map.of(
                "authorization",
                "Basic "
                        + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void keyAndSecretAreTheMerchant() {
        // given / when / then
        for (Map<String, String> headers :
                java.util.List.of(basic(key, secret), Map.of("x-api-key", key, "x-api-secret", secret))) {
            Caller caller = authenticator.authenticate(headers, "here");
            assertThat(caller.roles()).containsExactly(Caller.MERCHANT);
            assertThat(caller.grant().subject()).isEqualTo("m1");
            assertThat(caller.isAdmin()).isFalse();
        }
        assertThat(authenticator.authenticate(Map.of("x-auth-token", "t"), "here"))
                .isSameAs(OTHER);
        assertThat(authenticator.authenticate(Map.of("authorization", "Bearer x"), "here"))
                .isSameAs(OTHER);
    }

    @Test
    void wrongAndHalfPairsAreRefusedAndTooManyOfThemWait() throws Exception {
        // given
        String revoked = keys.create("old", ApiKeys.Kind.MERCHANT, "m1");
        keys.revoke("old", ApiKeys.Kind.MERCHANT);
        String source = keys.create("kafka", ApiKeys.Kind.SOURCE, "kafka");
        // when / then
        for (Map<String, String> headers : java.util.List.of(
                basic(key, secret.substring(1) + "A"),
                basic(key, ""),
                basic("", secret),
                basic("caravan_999", secret),
                basic(revoked.substring(0, revoked.length() - 44), revoked.substring(revoked.length() - 43)),
                basic(source.substring(0, source.length() - 44), source.substring(source.length() - 43)),
                Map.of("x-api-key", key),
                Map.of("x-api-secret", secret),
                Map.of("authorization", "Basic %%%"))) {
            assertThatThrownBy(() -> authenticator.authenticate(headers, "here"))
                    .isInstanceOfSatisfying(
                            ApiError.class, e -> assertThat(e.status()).isEqualTo(401))
                    .hasMessageNotContaining(secret);
        }
        for (int i = 0; i < 11; i++) {
            assertThatThrownBy(() -> authenticator.authenticate(basic(key, "x"), "here"))
                    .isInstanceOf(ApiError.class);
        }
        assertThatThrownBy(() -> authenticator.authenticate(basic(key, secret), "here"))
                .isInstanceOfSatisfying(
                        ApiError.class, e -> assertThat(e.status()).isEqualTo(429));
        assertThat(authenticator.authenticate(basic(key, secret), "elsewhere").roles())
                .contains(Caller.MERCHANT);
    }

    @Test
    void aTokenOfACustomersProjectIsTheCustomerAndNobodyElse() {
        // given
        CustomerTokens tokens = CustomerTokens.of("bs-admin", "default", KeystoneRules.defaults());
        // when / then
        Caller customer = tokens.apply(token("bs-customer-c1", "default", "bs-admin", "admin"));
        assertThat(customer.roles()).containsExactly(Caller.CUSTOMER);
        assertThat(customer.grant().subject()).isEqualTo("c1");
        assertThat(customer.isAdmin()).isFalse();
        // a project called so in another domain, or without the role, is nobody's, also for who is admin there
        for (KeystoneToken none : java.util.List.of(
                token("bs-customer-c1", "evil", "bs-admin", "admin"),
                token("bs-customer-c1", null, "bs-admin"),
                token("bs-customer-c1", "default", "member", "admin"))) {
            assertThat(tokens.apply(none).roles()).isEmpty();
            assertThat(tokens.apply(none).grant()).isNull();
        }
        assertThat(tokens.apply(token("admins", "default", "admin")).isAdmin()).isTrue();
        // roles of ours are not Keystone's to give
        assertThat(tokens.apply(token("p", "default", "merchant", "customer", "source"))
                        .roles())
                .isEmpty();
        assertThat(CustomerTokens.alone("bs-admin", "default")
                        .apply(token("admins", "default", "admin"))
                        .isAdmin())
                .isFalse();
    }

    private static KeystoneToken token(String project, String domain, String... roles) {
        return new KeystoneToken("u", "p-id", project, domain, Set.of(roles), Instant.MAX);
    }
}
