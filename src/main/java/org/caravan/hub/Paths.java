package org.caravan.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.caravan.common.UserError;

/** Checks of files and directories before anything is written; each complaint names path and remedy. */
final class Paths {
    private Paths() {}

    /** Refuses what can't be read as a file. */
    static void readableFile(String what, Path file) {
        if (!Files.exists(file)) {
            throw new UserError(what + " " + file + ": no such file; check the path");
        }
        if (Files.isDirectory(file)) {
            throw new UserError(what + " " + file + ": is a directory; give the path of a file");
        }
        if (!Files.isReadable(file)) {
            throw new UserError(what + " " + file + ": may not be read; check its permissions");
        }
    }

    /** Refuses a directory of the hub that is not there. */
    static void directory(String what, Path directory) {
        if (!Files.isDirectory(directory)) {
            throw new UserError(what + " " + directory + ": no such directory; correct the path, or CARAVAN_HOME");
        }
    }

    /** Refuses a place where a directory neither is nor can be made; its parent must exist. */
    static void writableDirectory(String what, Path directory) {
        if (Files.exists(directory)) {
            if (!Files.isDirectory(directory)) {
                throw new UserError(what + " " + directory + ": is a file; give the path of a directory");
            }
            if (!Files.isWritable(directory)) {
                throw new UserError(what + " " + directory + ": may not be written; check its permissions");
            }
            return;
        }
        Path parent = directory.getParent();
        if (parent == null || !Files.isDirectory(parent)) {
            throw new UserError(what + " " + directory + ": its parent directory does not exist; make it first");
        }
        if (!Files.isWritable(parent)) {
            throw new UserError(what + " " + directory + ": can't be made, " + parent + " may not be written");
        }
    }

    /** Refuses a directory with things that are not ours: a mistyped {@code --data} must not settle in someone's home. */
    static void dataDirectory(Path data) {
        writableDirectory("data directory", data);
        if (Files.isDirectory(data) && !isLedger(data)) {
            try (Stream<Path> content = Files.list(data)) {
                if (content.findAny().isPresent()) {
                    throw new UserError("data directory " + data
                            + ": holds other things and no ledger of Caravan; give a new or an empty directory");
                }
            } catch (IOException e) {
                throw new UserError("data directory " + data + ": can't be read (" + e.getMessage() + ")", e);
            }
        }
    }

    /** True if a ledger was begun in this data directory. */
    static boolean isLedger(Path data) {
        return Files.exists(data.resolve("caravan.lock"));
    }
}
