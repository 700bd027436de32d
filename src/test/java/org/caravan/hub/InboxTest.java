package org.caravan.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.caravan.hub.db.DatabaseAccess;
import org.caravan.testing.Database;
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
