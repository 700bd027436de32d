package org.caravan.api.rating;

import static org.assertj.core.api.Assertions.assertThat;
import static org.caravan.testing.UsageLedger.line;

import java.time.YearMonth;
import org.caravan.testing.UsageLedger;
import org.junit.jupiter.api.Test;

/** Orders to rate again, and what they are refused with. */
class ReprocessRoutesTest {
    private static final String TASKS = "/v2/task/reprocesses";
    private static final String SCOPE = "/v2/scope";

    private final UsageLedger ledger = new UsageLedger();
    private final ReportApi api = new ReportApi(ledger);

    private void useDecember() throws Exception {
        ledger.read(
                line("acme", "vm", "instance", "2", "2026-12-01T00:00:00Z", ""),
                line("acme", "vm", "instance", "2", "2026-12-01T05:00:00Z", ""),
                line("zen", "vm", "instance", "1", "2026-12-01T00:00:00Z", ""));
    }

    private static String task(String scopes, String start, String end, String reason) {
        return "{\"scope_ids\": " + scopes + ", \"start_reprocess_time\": \"" + start + "\", \"end_reprocess_time\": \""
                + end + "\", \"reason\": \"" + reason + "\"}";
    }

    private void refused(String method, String path, String body, int status, String message) {
        ReportApi.Reply reply = api.ask(method, path, ReportApi.ADMIN, body);
        assertThat(reply.error()).isEqualTo(message);
        assertThat(reply.status()).isEqualTo(status);
    }

    @Test
    void whatIsOrderedIsListedByScopeInEitherOrderAndInPages() throws Exception {
        // given
        useDecember();
        // when
        ReportApi.Reply all = api.post(
                TASKS, task("[\"ALL\"]", "2026-12-01T00:00:00+00:00", "2026-12-01T01:00:00+00:00", "new prices"));
        ReportApi.Reply one =
                api.post(TASKS, task("\"acme\"", "2026-12-01 06:00:00+01:00", "2026-12-01T06:00:00Z", "one hour"));
        // then
        assertThat(all.status()).isEqualTo(202);
        assertThat(all.body()).isEqualTo("{}");
        assertThat(one.status()).isEqualTo(202);
        assertThat(api.get(TASKS + "/acme").body())
                .isEqualTo("{\"results\":[{\"scope_id\":\"acme\",\"reason\":\"one hour\","
                        + "\"start_reprocess_time\":\"2026-12-01T05:00:00+00:00\","
                        + "\"end_reprocess_time\":\"2026-12-01T06:00:00+00:00\",\"current_reprocess_time\":null},"
                        + "{\"scope_id\":\"acme\",\"reason\":\"new prices\","
                        + "\"start_reprocess_time\":\"2026-12-01T00:00:00+00:00\","
                        + "\"end_reprocess_time\":\"2026-12-01T01:00:00+00:00\",\"current_reprocess_time\":null}]}");
        assertThat(reasons("?order=ASC&limit=100")).isEqualTo("new prices acme, new prices zen, one hour acme");
        assertThat(reasons("?order=desc&limit=1&offset=1")).isEqualTo("new prices zen");
        assertThat(reasons("?scope_ids=zen,acme&scope_ids=nobody&order=asc&limit=2"))
                .isEqualTo("new prices acme, new prices zen");
        assertThat(reasons("?scope_ids=nobody")).isEmpty();
        assertThat(api.get(TASKS + "?order=up").status()).isEqualTo(400);
        assertThat(api.get(TASKS + "?bogus=1").status()).isEqualTo(400);
    }

    private String reasons(String query) {
        StringBuilder found = new StringBuilder();
        api.get(TASKS + query).json().get("results").forEach(result -> found.append(found.isEmpty() ? "" : ", ")
                .append(result.get("reason").asText())
                .append(' ')
                .append(result.get("scope_id").asText()));
        return found.toString();
    }

    @Test
    void anOrderThatCanNotBeIsA400ThatSaysWhy() throws Exception {
        // given: acme's November is issued
        ledger.read(line("acme", "vm", "instance", "2", "2026-11-01T00:00:00Z", ""));
        ledger.close("acme", YearMonth.of(2026, 11));
        useDecember();
        api.ask("PATCH", SCOPE, ReportApi.ADMIN, "{\"scope_id\": \"zen\", \"active\": false}");
        String day = "2026-12-01T00:00:00Z";
        String hour = "2026-12-01T01:00:00Z";
        // when, then
        refused(
                "POST",
                TASKS,
                task("\"acme\"", day, hour, " "),
                400,
                "Empty or blank reason text is not allowed. Please, do inform the reason for the reprocessing of a"
                        + " previously processed period.");
        refused(
                "POST",
                TASKS,
                task("\"acme\"", hour, day, "why"),
                400,
                "End reprocessing timestamp [2026-12-01T00:00:00Z] must be after start reprocessing timestamp"
                        + " [2026-12-01T01:00:00Z].");
        refused(
                "POST",
                TASKS,
                task("\"acme\"", "2026-12-01T00:10:00Z", hour, "why"),
                400,
                "The provided start reprocessing timestamp [2026-12-01T00:10:00Z] is not the boundary of a period. Please"
                        + " use one of the following times: [2026-12-01T00:00:00Z, 2026-12-01T01:00:00Z].");
        refused(
                "POST",
                TASKS,
                task("[\"ALL\", \"acme\"]", day, hour, "why"),
                400,
                "Cannot use 'ALL' with scope IDs [ALL, acme]. Either use 'ALL' only, or the scope IDs.");
        refused(
                "POST",
                TASKS,
                task("\"nobody\"", day, hour, "why"),
                400,
                "The following scopes do not exist: [nobody].");
        refused("POST", TASKS, task("\"zen\"", day, hour, "why"), 400, "The following scopes are not active: [zen].");
        refused(
                "POST",
                TASKS,
                task("\"acme\"", day, "2026-12-01T07:00:00Z", "why"),
                400,
                "Cannot execute a reprocessing from [2026-12-01T00:00:00Z] to [2026-12-01T07:00:00Z]: usage is processed"
                        + " until [2026-12-01T06:00:00Z] only.");
        refused(
                "POST",
                TASKS,
                task("\"acme\"", "2026-11-01T00:00:00Z", hour, "why"),
                400,
                "From [2026-11-01T00:00:00Z] on usage is issued already up to 2026-11 to [acme], and what is issued does"
                        + " not change. Begin later, or bill the difference with the command: caravan correct 2026-11"
                        + " --tenant acme --reason TEXT");
        assertThat(api.post(TASKS, task("\"acme\"", day, hour, "why")).status()).isEqualTo(202);
        refused(
                "POST",
                TASKS,
                task("[\"ALL\"]", day, hour, "why"),
                400,
                "There is a schedule for scope [acme] from [2026-12-01T00:00:00Z] to [2026-12-01T01:00:00Z] that is not"
                        + " done yet and overlaps; wait for it.");
    }

    @Test
    void aBodyThatIsNoneIsA400InV2sForm() throws Exception {
        // given
        useDecember();
        // when, then
        for (String body : new String[] {
            "[]",
            "{}",
            "7",
            task("[7]", "2026-12-01T00:00:00Z", "2026-12-01T01:00:00Z", "why"),
            task("\"acme\"", "yesterday", "2026-12-01T01:00:00Z", "why"),
            task("\"acme\"", "2026-12-01T00:00:00Z", "2026-12-01T01:00:00Z", "why")
                    .replace("reason", "because"),
            task("\"acme\"", "2026-12-01T00:00:00Z", "2026-12-01T01:00:00Z", "why")
                    .replace("\"why\"", "{}"),
            task("[]", "2026-12-01T00:00:00Z", "2026-12-01T01:00:00Z", "why")
        }) {
            ReportApi.Reply reply = api.post(TASKS, body);
            assertThat(reply.status()).as(body).isEqualTo(400);
            assertThat(reply.error()).startsWith("Invalid data '");
        }
        assertThat(api.post(TASKS, "{").status()).isEqualTo(400);
    }

    @Test
    void scopesAreSetBackByEitherNameOfTheTime() throws Exception {
        // given
        useDecember();
        // when: as the shipped client says it, and as the contract does
        ReportApi.Reply client = api.ask(
                "PUT", SCOPE, ReportApi.ADMIN, "{\"state\": \"2026-12-01T00:07:01+00:00\", \"scope_id\": \"acme\"}");
        ReportApi.Reply filtered = api.ask(
                "PUT",
                SCOPE,
                ReportApi.ADMIN,
                "{\"all_scopes\": true, \"scope_key\": \"project_id\", \"last_processed_timestamp\":"
                        + " \"2026-12-01T00:00:00Z\"}");
        // then: the second one overlaps with the first
        assertThat(client.body()).isEqualTo("{}");
        assertThat(client.status()).isEqualTo(202);
        assertThat(filtered.error())
                .startsWith("There is a schedule for scope [acme] from [2026-12-01T00:07:01Z] on that");
        assertThat(ledger.rows("select kind, reason, created_by, until_at from rerating"))
                .containsExactly("reset scope state reset operator null");
        assertThat(reasons("")).isEmpty();
        // and
        refused(
                "PUT",
                SCOPE,
                "{\"state\": \"2026-12-01T00:00:00Z\"}",
                400,
                "Either all_scopes or a scope_id should be specified.");
        refused(
                "PUT",
                SCOPE,
                "{\"state\": \"2026-12-01T00:00:00Z\", \"all_scopes\": true, \"scope_id\": \"zen\"}",
                400,
                "Either all_scopes or a scope_id should be specified.");
        refused(
                "PUT",
                SCOPE,
                "{\"state\": \"2026-12-01T00:00:00Z\", \"scope_id\": \"nobody\"}",
                404,
                "No resource found for provided filters.");
        refused(
                "PUT",
                SCOPE,
                "{\"state\": \"2026-12-01T00:00:00Z\", \"all_scopes\": true, \"fetcher\": \"x\"}",
                404,
                "No resource found for provided filters.");
        refused(
                "PUT",
                SCOPE,
                "{\"scope_id\": \"zen\"}",
                400,
                "Invalid data '{'scope_id': 'zen'}' : required key not provided (path: '['last_processed_timestamp']')");
        refused(
                "PUT",
                SCOPE,
                "{\"state\": \"2026-12-02T00:00:00Z\", \"scope_id\": \"zen\"}",
                400,
                "Cannot execute a reprocessing from [2026-12-02T00:00:00Z]: usage is processed until"
                        + " [2026-12-01T06:00:00Z] only.");
    }

    @Test
    void onlyAnAdministratorMayOrderOrSeeOrders() throws Exception {
        // given
        useDecember();
        String body = task("\"acme\"", "2026-12-01T00:00:00Z", "2026-12-01T01:00:00Z", "why");
        // when, then
        for (String[] call : new String[][] {
            {"POST", TASKS, body}, {"GET", TASKS, null}, {"GET", TASKS + "/acme", null}, {"PUT", SCOPE, "{}"}
        }) {
            assertThat(api.ask(call[0], call[1], "acme", call[2]).status()).isEqualTo(403);
            assertThat(api.ask(call[0], call[1], null, call[2]).status()).isEqualTo(401);
        }
        assertThat(ledger.rows("select count(*) from rerating")).containsExactly("0");
    }
}
