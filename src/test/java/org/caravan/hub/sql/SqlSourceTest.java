package org.caravan.hub.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;
import org.caravan.hub.db.DatabaseAccess;
import org.caravan.ledger.LedgerSchema;
import org.caravan.ledger.Sources;
import org.caravan.testing.CrashPoint;
import org.caravan.testing.Database;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A table of another database on its way through the route {@code metering-sql}. */
class SqlSourceTest {
    /** Steps between two deaths; -Pchaos dies at each. */
    private static final int STRIDE = Integer.getInteger("caravan.faults", 3) > 3 ? 1 : 17;

    private static final DataSource TABLES = Database.empty();

    private final DataSource ledger = Database.fresh();
    private final Random random = new Random(5);
    private Instant now = Instant.parse("2026-11-20T12:00:00Z");
    private final Clock clock = new Clock() {
        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    };
    private BigDecimal expected = BigDecimal.ZERO;
    private int rows;

    @BeforeEach
    void aTable() throws SQLException {
        table("usage", "timestamptz");
        LedgerSchema.identify(ledger, "test", "NZD", false);
        new Sources(ledger, clock).configure("billing", SqlSource.KIND);
    }

    private static void table(String name, String time) throws SQLException {
        in(TABLES, "drop table if exists " + name);
        in(
                TABLES,
                "create table " + name + " (id bigint primary key, written " + time
                        + ", project text, vm text, meter text," + " amount text, started " + time + ", ended " + time
                        + ", cost numeric)");
    }

    /** A row of an hour of its own; a minute old. */
    private String row(String written) {
        rows++;
        BigDecimal cost = new BigDecimal(random.nextInt(1_000_000)).movePointLeft(random.nextInt(9));
        expected = expected.add(cost);
        return row(rows, written, "vm-" + rows, "1.5", "2026-11-01 00:00:00+00", cost.toPlainString());
    }

    private static String row(int id, String written, String vm, String amount, String begin, String cost) {
        return "insert into usage values (" + id + ", '" + written + "', 't', '" + vm + "', 'm', '" + amount + "', '"
                + begin + "', timestamptz '" + begin + "' + interval '1 hour', " + cost + ")";
    }

    private static void in(DataSource database, String... statements) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private String ask(String sql) throws SQLException {
        try (Connection connection = ledger.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? row.getString(1) : null;
        }
    }

    private void assertBilled() throws SQLException {
        assertThat(new BigDecimal(ask("select coalesce(sum(amount), 0) from entry")))
                .isEqualByComparingTo(expected);
        assertThat(ask("select coalesce(sum(records), 0) from entry")).isEqualTo(Integer.toString(rows));
    }

    private SqlHub hub() throws Exception {
        return hub(ledger);
    }

    private SqlHub hub(DataSource of) throws Exception {
        return new SqlHub(TABLES, of, clock, SqlHub.settings("usage", 3));
    }

    @Test
    void eachRowIsBilledOnceThoughEqualWatermarksLieAcrossPageBorders() throws Exception {
        // given
        List<String> fresh = new ArrayList<>();
        for (int i = 0; i < 11; i++) {
            fresh.add(row("2026-11-20 11:50:00+00"));
        }
        for (int i = 0; i < 5; i++) {
            fresh.add(row("2026-11-20 11:5" + i + ":00.000001+00"));
        }
        in(TABLES, fresh.toArray(String[]::new));
        // when
        try (SqlHub hub = hub()) {
            hub.look();
            // then
            assertBilled();
            // when: nothing new, then a new one, one that is too new, and a hub that remembers nothing
            String batches = ask("select count(*) from batch");
            hub.look();
            assertThat(ask("select count(*) from batch")).isEqualTo(batches);
            in(TABLES, row("2026-11-20 11:58:30+00"), row("2026-11-20 11:59:30+00"));
            hub.look();
            expectOneLess();
            now = now.plusSeconds(60);
        }
        try (SqlHub hub = hub()) {
            hub.look();
        }
        assertBilled();
        assertThat(ask("select sum(conflict) + sum(quarantined) from batch")).isEqualTo("0");
        assertThat(ask("select rated_until at time zone 'UTC' from source")).isEqualTo("2026-11-01 00:00:00");
        assertThat(ask("select watermark at time zone 'UTC' from sql_watermark"))
                .isEqualTo("2026-11-20 12:00:00");
    }

    private void expectOneLess() throws SQLException {
        assertThat(ask("select sum(records) from entry")).isEqualTo(Integer.toString(rows - 1));
    }

    @Test
    void aRowThatIsCommittedAfterItsWatermarkWasPassedIsBilledOnce() throws Exception {
        // given: a transaction that is open while the table is read past it
        try (Connection late = TABLES.getConnection();
                SqlHub hub = hub()) {
            late.setAutoCommit(false);
            try (Statement statement = late.createStatement()) {
                statement.execute(row("2026-11-20 11:52:00+00"));
            }
            in(TABLES, row("2026-11-20 11:55:00+00"), row("2026-11-20 11:58:00+00"));
            hub.look();
            expectOneLess();
            // when
            late.commit();
            now = now.plusSeconds(120);
            hub.look();
            hub.look();
            // then
            assertBilled();
        }
    }

    @Test
    void aBadRowIsSetAsideOnceAndHarmsNoNeighbourAndAChangedOneIsAConflict() throws Exception {
        // given
        in(TABLES, row("2026-11-20 11:50:00+00"));
        in(TABLES, row(900, "2026-11-20 11:50:00+00", "vm-x", "much", "2026-11-01 00:00:00+00", "1"));
        in(TABLES, row("2026-11-20 11:51:00+00"));
        // when
        try (SqlHub hub = hub()) {
            hub.look();
        }
        try (SqlHub hub = hub()) {
            hub.look();
        }
        // then
        assertBilled();
        assertThat(ask("select count(*) from quarantine")).isEqualTo("1");
        assertThat(ask("select concat_ws(' ', source, key, reason) from quarantine"))
                .isEqualTo("billing rows quantity 'much' is no decimal number of at most 64 digits");
        assertThat(ask("select raw from quarantine")).contains("\"id\":\"900\"");
        // when: mended, and another one changed
        in(
                TABLES,
                "update usage set amount = '2', written = '2026-11-20 11:57:00+00' where id = 900",
                "update usage set cost = cost + 1, written = '2026-11-20 11:57:00+00' where id = 1");
        expected = expected.add(BigDecimal.ONE);
        rows++;
        try (SqlHub hub = hub()) {
            hub.look();
        }
        // then
        assertBilled();
        assertThat(ask("select count(*) from quarantine where kind = 'conflict'"))
                .isEqualTo("1");
    }

    @Test
    void aHubThatDiesAtAnyStepBillsEachRowOnce() throws Exception {
        // given
        int deaths = 0;
        for (boolean after : new boolean[] {false, true}) {
            for (int step = after ? 5 : 0; ; step += STRIDE) {
                List<String> fresh = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    fresh.add(row(now.minusSeconds(120 + random.nextInt(60)).toString()));
                }
                in(TABLES, fresh.toArray(String[]::new));
                // when
                CrashPoint crash = new CrashPoint(ledger, step, after);
                try (SqlHub hub = hub(crash.dataSource())) {
                    hub.look();
                }
                try (SqlHub hub = hub()) {
                    hub.look();
                }
                // then
                assertBilled();
                now = now.plusSeconds(3_600);
                if (!crash.isDead()) {
                    break;
                }
                deaths++;
            }
        }
        assertThat(deaths).isGreaterThan(2);
        assertThat(ask("select count(*) from quarantine")).isEqualTo("0");
    }

    @Test
    void twoHubsThatReadAtOnceBillEachRowOnce() throws Exception {
        // given
        List<String> fresh = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            fresh.add(row("2026-11-20 11:5" + i % 9 + ":00+00"));
        }
        in(TABLES, fresh.toArray(String[]::new));
        // when
        try (SqlHub one = hub();
                SqlHub other = hub()) {
            List<CompletableFuture<Void>> looks = new ArrayList<>();
            for (SqlHub hub : List.of(one, other)) {
                looks.add(CompletableFuture.runAsync(() -> {
                    for (int i = 0; i < 2; i++) {
                        hub.look();
                    }
                }));
            }
            looks.forEach(CompletableFuture::join);
        }
        // then
        assertBilled();
        assertThat(ask("select last_error from source")).isNull();
    }

    @Test
    void aTieBreakerThatTellsNothingApartStopsReadingAndSaysSo() throws Exception {
        // given
        SqlSettings settings = SqlHub.settings("usage", 1);
        SqlQuery query = new SqlQuery("usage", settings.query().columns(), "written", "project");
        in(TABLES, row("2026-11-20 11:50:00+00"), row("2026-11-20 11:50:00+00"));
        SqlSettings wrong = new SqlSettings(
                "billing",
                query,
                1,
                settings.delay(),
                settings.overlap(),
                settings.start(),
                settings.zone(),
                settings.longestRetry(),
                settings.grace());
        // when
        try (SqlHub hub = new SqlHub(TABLES, ledger, clock, wrong)) {
            hub.look();
        }
        // then
        assertThat(ask("select last_error from source"))
                .contains("caravan.sql.tieBreaker")
                .contains("two rows");
        assertThat(ask("select rated_until from source")).isNull();
        assertThat(ask("select count(*) from entry")).isEqualTo("0");
    }

    @Test
    void aDatabaseThatIsAwayIsAskedLaterAndReadingGoesOn() throws Exception {
        // given
        DatabaseAccess away = Database.freshAccess();
        in(Database.of(away), "create table usage as select 1 as id");
        Database.shut(away);
        try (SqlHub hub = new SqlHub(Database.of(away), ledger, clock, SqlHub.settings("usage", 3))) {
            // when
            hub.look();
            // then
            assertThat(ask("select last_error from source")).contains("not currently accepting connections");
            // when: it is back, but its time has not come
            Database.open(away);
            in(
                    Database.of(away),
                    "drop table usage",
                    "create table usage (id int, written timestamp, project text, vm text, meter text, amount numeric,"
                            + " started timestamp, ended timestamp, cost numeric)",
                    "insert into usage values (1, '2026-11-20 11:00', 't', 'v', 'm', 2.50, '2026-11-01 00:00',"
                            + " '2026-11-01 02:00', 0.1)");
            hub.look();
            assertThat(ask("select count(*) from entry")).isEqualTo("0");
            now = now.plusSeconds(2);
            hub.look();
        }
        // then
        assertThat(ask("select concat_ws(' ', quantity, amount, seconds::int) from entry"))
                .isEqualTo("2.50 0.1 7200");
        assertThat(ask("select last_error from source")).isNull();
    }

    @Test
    void timesWithoutAnOffsetAreOfTheZoneThatIsSaid() throws Exception {
        // given
        table("local_usage", "timestamp");
        in(
                TABLES,
                "insert into local_usage values (1, '2026-11-20 12:30', 't', 'v', 'm', '1', '2026-10-25 00:00',"
                        + " '2026-10-25 01:00', 1)",
                "insert into local_usage values (2, '2026-11-20 12:59:30', 't', 'v', 'm', '1', '2026-11-02 00:00',"
                        + " '2026-11-02 01:00', 1)",
                "insert into local_usage values (3, '2026-11-20 12:31', 't', 'w', 'm', '1', '2026-10-25 02:30',"
                        + " '2026-10-25 03:30', 1)");
        // when
        try (SqlHub hub = new SqlHub(TABLES, ledger, clock, SqlHub.settings("local_usage", 100, "Europe/Berlin"))) {
            hub.look();
        }
        // then: the second is half a minute old, the third's begin is shown twice
        assertThat(ask("select string_agg((first_begin at time zone 'UTC')::text, ' ') from entry"))
                .isEqualTo("2026-10-24 22:00:00");
        assertThat(ask("select reason from quarantine")).contains("(skipped or ambiguous in Europe/Berlin)");
    }

    @Test
    void columnsThatMakeNoSenseAreRefused() {
        // when / then
        assertThat(SqlQuery.columns("tenant=coalesce(a, b), resource, meter='x,y', quantity, begin, end, metadata.f=g"))
                .containsEntry("tenant", "coalesce(a, b)")
                .containsEntry("meter", "'x,y'")
                .containsEntry("metadata.f", "g");
        assertThatThrownBy(() -> SqlQuery.columns("tennant=a")).hasMessageContaining("did you mean 'tenant'");
        assertThatThrownBy(() -> SqlQuery.columns("tenant, tenant=b")).hasMessageContaining("stands here twice");
        assertThatThrownBy(() -> SqlQuery.columns("tenant, resource, meter, quantity"))
                .hasMessageContaining("begin, end");
    }
}
