package org.caravan.metering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InboxTest {
    private static final Instant NOW = Instant.parse("2026-11-02T10:00:00.5Z");

    @TempDir
    Path directory;

    private Inbox inbox;

    @BeforeEach
    void open() {
        inbox = Inbox.open(directory, null);
    }

    @Test
    void namesNeverTakeEachOthersPlace() throws IOException {
        // given, when
        for (String content : List.of("one", "two", "three")) {
            Path file = put("usage.csv.gz", content);
            inbox.done(file, FilePosition.of(file), NOW);
        }

        // then
        assertThat(names(".done"))
                .containsExactly("usage-20261102T100000Z-2.csv.gz", "usage-20261102T100000Z.csv.gz", "usage.csv.gz");
        assertThat(Files.readString(directory.resolve(".done/usage.csv.gz"))).isEqualTo("one");
    }

    @Test
    void aFileThatIsNotTheOneThatWasReadStays() throws IOException {
        // given: read, then appended to; read, then replaced; read, then taken away by another hub
        Path grown = put("grown.csv", "one\n");
        String before = FilePosition.of(grown);
        Files.writeString(grown, "two\n", StandardOpenOption.APPEND);
        Path replaced = put("replaced.csv", "october");
        String october = FilePosition.of(replaced);
        Files.writeString(replaced, "novembe");

        // when, then
        assertThat(inbox.done(grown, before, NOW)).isEmpty();
        assertThat(inbox.done(replaced, october, NOW)).isEmpty();
        assertThat(inbox.refused(replaced, october, "no header", NOW)).isEmpty();
        assertThat(inbox.done(directory.resolve("gone.csv"), october, NOW)).isEmpty();
        assertThat(inbox.refused(directory.resolve("gone.csv"), null, "unreadable", NOW))
                .isEmpty();
        assertThat(inbox.waiting()).containsExactlyInAnyOrder("grown.csv", "replaced.csv");
        assertThat(names(".done")).isEmpty();
        assertThat(names(".failed")).isEmpty();
    }

    @Test
    void aRefusedFileHasItsReasonBesideItHoweverLongItsNameIs() throws IOException {
        // given
        String name = "\u20ac".repeat(83) + ".csv";
        assertThat(name.getBytes(StandardCharsets.UTF_8)).hasSize(253);
        Path first = put(name, "a");

        // when
        Path target =
                inbox.refused(first, FilePosition.of(first), "no header", NOW).orElseThrow();
        Path second = put(name, "b");
        Path other =
                inbox.refused(second, FilePosition.of(second), "no header", NOW).orElseThrow();

        // then
        assertThat(Files.readString(target)).isEqualTo("a");
        assertThat(Files.readString(other)).isEqualTo("b");
        assertThat(Files.readString(target.resolveSibling(target.getFileName() + ".reason.txt")))
                .isEqualTo("2026-11-02T10:00:00.500Z no header\n");
        assertThat(inbox.failed()).hasSize(2).allMatch(failed -> failed.endsWith(".csv"));
    }

    @Test
    void aMoveThatFailsLeavesNoTrace() throws IOException {
        // given: the note can't be written, for a directory has its name
        Path file = put("bad.csv", "x");
        Files.createDirectory(directory.resolve(".failed/bad.csv.reason.txt"));

        // when, then
        assertThatThrownBy(() -> inbox.refused(file, null, "no header", NOW)).isInstanceOf(IOException.class);
        assertThat(file).exists();
        assertThat(inbox.failed()).isEmpty();
    }

    @Test
    void whatOthersStillWriteWaitsAndIsNoUsageYet() throws IOException {
        // given
        for (String name : List.of("a.csv", "b.csv.part", "c.TMP", "d.filepart", ".e.csv")) {
            put(name, "");
        }
        Files.createDirectory(directory.resolve("sub"));

        // when, then
        assertThat(inbox.waiting()).containsExactlyInAnyOrder("a.csv", "b.csv.part", "c.TMP", "d.filepart");
        assertThat(inbox.waiting()).filteredOn(inbox::isUsage).containsExactly("a.csv");
    }

    @Test
    void anInboxWithoutItsDoneDirectoryIsNotEmptyButLost() throws IOException {
        // given
        Files.delete(directory.resolve(".done"));

        // when, then
        assertThatThrownBy(inbox::waiting).isInstanceOf(IOException.class);
    }

    private Path put(String name, String content) throws IOException {
        return Files.writeString(directory.resolve(name), content);
    }

    private List<String> names(String inner) throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve(inner))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
