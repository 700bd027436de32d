package org.caravan.testing;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Caravan's command line as a process of its own, which a test can kill, and the PostgreSQL that it started. */
public final class CaravanProcess {
    private CaravanProcess() {}

    /**
     * One that is not started yet, with this project's routes and connectors.
     *
     * <p>Compiled once only: such a process lives for seconds, of which the second compiler takes half.
     */
    public static ProcessBuilder command(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath(),
                "org.caravan.hub.Caravan"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("CARAVAN_HOME", Path.of("").toAbsolutePath().toString());
        return builder;
    }

    /** This process's own, in absolute paths: the other one may work in another directory. */
    private static String classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(path -> Path.of(path).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** The process id that the server of this data directory wrote down, whether it lives or not. */
    public static Optional<Long> serverId(Path data) throws IOException {
        Path pid = data.resolve("postgres/postmaster.pid");
        if (!Files.exists(pid)) {
            return Optional.empty();
        }
        List<String> lines = Files.readAllLines(pid);
        return lines.isEmpty()
                ? Optional.empty()
                : Optional.of(Long.parseLong(lines.get(0).strip()));
    }

    /** The server of this data directory, if it runs. */
    public static Optional<ProcessHandle> server(Path data) throws IOException {
        return serverId(data).flatMap(ProcessHandle::of);
    }
}
