package org.caravan.api.rating;

import static org.assertj.core.api.Assertions.assertThat;
import static org.caravan.testing.UsageLedger.line;

import java.time.Instant;
import java.util.List;
import org.caravan.api.rating.ReportApi.Reply;
import org.caravan.ledger.Scopes;
import org.caravan.ledger.Sources;
import org.caravan.testing.UsageLedger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ScopeRoutesTest {
    private static final String PATH = "/v2/scope";

    private final UsageLedger ledger = new UsageLedger();
    private final ReportApi api = new ReportApi(ledger);

    @BeforeEach
    void use() throws Exception {
        ledger.read(
                line("a", "vm", "cpu", "1", "2026-10-04T13:00:00Z", ""),
                line("b", "vm", "cpu", "1", "2026-10-31T23:00:00Z", ""));
        ledger.rollUp();
        ledger.read(line("a", "vm", "cpu", "1", "2026-11-02T00:00:00Z", ""));
        ledger.read(
                line("x", "vm", "cpu", "1", "2026-11-02T00:00:00Z", "").replace("{\"t", "{\"realm\":\"other\",\"t"));
    }

    private static String json(String id, String processed, boolean active, String toggled) {
        return "{\"scope_id\":\"" + id
                + "\",\"scope_key\":\"project_id\",\"fetcher\":\"caravan\",\"collector\":\"caravan\","
                + "\"last_processed_timestamp\":" + processed + ",\"active\":" + active
                + ",\"scope_activation_toggle_date\":" + toggled + "}";
    }

    private List<String> ids(String query) {
        Reply reply = api.get(PATH + query);
        return reply.status() == 404
                ? List.of(reply.error())
                : reply.json().get("results").findValuesAsText("scope_id");
    }

    private Reply patch(String body) {
        return api.ask("PATCH", PATH, ReportApi.ADMIN, body);
    }

    @Test
    void aNulInAFilterIsTheCallersFaultAndNoLostLedger() {
        // given / when
        Reply reply = api.get(PATH + "?fetcher=a%00b&active=0");
        // then
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.body()).contains("NUL");
    }

    @Test
    void everyTenantIsAScopeAndProcessedAsFarAsItsUsageGoes() {
        // given / when
        Reply reply = api.get(PATH + "/");
        // then: the tenant of another realm is none
        assertThat(reply.body())
                .isEqualTo("{\"results\":[" + json("a", "\"2026-11-02T01:00:00+00:00\"", true, "null") + ","
                        + json("b", "\"2026-11-01T00:00:00+00:00\"", true, "null") + "]}");
    }

    @Test
    void whereSourcesReportTheScopeIsProcessedAsFarAsAllOfThemAre() throws Exception {
        // given
        Sources sources = new Sources(ledger.database, UsageLedger.CLOCK);
        sources.configure("inbox", "files");
        sources.configure("gnocchi", "gnocchi");
        sources.ratedUntil("inbox", Instant.parse("2026-12-01T00:00:00Z"), false);
        // when / then: one never reported
        assertThat(processed("a")).isEqualTo("2026-11-02T01:00:00+00:00");
        // when
        sources.ratedUntil("gnocchi", Instant.parse("2026-11-20T00:00:00Z"), false);
        // then
        assertThat(processed("a")).isEqualTo("2026-11-20T00:00:00+00:00");
        assertThat(processed("b")).isEqualTo("2026-11-20T00:00:00+00:00");
        // when
        sources.forget("gnocchi");
        // then
        assertThat(processed("a")).isEqualTo("2026-12-01T00:00:00+00:00");
    }

    private String processed(String id) {
        return api.get(PATH + "?scope_id=" + id)
                .json()
                .at("/results/0/last_processed_timestamp")
                .asText();
    }

    @Test
    void aScopeCanBeMadeKnownBeforeItsUsageAndOnlyOnce() throws Exception {
        // given / when
        Reply made = api.post(
                PATH,
                "{\"scope_id\":\"new\",\"last_processed_timestamp\":\"20190716T085501Z\",\"collector\":\"gnocchi\"}");
        // then
        assertThat(made.status()).isEqualTo(200);
        assertThat(made.json().get("collector").asText()).isEqualTo("gnocchi");
        assertThat(made.json().get("last_processed_timestamp").asText()).isEqualTo("2019-07-16T08:55:01+00:00");
        assertThat(made.json().get("scope_activation_toggle_date").asText()).isEqualTo("2026-12-10T12:00:00+00:00");
        assertThat(ids("")).containsExactly("a", "b", "new");
        for (String there : List.of("new", "a")) {
            Reply again = api.post(PATH, "{\"scope_id\":\"" + there + "\",\"last_processed_timestamp\":null}");
            assertThat(again.status()).isEqualTo(409);
            assertThat(again.error())
                    .isEqualTo("Cannot create a scope with an already existing scope_id: " + there + ".");
        }
        // when: it is used
        ledger.read(line("new", "vm", "cpu", "1", "2026-11-03T00:00:00Z", ""));
        // then
        assertThat(processed("new")).isEqualTo("2026-11-03T01:00:00+00:00");
        assertThat(ids("?scope_id=new")).containsExactly("new");
    }

    @Test
    void whatIsSaidOfAScopeStaysAndItsUsageIsBilledAllTheSame() throws Exception {
        // given / when
        Reply off = patch("{\"scope_id\":\"a\",\"active\":false,\"fetcher\":\"keystone\"}");
        // then
        assertThat(off.json().get("active").booleanValue()).isFalse();
        assertThat(off.json().get("fetcher").asText()).isEqualTo("keystone");
        assertThat(off.json().get("scope_activation_toggle_date").asText()).isEqualTo("2026-12-10T12:00:00+00:00");
        assertThat(ids("?active=0")).containsExactly("a");
        assertThat(ids("?active=1")).containsExactly("b");
        assertThat(ids("?active=0,1")).containsExactly("a", "b");
        assertThat(new Scopes(ledger.database, UsageLedger.CLOCK).inactive("default"))
                .containsExactly("a");
        // when
        ledger.execute("update scope set toggled_at = '2026-12-01T00:00:00Z'");
        assertThat(ledger.read(line("a", "vm", "cpu", "5", "2026-11-05T00:00:00Z", ""))
                        .accepted())
                .isOne();
        Reply again = patch("{\"scope_id\":\"a\",\"active\":false}");
        // then: nothing was toggled
        assertThat(again.json().get("scope_activation_toggle_date").asText()).isEqualTo("2026-12-01T00:00:00+00:00");
        assertThat(again.json().get("fetcher").asText()).isEqualTo("keystone");
        assertThat(again.json().get("last_processed_timestamp").asText()).isEqualTo("2026-11-05T01:00:00+00:00");
        // when
        Reply on = patch("{\"scope_id\":\"a\",\"active\":1}");
        // then
        assertThat(on.json().get("active").booleanValue()).isTrue();
        assertThat(on.json().get("scope_activation_toggle_date").asText()).isEqualTo("2026-12-10T12:00:00+00:00");
    }

    @Test
    void scopesAreFilteredAndPaged() {
        // given
        patch("{\"scope_id\":\"b\",\"collector\":\"col2\",\"scope_key\":\"key2\"}");
        api.post(PATH, "{\"scope_id\":\"c\",\"fetcher\":\"fet2\"}");
        // when / then
        assertThat(ids("?limit=2")).containsExactly("a", "b");
        assertThat(ids("?limit=2&offset=2")).containsExactly("c");
        assertThat(ids("?scope_id=c,a")).containsExactly("a", "c");
        assertThat(ids("?scope_id=c&scope_id=b")).containsExactly("b", "c");
        assertThat(ids("?collector=col2")).containsExactly("b");
        assertThat(ids("?collector=col2,caravan&fetcher=caravan")).containsExactly("a", "b");
        assertThat(ids("?scope_key=key2")).containsExactly("b");
        for (String none : List.of("?offset=20", "?scope_id=x", "?scope_key=nope", "?fetcher=%27%20or%201=1")) {
            assertThat(ids(none)).as(none).containsExactly("No resource found for provided filters.");
        }
    }

    @Test
    void wrongInputIsNamedAndNothingChanges() {
        // given / when / then
        assertThat(patch("{\"scope_id\":\"nobody\",\"active\":true}").status()).isEqualTo(404);
        assertThat(patch("{\"scope_id\":\"x\",\"active\":true}").error())
                .isEqualTo("No resource found for provided filters.");
        assertThat(patch("{\"active\":true}").error())
                .isEqualTo("Invalid data '{'active': True}' : required key not provided (path: '['scope_id']')");
        assertThat(api.post(PATH, "{\"scope_id\":\"n\",\"state\":\"2019-07-16T08:55:01+00:00\"}")
                        .error())
                .isEqualTo("Invalid data '{'scope_id': 'n', 'state': '2019-07-16T08:55:01+00:00'}' : extra keys not"
                        + " allowed (path: '['state']')");
        for (String wrong : List.of(
                "",
                "[]",
                "{bad",
                "{\"scope_id\":7}",
                "{\"scope_id\":\"\"}",
                "{\"scope_id\":[\"n\"]}",
                "{\"scope_id\":\"a\\u0000\"}",
                "{\"scope_id\":\"\\ud800\"}",
                "{\"scope_id\":\"" + "n".repeat(256) + "\"}",
                "{\"scope_id\":\"n\",\"active\":\"maybe\"}",
                "{\"scope_id\":\"n\",\"last_processed_timestamp\":\"soon\"}",
                "{\"scope_id\":\"n\",\"last_processed_timestamp\":20190716}",
                "{\"scope_id\":\"n\",\"fetcher\":{}}")) {
            assertThat(api.post(PATH, wrong).status()).as(wrong).isEqualTo(400);
        }
        for (String wrong : List.of("active=2", "active=x", "limit=0", "limit=100001", "state=1", "offset=x")) {
            assertThat(api.get(PATH + "?" + wrong).status()).as(wrong).isEqualTo(400);
        }
        assertThat(ids("")).containsExactly("a", "b");
    }

    @Test
    void onlyAdministratorsSeeAndChangeScopes() {
        // given / when / then
        for (String method : List.of("GET", "POST", "PATCH")) {
            String body = method.equals("GET") ? null : "{\"scope_id\":\"a\",\"active\":false}";
            Reply refused = api.ask(method, PATH, "a", body);
            assertThat(refused.status()).isEqualTo(403);
            assertThat(refused.error())
                    .isEqualTo("Policy doesn't allow scope:" + method.toLowerCase(java.util.Locale.ROOT)
                            + "_state to be performed.");
            assertThat(api.ask(method, PATH, null, body).status()).isEqualTo(401);
        }
        assertThat(ids("?active=0")).containsExactly("No resource found for provided filters.");
    }
}
