package org.caravan.hub.db;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a server writes about itself into {@code postmaster.pid} of its directory.
 *
 * @param process the server, alive and at home in this directory
 * @param port where it listens; 0 while it has not said yet
 */
record PostmasterFile(ProcessHandle process, int port) {
    static final String NAME = "postmaster.pid";

    private static final int PORT_LINE = 3;

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

    private static boolean livesIn(Path cluster, long pid) {
        try {
            return Path.of("/proc", Long.toString(pid), "cwd").toRealPath().equals(cluster.toRealPath());
        } catch (IOException e) {
            return false;
        }
    }
}
