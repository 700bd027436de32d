package org.caravan.hub.db;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command lines of PostgreSQL's programs: how our server is set up, in one place. */
final class PostgresCommands {
    /** Below this much shared memory (containers have 64 MiB), the server's parallel workers share files instead. */
    private static final long MIN_SHARED_MEMORY_BYTES = 256L << 20;

    private PostgresCommands() {}

    /**
     * The server, on the loopback interface only.
     *
     * @param throwAway true where the data need not outlive a crash of the machine
     */
    static List<String> server(Path programs, Path cluster, int port, boolean throwAway) {
        List<String> settings = new ArrayList<>(List.of(
                "listen_addresses=127.0.0.1",
                "unix_socket_directories=",
                "password_encryption=scram-sha-256",
                "max_connections=64",
                "shared_buffers=192MB",
                "work_mem=32MB",
                "maintenance_work_mem=128MB",
                "jit=off",
                "wal_level=minimal",
                "max_wal_senders=0",
                // processes that would do nothing here but lie in memory: nothing is replicated, and what is read lies
                // mostly in
                // the system's cache
                "max_logical_replication_workers=0",
                "io_workers=1",
                "max_wal_size=2GB",
                "wal_compression=off",
                "synchronous_commit=on",
                "log_min_messages=warning",
                "log_checkpoints=off",
                // Statements carry tenants' data; they do not belong in a log.
                "log_min_error_statement=panic",
                "timezone=UTC",
                "log_timezone=UTC"));
        if (throwAway) {
            settings.addAll(List.of("fsync=off", "full_page_writes=off", "autovacuum=off"));
        }
        if (new File("/dev/shm").getUsableSpace() < MIN_SHARED_MEMORY_BYTES) {
            settings.add("dynamic_shared_memory_type=mmap");
        }
        List<String> command = new ArrayList<>(List.of(
                programs.resolve("bin/postgres").toString(), "-D", cluster.toString(), "-p", Integer.toString(port)));
        for (String setting : settings) {
            command.addAll(List.of("-c", setting));
        }
        return command;
    }

    /** What makes a new cluster in {@code directory}. */
    static List<String> initdb(Path programs, Path directory, String user, Path passwordFile, boolean throwAway) {
        List<String> command = new ArrayList<>(List.of(
                programs.resolve("bin/initdb").toString(),
                "-D",
                directory.toString(),
                "-U",
                user,
                "--pwfile=" + passwordFile,
                "--auth=scram-sha-256",
                "--no-locale",
                "-E",
                "UTF8",
                "--no-instructions"));
        if (throwAway) {
            command.addAll(List.of("--no-sync", "--no-data-checksums"));
        }
        return command;
    }
}
