package org.caravan.hub.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.caravan.hub.db.DatabaseAccess;
import org.caravan.hub.db.EmbeddedPostgres;
import org.caravan.hub.db.HubDatabase;
import org.caravan.ledger.LedgerSchema;
import org.caravan.testing.Database;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatusCommandTest {
    private static final String SECRET = "hush-4711-hush";

    @TempDir
    Path current;

    @Test
    void aLedgerWithNothingToDoIsWell() {
        // given
        Console console = console(Database.freshAccess());
        // when
        Console.Answer status = console.run("status");
        Console.Answer sources = console.run("sources");
        // then
        assertThat(status.err()).isEmpty();
        assertThat(status.exitCode()).isZero();
        assertThat(status.out())
                .contains("no hub runs on this ledger")
                .contains("quarantine: empty")
                .endsWith("All is well.\n");
        assertThat(sources.exitCode()).isZero();
        assertThat(sources.out()).contains("No source");
    }

    @Test
    void whatNeedsAPersonIsNamedWithItsRemedyAndNoSecret() throws Exception {
        // given: an ERP that answered with what it was given
        DatabaseAccess database = Database.freshAccess();
        execute(
                database,
                """
                insert into source (name, kind, created_at, updated_at, last_error, last_error_at)
                values ('inbox', 'files', '2026-01-01Z', '2026-01-01Z', 'login with hush-4711-hush refused', '2026-01-02Z');
                insert into quarantine (kind, reason, batch) values ('conflict', 'billed', 1);
                """);
        Console console = console(database);
        // when
        Console.Answer status = console.run("status", "--set", "camel.kamelet.erp.apiKey=" + SECRET);
        Console.Answer json = console.run("status", "--json", "--set", "camel.kamelet.erp.apiKey=" + SECRET);
        // then
        assertThat(status.exitCode()).isEqualTo(1);
        assertThat(status.out())
                .contains("things need attention:")
                .contains("  * source inbox failed")
                .contains("login with *** refused")
                .contains("    -> caravan quarantine list shows them")
                .doesNotContain(SECRET);
        assertThat(json.exitCode()).isEqualTo(1);
        assertThat(json.out()).hasLineCount(1).doesNotContain(SECRET);
        JsonNode node = new ObjectMapper().readTree(json.out());
        assertThat(node.path("well").asBoolean()).isFalse();
        assertThat(node.path("attention")).hasSizeGreaterThan(1).allSatisfy(finding -> assertThat(
                        finding.path("remedy").asText())
                .isNotBlank());
        assertThat(node.path("sources").path(0).path("source").asText()).isEqualTo("inbox");
    }

    @Test
    void aMonthIsDeclaredCompleteOnceAndStaysSo() throws Exception {
        // given
        DatabaseAccess database = Database.freshAccess();
        execute(
                database,
                "insert into source (name, kind, created_at, updated_at) values ('inbox', 'files', now(), now())");
        Console console = console(database);
        // when
        Console.Answer done = console.run("sources", "done", "inbox", "2025-10");
        Console.Answer again = console.run("sources", "done", "inbox", "2025-09", "--json");
        Console.Answer list = console.run("sources", "list");
        // then: an earlier month takes nothing back
        assertThat(done.exitCode()).isZero();
        assertThat(done.out()).contains("rated until 2025-11-01T00:00:00Z");
        assertThat(again.out())
                .isEqualTo("{\"source\":\"inbox\",\"ratedUntil\":\"2025-11-01T00:00:00Z\",\"declared\":true}\n");
        assertThat(list.out()).containsPattern("inbox +files +2025-11-01T00:00:00Z +hand");
    }

    @Test
    void aForgottenSourceHoldsNothingAndIsStillListed() throws Exception {
        // given
        DatabaseAccess database = Database.freshAccess();
        execute(
                database,
                "insert into source (name, kind, created_at, updated_at) values ('inbox', 'files', '2025-01-01Z', now())");
        Console console = console(database);
        // when
        Console.Answer before = console.run("status");
        Console.Answer forget = console.run("sources", "forget", "inbox");
        Console.Answer again = console.run("sources", "forget", "inbox");
        // then
        assertThat(before.exitCode()).isEqualTo(1);
        assertThat(forget.exitCode()).isZero();
        assertThat(again.exitCode()).isZero();
        assertThat(console.run("status").exitCode()).isZero();
        assertThat(console.run("sources").out()).contains("inbox", "not configured");
    }

    @Test
    void aWrongNameOrMonthIsOneLineThatHelps() throws Exception {
        // given
        DatabaseAccess database = Database.freshAccess();
        execute(
                database,
                "insert into source (name, kind, created_at, updated_at) values ('inbox', 'files', now(), now())");
        Console console = console(database);
        // when
        Console.Answer name = console.run("sources", "done", "inbx", "2025-10");
        Console.Answer month = console.run("sources", "done", "inbox", "2025-13");
        Console.Answer early = console.run("sources", "done", "inbox", "2999-01");
        Console.Answer word = console.run("sources", "forgte", "inbox");
        // then
        assertThat(name.exitCode()).isEqualTo(2);
        assertThat(name.err())
                .contains("source 'inbx'", "did you mean 'inbox'?")
                .hasLineCount(1);
        assertThat(month.exitCode()).isEqualTo(2);
        assertThat(month.err()).contains("'2025-13'").hasLineCount(1);
        assertThat(early.exitCode()).isEqualTo(2);
        assertThat(early.err()).contains("once it is over").hasLineCount(1);
        assertThat(word.exitCode()).isEqualTo(2);
        assertThat(word.err()).contains("did you mean 'forget'?").hasLineCount(1);
    }

    @Test
    void whoHoldsTheDataDirectoryIsNamed() {
        // given
        Console console = new Console(current);
        try (EmbeddedPostgres postgres =
                EmbeddedPostgres.kept(current.resolve("data"), EmbeddedPostgres.defaultCache())) {
            try (HubDatabase pool = HubDatabase.open(postgres.start(), 2)) {
                LedgerSchema.migrate(pool.dataSource());
            }
            // when
            Console.Answer beside = console.run("status", "--data", "data");
            // then
            assertThat(beside.out())
                    .contains("at work in process " + ProcessHandle.current().pid());
        }
        assertThat(console.run("status", "--data", "data").out()).contains("no hub runs on this ledger");
    }

    private Console console(DatabaseAccess database) {
        return new Console(
                current,
                Map.of(
                        "CARAVAN_LEDGER_URL",
                        database.url(),
                        "CARAVAN_LEDGER_USER",
                        database.user(),
                        "CARAVAN_LEDGER_PASSWORD",
                        database.password()));
    }

    private static void execute(DatabaseAccess database, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(database.url(), database.user(), database.password());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
