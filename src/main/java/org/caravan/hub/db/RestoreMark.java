package org.caravan.hub.db;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.caravan.common.UserError;

/**
 * Says of a data directory that a ledger is being restored into it, from before its database exists until the database
 * says so itself: after a kill in between, a hub would take the empty database for a new ledger.
 */
final class RestoreMark {
    static final String NAME = "restore.unfinished";

    private RestoreMark() {}

    static void set(Path data) throws IOException {
        try (FileChannel file =
                FileChannel.open(data.resolve(NAME), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            file.force(true);
        }
        try (FileChannel directory = FileChannel.open(data, StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    static void remove(Path data) throws IOException {
        Files.deleteIfExists(data.resolve(NAME));
    }

    static void refuse(Path data) {
        if (Files.exists(data.resolve(NAME))) {
            throw new UserError(
                    1, data + " is only half restored: run caravan restore again, with the same FILE", null);
        }
    }
}
