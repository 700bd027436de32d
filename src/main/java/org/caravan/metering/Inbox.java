package org.caravan.metering;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import org.caravan.common.UserError;

/**
 * A directory that usage files are put into. What was read moves to {@code .done/} in it, what can't be used to {@code
 * .failed/} with a note beside it that says why.
 *
 * <p>A file moves only as the content that was read: one that was replaced or appended to meanwhile stays and is another
 * file. Names below {@code .done/} and {@code .failed/} never take each other's place. Safe for several processes on one
 * local file system; {@code .done} and {@code .failed} must lie on the inbox's own.
 */
public final class Inbox {
    /** What is appended to the name of a file to mark it as complete, where marks are used. */
    public static final String MARK = ".done";

    static final String DONE = ".done";
    static final String FAILED = ".failed";

    /** What the note beside a refused file is called, after the file's name. */
    static final String NOTE = ".reason.txt";

    /** Names that other programs give to files they are still writing. */
    private static final List<String> PARTIAL = List.of(".part", ".partial", ".filepart", ".tmp");

    private static final int MAX_SAME_NAMES = 10_000;

    private final Path directory;
    private final String mark;

    private Inbox(Path directory, String mark) {
        this.directory = directory;
        this.mark = mark;
    }

    /**
     * Makes {@code .done/} and {@code .failed/} where they are missing.
     *
     * @param mark what is appended to a file's name to say that it is complete; null where no such marks are used
     * @throws UserError if it is no directory that can be written
     */
    public static Inbox open(Path directory, String mark) {
        try {
            Path real = directory.toRealPath();
            for (String name : List.of(DONE, FAILED)) {
                Path inner = real.resolve(name);
                Files.createDirectories(inner);
                if (!Files.getFileStore(inner).equals(Files.getFileStore(real))) {
                    throw new UserError("inbox " + directory + ": " + name
                            + " lies on another file system, so nothing can be moved there in one step; make it a"
                            + " directory in the inbox");
                }
            }
            return new Inbox(real, mark);
        } catch (NoSuchFileException e) {
            throw new UserError("inbox " + directory + ": no such directory; make it, or correct caravan.inbox", e);
        } catch (IOException e) {
            throw new UserError(
                    "inbox " + directory + ": can't be used (" + e.getClass().getSimpleName() + ": " + e.getMessage()
                            + "); it must be a directory that can be written",
                    e);
        }
    }

    public Path directory() {
        return directory;
    }

    /** True if a name belongs to a usage file that is complete as far as its name tells. */
    public boolean isUsage(String name) {
        return isSeen(name) && PARTIAL.stream().noneMatch(name.toLowerCase(Locale.ROOT)::endsWith);
    }

    /**
     * What has not been read yet, or is still being written; names in no order. Hidden files and directories are left
     * out.
     *
     * @throws IOException also where {@code .done/} is missing: then this is not the inbox, but perhaps the place where it
     *     is usually mounted
     */
    public List<String> waiting() throws IOException {
        if (!Files.isDirectory(directory.resolve(DONE))) {
            throw new NoSuchFileException(directory.resolve(DONE).toString());
        }
        return names(directory, path -> isSeen(path.getFileName().toString()) && !isDirectory(path));
    }

    /** Refused files that nobody has looked after yet; names in no order. */
    public List<String> failed() throws IOException {
        return names(directory.resolve(FAILED), path -> {
            String name = path.getFileName().toString();
            return !name.startsWith(".") && !name.endsWith(NOTE);
        });
    }

    /** Links among what waits: they are never followed. */
    public List<Path> links() throws IOException {
        List<Path> links = new ArrayList<>();
        for (String name : names(directory, Files::isSymbolicLink)) {
            if (isSeen(name)) {
                links.add(directory.resolve(name));
            }
        }
        return links;
    }

    /**
     * Puts a file that was read to its end aside.
     *
     * @param position what {@link FilePosition} said before it was read
     * @return where it lies now; empty if it has vanished, or holds something else by now and stays
     */
    public Optional<Path> done(Path file, String position, Instant at) throws IOException {
        if (!holds(file, position)) {
            return Optional.empty();
        }
        Path target = move(file, directory.resolve(DONE), at);
        if (!holds(target, position)) {
            // replaced between our look and the move: that content has not been read
            move(target, directory, at);
            return Optional.empty();
        }
        removeMark(file);
        return Optional.of(target);
    }

    /**
     * Puts a file that can't be used aside, with a note.
     *
     * @param position what {@link FilePosition} said before it was read, or null if it could not be read at all
     * @param reason one line: cause and remedy
     * @return where it lies now; empty if it has vanished, or holds something else by now and stays
     */
    public Optional<Path> refused(Path file, String position, String reason, Instant at) throws IOException {
        boolean there = position == null ? Files.exists(file, LinkOption.NOFOLLOW_LINKS) : holds(file, position);
        if (!there) {
            return Optional.empty();
        }
        Path target = reserve(file, directory.resolve(FAILED), at, NOTE.length());
        place(file, target, () -> {
            // Before the file: it is never there without its reason. A note that lies there already lost its file.
            Path note = target.resolveSibling(target.getFileName() + NOTE);
            Files.writeString(note, at + " " + reason + "\n", StandardCharsets.UTF_8);
        });
        removeMark(file);
        return Optional.of(target);
    }

    /** Removes marks whose files are gone: a kill came between moving a file and removing its mark. */
    public void removeStaleMarks() throws IOException {
        if (mark == null) {
            return;
        }
        for (String name : names(directory, path -> Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS))) {
            if (name.startsWith(".") || !name.endsWith(mark)) {
                continue;
            }
            // A mark is written after its file, so a file that is not there now was there before.
            removeMark(directory.resolve(name.substring(0, name.length() - mark.length())));
        }
    }

    private void removeMark(Path file) throws IOException {
        if (mark != null && !Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            Files.deleteIfExists(file.resolveSibling(file.getFileName() + mark));
        }
    }

    private boolean isSeen(String name) {
        return !name.startsWith(".") && (mark == null || !name.endsWith(mark));
    }

    private static boolean isDirectory(Path path) {
        return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
    }

    private static boolean holds(Path file, String position) throws IOException {
        try {
            return position.equals(FilePosition.read(file));
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private static List<String> names(Path directory, Predicate<Path> wanted) throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> paths = Files.newDirectoryStream(directory, wanted::test)) {
            paths.forEach(path -> names.add(path.getFileName().toString()));
        }
        return names;
    }

    private static Path move(Path file, Path directory, Instant at) throws IOException {
        Path target = reserve(file, directory, at, 0);
        place(file, target, () -> {});
        return target;
    }

    /** Takes a name that nobody else has, by an empty file. */
    private static Path reserve(Path file, Path directory, Instant at, int room) throws IOException {
        String name = file.getFileName().toString();
        for (int attempt = 0; attempt < MAX_SAME_NAMES; attempt++) {
            Path target = directory.resolve(FreeName.of(name, at, attempt, room));
            try {
                return Files.createFile(target);
            } catch (FileAlreadyExistsException e) {
                continue;
            }
        }
        throw new FileAlreadyExistsException(
                directory.resolve(name).toString(), null, "and " + MAX_SAME_NAMES + " names after it");
    }

    /** What has to be there before a file is. */
    private interface Preparation {
        void run() throws IOException;
    }

    private static void place(Path file, Path reserved, Preparation before) throws IOException {
        boolean moved = false;
        try {
            before.run();
            Files.move(file, reserved, StandardCopyOption.ATOMIC_MOVE);
            moved = true;
        } finally {
            if (!moved && Files.size(reserved) == 0) {
                Files.deleteIfExists(reserved);
            }
        }
    }
}
