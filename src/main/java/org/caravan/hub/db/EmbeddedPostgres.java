package org.caravan.hub.db;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.caravan.common.UserError;

/**
 * A PostgreSQL server of our own in a data directory, on the loopback interface, as a child of this process.
 *
 * <pre>{@code
 * try (EmbeddedPostgres postgres = EmbeddedPostgres.kept(data, EmbeddedPostgres.defaultCache())) {
 *     DatabaseAccess access = postgres.start();
 * }
 * }</pre>
 *
 * <p>The directory holds {@code postgres/} (the server's), {@code postgres.password} (0600), {@code postgres.log} and
 * {@code caravan.lock}. A server whose owner was killed goes on; the next start takes it over. {@link #close()} may be
 * called from another thread while {@link #start()} is at work.
 */
public final class EmbeddedPostgres implements AutoCloseable {
    private static final String USER = "caravan";
    private static final String DATABASE = "postgres";
    private static final int PORT_TRIES = 10;
    private static final Duration START_LIMIT = Duration.ofMinutes(5);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(30);
    /** Within it a wrong password may come from another server that was quicker to take our port. */
    private static final Duration PASSWORD_LIMIT = Duration.ofSeconds(5);

    private static final String WRONG_PASSWORD = "28P01";
    private static final long POLL_MILLIS = 10;
    private static final long MAX_LOG_BYTES = 16L << 20;
    /** Everything that is ever made in a data directory. */
    private static final List<String> OURS = List.of(
            "postgres",
            "postgres.new",
            "postgres.log",
            "postgres.log.1",
            PasswordFile.NAME,
            "pgsql",
            "initdb.log",
            "caravan.lock",
            RestoreMark.NAME);

    private static final String THROW_AWAY_PREFIX = "caravan-proforma-";

    private final Path data;
    private final Path cluster;
    private final Path cache;
    private final boolean throwAway;
    private final ServerUser user;
    private volatile boolean closed;
    private volatile boolean discarded;
    private volatile Process child;
    private DataLock lock;
    private ProcessHandle server;
    /** Where it listens, or listened before it ended; 0 before the first start. */
    private int port;

    private boolean restoring;
    private boolean begunHere;
    private boolean directoryMadeHere;

    private EmbeddedPostgres(Path data, Path cache, boolean throwAway, ServerUser user) {
        this.data = data;
        this.cluster = data.resolve("postgres");
        this.cache = cache == null ? null : cache.toAbsolutePath();
        this.throwAway = throwAway;
        this.user = user;
    }

    /**
     * A server whose data are kept in {@code data}, made where missing; what is committed survives a crash.
     *
     * @param cache where the programs are unpacked once; if null or not writable, they are unpacked beside the data
     */
    public static EmbeddedPostgres kept(Path data, Path cache) {
        return kept(data, cache, ServerUser.choose());
    }

    static EmbeddedPostgres kept(Path data, Path cache, ServerUser user) {
        return new EmbeddedPostgres(data.toAbsolutePath().normalize(), cache, false, user);
    }

    /**
     * As {@link #kept(Path, Path)}, for a restore: a directory in which nothing was begun is marked as half restored until
     * {@link #restored()}; any other start refuses it.
     */
    public static EmbeddedPostgres restoring(Path data, Path cache) {
        EmbeddedPostgres postgres = kept(data, cache);
        postgres.restoring = true;
        return postgres;
    }

    /** Takes the mark of a half restored directory away: the database itself says by now what it is. */
    public void restored() throws IOException {
        RestoreMark.remove(data);
    }

    /**
     * A server in a new directory below {@code parent} that is deleted at the end. It does not wait for the disk, so its
     * data would not survive a crash of the machine. What killed processes left behind below {@code parent} is removed.
     */
    public static EmbeddedPostgres throwAway(Path parent, Path cache) {
        return throwAway(parent, cache, ServerUser.choose());
    }

    static EmbeddedPostgres throwAway(Path parent, Path cache, ServerUser user) {
        try {
            removeLeftOvers(parent, cache, user);
            Path data = Files.createTempDirectory(parent.toAbsolutePath().normalize(), THROW_AWAY_PREFIX);
            return new EmbeddedPostgres(data, cache, true, user);
        } catch (IOException e) {
            throw new UserError(
                    1,
                    "can't make a temporary directory in " + parent + " (" + e.getMessage()
                            + "); choose one that can be written with caravan.database.temp",
                    e);
        }
    }

    /** {@code $XDG_CACHE_HOME/caravan}, or {@code ~/.cache/caravan}; null for a user without a home. */
    public static Path defaultCache() {
        String cacheHome = System.getenv("XDG_CACHE_HOME");
        if (cacheHome != null && cacheHome.startsWith("/")) {
            return Path.of(cacheHome, "caravan");
        }
        // Java writes a question mark where the user database has no entry.
        return Stream.of(System.getProperty("user.home"), System.getenv("HOME"))
                .filter(home -> home != null && home.startsWith("/"))
                .map(home -> Path.of(home, ".cache", "caravan"))
                .findFirst()
                .orElse(null);
    }

    /**
     * How to reach the server that another process runs in a data directory, if there is one and we may.
     *
     * @throws UserError if a restore into it has not come far enough to be anything
     */
    public static Optional<DatabaseAccess> running(Path data) {
        RestoreMark.refuse(data);
        try {
            Optional<PostmasterFile> server = PostmasterFile.alive(data.resolve("postgres"));
            Path password = data.resolve(PasswordFile.NAME);
            if (server.isEmpty() || server.get().port() == 0 || !Files.isReadable(password)) {
                return Optional.empty();
            }
            return Optional.of(
                    access(server.get().port(), Files.readString(password).strip()));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** The process that holds a data directory, or held it last. */
    public static Optional<Long> holder(Path data) {
        return DataLock.lastHolder(data);
    }

    /** @throws UserError naming the process that holds a data directory now, if one does */
    public static void refuseInUse(Path data) {
        try {
            DataLock.refuseHeld(data.toAbsolutePath().normalize());
        } catch (IOException e) {
            throw new UserError(1, "can't look into data directory " + data + " (" + e.getMessage() + ")", e);
        }
    }

    /** The directory with everything the server writes. */
    public Path data() {
        return data;
    }

    /** Files that the server wrote beside its data; for messages. */
    public Path log() {
        return data.resolve("postgres.log");
    }

    /**
     * Starts the server, or takes over the one that outlived its owner, and waits until it answers.
     *
     * @throws UserError if the directory is in use, can't be written, or the server does not start
     */
    public synchronized DatabaseAccess start() {
        if (server != null) {
            throw new IllegalStateException("already started");
        }
        try {
            Files.createDirectories(data.getParent());
            if (!Files.isDirectory(data)) {
                directoryMadeHere = true;
                Files.createDirectory(
                        data, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            lock = DataLock.take(data);
            markOrRefuse();
            user.reach(data);
            String password = PasswordFile.in(data);
            Optional<DatabaseAccess> orphan = takeOver(password);
            return orphan.isPresent() ? orphan.get() : launch(password);
        } catch (IOException e) {
            throw new UserError(
                    1,
                    "can't use data directory " + data + " (" + e.getClass().getSimpleName() + ": " + e.getMessage()
                            + "); it must be a directory that can be written",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UserError(1, "interrupted while PostgreSQL was starting", e);
        }
    }

    /** Waits until the started server is gone, for whatever reason. */
    void awaitEnd() throws InterruptedException, ExecutionException {
        ProcessHandle started;
        synchronized (this) {
            started = server;
        }
        if (started != null) {
            started.onExit().handle((gone, failure) -> null).get();
        }
    }

    /**
     * Starts the server again after it ended by itself, on the port that it had.
     *
     * @throws UserError if it does not start; it may be tried again
     */
    synchronized void restart() {
        if (closed || port == 0) {
            throw new IllegalStateException("not started, or closed");
        }
        try {
            server = null;
            // Its children may outlive a killed server for a moment, and hold what the new one needs.
            PostmasterFile.killOrphans(cluster);
            launch(PasswordFile.in(data));
        } catch (IOException e) {
            throw new UserError(1, "PostgreSQL can't be started again in " + data + " (" + e.getMessage() + ")", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UserError(1, "interrupted while PostgreSQL was starting", e);
        }
    }

    // ---- start ---------------------------------------------------------------------------------------------------

    private DatabaseAccess launch(String password) throws IOException, InterruptedException {
        Path programs = programs();
        if (!Files.isDirectory(cluster)) {
            begunHere = true;
            initialise(programs, password);
        }
        user.own(cluster);
        PostmasterFile.removeIfStale(cluster);
        if (Files.exists(log()) && Files.size(log()) > MAX_LOG_BYTES) {
            Files.move(log(), data.resolve("postgres.log.1"), StandardCopyOption.REPLACE_EXISTING);
        }
        for (int attempt = 1; ; attempt++) {
            int candidate = port == 0 ? freePort() : port;
            long logBefore = Files.exists(log()) ? Files.size(log()) : 0;
            Process process = run(PostgresCommands.server(programs, cluster, candidate, throwAway), log().toFile());
            DatabaseAccess access = access(candidate, password);
            if (awaitReady(process.toHandle(), access)) {
                server = process.toHandle();
                port = candidate;
                return access;
            }
            String said = lastWords(logBefore);
            if (closed) {
                throw new UserError(1, "stopped while PostgreSQL was starting", null);
            }
            // Between our choice of the port and the server's bind another process may have taken it.
            if (attempt == PORT_TRIES || !said.contains("Address already in use")) {
                throw new UserError(1, "PostgreSQL did not start in " + data + ": " + said, null);
            }
        }
    }

    private void initialise(Path programs, String password) throws IOException, InterruptedException {
        // Built beside its place and renamed, so that a kill in between leaves no half cluster.
        Path building = data.resolve("postgres.new");
        Trees.delete(building);
        Files.createDirectory(
                building, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        user.own(building);
        Path passwordFile = Files.createTempFile(data, "initdb", ".password");
        Path output = data.resolve("initdb.log");
        try {
            Files.writeString(passwordFile, password + "\n");
            user.own(passwordFile);
            Files.deleteIfExists(output);
            Process process =
                    run(PostgresCommands.initdb(programs, building, USER, passwordFile, throwAway), output.toFile());
            if (!process.waitFor(START_LIMIT.toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new UserError(
                        1,
                        closed
                                ? "stopped while PostgreSQL was being set up"
                                : "PostgreSQL could not be set up in " + data + ": "
                                        + ProgramOutput.lastLine(output, 0),
                        null);
            }
            Files.move(building, cluster, StandardCopyOption.ATOMIC_MOVE);
            Files.deleteIfExists(output);
        } finally {
            Files.deleteIfExists(passwordFile);
        }
    }

    private Path programs() throws IOException {
        PostgresBinaries binaries = PostgresBinaries.ofThisMachine();
        if (cache == null || user.isAnother()) {
            // The cache is usually below a home that other users may not enter.
            return binaries.unpackInto(data.resolve("pgsql"));
        }
        try {
            return binaries.unpackInto(cache);
        } catch (IOException e) {
            return binaries.unpackInto(data.resolve("pgsql"));
        }
    }

    private Process run(List<String> program, File output) throws IOException {
        List<String> command = new ArrayList<>();
        if (ProgramOutput.onPath("setsid")) {
            // A session of its own: Ctrl-C in the terminal is for us, who then stop the server in order.
            command.add("setsid");
        }
        command.addAll(user.command(program));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(data.toFile())
                .redirectErrorStream(true)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output));
        // Settings of another PostgreSQL on this machine must not leak in.
        builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
        builder.environment().put("LC_ALL", "C");
        Process process = builder.start();
        child = process;
        if (closed) {
            process.destroyForcibly();
        }
        return process;
    }

    /** True once the server answers; false if it has ended. */
    private boolean awaitReady(ProcessHandle process, DatabaseAccess access) throws InterruptedException {
        long start = System.nanoTime();
        String answer = "no answer";
        while (process.isAlive() && !closed) {
            try (Connection connection = connect(access)) {
                if (isOurs(connection)) {
                    return true;
                }
                // Another server was quicker to take the port; ours is about to find out.
                answer = "another server answers on its port";
            } catch (SQLException | IOException e) {
                answer = e.getMessage();
                if (e instanceof SQLException sql
                        && WRONG_PASSWORD.equals(sql.getSQLState())
                        && System.nanoTime() - start > PASSWORD_LIMIT.toNanos()) {
                    throw new UserError(
                            1,
                            "PostgreSQL in " + data + " refuses the password in " + data.resolve(PasswordFile.NAME)
                                    + "; put the file of this directory back",
                            e);
                }
            }
            if (System.nanoTime() - start > START_LIMIT.toNanos()) {
                throw new UserError(
                        1,
                        "PostgreSQL in " + data + " was not ready within " + START_LIMIT.toSeconds() + " s (" + answer
                                + "); see " + log(),
                        null);
            }
            Thread.sleep(POLL_MILLIS);
        }
        return false;
    }

    private boolean isOurs(Connection connection) throws SQLException, IOException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select current_setting('data_directory')")) {
            row.next();
            Path directory = Path.of(row.getString(1));
            return Files.exists(directory) && directory.toRealPath().equals(cluster.toRealPath());
        }
    }

    private static Connection connect(DatabaseAccess access) throws SQLException {
        return DriverManager.getConnection(
                access.url() + "?connectTimeout=5&socketTimeout=10&loginTimeout=10&ApplicationName=caravan-start",
                access.user(),
                access.password());
    }

    // ---- take-over -----------------------------------------------------------------------------------------------

    private Optional<DatabaseAccess> takeOver(String password) throws IOException, InterruptedException {
        Optional<PostmasterFile> file = PostmasterFile.alive(cluster);
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        while (file.isPresent() && file.get().port() == 0 && System.nanoTime() < deadline) {
            Thread.sleep(POLL_MILLIS);
            file = PostmasterFile.alive(cluster);
        }
        if (file.isEmpty()) {
            return Optional.empty();
        }
        DatabaseAccess access = access(file.get().port(), password);
        if (awaitReady(file.get().process(), access)) {
            server = file.get().process();
            port = file.get().port();
            return Optional.of(access);
        }
        return Optional.empty();
    }

    /** Lets {@link #close()} delete what this very run began; a directory that held a server before is left alone. */
    public void takeBack() {
        discarded = true;
    }

    private void markOrRefuse() throws IOException {
        if (!restoring) {
            RestoreMark.refuse(data);
        } else if (!Files.isDirectory(cluster)) {
            RestoreMark.set(data);
        }
    }

    private void removeOurs() throws IOException {
        for (String name : OURS) {
            Trees.delete(data.resolve(name));
        }
        if (directoryMadeHere) {
            Files.deleteIfExists(data);
        }
    }

    /** Stops servers and deletes directories of throw-away runs that were killed. */
    private static void removeLeftOvers(Path parent, Path cache, ServerUser user) throws IOException {
        List<Path> found;
        try (var paths = Files.newDirectoryStream(parent, THROW_AWAY_PREFIX + "*")) {
            found = new ArrayList<>();
            paths.forEach(found::add);
        }
        for (Path left : found) {
            if (!Files.isWritable(left) || !Files.exists(left.resolve("caravan.lock"))) {
                continue;
            }
            try {
                Optional<DataLock> lock = DataLock.tryTake(left);
                if (lock.isEmpty()) {
                    continue;
                }
                EmbeddedPostgres postgres = new EmbeddedPostgres(left, cache, true, user);
                postgres.lock = lock.get();
                postgres.server = PostmasterFile.alive(postgres.cluster)
                        .map(PostmasterFile::process)
                        .orElse(null);
                postgres.close();
            } catch (IOException e) {
                // Another process is removing it, or it is not ours to remove: no reason not to work.
                continue;
            }
        }
    }

    // ---- stop ----------------------------------------------------------------------------------------------------

    /** Stops the server, waits until it is gone, and deletes the directory of a throw-away one. */
    @Override
    public void close() {
        closed = true;
        Process starting = child;
        if (starting != null && server == null) {
            starting.destroyForcibly();
        }
        stop();
    }

    private synchronized void stop() {
        try {
            if (server != null) {
                // A throw-away server need not write its memory to disk first.
                boolean gone = throwAway
                        ? Signals.end(server, "QUIT", STOP_LIMIT)
                        : Signals.end(server, "INT", STOP_LIMIT) || Signals.end(server, "QUIT", STOP_LIMIT);
                if (!gone) {
                    server.destroyForcibly();
                }
                server = null;
            }
            if (throwAway) {
                Trees.delete(data);
            } else if (discarded && begunHere) {
                // Still under the lock: nobody else has seen it.
                removeOurs();
            }
            if (lock != null) {
                lock.close();
                lock = null;
            }
        } catch (IOException e) {
            throw new UserError(1, "can't clean up " + data + " (" + e.getMessage() + "); remove it by hand", e);
        }
    }

    // ---- small things --------------------------------------------------------------------------------------------

    private static DatabaseAccess access(int port, String password) {
        return new DatabaseAccess("jdbc:postgresql://127.0.0.1:" + port + "/" + DATABASE, USER, password);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private String lastWords(long logBefore) {
        return ProgramOutput.lastLine(log(), logBefore) + " (see " + log() + ")";
    }
}
