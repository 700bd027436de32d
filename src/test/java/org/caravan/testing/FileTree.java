package org.caravan.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What lies in a directory and below it. */
public final class FileTree {
    private FileTree() {}

    /** Content of every file by its path within the directory, hidden ones too; nothing where there is none. */
    public static Map<String, String> contents(Path directory) throws IOException {
        Map<String, String> found = new TreeMap<>();
        if (!Files.exists(directory)) {
            return found;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                found.put(directory.relativize(file).toString(), Files.readString(file));
            }
        }
        return found;
    }

    public static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
