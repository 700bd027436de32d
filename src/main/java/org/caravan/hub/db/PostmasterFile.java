package org.caravan.hub.db;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What a server writes about itself into {@code postmaster.pid} of its directory.
 *
 * @param process the server, alive and at home in this directory
 * @param port where it listens; 0 while it has not said yet
 */
record PostmasterFile(ProcessHandle process, int port) {
    static final String NAME = "postmaster.pid";

    private static final int PORT_LINE = 3;
    private static final int ORPHAN_SECONDS = 5;

    /**
     * The live server of a directory.
     *
     * <p>A number alone proves nothing, it may have gone to another process since (usual in containers): a server's
     * working directory is its data directory.
     */
    static Optional<PostmasterFile> alive(Path cluster) throws IOException {
        Path file = cluster.resolve(NAME);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        List<String> lines = Files.readAllLines(file, StandardCharsets.ISO_8859_1);
        try {
            long pid = lines.isEmpty() ? 0 : Long.parseLong(lines.get(0).strip());
            int port = lines.size() <= PORT_LINE
                    ? 0
                    : Integer.parseInt(lines.get(PORT_LINE).strip());
            return ProcessHandle.of(pid)
                    .filter(handle -> livesIn(cluster, pid))
                    .map(handle -> new PostmasterFile(handle, port));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /**
     * Removes the file of a server that is gone but whose number another process has by now: PostgreSQL itself would
     * take that process for the server and refuse to start. Must be called under the data directory's lock.
     */
    static void removeIfStale(Path cluster) throws IOException {
        if (alive(cluster).isEmpty()
                && ProcessHandle.allProcesses().noneMatch(process -> livesIn(cluster, process.pid()))) {
            Files.deleteIfExists(cluster.resolve(NAME));
        }
    }

    /**
     * Kills what a killed server left behind in its directory. Must be called under the data directory's lock, and only
     * where the server itself is gone.
     */
    static void killOrphans(Path cluster) throws InterruptedException {
        List<ProcessHandle> orphans = ProcessHandle.allProcesses()
                .filter(process -> livesIn(cluster, process.pid()))
                // a person may look around in there
                .filter(process -> process.info().command().orElse("").endsWith("/postgres"))
                .toList();
        for (ProcessHandle orphan : orphans) {
            orphan.destroyForcibly();
            try {
                orphan.onExit().get(ORPHAN_SECONDS, TimeUnit.SECONDS);
            } catch (ExecutionException | TimeoutException e) {
                // The new server says what it lacks, and is tried again.
                continue;
            }
        }
    }

    private static boolean livesIn(Path cluster, long pid) {
        try {
            return Path.of("/proc", Long.toString(pid), "cwd").toRealPath().equals(cluster.toRealPath());
        } catch (IOException e) {
            return false;
        }
    }
}
