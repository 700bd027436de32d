package org.caravan.api.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.caravan.api.http.ApiError;
import org.caravan.api.http.Caller;
import org.caravan.common.keystone.KeystoneClient;
import org.caravan.common.keystone.KeystoneLogin;
import org.caravan.common.keystone.KeystoneSettings;
import org.caravan.invoice.MovableClock;
import org.caravan.testing.FakeKeystone;
import org.caravan.testing.FakeKeystone.Mood;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KeystoneAuthenticatorTest {
    private static final KeystoneLogin BY_PASSWORD =
            new KeystoneLogin.Password(FakeKeystone.USER, "Default", "service", "Default", FakeKeystone.PASSWORD);

    private final MovableClock clock = new MovableClock("2026-11-21T20:55:14Z");
    private final FakeKeystone keystone;
    private final KeystoneAuthenticator authenticator;

    KeystoneAuthenticatorTest() throws Exception {
        keystone = new FakeKeystone(clock);
        authenticator = authenticator(BY_PASSWORD, clock, KeystoneRules.defaults());
    }

    private KeystoneAuthenticator impatient(String url) {
        return new KeystoneAuthenticator(
                new KeystoneClient(
                        new KeystoneSettings(KeystoneSettings.url(url), BY_PASSWORD, Duration.ofMillis(300), 4), clock),
                KeystoneRules.defaults(),
                clock);
    }

    @AfterEach
    void stop() {
        keystone.close();
    }

    private KeystoneAuthenticator authenticator(KeystoneLogin login, Clock here, KeystoneRules rules) {
        KeystoneSettings settings =
                new KeystoneSettings(KeystoneSettings.url(keystone.url()), login, Duration.ofSeconds(30), 16);
        return new KeystoneAuthenticator(new KeystoneClient(settings, here), rules, here);
    }

    private Caller ask(String token) {
        return authenticator.authenticate(Map.of("x-auth-token", token), "here");
    }

    private static void assertStatus(int status, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(ApiError.class, e -> assertThat(e.status())
                .isEqualTo(status));
    }

    @Test
    void aTokenIsItsUserItsProjectAndItsRoles() {
        // given
        String member = keystone.issue("u1", "alpha", "member", "reader");
        String admin = keystone.issue("u2", "admin", "Admin", "member", "reader");
        String other = keystone.issue("u3", "beta", "auditor");
        String unscoped = keystone.issue("u4", null);
        // when / then
        assertThat(ask(member)).isEqualTo(new Caller("u1", "alpha", Set.of("member", "reader"), Caller.Kind.KEYSTONE));
        assertThat(ask(member).isReader()).isTrue();
        assertThat(ask(member).isAdmin()).isFalse();
        assertThat(ask(admin).isAdmin()).isTrue();
        assertThat(ask(other).isReader()).isFalse();
        assertThat(ask(unscoped)).isEqualTo(new Caller("u4", null, Set.of(), Caller.Kind.KEYSTONE));
        assertThat(authenticator.authenticate(Map.of("authorization", "Bearer " + member), "here"))
                .isEqualTo(ask(member));
        assertThat(authenticator.authenticate(Map.of(), "here")).isEqualTo(Caller.NOBODY);
    }

    @Test
    void wrongTokensByTheDozenAreNotAskedOfKeystoneAnyMoreAndKnownOnesComeThrough() {
        // given: many users behind one address
        String known = keystone.issue("u1", "alpha", "reader");
        ask(known);
        for (int i = 0; i < FailedKeys.DEFAULT_MOST; i++) {
            String wrong = "wrong-" + i;
            assertStatus(401, () -> ask(wrong));
            // one and the same counts once
            assertStatus(401, () -> ask(wrong));
        }
        int asked = keystone.validations();
        // when / then
        assertStatus(429, () -> ask("wrong-again"));
        assertThat(keystone.validations()).isEqualTo(asked);
        assertThat(ask(known).user()).isEqualTo("u1");
        assertThat(authenticator
                        .authenticate(Map.of("x-auth-token", keystone.issue("u2", "beta", "reader")), "elsewhere")
                        .user())
                .isEqualTo("u2");
    }

    @Test
    void whichRolesMeanAdministratorIsSaidByTheSettingsAlone() {
        // given
        KeystoneAuthenticator strict = authenticator(
                BY_PASSWORD,
                clock,
                new KeystoneRules(Set.of("rating"), Set.of("viewer"), Duration.ZERO, Duration.ZERO, 10));
        String admin = keystone.issue("u1", "admin", "admin", "reader");
        String rating = keystone.issue("u2", "service", "rating");
        // when / then
        Caller usual = strict.authenticate(Map.of("x-auth-token", admin), "here");
        assertThat(usual.isAdmin()).isFalse();
        assertThat(usual.isReader()).isFalse();
        assertThat(strict.authenticate(Map.of("x-auth-token", rating), "here").isAdmin())
                .isTrue();
    }

    @Test
    void aTokenThatKeystoneDoesNotKnowIsA401AndSoIsWhatCanBeNone() {
        // given
        String key = "caravan_1_" + "a".repeat(43);
        // when / then
        for (String token :
                List.of("gAAAAunknown", key, "", "a b", "x\r\nX-Auth-Token: y", "naïve", "x".repeat(8193))) {
            assertStatus(401, () -> ask(token));
        }
        assertThat(keystone.validations()).isEqualTo(1);
        assertThat(keystone.hasSeen(key)).isFalse();
    }

    @Test
    void anAnswerIsRememberedForAWhile() {
        // given
        String token = keystone.issue("u1", "alpha", "member");
        // when
        for (int i = 0; i < 31; i++) {
            ask(token);
        }
        // then
        assertThat(keystone.validations()).isEqualTo(1);
        assertThat(keystone.logins()).isEqualTo(1);
        // when it is revoked and the while is over
        keystone.revoke(token);
        clock.move(Duration.ofMinutes(5).minusSeconds(1));
        assertThat(ask(token).user()).isEqualTo("u1");
        clock.move(Duration.ofSeconds(1));
        // then
        assertStatus(401, () -> ask(token));
    }

    @Test
    void aTokenIsNeverTakenPastItsEndNorAWrongOneRefusedForLong() {
        // given
        keystone.life(Duration.ofMinutes(2));
        String token = keystone.issue("u1", "alpha", "member");
        ask(token);
        assertStatus(401, () -> ask("gAAAAwrong"));
        assertStatus(401, () -> ask("gAAAAwrong"));
        assertThat(keystone.validations()).isEqualTo(2);
        // when
        clock.move(Duration.ofSeconds(10));
        // then
        assertStatus(401, () -> ask("gAAAAwrong"));
        assertThat(keystone.validations()).isEqualTo(3);
        // when
        clock.move(Duration.ofSeconds(110));
        // then
        assertStatus(401, () -> ask(token));
    }

    @Test
    void noMoreTokensAreRememberedThanWereAllowedAndWrongOnesPushNoneOut() {
        // given
        KeystoneAuthenticator small = authenticator(
                BY_PASSWORD,
                clock,
                new KeystoneRules(Set.of("admin"), Set.of("reader"), Duration.ofMinutes(5), Duration.ofMinutes(5), 2));
        List<String> tokens = IntStream.range(0, 3)
                .mapToObj(i -> keystone.issue("u" + i, "alpha", "reader"))
                .toList();
        // when
        tokens.subList(0, 2).forEach(token -> small.authenticate(Map.of("x-auth-token", token), "here"));
        for (int i = 0; i < 5; i++) {
            String wrong = "gAAAAwrong" + i;
            assertStatus(401, () -> small.authenticate(Map.of("x-auth-token", wrong), "here"));
        }
        int before = keystone.validations();
        // then
        tokens.subList(0, 2).forEach(token -> small.authenticate(Map.of("x-auth-token", token), "here"));
        assertThat(keystone.validations()).isEqualTo(before);
        tokens.forEach(token -> small.authenticate(Map.of("x-auth-token", token), "here"));
        tokens.forEach(token -> small.authenticate(Map.of("x-auth-token", token), "here"));
        assertThat(keystone.validations()).isGreaterThan(before + 1);
    }

    @Test
    void theOwnTokenIsRenewedBeforeItExpiresAndWhenKeystoneForgetsIt() {
        // given
        ask(keystone.issue("u1", "alpha", "member"));
        // when
        clock.move(Duration.ofMinutes(54));
        ask(keystone.issue("u2", "alpha", "member"));
        // then
        assertThat(keystone.logins()).isEqualTo(1);
        // when
        clock.move(Duration.ofMinutes(1));
        ask(keystone.issue("u3", "alpha", "member"));
        // then
        assertThat(keystone.logins()).isEqualTo(2);
        // when
        keystone.revokeAll();
        ask(keystone.issue("u4", "alpha", "member"));
        // then
        assertThat(keystone.logins()).isEqualTo(3);
    }

    @Test
    void aClockThatIsWrongByHoursFetchesNoTokenForEachRequest() {
        // given
        MovableClock early = new MovableClock("2026-11-21T17:00:00Z");
        KeystoneAuthenticator behind = authenticator(BY_PASSWORD, early, KeystoneRules.defaults());
        keystone.life(Duration.ofHours(9));
        String token = keystone.issue("u1", "alpha", "member");
        String second = keystone.issue("u2", "alpha", "member");
        MovableClock late = new MovableClock("2026-11-22T02:00:00Z");
        keystone.life(Duration.ofHours(1));
        KeystoneAuthenticator ahead = authenticator(BY_PASSWORD, late, KeystoneRules.defaults());
        // when / then
        for (KeystoneAuthenticator wrong : List.of(behind, ahead)) {
            int before = keystone.logins();
            assertThat(wrong.authenticate(Map.of("x-auth-token", token), "here").user())
                    .isEqualTo("u1");
            assertThat(wrong.authenticate(Map.of("x-auth-token", second), "here")
                            .user())
                    .isEqualTo("u2");
            assertThat(keystone.logins()).isEqualTo(before + 1);
        }
    }

    @Test
    void anApplicationCredentialServesAsWell() {
        // given
        KeystoneAuthenticator other = authenticator(
                new KeystoneLogin.ApplicationCredential("a1b2", FakeKeystone.CREDENTIAL_SECRET),
                clock,
                KeystoneRules.defaults());
        // when / then
        assertThat(other.authenticate(Map.of("x-auth-token", keystone.issue("u1", "alpha", "member")), "here")
                        .project())
                .isEqualTo("alpha");
    }

    @ParameterizedTest
    @EnumSource(names = {"SILENT", "STUCK"})
    void aKeystoneThatDoesNotEndItsAnswerIsNotWaitedForAndNobodyIsLetIn(Mood mood) {
        // given
        String token = keystone.issue("u1", "alpha", "admin");
        KeystoneAuthenticator impatient = impatient(keystone.url());
        // when
        keystone.mood(mood);
        // then
        assertStatus(503, () -> impatient.authenticate(Map.of("x-auth-token", token), "here"));
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"WELL", "SILENT", "STUCK"})
    void whileKeystoneGivesNoUsableAnswerNobodyNewIsLetInAndWhoIsRememberedIs(Mood mood) {
        // given
        String known = keystone.issue("u1", "alpha", "member");
        String fresh = keystone.issue("u2", "alpha", "admin");
        ask(known);
        // when
        keystone.mood(mood);
        // then
        assertStatus(503, () -> ask(fresh));
        assertStatus(503, () -> ask("gAAAAwrong"));
        assertThat(ask(known).user()).isEqualTo("u1");
        // when
        keystone.mood(Mood.WELL);
        clock.move(Duration.ofSeconds(2));
        // then
        assertThat(ask(fresh).isAdmin()).isTrue();
        assertStatus(401, () -> ask("gAAAAwrong"));
    }

    @Test
    void aKeystoneThatIsNotThereIsA503AndAsSoonAsItIsThereAllIsWell() throws Exception {
        // given
        String url;
        try (FakeKeystone gone = new FakeKeystone(clock)) {
            url = gone.url();
        }
        KeystoneAuthenticator lost = impatient(url);
        // when / then
        assertStatus(503, () -> lost.authenticate(Map.of("x-auth-token", "gAAAAany"), "here"));
        assertThatThrownBy(() -> lost.authenticate(Map.of("x-auth-token", "gAAAAany"), "here"))
                .cause()
                .hasMessageContaining("caravan.keystone.url");
    }

    @Test
    void aWrongPasswordIsNotTriedAtEveryRequestAndItsRemedyIsSaid() {
        // given
        keystone.password("another");
        String token = keystone.issue("u1", "alpha", "member");
        // when
        for (int i = 0; i < 20; i++) {
            assertStatus(503, () -> ask(token));
        }
        // then
        assertThat(keystone.logins()).isEqualTo(1);
        assertThatThrownBy(() -> ask(token)).cause().hasMessageContaining("caravan.keystone.user");
        // when
        keystone.password(FakeKeystone.PASSWORD);
        clock.move(Duration.ofSeconds(30));
        // then
        assertThat(ask(token).user()).isEqualTo("u1");
    }

    @Test
    void noSecretIsInWhatIsSaidOrThrown() {
        // given
        KeystoneSettings settings =
                new KeystoneSettings(KeystoneSettings.url(keystone.url()), BY_PASSWORD, Duration.ofMillis(500), 4);
        String token = keystone.issue("u1", "alpha", "member");
        StringWriter said = new StringWriter();
        // when
        for (Mood mood :
                List.of(Mood.WELL, Mood.ERROR_500, Mood.GARBAGE, Mood.OTHER_JSON, Mood.REDIRECT, Mood.ENDLESS)) {
            keystone.mood(mood);
            clock.move(Duration.ofMinutes(1));
            try {
                ask(token);
                keystone.revoke(token);
                clock.move(Duration.ofMinutes(5));
                ask(token);
            } catch (ApiError e) {
                e.printStackTrace(new PrintWriter(said, true));
            }
        }
        said.append(settings.toString());
        said.append(new KeystoneLogin.ApplicationCredential("a1b2", FakeKeystone.CREDENTIAL_SECRET).toString());
        // then
        assertThat(said.toString())
                .contains("caravan.keystone.url")
                .doesNotContain(FakeKeystone.PASSWORD)
                .doesNotContain(FakeKeystone.CREDENTIAL_SECRET)
                .doesNotContain(token);
    }

    @Test
    void manyAtOnceFetchOneTokenAndAreAllAnswered() throws Exception {
        // given
        ExecutorService threads = Executors.newFixedThreadPool(16);
        try {
            List<Callable<Caller>> calls = IntStream.range(0, 32)
                    .mapToObj(i -> keystone.issue("u" + i, "alpha", "member"))
                    .<Callable<Caller>>map(token -> () -> ask(token))
                    .toList();
            // when
            List<Future<Caller>> callers = threads.invokeAll(calls);
            // then
            for (int i = 0; i < callers.size(); i++) {
                assertThat(callers.get(i).get().user()).isEqualTo("u" + i);
            }
            assertThat(keystone.logins()).isEqualTo(1);
        } finally {
            threads.shutdownNow();
        }
    }
}
