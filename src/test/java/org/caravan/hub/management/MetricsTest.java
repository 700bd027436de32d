package org.caravan.hub.management;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.ObjectName;
import org.caravan.hub.db.DatabaseAccess;
import org.caravan.testing.Database;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Metrics, their page, the dashboard and the alerts, against a hub that has read a source, closed a month and delivered it. */
class MetricsTest {
    @TempDir
    static Path directory;

    private static DatabaseAccess database;
    private static RunningHub hub;
    private static Exposition exported;

    @BeforeAll
    static void start() throws Exception {
        database = Database.freshAccess();
        Files.createDirectories(directory.resolve("in"));
        Files.createDirectories(directory.resolve("samples"));
        Files.writeString(
                directory.resolve("in/usage.csv"),
                """
                id,tenant,datacenter,resource,meter,quantity,unit,begin,end,flavor
                a,acme,dc,vm-1,instance,1,hour,2026-10-03T00:00:00Z,2026-10-03T01:00:00Z,c1.c1r1
                b,acme,dc,vm-1,instance,1,hour,2026-11-03T00:00:00Z,2026-11-03T01:00:00Z,c1.c1r1
                c,acme,dc,vm-1,mystery,1,piece,2026-11-03T00:00:00Z,2026-11-03T01:00:00Z,
                d,,dc,vm-1,instance,1,hour,2026-11-03T00:00:00Z,2026-11-03T01:00:00Z,c1.c1r1
                """);
        hub = hub();
        RunningHub.await(() -> exported().value("caravan_batches_total").equals("1.0"));
        execute(
                """
                update source set rated_until = '2026-11-01Z' where name = 'inbox';
                insert into position (source, key, value, updated_at) values ('inbox', 'c/t/0', 5, now());
                insert into topic_partition (source, key, topic, partition, topic_key, log_start, log_end, seen_at)
                values ('inbox', 'c/t/0', 't', 0, 'c/t', 0, 20, now())
                """);
        ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        new ObjectName("org.apache.camel:context=caravan,type=months,name=\"2026-10\""),
                        "close",
                        new Object[] {true},
                        new String[] {"boolean"});
        // an order goes by the system's clock, this test's hub by another one
        execute("update document set issued_at = '2026-11-04Z'; update outbox set due_at = '2026-11-04Z'");
        RunningHub.await(() -> exported()
                        .samples("caravan_deliveries")
                        .contains("caravan_deliveries{connector=\"csv-directory\",state=\"committed\"} 1.0")
                && !exported().samples("caravan_source_partition_lag_messages").isEmpty());
        exported = exported();
    }

    @AfterAll
    static void stop() throws Exception {
        hub.close();
    }

    @Test
    void thePageNamesEveryMetricOfOursWithItsTypeItsLabelsAndItsUnitAndNoOther() throws Exception {
        // given
        List<String> said = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of("docs/metrics.md"))) {
            Matcher row = Pattern.compile(
                            "\\| `(caravan_[a-z_]+)` \\| (\\w+) \\|([^|]*)\\|([^|]*)\\| (ledger|hub) \\| .{10,}")
                    .matcher(line);
            if (row.matches()) {
                Set<String> labels = new TreeSet<>();
                Matcher label = Pattern.compile("`(\\w+)`").matcher(row.group(3));
                while (label.find()) {
                    labels.add(label.group(1));
                }
                said.add(row.group(1) + " " + row.group(2) + " " + labels);
                String unit = row.group(4).strip();
                if (List.of("seconds", "bytes", "messages").contains(unit)) {
                    assertThat(row.group(1)).contains("_" + unit);
                }
            } else {
                assertThat(line).doesNotStartWith("| `caravan_");
            }
        }
        // when
        List<String> real = exported.names().stream()
                .filter(name -> name.startsWith("caravan_"))
                .map(name -> name + " " + exported.type(name) + " " + exported.labels(name))
                .toList();
        // then
        assertThat(said).containsExactlyInAnyOrderElementsOf(real);
        assertThat(exported.names().stream().filter(name -> name.startsWith("caravan_")))
                .allSatisfy(name -> assertThat(exported.help(name)).contains(" "));
    }

    @Test
    void countersOfTheLedgerGoOnAfterARestartAndTwoHubsTellTheSame() throws Exception {
        // given
        String before = exported.value("caravan_records_total{outcome=\"accepted\"}");
        assertThat(before).isEqualTo("3.0");
        // when: a second hub on the same ledger, and more usage
        try (RunningHub second = hub()) {
            RunningHub.await(() -> exported(second).has("caravan_records_total"));
            // then
            assertThat(exported(second).value("caravan_records_total{outcome=\"accepted\"}"))
                    .isEqualTo(before);
            assertThat(exported(second).value("caravan_commit_seconds_count")).isEqualTo("0");
        }
        // when: one that is started later
        execute("insert into batch (id, buckets, records, accepted, duplicate, conflict, quarantined, unpriced)"
                + " values (nextval('batch_id'), '', 4, 4, 0, 0, 0, 0)");
        try (RunningHub again = hub()) {
            RunningHub.await(() -> exported(again).has("caravan_records_total"));
            // then
            assertThat(exported(again).value("caravan_records_total{outcome=\"accepted\"}"))
                    .isEqualTo("7.0");
        }
    }

    @Test
    void theDashboardIsOneThatGrafanaTakesAndAsksForNothingThatTheHubDoesNotTell() throws Exception {
        // given
        JsonNode board =
                new ObjectMapper().readTree(Path.of("docs/grafana/caravan.json").toFile());
        // when, then: the model
        assertThat(board.path("schemaVersion").asInt()).isGreaterThanOrEqualTo(36);
        assertThat(board.path("uid").asText()).isEqualTo("caravan");
        assertThat(board.path("id").isNull()).isTrue();
        assertThat(board.path("title").asText()).isNotBlank();
        List<String> variables = new ArrayList<>();
        board.path("templating")
                .path("list")
                .forEach(variable -> variables.add(variable.path("name").asText() + ":"
                        + variable.path("type").asText() + ":"
                        + variable.path("query").asText()));
        assertThat(variables).contains("datasource:datasource:prometheus");
        Set<Integer> ids = new HashSet<>();
        int asked = 0;
        for (JsonNode panel : board.path("panels")) {
            assertThat(ids.add(panel.path("id").asInt())).isTrue();
            assertThat(panel.path("gridPos").path("w").asInt()).isBetween(1, 24);
            assertThat(panel.path("title").asText()).isNotBlank();
            if (panel.path("type").asText().equals("row")) {
                continue;
            }
            assertThat(panel.path("datasource").path("uid").asText()).isEqualTo("${datasource}");
            assertThat(panel.path("targets")).isNotEmpty();
            for (JsonNode target : panel.path("targets")) {
                asked += exported.check(target.path("expr").asText().replace("$__rate_interval", "5m"));
            }
        }
        assertThat(asked).isGreaterThan(20);
    }

    @Test
    @SuppressWarnings("unchecked")
    void everyAlertSaysWhatIsWrongAndWhatToDoAndAsksForNothingThatTheHubDoesNotTell() throws Exception {
        // given
        Map<String, Object> file =
                (Map<String, Object>) new Load(LoadSettings.builder().build())
                        .loadFromString(Files.readString(Path.of("docs/grafana/alerts.yaml")));
        Set<String> names = new HashSet<>();
        // when, then
        for (Map<String, Object> group : (List<Map<String, Object>>) file.get("groups")) {
            assertThat(group).containsOnlyKeys("name", "rules");
            for (Map<String, Object> rule : (List<Map<String, Object>>) group.get("rules")) {
                assertThat(rule).containsOnlyKeys("alert", "expr", "for", "labels", "annotations");
                assertThat(names.add(rule.get("alert").toString())).isTrue();
                assertThat(rule.get("for").toString()).matches("\\d+[smhd]");
                assertThat((Map<String, String>) rule.get("labels")).containsKey("severity");
                Map<String, String> told = (Map<String, String>) rule.get("annotations");
                assertThat(told).containsOnlyKeys("summary", "remedy");
                assertThat(told.values())
                        .allMatch(text -> text.contains(" ") && text.lines().count() == 1);
                assertThat(exported.check(rule.get("expr").toString())).isPositive();
            }
        }
        // one for each area of findings
        String all = Files.readString(Path.of("docs/grafana/alerts.yaml"));
        for (Finding.Area area : Finding.Area.values()) {
            assertThat(all).contains("area=\"" + area.code() + "\"");
        }
    }

    private static RunningHub hub() throws Exception {
        return RunningHub.start(
                directory,
                database,
                "caravan.inbox=" + directory.resolve("in"),
                "caravan.inbox.rest=200ms",
                "caravan.inbox.poll=100ms",
                "caravan.meters=" + Path.of("examples/ceilometer.yaml").toAbsolutePath(),
                "caravan.ceilometer.inbox=" + directory.resolve("samples"),
                "caravan.close.auto=false",
                "caravan.ledger.connections=8",
                "caravan.management.interval=100ms");
    }

    private static Exposition exported() throws Exception {
        return exported(hub);
    }

    private static Exposition exported(RunningHub of) throws Exception {
        return new Exposition(of.get("/observe/metrics").body());
    }

    private static void execute(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(database.url(), database.user(), database.password());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
