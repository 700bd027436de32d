package org.caravan.hub.db;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.caravan.common.UserError;

/**
 * As whom the server runs. PostgreSQL refuses root, and initdb refuses a user without an entry in the user database.
 *
 * <p>An ordinary user runs it plainly. Else the first choice is a user namespace in which the same owner has another
 * number: files stay owned by who owns them now, and nothing gets rights it did not have. Where that is not allowed
 * (some containers), root gives the server's directory to {@code nobody} and starts it as that.
 */
final class ServerUser {
    private static final int PROBE_SECONDS = 10;
    private static final int ROOT = 0;

    private final String name;
    private final List<String> prefix;
    private final int owner;
    private final boolean another;

    private ServerUser(String name, List<String> prefix, int owner, boolean another) {
        this.name = name;
        this.prefix = prefix;
        this.owner = owner;
        this.another = another;
    }

    /**
     * The first way that works on this machine.
     *
     * @throws UserError if none does
     */
    static ServerUser choose() {
        List<String> failures = new ArrayList<>();
        return candidates(failures)
                .findFirst()
                .orElseThrow(() -> new UserError(
                        1,
                        "PostgreSQL does not run as this user, and no other way works here ("
                                + String.join("; ", failures)
                                + "); start Caravan as an ordinary user or name a server with caravan.ledger.url",
                        null));
    }

    /** Every way that works on this machine, best first. */
    static List<ServerUser> all() {
        return candidates(new ArrayList<>()).toList();
    }

    private static Stream<ServerUser> candidates(List<String> failures) {
        int self = userId();
        if (self != ROOT && userIds().contains(self)) {
            return Stream.of(new ServerUser("plain", List.of(), self, false));
        }
        int nobody = nobody();
        Stream<ServerUser> namespace = Stream.of(List.of("unshare", "--user", "--map-user=" + nobody))
                .filter(prefix -> works(prefix, failures))
                .map(prefix -> new ServerUser("namespace", prefix, self, false));
        if (self != ROOT) {
            return namespace;
        }
        // Not runuser: it stays as the server's parent and keeps signals for itself.
        Stream<ServerUser> other = Stream.of(
                        List.of("setpriv", "--reuid=" + nobody, "--regid=" + nobody, "--clear-groups"))
                .filter(prefix -> works(prefix, failures))
                .map(prefix -> new ServerUser("nobody", prefix, nobody, true));
        return Stream.concat(namespace, other);
    }

    /** For messages and tests. */
    String name() {
        return name;
    }

    /** True if the server is another user than we are, and reads only what it owns or everyone may read. */
    boolean isAnother() {
        return another;
    }

    /** The command line that runs a program as this user, as the same process. */
    List<String> command(List<String> program) {
        return Stream.concat(prefix.stream(), program.stream()).toList();
    }

    /** Gives a file or a whole directory to this user, if it is not the owner yet. */
    void own(Path path) throws IOException {
        if (!Files.getAttribute(path, "unix:uid").equals(owner)) {
            Trees.walk(path, each -> Files.setAttribute(each, "unix:uid", owner, LinkOption.NOFOLLOW_LINKS));
        }
    }

    /**
     * Makes sure that this user may walk down to a directory.
     *
     * @throws UserError if a directory above does not let it pass
     */
    void reach(Path directory) throws IOException {
        if (!another) {
            return;
        }
        Set<PosixFilePermission> mode = Files.getPosixFilePermissions(directory);
        if (mode.add(PosixFilePermission.OTHERS_EXECUTE)) {
            Files.setPosixFilePermissions(directory, mode);
        }
        for (Path above = directory.toRealPath().getParent(); above != null; above = above.getParent()) {
            if (!Files.getPosixFilePermissions(above).contains(PosixFilePermission.OTHERS_EXECUTE)) {
                throw new UserError(
                        1,
                        "PostgreSQL has to run as user nobody here, which may not enter " + above
                                + "; choose a --data outside of it, or start Caravan as an ordinary user",
                        null);
            }
        }
    }

    private static boolean works(List<String> prefix, List<String> failures) {
        List<String> probe = new ArrayList<>(prefix);
        probe.addAll(List.of("sh", "-c", "test \"$(id -u)\" != 0"));
        try {
            Process process = new ProcessBuilder(probe)
                    .redirectErrorStream(true)
                    .redirectInput(new File("/dev/null"))
                    .start();
            String said = new String(process.getInputStream().readNBytes(512), StandardCharsets.UTF_8).strip();
            if (process.waitFor(PROBE_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0) {
                return true;
            }
            process.destroyForcibly();
            failures.add(prefix.get(0) + ": " + (said.isEmpty() ? "does not change the user" : said));
        } catch (IOException e) {
            failures.add(prefix.get(0) + ": not installed");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failures.add(prefix.get(0) + ": interrupted");
        }
        return false;
    }

    private static int userId() {
        try {
            return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        } catch (IOException e) {
            throw new UserError(1, "can't find out the user's number from /proc/self", e);
        }
    }

    private static int nobody() {
        return passwd("nobody").orElse(65534);
    }

    private static OptionalInt passwd(String user) {
        return passwd().filter(fields -> fields[0].equals(user))
                .mapToInt(fields -> Integer.parseInt(fields[2]))
                .findFirst();
    }

    private static Set<Integer> userIds() {
        // A user of a directory service is not in the file, but the JVM found its name then.
        Set<Integer> ids = new java.util.HashSet<>();
        passwd().forEach(fields -> ids.add(Integer.parseInt(fields[2])));
        String name = System.getProperty("user.name");
        if (name != null && !name.equals("?") && passwd(name).isEmpty()) {
            ids.add(userId());
        }
        return ids;
    }

    private static Stream<String[]> passwd() {
        try {
            return Files.readAllLines(Path.of("/etc/passwd"), StandardCharsets.ISO_8859_1).stream()
                    .map(line -> line.split(":"))
                    .filter(fields -> fields.length > 2 && fields[2].matches("\\d{1,9}"));
        } catch (IOException e) {
            return Stream.empty();
        }
    }
}
