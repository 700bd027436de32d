package org.caravan.hub.db;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/** Whole directories. */
final class Trees {
    private Trees() {}

    /** What is done to every file and directory of a tree, to the content of a directory first. */
    interface Action {
        void on(Path path) throws IOException;
    }

    /** Deletes a directory with all that is in it; what is missing already is no error. Links are not followed. */
    static void delete(Path root) throws IOException {
        walk(root, Files::deleteIfExists);
    }

    /** Walks a tree bottom up; what vanishes meanwhile is no error. Links are not followed. */
    static void walk(Path root, Action action) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                action.on(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                if (e instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw e;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException e) throws IOException {
                if (e != null) {
                    throw e;
                }
                action.on(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
