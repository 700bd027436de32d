package org.caravan.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.caravan.hub.cli.CaravanConsole;
import org.caravan.hub.db.DatabaseAccess;
import org.caravan.hub.db.EmbeddedPostgres;
import org.caravan.hub.db.PostgresKeeper;
import org.caravan.invoice.Audit;
import org.caravan.ledger.LedgerSchema;
import org.caravan.testing.Database;
import org.caravan.testing.KafkaBroker;
import org.caravan.testing.KafkaUsage;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Three hubs in one group, on a topic that is written to all the time, while one thing after another goes wrong. */
class KafkaChaosTest {
    static final int PARTITIONS = 12;
    private static final String TOPIC = "usage";

    /** Faults in all; -Pchaos sets it to 200. */
    private static final int FAULTS = Integer.getInteger("caravan.faults", 3);

    private static final int MANY = 20;
    private static final int HUBS = 3;

    /** The long form runs beside other work, which must not look like a hub that is gone. */
    private static final int SESSION_SECONDS = FAULTS < MANY ? 3 : 8;

    private static final long PATIENCE_SECONDS = FAULTS < MANY ? 300 : 1_800;
    private static final long FREEZE_MILLIS = SESSION_SECONDS * 1_000L + 1_500;

    @TempDir
    Path directory;

    private Random random;
    private KafkaBroker broker;
    private DatabaseAccess access;
    private DataSource ledger;
    private HubFleet fleet;
    private SentUsage sent;

    /** What goes wrong. */
    private enum Fault {
        HUB_KILLED,
        HUB_FROZEN,
        BROKER_KILLED,
        BROKER_RESTARTED,
        DATABASE_KILLED,
        HUBS_COME_AND_GO,
        USAGE_EATEN,
        TOPIC_MADE_AGAIN
    }

    /** How messages are spread over partitions. */
    enum Keys {
        BY_TENANT,
        NONE,
        /** By tenant, and from the middle on no more: both in the time of one. */
        BOTH
    }

    static List<Keys> keys() {
        String one = System.getProperty("caravan.keys");
        if (one != null) {
            return List.of(Keys.valueOf(one));
        }
        return FAULTS < MANY ? List.of(Keys.BOTH) : List.of(Keys.BY_TENANT, Keys.NONE);
    }

    @ParameterizedTest
    @MethodSource("keys")
    void whateverGoesWrongTheLedgerHoldsEveryMessageOnceAndNoPartitionIsStuck(Keys keys) throws Exception {
        // given
        int faults = FAULTS / keys().size();
        long seed = Long.getLong("caravan.seed", new Random().nextLong());
        System.out.println("KafkaChaosTest: keys " + keys + ", " + faults + " faults, -Dcaravan.seed=" + seed);
        random = new Random(seed ^ keys.ordinal());
        try (KafkaBroker ownBroker = KafkaBroker.start(Files.createDirectory(directory.resolve("kafka")), "384m");
                EmbeddedPostgres postgres = EmbeddedPostgres.kept(
                        Files.createDirectory(directory.resolve("data")), EmbeddedPostgres.defaultCache())) {
            broker = ownBroker;
            access = postgres.start();
            ledger = Database.of(access);
            LedgerSchema.migrate(ledger);
            LedgerSchema.identify(ledger, "test", "NZD", false);
            broker.topics().create(TOPIC, PARTITIONS);
            try (PostgresKeeper keeper = PostgresKeeper.keep(postgres);
                    HubFleet hubs = new HubFleet(
                            directory, access, broker, TOPIC, "caravan.kafka.sessionTimeout=" + SESSION_SECONDS + "s");
                    SentUsage usage =
                            new SentUsage(broker, new KafkaUsage(40, 200), TOPIC, new Random(random.nextLong()))) {
                fleet = hubs;
                sent = usage.start(keys != Keys.NONE);
                for (int i = 0; i < HUBS; i++) {
                    fleet.start();
                }
                awaitProgress();

                // when
                List<Fault> all = faults(faults);
                for (int i = 0; i < faults; i++) {
                    if (keys == Keys.BOTH && i == faults / 2) {
                        sent.keyed(false);
                    }
                    Fault fault = all.get(i);
                    System.out.println(
                            "KafkaChaosTest: " + (i + 1) + " of " + faults + ": " + fault + ", sent " + sent.count());
                    happen(fault);
                    if (random.nextInt(4) > 0) {
                        awaitProgress();
                    }
                }
                sent.stop();
                awaitAllRead();

                // then
                assertThat(totals()).as("after %s", all).hasToString(expected().toString());
                assertThat(query("select sum(quarantined) + sum(conflict) + sum(duplicate) from batch"))
                        .isEqualTo("0");
                assertThat(findings()).isEmpty();
                System.out.println("KafkaChaosTest: exact after " + all + ", " + sent.count() + " sent, " + read()
                        + " read, " + query("select count(*) from batch") + " batches, " + fleet.failedStarts()
                        + " failed starts");
                for (int i = fleet.size(); i > 0; i--) {
                    fleet.end(0);
                }
            }
        }
    }

    // ---- what goes wrong
    // ---------------------------------------------------------------------------------------------

    /** In an order that nobody knows, each kind as often as the others. */
    private List<Fault> faults(int count) {
        List<Fault> faults = new ArrayList<>();
        while (faults.size() < count) {
            List<Fault> each = new ArrayList<>(List.of(Fault.values()));
            Collections.shuffle(each, random);
            faults.addAll(each);
        }
        return faults.subList(0, count);
    }

    private void happen(Fault fault) throws Exception {
        switch (fault) {
            case HUB_KILLED -> {
                fleet.kill(random.nextInt(fleet.size()));
                Thread.sleep(random.nextInt(1_000));
                fleet.start();
            }
            case HUB_FROZEN -> fleet.freeze(random.nextInt(fleet.size()), FREEZE_MILLIS + random.nextInt(3_000));
            case BROKER_KILLED -> {
                broker.kill();
                Thread.sleep(random.nextInt(1_500));
                broker.start();
            }
            case BROKER_RESTARTED -> {
                broker.stop();
                broker.start();
            }
            case DATABASE_KILLED -> killDatabase();
            case HUBS_COME_AND_GO -> {
                fleet.start();
                Thread.sleep(random.nextInt(4_000));
                fleet.end(random.nextInt(fleet.size()));
            }
            case USAGE_EATEN -> eat();
            case TOPIC_MADE_AGAIN -> sent.makeAgain();
        }
    }

    private void killDatabase() throws Exception {
        Path pid = directory.resolve("data/postgres/postmaster.pid");
        if (Files.exists(pid)) {
            ProcessHandle.of(Long.parseLong(Files.readAllLines(pid).get(0).strip()))
                    .ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    /** Retention removes everything of a partition while all hubs are frozen, and more is written behind it. */
    private void eat() throws Exception {
        for (int i = 0; i < fleet.size(); i++) {
            signal("STOP", fleet.get(i));
        }
        Thread.sleep(500);
        int partition = random.nextInt(PARTITIONS);
        sent.whileAtRest(() -> broker.topics()
                .eat(TOPIC, partition, broker.topics().ends(TOPIC).get(partition)));
        Thread.sleep(random.nextInt(5_000));
        for (int i = 0; i < fleet.size(); i++) {
            signal("CONT", fleet.get(i));
        }
    }

    private static void signal(String name, Process process) throws Exception {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
    }

    // ---- what a person does
    // ------------------------------------------------------------------------------------------

    private void goOnWhereNeeded() {
        String answer =
                CaravanConsole.run(access, "sources", "go-on", "kafka", "all", "--from", "start", "--reason", "chaos");
        if (answer.contains("goes on from")) {
            System.out.println("KafkaChaosTest: " + answer.strip().replace("\n", "; "));
        }
    }

    // ---- waiting
    // -----------------------------------------------------------------------------------------------------

    /** Waits until hubs have gone on for a while. */
    private void awaitProgress() throws Exception {
        long[] known = new long[1];
        await("an answer of the database", () -> (known[0] = read()) >= 0);
        long before = known[0];
        await("progress", () -> read() > before + 20L * PARTITIONS);
    }

    private void awaitAllRead() throws Exception {
        List<Long> ends = broker.topics().ends(TOPIC);
        String key = broker.topics().cluster() + "/" + broker.topics().id(TOPIC) + "/";
        await("all is read", () -> {
            Map<String, Long> positions = positions();
            for (int partition = 0; partition < PARTITIONS; partition++) {
                if (positions.getOrDefault(key + partition, -1L) < ends.get(partition)) {
                    return false;
                }
            }
            return query("select count(*) from topic_partition where stopped is not null and current")
                    .equals("0");
        });
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private void await(String what, Condition condition) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (true) {
            fleet.check();
            try {
                if (!"0".equals(query("select count(*) from topic_partition where stopped is not null and current"))) {
                    goOnWhereNeeded();
                }
                if (condition.holds()) {
                    return;
                }
            } catch (SQLException databaseIsAway) {
                Thread.sleep(100);
            }
            if (System.nanoTime() > deadline) {
                throw new AssertionError("waited in vain: " + what + "; sent " + sent.count() + ", positions "
                        + positions() + ", "
                        + query("select string_agg(concat_ws(' ', name, last_error), '; ') from source") + "\n"
                        + fleet.said());
            }
            Thread.sleep(100);
        }
    }

    // ---- what the ledger holds
    // ---------------------------------------------------------------------------------------

    private long read() throws SQLException {
        String read = query("select sum(accepted) from batch");
        return read == null ? 0 : Long.parseLong(read);
    }

    private Map<String, Long> positions() throws SQLException {
        Map<String, Long> positions = new HashMap<>();
        rows(
                "select key, value from position where source = 'kafka'",
                row -> positions.put(row.getString(1), row.getLong(2)));
        return positions;
    }

    private Map<String, KafkaUsage.Totals> totals() throws SQLException {
        Map<String, KafkaUsage.Totals> totals = new TreeMap<>();
        rows(
                """
                select t.name, sum(e.records), sum(e.quantity), sum(e.amount)
                  from entry e join tenant t on t.id = e.tenant group by t.name
                """,
                row -> totals.put(
                        row.getString(1),
                        new KafkaUsage.Totals(row.getLong(2), row.getBigDecimal(3), row.getBigDecimal(4))));
        return totals;
    }

    /** By what was sent, and by how far each partition was read and what was given up of it. */
    private Map<String, KafkaUsage.Totals> expected() throws SQLException {
        List<SentUsage.Gap> gaps = new ArrayList<>();
        rows(
                "select key, from_position, to_position from topic_decision where to_position > from_position",
                row -> gaps.add(new SentUsage.Gap(row.getString(1), row.getLong(2), row.getLong(3))));
        return sent.totals(positions(), gaps);
    }

    private List<String> findings() throws SQLException {
        return Audit.run(ledger).stream()
                .flatMap(check -> check.findings().stream())
                .toList();
    }

    private interface Row {
        void read(ResultSet row) throws SQLException;
    }

    private void rows(String sql, Row each) throws SQLException {
        try (Connection connection = ledger.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                each.read(row);
            }
        }
    }

    private String query(String sql) throws SQLException {
        String[] first = new String[1];
        rows(sql, row -> first[0] = row.getString(1));
        return first[0];
    }
}
