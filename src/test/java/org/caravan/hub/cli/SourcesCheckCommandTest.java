package org.caravan.hub.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.caravan.common.Json;
import org.caravan.hub.db.DatabaseAccess;
import org.caravan.ledger.Sources;
import org.caravan.testing.ApiHub;
import org.caravan.testing.Database;
import org.caravan.testing.KafkaBroker;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code caravan sources check} as a user gives it. */
class SourcesCheckCommandTest {
    private static final String HEADER = "tenant,datacenter,resource,meter,quantity,unit,begin,end\n";

    @TempDir
    private Path current;

    private final DatabaseAccess ledger = Database.freshAccess();

    private Console.Answer check(String name, String... settings) {
        List<String> arguments = new ArrayList<>(List.of("sources", "check"));
        if (name != null) {
            arguments.add(name);
        }
        for (String setting : settings) {
            arguments.addAll(List.of("--set", setting));
        }
        return new Console(
                        current,
                        Map.of(
                                "CARAVAN_LEDGER_URL", ledger.url(),
                                "CARAVAN_LEDGER_USER", ledger.user(),
                                "CARAVAN_LEDGER_PASSWORD", ledger.password()))
                .run(arguments);
    }

    @Test
    void anInboxIsTriedWithWhatWaitsInIt() throws Exception {
        // given
        Path inbox = Files.createDirectories(current.resolve("in"));
        Files.createDirectories(inbox.resolve(".failed"));
        Files.writeString(inbox.resolve(".failed/old.csv"), "x");
        Files.writeString(inbox.resolve(".failed/old.csv.reason.txt"), "why");
        Files.writeString(inbox.resolve("good.csv"), HEADER + "t,,r,m,1,h,2026-10-01T00:00:00Z,2026-10-01T01:00:00Z\n");
        Files.writeString(
                inbox.resolve("some.csv"), HEADER + "t,,r,m,none,h,2026-10-01T00:00:00Z,2026-10-01T01:00:00Z\n");
        // when
        Console.Answer usable = check("inbox", "caravan.inbox=in");
        Files.writeString(inbox.resolve("wrong.csv"), "a,b\n");
        Console.Answer wrong = check(null, "caravan.inbox=in");
        Console.Answer missing = check(null, "caravan.inbox=nowhere");
        Console.Answer unknown = check("inbux", "caravan.inbox=in");
        Console.Answer none = check(null);
        // then
        assertThat(usable.exitCode()).as(usable.out() + usable.err()).isZero();
        assertThat(usable.out())
                .startsWith("inbox (files): ok\n")
                .contains("waiting: 2 files")
                .contains("! refused: 1 file in .failed/, old.csv among them")
                .contains("good.csv: its first 1 records can be used")
                .contains("! file: some.csv: 1 of its first 1 records can't be used, line 2: quantity 'none'");
        assertThat(wrong.exitCode()).isEqualTo(1);
        assertThat(wrong.out()).contains("X file: wrong.csv can't be read").contains("column 'tenant' is missing");
        assertThat(missing.out()).contains("is no directory").contains("-> make it, or correct caravan.inbox");
        assertThat(unknown.err()).contains("source 'inbux' is not configured; did you mean 'inbox'");
        assertThat(none.out()).startsWith("No source is configured");
        assertThat(inbox.resolve(".done")).doesNotExist();
    }

    @Test
    void aTableIsTriedWithItsNewestRows() throws Exception {
        // given
        DatabaseAccess tables = Database.freshAccess();
        try (Connection connection = Database.of(tables).getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "create table usage (id int primary key, written timestamptz, project text, hours numeric,"
                            + " started timestamptz, ended timestamptz)");
            statement.execute("insert into usage values (1, '2026-10-01 02:00+00', 'a', 1, '2026-10-01 00:00+00',"
                    + " '2026-10-01 01:00+00'), (2, '2026-10-01 03:00+00', 'a', -1, '2026-10-01 01:00+00',"
                    + " '2026-10-01 02:00+00')");
        }
        String[] settings = {
            "caravan.sql.url=" + tables.url(),
            "caravan.sql.user=" + tables.user(),
            "caravan.sql.password=" + tables.password(),
            "caravan.sql.table=usage",
            "caravan.sql.columns=tenant=project, resource='vm', meter='m', quantity=hours, begin=started, end=ended",
            "caravan.sql.watermark=written",
            "caravan.sql.tieBreaker=id",
            "caravan.sql.timeout=2s"
        };
        // when
        Console.Answer tried = check("sql", settings);
        try (Connection connection = Database.of(tables).getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("insert into usage (id) values (3)");
        }
        Console.Answer without = check("sql", settings);
        settings[3] = "caravan.sql.table=usages";
        Console.Answer wrong = check("sql", settings);
        Database.shut(tables);
        Console.Answer away = check("sql", settings);
        // then
        assertThat(tried.exitCode()).as(tried.out() + tried.err()).isZero();
        assertThat(tried.out())
                .contains("reachable: PostgreSQL")
                .contains("rows: 2, the newest written at 2026-10-01T03:00:00Z")
                .contains("! records: 1 of the newest 2 rows can't be used, the first: quantity '-1' is negative");
        assertThat(without.exitCode()).isEqualTo(1);
        assertThat(without.out()).contains("X watermark: 1 rows have none");
        assertThat(wrong.out()).contains("X permission: ").contains("\"usages\" does not exist");
        assertThat(away.out()).contains("X reachable: ").doesNotContain(tables.password());
    }

    @Test
    void aTopicIsTriedWithItsNewestMessage() throws Exception {
        // given
        KafkaBroker broker = KafkaBroker.shared();
        broker.topics().create("checked", 2);
        String[] settings = {"caravan.kafka.brokers=" + broker.address(), "caravan.kafka.topic=checked"};
        // when
        Console.Answer empty = check("kafka", settings);
        broker.topics().send("checked", 1, List.of("{}", "{}", "{}"));
        Console.Answer tried = check("kafka", settings);
        settings[1] = "caravan.kafka.topic=unchecked";
        Console.Answer missing = check("kafka", settings);
        // then
        assertThat(empty.exitCode()).as(empty.out() + empty.err()).isZero();
        assertThat(empty.out()).contains("2 partitions").contains("! messages: the topic holds none");
        assertThat(tried.out()).contains("messages: 3 offsets are held").contains("newest: a message of 20");
        assertThat(missing.exitCode()).isEqualTo(1);
        assertThat(missing.out()).contains("X reachable: topic unchecked does not exist");
    }

    @Test
    void aSourceThatIsPushedToIsTriedWithItsKeys() throws Exception {
        // given
        new Sources(Database.of(ledger), Clock.systemUTC()).configure("meters", "push");
        // when
        Console.Answer away = check("meters", "caravan.api.port=" + ApiHub.freePort());
        // then
        assertThat(away.exitCode()).isEqualTo(1);
        assertThat(away.out())
                .contains("X reachable: no hub answers at http://127.0.0.1:")
                .contains("caravan key create --source meters")
                .contains("was never pushed to");
        try (ApiHub hub = ApiHub.start(
                current,
                ledger,
                "caravan.auth=key",
                "caravan.api.keyFile=" + current.resolve("operator.key"),
                "caravan.currency=NZD")) {
            String port = "caravan.api.port=" + hub.port();
            // when
            Console.Answer answered = check("meters", port);
            // then
            assertThat(answered.exitCode()).as(answered.out()).isZero();
            assertThat(answered.out()).contains("reachable: a hub takes pushes at " + hub.url());
        }
        try (Connection connection = Database.of(ledger).getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select count(*) from batch")) {
            row.next();
            assertThat(row.getInt(1)).isZero();
        }
    }

    @Test
    void whatWasFoundIsToldAsJson() throws Exception {
        // when
        Console.Answer answer = new Console(current)
                .run("sources", "check", "--json", "--set", "caravan.inbox=nowhere", "--data", "none");
        JsonNode node = Json.mapper().readTree(answer.out());
        // then
        assertThat(answer.exitCode()).isEqualTo(1);
        assertThat(node.at("/sources/0/source").asText()).isEqualTo("inbox");
        assertThat(node.at("/sources/0/ok").asBoolean()).isFalse();
        assertThat(node.at("/sources/0/findings/0/level").asText()).isEqualTo("bad");
        assertThat(node.at("/sources/0/findings/0/remedy").asText()).isNotBlank();
    }
}
