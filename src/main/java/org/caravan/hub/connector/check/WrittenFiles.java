package org.caravan.hub.connector.check;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The files that a connector writes: below the directories that it is told of. Hidden ones are its own affair. */
final class WrittenFiles {
    private static final int MAX_FILES = 20_000;
    private static final int DEPTH = 3;
    private static final long MAX_BYTES = 16 << 20;

    private final List<Path> directories;
    private Set<Path> before = Set.of();

    /** @param values what the connector is told; those that are directories count */
    WrittenFiles(Collection<String> values) {
        directories =
                values.stream().flatMap(WrittenFiles::directory).distinct().toList();
    }

    private static Stream<Path> directory(String value) {
        if (value == null || !value.contains("/") || value.contains("://")) {
            return Stream.empty();
        }
        try {
            Path path = Path.of(value).toAbsolutePath().normalize();
            return path.getNameCount() > 0 && (!Files.exists(path) || Files.isDirectory(path))
                    ? Stream.of(path)
                    : Stream.empty();
        } catch (InvalidPathException e) {
            return Stream.empty();
        }
    }

    /** False if there is nothing that could be looked into. */
    boolean readable() {
        return directories.stream().anyMatch(Files::isDirectory) && files() != null;
    }

    /** What is there now is not counted. */
    void mark() {
        Set<Path> now = files();
        before = now == null ? Set.of() : now;
    }

    /** What is there that was not at the mark. */
    Set<Path> news() {
        Set<Path> now = files();
        if (now == null) {
            return Set.of();
        }
        Set<Path> news = new TreeSet<>(now);
        news.removeAll(before);
        return news;
    }

    /** The text of what is new. */
    String text() {
        StringBuilder text = new StringBuilder();
        for (Path file : news()) {
            try {
                if (Files.size(file) <= MAX_BYTES) {
                    text.append(new String(Files.readAllBytes(file), StandardCharsets.UTF_8))
                            .append('\n');
                }
            } catch (IOException e) {
                // gone meanwhile: what takes the files away is at work
            }
        }
        return text.toString();
    }

    /** Null if there are too many. */
    private Set<Path> files() {
        Set<Path> all = new HashSet<>();
        for (Path directory : directories) {
            if (!Files.isDirectory(directory)) {
                continue;
            }
            try (Stream<Path> walk = Files.walk(directory, DEPTH)) {
                walk.filter(file -> isShown(directory, file) && Files.isRegularFile(file))
                        .limit(MAX_FILES + 1L)
                        .forEach(all::add);
            } catch (IOException | java.io.UncheckedIOException e) {
                return null;
            }
            if (all.size() > MAX_FILES) {
                return null;
            }
        }
        return all;
    }

    private static boolean isShown(Path directory, Path file) {
        for (Path part : directory.relativize(file)) {
            if (part.toString().startsWith(".")) {
                return false;
            }
        }
        return true;
    }
}
