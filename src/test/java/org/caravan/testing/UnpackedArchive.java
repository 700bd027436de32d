package org.caravan.testing;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The built archive, unpacked below a directory with a space in its name, by and for an ordinary user: nobody (65534) where
 * the tests run as root.
 */
public final class UnpackedArchive {
    private static final boolean ROOT = System.getProperty("user.name").equals("root");
    private static final List<String> AS_NOBODY =
            List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--");
    private static final int PATIENCE_MINUTES = 5;

    private final Path directory;
    private final Path home;
    private final File archive;
    private final Map<String, String> environment;

    private UnpackedArchive(Path directory, Path home, File archive, Map<String, String> environment) {
        this.directory = directory;
        this.home = home;
        this.archive = archive;
        this.environment = environment;
    }

    /** How a command ended, and all that it wrote. */
    public record Answer(int exitCode, String output) {}

    /**
     * Unpacks it.
     *
     * @param parent an empty directory
     * @param environment variables for all that is run, beside those of the system
     */
    public static UnpackedArchive in(Path parent, Map<String, String> environment) throws Exception {
        Path directory = Files.createDirectory(parent.resolve("a place"));
        if (ROOT) {
            // a temporary directory is its owner's alone
            run(List.of("chmod", "755", parent.toString()), parent, Map.of(), null);
            run(List.of("chown", "65534:65534", directory.toString()), parent, Map.of(), null);
        }
        File archive = new File(System.getProperty("caravan.archive"));
        UnpackedArchive unpacked =
                new UnpackedArchive(directory, directory.resolve("caravan"), archive, Map.copyOf(environment));
        unpacked.unpack("caravan");
        return unpacked;
    }

    /** Once more, under another name beside it. */
    public Path unpack(String name) throws Exception {
        Path target = directory.resolve(name);
        Answer made = run(as(List.of("mkdir", target.toString())), directory, environment(), null);
        // by its standard input: an ordinary user may not see where it was built
        Answer answer = run(
                as(List.of("tar", "xzf", "-", "--strip-components=1", "-C", target.toString())),
                directory,
                environment(),
                archive);
        if (made.exitCode() + answer.exitCode() != 0) {
            throw new IOException(archive + ": " + made.output() + answer.output());
        }
        return target;
    }

    /** Where it was unpacked. */
    public Path home() {
        return home;
    }

    /** Where an ordinary user may write beside it. */
    public Path directory() {
        return directory;
    }

    /** Runs a script of the shell in a directory, as the ordinary user; the first command that fails ends it. */
    public Answer sh(Path in, String script) throws Exception {
        return run(as(List.of("sh", "-euc", script)), in, environment(), null);
    }

    private Map<String, String> environment() {
        Map<String, String> all = new java.util.HashMap<>(environment);
        all.put("HOME", directory.toString());
        all.put("JAVA_HOME", System.getProperty("java.home"));
        // short-lived and many
        all.putIfAbsent("CARAVAN_OPTS", "-Xmx256m -XX:TieredStopAtLevel=1");
        return all;
    }

    private static List<String> as(List<String> command) {
        if (!ROOT) {
            return command;
        }
        List<String> all = new ArrayList<>(AS_NOBODY);
        all.addAll(command);
        return all;
    }

    private static Answer run(List<String> command, Path in, Map<String, String> environment, File input)
            throws Exception {
        Path output = Files.createTempFile("caravan-it", ".txt");
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(in.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile());
            builder.environment().keySet().removeIf(name -> name.startsWith("CARAVAN_") || name.startsWith("XDG_"));
            builder.environment().putAll(environment);
            builder.redirectInput(input == null ? new File("/dev/null") : input);
            Process process = builder.start();
            if (!process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES)) {
                process.descendants().forEach(ProcessHandle::destroy);
                process.destroy();
                throw new IOException("still at work: " + command + "\n" + Files.readString(output));
            }
            return new Answer(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
        } finally {
            Files.delete(output);
        }
    }
}
