package org.caravan.hub.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;
import org.caravan.common.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EmbeddedPostgresTest {
    private static final Path CACHE = EmbeddedPostgres.defaultCache();

    @TempDir
    Path directory;

    static List<ServerUser> users() {
        return ServerUser.all();
    }

    @ParameterizedTest
    @MethodSource("users")
    void keepsWhatWasCommittedAcrossARestart(ServerUser user) throws Exception {
        // given
        Path data = Files.createTempDirectory(Path.of(System.getProperty("java.io.tmpdir")), "caravan-kept-");
        try {
            try (EmbeddedPostgres postgres = EmbeddedPostgres.kept(data, CACHE, user)) {
                DatabaseAccess access = postgres.start();
                execute(access, "create table kept (n int)");
                execute(access, "insert into kept values (42)");
            }

            // when
            try (EmbeddedPostgres postgres = EmbeddedPostgres.kept(data, CACHE, user)) {
                DatabaseAccess access = postgres.start();

                // then
                assertThat(query(access, "select n from kept")).isEqualTo("42");
                assertThat(query(access, "show synchronous_commit")).isEqualTo("on");
                assertThat(query(access, "show fsync")).isEqualTo("on");
                assertThat(query(access, "show listen_addresses")).isEqualTo("127.0.0.1");
                assertThat(query(access, "show unix_socket_directories")).isEmpty();
            }
            assertThat(processesIn(data)).isEmpty();
        } finally {
            Trees.delete(data);
        }
    }

    @Test
    void theServerIsNotRoot() throws Exception {
        // given
        ServerUser user = ServerUser.choose();

        // when
        Process process = new ProcessBuilder(user.command(List.of("sh", "-c", "id -u"))).start();

        // then
        assertThat(new String(process.getInputStream().readAllBytes()).strip()).isNotEqualTo("0");
    }

    @Test
    void wantsItsPasswordWhichNobodyElseMayRead() throws Exception {
        // given
        Path data = directory.resolve("data");
        try (EmbeddedPostgres postgres = EmbeddedPostgres.kept(data, CACHE)) {
            DatabaseAccess access = postgres.start();

            // when
            DatabaseAccess guess = new DatabaseAccess(access.url(), access.user(), "guess");

            // then
            assertThatThrownBy(() -> query(guess, "select 1")).isInstanceOf(SQLException.class);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve("postgres.password"))))
                    .isEqualTo("rw-------");
            assertThat(access.toString()).doesNotContain(access.password());
        }
    }

    @Test
    void refusesADirectoryThatAnotherHubUses() throws Exception {
        // given
        Path data = directory.resolve("data");
        try (EmbeddedPostgres first = EmbeddedPostgres.kept(data, CACHE)) {
            first.start();

            // when
            EmbeddedPostgres second = EmbeddedPostgres.kept(data, CACHE);

            // then
            assertThatThrownBy(second::start)
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining(data.toString())
                    .hasMessageContaining(Long.toString(ProcessHandle.current().pid()))
                    .hasMessageContaining("--data");
            second.close();
        }
    }

    @Test
    void takesOverAServerWhoseOwnerWasKilled() throws Exception {
        // given
        Path data = directory.resolve("data");
        Process owner = startOwner(data, "kept");
        String url = readLine(owner);
        owner.destroyForcibly().waitFor();
        long orphan = PostmasterFile.alive(data.resolve("postgres"))
                .orElseThrow()
                .process()
                .pid();

        // when
        try (EmbeddedPostgres postgres = EmbeddedPostgres.kept(data, CACHE)) {
            DatabaseAccess access = postgres.start();

            // then
            assertThat(access.url()).isEqualTo(url);
            assertThat(query(access, "select n from kept")).isEqualTo("42");
        }
        assertThat(ProcessHandle.of(orphan).filter(ProcessHandle::isAlive)).isEmpty();
    }

    @Test
    void removesWhatAKilledThrowAwayRunLeft() throws Exception {
        // given
        Process owner = startOwner(directory, "throw-away");
        readLine(owner);
        owner.destroyForcibly().waitFor();
        assertThat(processesIn(directory)).isNotEmpty();

        // when
        try (EmbeddedPostgres next = EmbeddedPostgres.throwAway(directory, CACHE)) {

            // then
            assertThat(next.data()).isDirectory();
            assertThat(processesIn(directory)).isEmpty();
            try (Stream<Path> left = Files.list(directory)) {
                assertThat(left).containsExactly(next.data());
            }
        }
    }

    @Test
    void leavesNothingOfAThrowAwayServer() throws Exception {
        // given
        EmbeddedPostgres postgres = EmbeddedPostgres.throwAway(directory, CACHE);
        execute(postgres.start(), "create table gone (n int)");

        // when
        postgres.close();

        // then
        assertThat(directory).isEmptyDirectory();
        assertThat(processesIn(directory)).isEmpty();
    }

    @Test
    void takesBackWhatItBeganAndNothingElse() throws Exception {
        // given
        Path data = Files.createDirectory(directory.resolve("data"));
        Path other = Files.writeString(data.resolve("other"), "x");
        EmbeddedPostgres first = EmbeddedPostgres.kept(data, CACHE);
        first.start();

        // when
        first.takeBack();
        first.close();

        // then
        try (Stream<Path> left = Files.list(data)) {
            assertThat(left).containsExactly(other);
        }
    }

    @Test
    void neverTakesBackAServerThatWasThereBefore() throws Exception {
        // given
        Path data = directory.resolve("data");
        try (EmbeddedPostgres first = EmbeddedPostgres.kept(data, CACHE)) {
            execute(first.start(), "create table kept (n int)");
        }

        // when
        EmbeddedPostgres second = EmbeddedPostgres.kept(data, CACHE);
        second.start();
        second.takeBack();
        second.close();

        // then
        try (EmbeddedPostgres third = EmbeddedPostgres.kept(data, CACHE)) {
            assertThat(query(third.start(), "select count(*) from kept")).isEqualTo("0");
        }
    }

    @Test
    void startsWhereThePidFileNamesAProcessThatIsNoServer() throws Exception {
        // given
        Path data = directory.resolve("data");
        try (EmbeddedPostgres postgres = EmbeddedPostgres.kept(data, CACHE)) {
            postgres.start();
        }
        Path pidFile = data.resolve("postgres").resolve(PostmasterFile.NAME);
        Files.writeString(
                pidFile,
                ProcessHandle.current().pid() + "\n" + data.resolve("postgres") + "\n1\n1\n\n127.0.0.1\n\nready\n");

        // when
        try (EmbeddedPostgres postgres = EmbeddedPostgres.kept(data, CACHE)) {

            // then
            assertThat(query(postgres.start(), "select 1")).isEqualTo("1");
        }
    }

    @Test
    void saysInOneLineThatADirectoryCannotBeUsed() throws Exception {
        // given
        Path file = Files.writeString(directory.resolve("file"), "x");
        EmbeddedPostgres postgres = EmbeddedPostgres.kept(file.resolve("data"), CACHE);

        // when, then
        assertThatThrownBy(postgres::start)
                .isInstanceOf(UserError.class)
                .hasMessageContaining(file.toString())
                .extracting(Throwable::getMessage)
                .asString()
                .hasLineCount(1);
        postgres.close();
    }

    private static Process startOwner(Path data, String kind) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Owner.class.getName(),
                        data.toString(),
                        kind)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static String readLine(Process process) throws IOException {
        return process.inputReader().readLine();
    }

    private static List<Long> processesIn(Path directory) {
        return ProcessHandle.allProcesses()
                .map(ProcessHandle::pid)
                .filter(pid -> {
                    try {
                        return Path.of("/proc", pid.toString(), "cwd")
                                .toRealPath()
                                .startsWith(directory.toRealPath());
                    } catch (IOException e) {
                        return false;
                    }
                })
                .toList();
    }

    private static void execute(DatabaseAccess access, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(access.url(), access.user(), access.password());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String query(DatabaseAccess access, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(access.url(), access.user(), access.password());
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    /** A process that starts a server, says where, and waits to be killed. */
    public static final class Owner {
        public static void main(String[] args) throws Exception {
            EmbeddedPostgres postgres = args[1].equals("kept")
                    ? EmbeddedPostgres.kept(Path.of(args[0]), CACHE)
                    : EmbeddedPostgres.throwAway(Path.of(args[0]), CACHE);
            DatabaseAccess access = postgres.start();
            execute(access, "create table kept (n int)");
            execute(access, "insert into kept values (42)");
            System.out.println(access.url());
            System.out.flush();
            Thread.sleep(Long.MAX_VALUE);
        }
    }
}
