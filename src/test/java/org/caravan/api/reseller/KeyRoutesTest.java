package org.caravan.api.reseller;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.logging.log4j.Level;
import org.caravan.api.auth.ApiKeys;
import org.caravan.api.auth.ResellerLogins;
import org.caravan.api.subscription.LogLines;
import org.junit.jupiter.api.Test;

/** A portal's key for its user name and password. */
class KeyRoutesTest {
    private static final String KEY = Resale.ADMIN + "/api_key/";
    private static final String PASSWORD = "correct horse battery";

    private final Resale resale = new Resale();
    private final String reseller = resale.reseller();
    private final String user = Resale.fresh("user");

    KeyRoutesTest() throws Exception {
        new ResellerLogins(resale.shop.dataSource, resale.shop.clock, 1_000)
                .set(new ResellerLogins.Login(user, reseller, false), PASSWORD.toCharArray());
    }

    private static String login(String user, String password) {
        return "{\"username\":\"" + user + "\",\"password\":\"" + password + "\"}";
    }

    @Test
    void aLoginGetsOneKeyAndPutReplacesIt() throws Exception {
        // given
        String first =
                resale.show(null).post(KEY, login(user, PASSWORD)).is(200).text("api_key");
        // when
        Resale.Reply again = resale.post(KEY, login(user, PASSWORD));
        resale.show(first).get(Resale.ADMIN + "/providers").is(200);
        String second =
                resale.show(null).put(KEY, login(user, PASSWORD)).is(200).text("api_key");
        // then
        Resale.Reply third = resale.show(null).put(KEY, login(user, PASSWORD)).is(200);
        assertThat(third.json().properties())
                .extracting(field -> field.getKey())
                .containsExactly("api_key", "date_created");
        second = third.text("api_key");
        assertThat(again.is(409).body()).contains("PUT").doesNotContain(PASSWORD);
        resale.show(first).get(Resale.ADMIN + "/providers").is(401);
        resale.show(second).get(Resale.ADMIN + "/providers").is(200);
        assertThat(resale.keys().find(second).orElseThrow().subject()).isEqualTo(reseller);
        assertThat(resale.shop.rows(
                        "select encode(digest, 'escape') from reseller_login where username = '" + user + "'"))
                .noneMatch(kept -> kept.contains("horse"));
    }

    @Test
    void aWrongPasswordOpensNothingAndAfterTwentyOfThemTheAddressWaits() {
        // given
        resale.show(null);
        // when / then
        for (int i = 0; i < 20; i++) {
            resale.post(KEY, login(i % 2 == 0 ? user : "nobody", "wrong password " + i))
                    .is(401);
        }
        assertThat(resale.post(KEY, login(user, PASSWORD)).is(429).headers()).containsKey("Retry-After");
        Instant now = resale.shop.clock.instant();
        resale.shop.clock.at(now.plusSeconds(61).toString());
        resale.post(KEY, login(user, PASSWORD)).is(200);
    }

    @Test
    void whatIsNoLoginIsRefusedWithoutBeingRepeated() {
        // given
        resale.show(null);
        for (String body : List.of("[]", "{}", "{\"username\":\"" + user + "\"}", login(user, ""), "{", "1")) {
            // when / then
            assertThat(resale.post(KEY, body).is(400).body()).doesNotContain(user);
        }
        resale.post(KEY, login(user, "x".repeat(5_000))).is(401);
    }

    @Test
    void neitherPasswordsNorKeysAreLogged() {
        // given
        List<String> keys = new ArrayList<>();
        // when
        List<String> lines = LogLines.during(Level.ALL, () -> {
            resale.show(null).post(KEY, login(user, PASSWORD + " wrong")).is(401);
            keys.add(resale.put(KEY, login(user, PASSWORD)).is(200).text("api_key"));
            resale.show(keys.get(0)).get(Resale.ADMIN + "/providers").is(200);
            resale.show(keys.get(0) + "x").get(Resale.ADMIN + "/providers").is(401);
        });
        // then
        String secret = keys.get(0).substring(keys.get(0).lastIndexOf('_') + 1);
        assertThat(lines).noneMatch(line -> line.contains(PASSWORD) || line.contains(secret));
    }

    @Test
    void keysOfOthersAreNoneHere() throws Exception {
        // given
        String merchants = resale.keys().create(Resale.fresh("k"), ApiKeys.Kind.MERCHANT, reseller);
        String operators = resale.keys().create(Resale.fresh("k"), ApiKeys.Kind.OPERATOR, null);
        // when / then
        resale.show(merchants).get(Resale.ADMIN + "/providers").is(401);
        resale.show(operators).get(Resale.ADMIN + "/providers").is(401);
        assertThat(resale.show(null).get(Resale.ADMIN + "/providers").is(401).body())
                .isEqualTo(
                        "{\"error\":{\"code\":401,\"message\":\"The request you have made requires authentication.\"}}");
        String gone = resale.keys().create(Resale.fresh("k"), ApiKeys.Kind.RESELLER, reseller);
        resale.shop.execute("update merchant set deleted_at = now() where id = ?", reseller);
        resale.show(gone).get(Resale.ADMIN + "/providers").is(401);
    }
}
