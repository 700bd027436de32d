package org.caravan.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.caravan.common.UserError;
import org.caravan.hub.db.DatabaseAccess;
import org.caravan.invoice.MovableClock;
import org.caravan.testing.Database;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The inbox of a hub that runs, from files to the ledger. */
class InboxTest {
    private static final String HEADER = "id,tenant,datacenter,resource,meter,quantity,unit,begin,end,flavor\n";
    private static final String TOTALS =
            "select coalesce(sum(records), 0) || ' ' || trim_scale(coalesce(sum(quantity), 0)) from entry";

    @TempDir
    Path directory;

    private Path inbox;
    private DatabaseAccess ledger;

    @BeforeEach
    void make() throws IOException {
        inbox = Files.createDirectory(directory.resolve("in"));
        ledger = Database.freshAccess();
    }

    @Test
    void whatCanBeReadEndsInDoneAndWhatCanNotInFailedWithItsReason() throws Exception {
        // given: usage among files that are none
        put("good.csv", HEADER + hours("acme", "vm-1", 1, 3));
        put("a b 'c' 50% ${x}\n\u20ac\ud83d\ude00.csv", HEADER + hours("acme", "vm-2", 1, 2));
        put(
                "more.JSONL",
                "{\"tenant\":\"acme\",\"resource\":\"vm-3\",\"meter\":\"instance\",\"quantity\":\"1\","
                        + "\"unit\":\"hour\",\"begin\":\"2026-10-01T00:00:00Z\",\"end\":\"2026-10-01T01:00:00Z\"}\n");
        put("headless.csv", "tennant,resource\nacme,vm-1\n");
        put("notes.txt", "not usage");
        put("half.csv.part", HEADER);
        put(".hidden.csv", HEADER + hours("acme", "vm-4", 1, 1));
        Files.writeString(directory.resolve("outside.csv"), HEADER + hours("acme", "vm-5", 1, 1));
        Files.createSymbolicLink(inbox.resolve("link.csv"), directory.resolve("outside.csv"));
        Files.createDirectory(inbox.resolve("sub"));
        put("sub/below.csv", HEADER + hours("acme", "vm-6", 1, 1));

        // when
        try (RunningHub hub = RunningHub.start(ledger, inbox, Clock.systemUTC())) {
            RunningHub.await("only what is no usage is left", () -> names(inbox).size() == 3 && failed() == 3);

            // then
            assertThat(hub.running.inbox()).isEqualTo(inbox.toRealPath());
            assertThat(hub.running.routes()).contains("metering-files", "metering-usage", "fan-out", "deliver");
        }
        assertThat(names(inbox)).containsExactly(".hidden.csv", "half.csv.part", "sub");
        assertThat(names(inbox.resolve(".done")))
                .containsExactly("a b 'c' 50% ${x}\n\u20ac\ud83d\ude00.csv", "good.csv", "more.JSONL");
        assertThat(names(inbox.resolve(".failed")))
                .containsExactly(
                        "headless.csv",
                        "headless.csv.reason.txt",
                        "link.csv",
                        "link.csv.reason.txt",
                        "notes.txt",
                        "notes.txt.reason.txt");
        assertThat(Files.readString(inbox.resolve(".failed/headless.csv.reason.txt")))
                .contains("file headless.csv: column 'tenant' is missing", "move it back into the inbox")
                .hasLineCount(1);
        assertThat(Files.readString(inbox.resolve(".failed/notes.txt.reason.txt")))
                .contains("its name must end in .csv, .jsonl or .ndjson");
        assertThat(Files.exists(directory.resolve("outside.csv"))).isTrue();
        assertThat(RunningHub.ask(ledger, TOTALS)).isEqualTo("6 6");
    }

    @Test
    void theContentTellsAFileAndNeverItsName() throws Exception {
        // given
        String october = HEADER + hours("acme", "vm-1", 0, 3);
        put("usage.csv", october);
        put("copy.csv", october);

        try (RunningHub hub = RunningHub.start(ledger, inbox, Clock.systemUTC())) {
            RunningHub.await("both are read", () -> names(inbox).isEmpty());
            assertThat(RunningHub.ask(ledger, TOTALS)).isEqualTo("3 3");
            assertThat(RunningHub.ask(ledger, "select count(*) from batch")).isEqualTo("1");

            // when: another month's file of the same name, and one that was appended to
            put("usage.csv", HEADER + hours("acme", "vm-1", 744, 2));
            put("copy.csv", october + hours("acme", "vm-1", 3, 1));
            RunningHub.await("both are read", () -> names(inbox).isEmpty());
        }

        // then
        assertThat(RunningHub.ask(ledger, TOTALS)).isEqualTo("6 6");
        assertThat(RunningHub.ask(ledger, "select sum(duplicate) from batch")).isEqualTo("3");
        assertThat(names(inbox.resolve(".done")))
                .hasSize(4)
                .contains("usage.csv", "copy.csv")
                .anyMatch(name -> name.matches("usage-\\d{8}T\\d{6}Z[.]csv"));
        assertThat(names(inbox.resolve(".failed"))).isEmpty();
    }

    @Test
    void aFailureOfTheDatabaseMovesNothingAndHoldsNoOtherFile() throws Exception {
        // given: somebody holds the bucket of one tenant
        put("acme.csv", HEADER + hours("acme", "vm-1", 0, 1));
        try (RunningHub hub = RunningHub.start(ledger, inbox, Clock.systemUTC(), "caravan.ledger.lockWait=1s");
                Connection holder = RunningHub.connect(ledger)) {
            RunningHub.await("the bucket is known", () -> names(inbox).isEmpty());
            holder.setAutoCommit(false);
            try (Statement statement = holder.createStatement()) {
                statement.execute(
                        "select id from bucket where id = (select bucket from tenant where name = 'acme') for update");
            }

            // when
            put("later.csv", HEADER + hours("acme", "vm-1", 1, 1));
            put("zen.csv", HEADER + hours("zen", "vm-1", 0, 1));
            RunningHub.await("the other file is read", () -> names(inbox).equals(List.of("later.csv")));
            RunningHub.await(
                    "the source says what is wrong",
                    () -> RunningHub.ask(ledger, "select last_error from source") != null);

            // then
            assertThat(RunningHub.ask(ledger, "select last_error from source")).startsWith("later.csv: waited 1 s for");
            assertThat(names(inbox.resolve(".failed"))).isEmpty();
            assertThat(RunningHub.ask(ledger, TOTALS)).isEqualTo("2 2");

            // when
            holder.rollback();
            RunningHub.await("it is read, too", () -> names(inbox).isEmpty());
            RunningHub.await(
                    "nothing is wrong any more", () -> RunningHub.ask(ledger, "select last_error from source") == null);
        }
        assertThat(RunningHub.ask(ledger, TOTALS)).isEqualTo("3 3");
    }

    @Test
    void theInboxIsRatedUntilAMonthsEndOnceItIsEmptyAfterTheGrace() throws Exception {
        // given: a day and an hour after the end of October, an empty inbox
        MovableClock clock = new MovableClock("2026-11-02T01:00:00Z");
        try (RunningHub hub = RunningHub.start(ledger, inbox, clock)) {
            RunningHub.await("october is in", () -> "2026-11-01".equals(ratedUntil()));

            // when: usage is on its way as November ends, and a file is refused
            put("november.csv.part", HEADER);
            clock.move(Duration.ofDays(29));
            put("broken.csv", "nothing\n");
            RunningHub.await("it is refused", () -> failed() == 1);
            clock.move(Duration.ofDays(1));

            // then
            RunningHub.await("it is told", () -> problem()
                    .startsWith("1 refused in " + inbox.toRealPath() + "/.failed: broken.csv"));
            assertThat(ratedUntil()).isEqualTo("2026-11-01");

            // when: the refused file was looked after
            Files.delete(inbox.resolve(".failed/broken.csv"));

            // then: the other one still holds the month
            RunningHub.await("it is told", () -> problem()
                    .equals("usage before 2026-12-01T00:00:00Z may still be in the inbox, which holds"
                            + " november.csv.part"));
            assertThat(ratedUntil()).isEqualTo("2026-11-01");

            // when
            Files.delete(inbox.resolve("november.csv.part"));

            // then
            RunningHub.await("november is in", () -> "2026-12-01".equals(ratedUntil()));
            RunningHub.await("nothing is wrong", () -> problem().isEmpty());

            // when: the directory is not the inbox any more, as where a disk is not mounted
            Files.move(inbox.resolve(".done"), directory.resolve("elsewhere"));
            clock.move(Duration.ofDays(62));
            put("proof.csv", "nothing\n");
            RunningHub.await("a look was taken", () -> names(inbox).isEmpty());
            Thread.sleep(300);

            // then
            assertThat(ratedUntil()).isEqualTo("2026-12-01");
        }
    }

    @Test
    void withMarksAFileIsTakenOnceItsMarkLiesBesideIt() throws Exception {
        // given: a mark that outlived its file
        put("stale.csv.done", "");
        put("growing.csv", HEADER + hours("acme", "vm-1", 0, 1));
        put("ready.csv", HEADER + hours("acme", "vm-2", 0, 1));
        put("ready.csv.done", "");
        try (RunningHub hub = RunningHub.start(ledger, inbox, Clock.systemUTC(), "caravan.inbox.take=mark")) {

            // when
            RunningHub.await("one is read", () -> names(inbox).equals(List.of("growing.csv")));

            // then
            assertThat(RunningHub.ask(ledger, TOTALS)).isEqualTo("1 1");

            // when
            put("growing.csv.done", "");
            RunningHub.await("both are read", () -> names(inbox).isEmpty());
        }
        assertThat(names(inbox.resolve(".done"))).containsExactly("growing.csv", "ready.csv");
        assertThat(RunningHub.ask(ledger, TOTALS)).isEqualTo("2 2");
    }

    @Test
    void twoHubsShareAnInboxAndBillEveryHourOnce() throws Exception {
        // given
        int files = 30;
        for (int file = 0; file < files; file++) {
            put("usage-" + file + ".csv", HEADER + hours("tenant-" + file % 3, "vm-" + file, 0, 200));
        }

        // when
        try (RunningHub one = RunningHub.start(ledger, inbox, Clock.systemUTC(), "caravan.batch.size=50");
                RunningHub other = RunningHub.start(ledger, inbox, Clock.systemUTC(), "caravan.batch.size=70")) {
            RunningHub.await("all are read", () -> names(inbox).isEmpty());
        }

        // then
        assertThat(RunningHub.ask(ledger, TOTALS)).isEqualTo(files * 200 + " " + files * 200);
        assertThat(names(inbox.resolve(".done"))).hasSize(files);
        assertThat(names(inbox.resolve(".failed"))).isEmpty();
    }

    @Test
    void anInboxThatCanNotBeOneIsRefusedInOneLine() throws Exception {
        // given
        Path file = Files.createFile(directory.resolve("file"));
        Path out = Files.createDirectory(directory.resolve("out"));

        // when, then
        assertRefused(directory.resolve("missing"), "no such directory; make it");
        assertRefused(file, "it must be a directory");
        assertRefused(directory.resolve(".dot"), "its name must not begin with a dot");
        assertRefused(out, "is caravan.out, too", "caravan.out=" + out);
    }

    private void assertRefused(Path inbox, String message, String... settings) {
        assertThatThrownBy(() -> new Run(RunningHub.config(ledger, inbox, settings), Clock.systemUTC())
                        .run(() -> Assertions.fail("it runs")))
                .isInstanceOf(UserError.class)
                .hasMessageContaining(inbox.toString())
                .hasMessageContaining(message)
                .hasMessageNotContaining("\n");
    }

    private String ratedUntil() throws Exception {
        return RunningHub.ask(ledger, "select to_char(rated_until at time zone 'UTC', 'YYYY-MM-DD') from source");
    }

    private String problem() throws Exception {
        return RunningHub.ask(ledger, "select coalesce(last_error, '') from source");
    }

    private void put(String name, String content) throws IOException {
        // as a careful sender does: complete under its name, or not there
        Path building = Files.createTempFile(directory, "sent", null);
        Files.writeString(building, content);
        Files.move(building, inbox.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Hourly records from an hour of October 2026 on. */
    private static String hours(String tenant, String resource, int from, int count) {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < count; i++) {
            var begin = java.time.Instant.parse("2026-10-01T00:00:00Z").plus(Duration.ofHours(from + i));
            lines.append(String.join(
                            ",",
                            "",
                            tenant,
                            "nz-por-1",
                            resource,
                            "instance",
                            "1",
                            "hour",
                            begin.toString(),
                            begin.plus(Duration.ofHours(1)).toString(),
                            "c1.c1r1"))
                    .append("\n");
        }
        return lines.toString();
    }

    private long failed() throws IOException {
        return names(inbox.resolve(".failed")).stream()
                .filter(name -> name.endsWith(".reason.txt"))
                .count();
    }

    /** Names of what lies in a directory, without the inbox's own directories. */
    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.equals(".done") && !name.equals(".failed"))
                    .sorted()
                    .toList();
        }
    }
}
