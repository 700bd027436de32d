package org.caravan.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.caravan.hub.Run;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.config.Settings;
import org.caravan.hub.db.DatabaseAccess;
import org.caravan.hub.db.EmbeddedPostgres;

/**
 * Ours: {@code caravan run} with the project's own routes into a new durable ledger, in a process of its own.
 *
 * <p>The measured time runs from when the partitions were assigned to the last commit.
 */
final class KafkaRun {
    private static final long LOOK_MILLIS = 20;

    private KafkaRun() {}

    /** Arguments: brokers, topic, messages, tariff file, scratch directory, file for the totals, more settings. */
    public static void main(String[] args) throws Exception {
        // as the command line does, before the first logger
        System.setProperty("log4j2.configurationFile", "classpath:org/caravan/hub/log4j2.xml");
        long messages = Long.parseLong(args[2]);
        Path scratch = Path.of(args[4]).toAbsolutePath();
        Path data = scratch.resolve("data");
        LedgerRun.deleteAll(scratch);
        Files.createDirectories(scratch);
        Path here = Path.of("").toAbsolutePath();
        List<String> settings = new ArrayList<>(List.of(
                "caravan.kafka.brokers=" + args[0],
                "caravan.kafka.topic=" + args[1],
                "caravan.kafka.group=bench-" + ProcessHandle.current().pid(),
                "caravan.management.port=0",
                "caravan.close.auto=false"));
        settings.addAll(List.of(args).subList(6, args.length));
        HubConfig config = new HubConfig.Builder(here, here)
                .set(settings)
                .option("--tariff", Settings.TARIFF, Path.of(args[3]).toAbsolutePath())
                .option("--data", Settings.DATA, data)
                .build();
        long begun = System.nanoTime();
        Run run = new Run(config, Clock.systemUTC());
        Thread hub = new Thread(
                () -> {
                    try {
                        run.run(() -> {});
                    } catch (Exception e) {
                        e.printStackTrace();
                        System.exit(1);
                    }
                },
                "hub");
        hub.start();
        long start = 0;
        long end = 0;
        while (end == 0) {
            Thread.sleep(LOOK_MILLIS);
            DatabaseAccess access = EmbeddedPostgres.running(data).orElse(null);
            if (access == null) {
                continue;
            }
            try (Connection connection = DriverManager.getConnection(access.url(), access.user(), access.password());
                    PreparedStatement select = connection.prepareStatement(
                            "select count(*), sum(value) from position where source = 'kafka'")) {
                while (end == 0) {
                    try (ResultSet row = select.executeQuery()) {
                        row.next();
                        start = start == 0 && row.getLong(1) > 0 ? System.nanoTime() : start;
                        end = row.getLong(2) == messages ? System.nanoTime() : 0;
                    }
                    Thread.sleep(LOOK_MILLIS);
                }
            } catch (java.sql.SQLException notYet) {
                // its schema is being made
                continue;
            }
        }
        long rss = Memory.peakRssMiB();
        long heap = Memory.peakHeapMiB();
        long databaseRss = Memory.descendantsRssMiB();
        run.stop();
        hub.join();
        long entries = LedgerRun.writeTotals(data, Path.of(args[5]));
        LedgerRun.deleteAll(scratch);
        System.out.println(
                new RunResult(end - start, System.nanoTime() - begun, entries, rss, heap, databaseRss).json());
        System.exit(0);
    }
}
