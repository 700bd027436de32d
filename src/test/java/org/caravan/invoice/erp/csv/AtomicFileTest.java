package org.caravan.invoice.erp.csv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.caravan.common.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
    private static final AtomicFile.Linker NO_LINKS = (name, existing) -> {
        throw new FileSystemException(name.toString(), existing.toString(), "Operation not permitted");
    };

    @TempDir
    Path directory;

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void leftoversOfAKilledRunAreRemovedWithTheNextWriteOfTheSameOwner() throws Exception {
        // given
        Files.writeString(directory.resolve(".caravan-abc-1.tmp"), "half");
        Files.writeString(directory.resolve(".caravan-def-1.tmp"), "of another, perhaps alive");
        Files.writeString(directory.resolve("notes.tmp"), "of someone");
        // when
        new AtomicFile(directory).create("a.csv", bytes("whole"), "abc");
        // then
        assertThat(files()).containsExactly(".caravan-def-1.tmp", "a.csv", "notes.tmp");
        assertThat(directory.resolve("a.csv")).hasContent("whole");
    }

    @Test
    void aKillBetweenLinkAndCleaningIsRepairedByTheRepeat() throws Exception {
        // given both names of one file
        Path temporary = directory.resolve(".caravan-abc-1.tmp");
        Files.writeString(temporary, "whole");
        Files.createLink(directory.resolve("a.csv"), temporary);
        // when
        new AtomicFile(directory).create("a.csv", bytes("whole"), "abc");
        // then
        assertThat(files()).containsExactly("a.csv");
        assertThat(directory.resolve("a.csv")).hasContent("whole");
    }

    @Test
    void aTemporaryFileThatVanishedIsWrittenAgain() throws Exception {
        // given another process that takes the first temporary file for a leftover
        List<Path> seen = new ArrayList<>();
        AtomicFile file = new AtomicFile(directory, (name, existing) -> {
            if (seen.isEmpty()) {
                Files.delete(existing);
            }
            seen.add(existing);
            Files.createLink(name, existing);
        });
        // when
        file.create("a.csv", bytes("whole"), "abc");
        // then
        assertThat(seen).hasSize(2);
        assertThat(files()).containsExactly("a.csv");
    }

    @Test
    void writersOfSeveralProcessesAgreeOnOneFile() throws Exception {
        // given
        List<Callable<Void>> writers = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            int n = i;
            // an instance each, as processes have; some on a view without hard links
            AtomicFile file = i % 5 == 0 ? new AtomicFile(directory, NO_LINKS) : new AtomicFile(directory);
            writers.add(() -> {
                file.create("f" + n % 4 + ".csv", bytes("content " + n % 4), "owner" + n % 4);
                return null;
            });
        }
        ExecutorService threads = Executors.newFixedThreadPool(8);
        // when
        List<Future<Void>> done = threads.invokeAll(writers);
        threads.shutdown();
        // then
        for (Future<Void> writer : done) {
            writer.get();
        }
        assertThat(files()).containsExactly(".caravan.lock", "f0.csv", "f1.csv", "f2.csv", "f3.csv");
        assertThat(directory.resolve("f3.csv")).hasContent("content 3");
    }

    @Test
    void ofWritersWithDifferentContentOneWins() throws Exception {
        // given
        List<Callable<Boolean>> writers = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            byte[] content = bytes("content " + i);
            writers.add(() -> {
                try {
                    new AtomicFile(directory).create("a.csv", content, "owner");
                    return true;
                } catch (UserError e) {
                    return false;
                }
            });
        }
        ExecutorService threads = Executors.newFixedThreadPool(8);
        // when
        List<Future<Boolean>> done = threads.invokeAll(writers);
        threads.shutdown();
        // then
        int won = 0;
        for (Future<Boolean> writer : done) {
            won += writer.get() ? 1 : 0;
        }
        assertThat(won).isEqualTo(1);
        assertThat(files()).containsExactly("a.csv");
    }

    @Test
    void withoutHardLinksAnExistingFileIsNotReplacedEither() throws Exception {
        // given
        AtomicFile file = new AtomicFile(directory, NO_LINKS);
        file.create("a.csv", bytes("whole"), "abc");
        // when, then
        file.create("a.csv", bytes("whole"), "abc");
        assertThatThrownBy(() -> file.create("a.csv", bytes("other"), "abc")).isInstanceOf(UserError.class);
        assertThat(directory.resolve("a.csv")).hasContent("whole");
        assertThat(file.isFree("a.csv", bytes("whole"))).isTrue();
        assertThat(file.isFree("a.csv", bytes("other"))).isFalse();
        assertThat(file.isFree("b.csv", bytes("other"))).isTrue();
    }

    @Test
    void aDirectoryOrADanglingLinkUnderTheNameIsNotOurs() throws Exception {
        // given
        Files.createDirectory(directory.resolve("d.csv"));
        Files.createSymbolicLink(directory.resolve("l.csv"), directory.resolve("nowhere"));
        AtomicFile file = new AtomicFile(directory);
        // when, then
        assertThatThrownBy(() -> file.create("d.csv", bytes("x"), "abc")).isInstanceOf(UserError.class);
        assertThatThrownBy(() -> file.create("l.csv", bytes("x"), "abc")).isInstanceOf(UserError.class);
        assertThat(directory.resolve("nowhere")).doesNotExist();
    }

    @Test
    void aFailureLeavesNothing() throws Exception {
        // given a file system that fails both ways
        AtomicFile file = new AtomicFile(directory, (name, existing) -> {
            Files.createDirectory(directory.resolve(".caravan.lock"));
            throw new AccessDeniedException(name.toString());
        });
        // when, then
        assertThatThrownBy(() -> file.create("a.csv", bytes("x"), "abc")).isInstanceOf(IOException.class);
        assertThat(files()).containsExactly(".caravan.lock");
    }
}
