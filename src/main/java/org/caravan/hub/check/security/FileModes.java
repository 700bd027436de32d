package org.caravan.hub.check.security;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;
import java.util.stream.Stream;
import org.caravan.common.UserError;
import org.caravan.hub.check.CheckFinding.Level;
import org.caravan.hub.check.CheckReport;

/** Who on this machine may read or write what the hub keeps. */
final class FileModes {
    private static final String AREA = "files";
    private static final int MAX_FILES = 1_000;

    private final CheckReport report;

    FileModes(CheckReport report) {
        this.report = report;
    }

    /** A file with a secret in it: its owner's alone. */
    void secret(String thing, Path file) {
        look(thing, file, () -> {
            if (!Files.exists(file)) {
                return null;
            }
            Set<PosixFilePermission> modes = Files.getPosixFilePermissions(file);
            if (modes.contains(PosixFilePermission.OTHERS_READ) || modes.contains(PosixFilePermission.OTHERS_WRITE)) {
                throw new UserError(1, file + " holds a secret and everybody may read it; chmod o= " + file, null);
            }
            if (modes.contains(PosixFilePermission.GROUP_WRITE)) {
                throw new UserError(1, file + " holds a secret and its group may write it; chmod g-w " + file, null);
            }
            return file + " is not open to others";
        });
    }

    /** A directory that nobody else may look into. */
    void closed(String thing, Path directory) {
        look(thing, directory, () -> {
            if (!Files.exists(directory)) {
                return null;
            }
            Set<PosixFilePermission> modes = Files.getPosixFilePermissions(directory);
            if (modes.contains(PosixFilePermission.OTHERS_WRITE) || modes.contains(PosixFilePermission.GROUP_WRITE)) {
                throw new UserError(
                        1, directory + " may be written by others than its owner; chmod go-w " + directory, null);
            }
            return directory + " is its owner's to write";
        });
    }

    /** Code, or what acts as such: whoever may write there owns the hub. */
    void code(String thing, Path path) {
        look(thing, path, () -> {
            if (!Files.exists(path)) {
                return null;
            }
            Path open = Files.isDirectory(path) ? firstOpen(path) : isOpen(path) ? path : null;
            if (open != null) {
                throw new UserError(
                        1,
                        open + " may be written by others than its owner, who then own the hub; chmod go-w " + open,
                        null);
            }
            return path + " is its owner's to write";
        });
    }

    private static Path firstOpen(Path directory) throws IOException {
        if (isOpen(directory)) {
            return directory;
        }
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.sorted().limit(MAX_FILES).toList()) {
                if (isOpen(file)) {
                    return file;
                }
            }
        }
        return null;
    }

    private static boolean isOpen(Path file) throws IOException {
        Set<PosixFilePermission> modes = Files.getPosixFilePermissions(file);
        return modes.contains(PosixFilePermission.OTHERS_WRITE) || modes.contains(PosixFilePermission.GROUP_WRITE);
    }

    private void look(String thing, Path file, CheckReport.Look look) {
        report.look(Level.FAILED, AREA, thing, () -> {
            try {
                return look.look();
            } catch (UnsupportedOperationException e) {
                return file + ": this file system knows no modes";
            }
        });
    }
}
