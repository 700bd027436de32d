package org.caravan.api.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.Map;
import javax.sql.DataSource;
import org.caravan.api.http.ApiError;
import org.caravan.api.http.Caller;
import org.caravan.testing.Database;
import org.junit.jupiter.api.Test;

class ApiKeysTest {
    private final DataSource database = Database.fresh();
    private final ApiKeys keys = new ApiKeys(database, Clock.systemUTC());
    private final KeyAuthenticator authenticator = new KeyAuthenticator(keys, Clock.systemUTC());

    @Test
    void aKeyIsKnownUntilItIsRevokedAndNothingOfItIsKept() throws Exception {
        // given
        String key = keys.create("operator", ApiKeys.Kind.OPERATOR, null);
        String other = keys.create("second", ApiKeys.Kind.OPERATOR, null);
        // when / then
        assertThat(keys.find(key)).map(ApiKeys.Known::name).contains("operator");
        assertThat(everything()).doesNotContain(key.substring(key.lastIndexOf('_') + 1));
        assertThat(keys.revoke("operator", ApiKeys.Kind.OPERATOR)).isTrue();
        assertThat(keys.revoke("operator", ApiKeys.Kind.OPERATOR)).isFalse();
        assertThat(keys.find(key)).isEmpty();
        assertThat(keys.find(other)).isPresent();
        assertThat(keys.find("caravan_99_" + "a".repeat(43))).isEmpty();
        assertThat(keys.find("caravan_2_" + "a".repeat(43))).isEmpty();
        assertThat(keys.find("'; drop table api_key; --")).isEmpty();
    }

    @Test
    void aNameIsThereOnceAmongKeysInForce() throws Exception {
        // given
        keys.create("portal", ApiKeys.Kind.RESELLER, "acme");
        // when / then
        assertThatThrownBy(() -> keys.create("portal", ApiKeys.Kind.RESELLER, "acme"))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("23505"));
        keys.revoke("portal", ApiKeys.Kind.RESELLER);
        assertThat(keys.create("portal", ApiKeys.Kind.RESELLER, "acme")).isNotBlank();
    }

    @Test
    void theOperatorIsKnownByEitherHeaderAndOtherKindsAreNot() throws Exception {
        // given
        String operator = keys.create("operator", ApiKeys.Kind.OPERATOR, null);
        String source = keys.create("meters", ApiKeys.Kind.SOURCE, null);
        // when / then
        assertThat(authenticator
                        .authenticate(Map.of("x-auth-token", operator), "here")
                        .isAdmin())
                .isTrue();
        assertThat(authenticator
                        .authenticate(Map.of("authorization", "bearer " + operator), "here")
                        .isAdmin())
                .isTrue();
        assertThat(authenticator.authenticate(Map.of(), "here")).isEqualTo(Caller.NOBODY);
        assertThatThrownBy(() -> authenticator.authenticate(Map.of("x-auth-token", source), "here"))
                .isInstanceOfSatisfying(
                        ApiError.class, e -> assertThat(e.status()).isEqualTo(401));
    }

    @Test
    void wrongKeysFromOneAddressAreSlowedDownAndNoOtherAddressIs() throws Exception {
        // given
        String operator = keys.create("operator", ApiKeys.Kind.OPERATOR, null);
        // when
        for (int i = 0; i < 20; i++) {
            assertThatThrownBy(() -> authenticator.authenticate(Map.of("x-auth-token", "guess"), "there"))
                    .isInstanceOfSatisfying(
                            ApiError.class, e -> assertThat(e.status()).isEqualTo(401));
        }
        // then
        assertThatThrownBy(() -> authenticator.authenticate(Map.of("x-auth-token", "guess"), "there"))
                .isInstanceOfSatisfying(
                        ApiError.class, e -> assertThat(e.status()).isEqualTo(429));
        assertThat(authenticator
                        .authenticate(Map.of("x-auth-token", operator), "here")
                        .isAdmin())
                .isTrue();
    }

    private String everything() throws SQLException {
        try (Connection connection = database.getConnection();
                Statement select = connection.createStatement();
                ResultSet row = select.executeQuery("select string_agg(k::text, ' ') from api_key k")) {
            row.next();
            return row.getString(1);
        }
    }
}
