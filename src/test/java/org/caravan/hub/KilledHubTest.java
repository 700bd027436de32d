package org.caravan.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.caravan.hub.db.DatabaseAccess;
import org.caravan.testing.Database;
import org.caravan.testing.FileTree;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code caravan run} from inbox to invoices, with the hub, its database or both killed in the middle of reading, closing,
 * issuing, fanning out and delivering.
 */
class KilledHubTest {
    /** Kills in all; -Pchaos sets it to 500. */
    private static final int KILLS = Integer.getInteger("caravan.kills", 3);

    /** Of one ledger: while its first months are billed, and while late usage and another month come in. */
    private static final int KILLS_OF_MONTHS = 2;

    private static final int KILLS_OF_LATER = 2;

    private static final Path HOME = Path.of("").toAbsolutePath();
    private static final int LINES = 4_000;
    private static final int LATER_LINES = 800;
    private static final int FILES = 3;

    /** Numbers, figures and fate of every document. */
    private static final String DOCUMENTS =
            """
            select d.number, concat_ws(' ', d.key, d.kind, d.account, d.month, d.total, d.exact, count(v.id),
                                       count(v.id) filter (where v.state = 'committed'), count(distinct v.reference))
              from document d left join delivery v on v.document = d.id group by d.id
            """;

    /** What each account was billed, whatever document it is on: when late usage meets a close is a matter of chance. */
    private static final String BILLED = "select account, sum(exact) from document group by account";

    private static final String TAKEN_IN =
            "select 'all', concat_ws(' ', sum(records), sum(quantity), sum(amount), sum(seconds),"
                    + " (select count(*) from quarantine)) from entry";

    /** Nothing waits: not a month that is over, not a document on its way. */
    private static final String SETTLED =
            """
            select exists (select from document)
               and not exists (select from entry e where not exists (select from month m
                                where m.tenant = e.tenant and m.month = e.billing_month and m.state = 'closed'))
               and not exists (select from document d where not exists (select from delivery v
                                where v.document = d.id and v.state = 'committed'))
            """;

    @TempDir
    Path directory;

    /** What a ledger comes to: after its first months, and after what came later. */
    private record Outcome(
            Map<String, String> documents,
            Map<String, String> takenIn,
            Map<String, String> files,
            Map<String, String> billedLater,
            Map<String, String> takenInLater) {}

    @Test
    void aHubThatWasKilledAnywhereGoesOnAndEachDocumentIsIssuedAndDeliveredOnce() throws Exception {
        // given: what an undisturbed hub comes to
        Outcome expected = undisturbed();
        // when: hub, database or both are killed at moments of a seed that is printed
        long seed = Long.getLong("caravan.seed", new Random().nextLong());
        System.out.println("KilledHubTest: -Dcaravan.seed=" + seed);
        Random random = new Random(seed);
        int killed = 0;
        for (int ledger = 1; killed < KILLS; ledger++) {
            Path place = make("killed-" + ledger);
            List<String> kills = new ArrayList<>();
            try (KilledHub hub = new KilledHub(place, settings(place), random)) {
                putMonths(place);
                killed += kill(hub, Math.min(KILLS_OF_MONTHS, KILLS - killed), random, kills);
                hub.finish("the months are billed", () -> isSettled(place, hub));
                // then: restarted until done, it is as if nothing had happened
                String as = place.getFileName() + ", killed: " + kills;
                hub.atRest(access -> {
                    assertThat(rows(access, DOCUMENTS)).as(as).isEqualTo(expected.documents);
                    assertThat(rows(access, TAKEN_IN)).as(as).isEqualTo(expected.takenIn);
                    return null;
                });
                assertThat(FileTree.contents(place.resolve("out"))).as(as).isEqualTo(expected.files);
                // and the same with late usage, beside which another month comes in and is closed
                putLater(place);
                killed += kill(hub, Math.min(KILLS_OF_LATER, KILLS - killed), random, kills);
                hub.finish("what came later is billed", () -> isSettled(place, hub));
                String later = place.getFileName() + ", killed: " + kills;
                hub.atRest(access -> {
                    assertThat(rows(access, BILLED)).as(later).isEqualTo(expected.billedLater);
                    assertThat(rows(access, TAKEN_IN)).as(later).isEqualTo(expected.takenInLater);
                    assertThat(rows(access, DOCUMENTS))
                            .as(later)
                            .containsAllEntriesOf(expected.documents)
                            .hasSize(invoices(place));
                    return null;
                });
            } catch (Exception | AssertionError e) {
                System.out.println("KilledHubTest: " + place.getFileName() + " after " + kills + ", its hubs said:\n"
                        + Files.readString(place.resolve("err.txt")));
                throw e;
            }
            FileTree.delete(place);
            if (ledger % 10 == 0) {
                System.out.println("KilledHubTest: " + killed + " kills");
            }
        }
    }

    private static int kill(KilledHub hub, int times, Random random, List<String> kills) throws Exception {
        for (int i = 0; i < times; i++) {
            KilledHub.Stage stage = KilledHub.Stage.values()[random.nextInt(KilledHub.Stage.values().length)];
            // the numbers of batches, months and documents are of this size
            kills.add(hub.kill(stage, 40, () -> isSettled(hub.directory, hub)));
        }
        return times;
    }

    private static boolean isSettled(Path place, KilledHub hub) throws IOException {
        return isEmpty(place.resolve("in")) && "t".equals(hub.find(SETTLED));
    }

    private Outcome undisturbed() throws Exception {
        Path place = make("undisturbed");
        DatabaseAccess ledger = Database.freshAccess();
        putMonths(place);
        try (RunningHub hub = RunningHub.start(
                ledger, place.resolve("in"), Clock.systemUTC(), settings(place).toArray(String[]::new))) {
            RunningHub.Condition settled =
                    () -> isEmpty(place.resolve("in")) && "t".equals(RunningHub.ask(ledger, SETTLED));
            RunningHub.await("the months are billed", settled);
            Map<String, String> documents = rows(ledger, DOCUMENTS);
            Map<String, String> takenIn = rows(ledger, TAKEN_IN);
            Map<String, String> files = FileTree.contents(place.resolve("out"));
            assertThat(invoices(place)).isEqualTo(documents.size()).isGreaterThan(20);
            putLater(place);
            RunningHub.await("what came later is billed", settled);
            return new Outcome(documents, takenIn, files, rows(ledger, BILLED), rows(ledger, TAKEN_IN));
        }
    }

    private Path make(String name) throws IOException {
        Path place = Files.createDirectories(directory.resolve(name));
        Files.createDirectory(place.resolve("in"));
        return place;
    }

    private static List<String> settings(Path place) {
        return List.of(
                "caravan.inbox=" + place.resolve("in"),
                "caravan.out=" + place.resolve("out"),
                "caravan.issuer=test",
                "caravan.tariff=" + HOME.resolve("examples/tariff.yaml"),
                "caravan.meters=" + HOME.resolve("examples/meters.yaml"),
                "caravan.batch.size=100",
                "caravan.inbox.rest=200ms",
                "caravan.inbox.poll=200ms",
                "caravan.inbox.maxRetryDelay=1s",
                "caravan.close.auto=true",
                "caravan.close.period=1s",
                "caravan.close.quarantine=allow",
                "caravan.delivery.firstDelay=200ms",
                "caravan.delivery.maxDelay=1s",
                "caravan.management.port=0",
                "caravan.api.port=0");
    }

    /**
     * Two months of the example, of years ago, in several files, one of them twice. What conflicts is in one file, as files
     * may change places when one of them has to be tried again.
     */
    private static void putMonths(Path place) throws IOException {
        List<String> usage = example();
        List<List<String>> parts = new ArrayList<>();
        for (int i = 0; i < FILES; i++) {
            parts.add(new ArrayList<>(List.of(usage.get(0))));
        }
        for (String line : usage.subList(1, usage.size())) {
            parts.get(Math.floorMod(line.split(",")[1].hashCode(), FILES)).add(line);
        }
        for (int i = 0; i < FILES; i++) {
            put(place, "usage-" + i + ".csv", parts.get(i));
        }
        put(place, "again.csv", parts.get(0));
    }

    /** Usage of a month that is closed, by resources of its own, and the month after it under a name that was there. */
    private static void putLater(Path place) throws IOException {
        List<String> usage = example().subList(0, LATER_LINES);
        put(
                place,
                "late.csv",
                usage.stream()
                        .map(line -> line.replace(",instance,", "-late,instance,"))
                        .filter(line -> line.contains("-late") || line.startsWith("id,"))
                        .toList());
        put(
                place,
                "usage-0.csv",
                usage.stream().map(line -> line.replace("2024-10-", "2024-11-")).toList());
    }

    private static List<String> example() throws IOException {
        List<String> lines = Files.readAllLines(HOME.resolve("examples/october.csv"));
        List<String> usage = new ArrayList<>(lines.subList(0, LINES));
        lines.subList(LINES, lines.size()).stream()
                .filter(line -> line.contains(",2026-09-"))
                .forEach(usage::add);
        usage.replaceAll(line -> line.replace("2026-", "2024-"));
        return usage;
    }

    private static void put(Path place, String name, List<String> lines) throws IOException {
        Path building = Files.write(place.resolve(name), lines);
        Files.move(building, place.resolve("in").resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    private static boolean isEmpty(Path inbox) throws IOException {
        try (var files = Files.list(inbox)) {
            return files.allMatch(file -> file.getFileName().toString().startsWith("."));
        }
    }

    private static int invoices(Path place) throws IOException {
        return (int) FileTree.contents(place.resolve("out")).keySet().stream()
                .filter(name -> !name.startsWith("."))
                .count();
    }

    private static Map<String, String> rows(DatabaseAccess ledger, String sql) throws SQLException {
        Map<String, String> rows = new TreeMap<>();
        try (Connection connection = RunningHub.connect(ledger);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                rows.put(row.getString(1), row.getString(2));
            }
        }
        return rows;
    }
}
