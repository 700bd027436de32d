package org.caravan.hub.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.sql.DataSource;
import org.caravan.common.UserError;
import org.caravan.invoice.CloseSettings;
import org.caravan.invoice.Closer;
import org.caravan.invoice.document.AccountProfiles;
import org.caravan.ledger.Ledger;
import org.caravan.ledger.LedgerSchema;
import org.caravan.ledger.LedgerSettings;
import org.caravan.ledger.RollUp;
import org.caravan.metering.PositionRange;
import org.caravan.testing.Batches;
import org.caravan.testing.Database;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class BackupTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-02T03:04:05.678901Z"), ZoneOffset.UTC);
    private static final Instant OCTOBER = Instant.parse("2026-10-01T00:00:00Z");

    /** One ledger and its backup for the tests that only read them. */
    private static DataSource billed;

    private static byte[] sound;

    @TempDir
    Path directory;

    @BeforeAll
    static void billOnce(@TempDir Path once) throws Exception {
        billed = billed();
        new Backup(billed, CLOCK, step -> {}).write(once.resolve("sound"), false);
        sound = Files.readAllBytes(once.resolve("sound"));
    }

    private Path file() {
        return directory.resolve("a.backup");
    }

    // ---- a round trip --------------------------------------------------------------------------------------------

    @Test
    void everyTableAndSequenceComesBackAsItWas() throws Exception {
        // given
        DataSource ledger = billed;
        // when
        BackupSummary summary = backup(ledger);
        DataSource restored = Database.empty();
        Restore.Result result = restore(restored);
        // then
        assertThat(summary.rows().keySet()).containsExactlyElementsOf(tables(ledger));
        Map<String, String> before = contents(ledger);
        Map<String, String> after = contents(restored);
        assertThat(after.remove("restored"))
                .contains("2026-11-02 03:04:05.678901+00")
                .contains(summary.fileDigest());
        before.remove("restored");
        assertThat(after).isEqualTo(before);
        assertThat(sequences(restored)).containsAllEntriesOf(without(sequences(ledger), "restored_id_seq"));
        assertThat(shape(restored)).isEqualTo(shape(ledger));
        assertThat(result.checks())
                .allSatisfy(check -> assertThat(check.findings()).isEmpty());
        assertThat(result.backup()).isEqualTo(summary);
        assertThat(text(restored, "select version from rule_state")).isEqualTo("3");
        // and: the next ids go on where the lost ledger stood
        assertThat(text(restored, "select nextval('batch_id')")).isEqualTo("3");
    }

    @Test
    void aTableOfALaterMigrationIsInTheBackupByItselfAndNoneIsForgotten() throws Exception {
        // given
        DataSource ledger = billed();
        execute(ledger, "create table later (id bigint generated always as identity, note text)");
        execute(ledger, "insert into later (note) values ('kept')");
        // when
        BackupSummary summary = backup(ledger);
        // then
        assertThat(summary.rows()).containsEntry("later", 1L);
        assertThat(summary.rows().keySet()).containsExactlyElementsOf(tables(ledger));
        // and: what the schema does not have is not lost in silence
        assertThatThrownBy(() -> restore(Database.empty()))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("later");
    }

    @Test
    void besideWritersABackupIsOneMoment() throws Exception {
        // given: three writers, each counting its own position up
        DataSource ledger = Database.fresh();
        LedgerSchema.identify(ledger, "test", "NZD", false);
        AtomicBoolean end = new AtomicBoolean();
        ExecutorService writers = Executors.newFixedThreadPool(3);
        List<Future<?>> running = new ArrayList<>();
        for (int w = 0; w < 3; w++) {
            int writer = w;
            running.add(writers.submit(() -> {
                Ledger own = new Ledger(ledger, LedgerSettings.defaults(), CLOCK);
                for (int n = 0; n < 600 && !end.get(); n++) {
                    own.commit(new Batches()
                            .usage("t" + writer, "vm", "instance", "1", "0.25", at(n), 1)
                            .build(new PositionRange("files", "f" + writer, n, n + 1, false)));
                }
                return null;
            }));
        }
        // when
        try {
            for (int i = 0; i < 2; i++) {
                long before = Long.parseLong(text(ledger, "select coalesce(sum(value), 0) from position"));
                new Backup(ledger, CLOCK, step -> {}).write(file(), true);
                DataSource restored = Database.empty();
                Restore.Result result = restore(restored);
                // then
                assertThat(result.checks())
                        .allSatisfy(check -> assertThat(check.findings()).isEmpty());
                String read = text(restored, "select coalesce(sum(value), 0) from position");
                assertThat(text(restored, "select coalesce(sum(records), 0) from entry"))
                        .isEqualTo(read);
                assertThat(text(restored, "select coalesce(sum(accepted), 0) from batch"))
                        .isEqualTo(read);
                assertThat(Long.parseLong(read)).isGreaterThanOrEqualTo(before);
                assertThat(Long.parseLong(text(restored, "select last_value from batch_id")))
                        .isGreaterThanOrEqualTo(
                                Long.parseLong(text(restored, "select coalesce(max(id), 0) from batch")));
            }
        } finally {
            end.set(true);
            writers.shutdown();
            assertThat(writers.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
        }
        for (Future<?> one : running) {
            one.get();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aBackupOfAnOlderSchemaComesUpToTodays(int version) throws Exception {
        // given
        DataSource old = Database.empty();
        LedgerSchema.migrate(old, Integer.toString(version));
        LedgerSchema.identify(old, "older", "EUR", false);
        execute(old, "insert into tenant (realm, name, bucket) values ('default', 'acme', 7)");
        execute(old, "insert into number_series values ('older', 'invoice', 2025, 0)");
        LedgerSchema.ensureMonth(old, YearMonth.of(2025, 12));
        // when
        BackupSummary summary = backup(old);
        DataSource restored = Database.empty();
        Restore.Result result = restore(restored);
        // then
        assertThat(summary.schema()).isEqualTo(version);
        assertThat(result.schema()).isEqualTo(LedgerSchema.newest(restored)).isGreaterThan(2);
        assertThat(text(restored, "select name from tenant")).isEqualTo("acme");
        assertThat(LedgerSchema.find(restored).issuer()).isEqualTo("older");
        assertThat(shape(restored)).isEqualTo(shape(withMonth(YearMonth.of(2025, 12))));
    }

    private static DataSource withMonth(YearMonth month) {
        DataSource fresh = Database.fresh();
        LedgerSchema.ensureMonth(fresh, month);
        return fresh;
    }

    // ---- the file ------------------------------------------------------------------------------------------------

    @Test
    void theFileIsForItsOwnerAloneAndNeverOverwrittenUnlessAsked() throws Exception {
        // given
        DataSource ledger = billed;
        backup(ledger);
        byte[] first = Files.readAllBytes(file());
        // when / then
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
        assertThatThrownBy(() -> backup(ledger))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("a.backup")
                .hasMessageContaining("--force");
        assertThat(Files.readAllBytes(file())).isEqualTo(first);
        new Backup(ledger, Clock.systemUTC(), step -> {}).write(file(), true);
        assertThat(Files.readAllBytes(file())).isNotEqualTo(first);
        assertThat(left()).containsExactly("a.backup");
    }

    @Test
    void aBackupThatFailsLeavesTheOldFileAndNoOther() throws Exception {
        // given
        DataSource ledger = billed;
        backup(ledger);
        byte[] first = Files.readAllBytes(file());
        Files.write(directory.resolve(".a.backup-of-a-killed-process.part"), new byte[7]);
        // when
        assertThatThrownBy(() -> new Backup(ledger, CLOCK, step -> {
                            if (step.contains("entry")) {
                                throw new IllegalStateException("the disk is full");
                            }
                        })
                        .write(file(), true))
                .hasMessage("the disk is full");
        // then: what a killed one left is gone, too
        assertThat(Files.readAllBytes(file())).isEqualTo(first);
        assertThat(left()).containsExactly("a.backup");
    }

    @Test
    void whatIsSoundIsFoundSound() throws Exception {
        // given
        BackupSummary written = backup(billed);
        // when
        try (BackupArchive archive = BackupArchive.open(file())) {
            BackupSummary read = archive.verify(step -> {});
            // then
            assertThat(read).isEqualTo(written);
            assertThat(read.rows()).containsEntry("bucket", 1024L).containsEntry("document", 2L);
        }
    }

    @Test
    void aFileThatIsCutOffOrDamagedAnywhereIsRefusedInOneLine() throws Exception {
        // given
        byte[] whole = sound;
        Path bad = directory.resolve("bad.backup");
        List<byte[]> damaged =
                new ArrayList<>(List.of(new byte[0], "tenant,amount\n".getBytes(StandardCharsets.UTF_8)));
        for (int part = 1; part < 8; part++) {
            damaged.add(java.util.Arrays.copyOf(whole, whole.length * part / 8));
        }
        damaged.add(java.util.Arrays.copyOf(whole, whole.length - 1));
        // when / then
        for (byte[] bytes : damaged) {
            Files.write(bad, bytes);
            assertThatThrownBy(() -> verify(bad))
                    .isInstanceOf(UserError.class)
                    .message()
                    .hasLineCount(1);
        }
        // when: single bytes are flipped; where that goes unseen, what is read is what was written
        int refused = 0;
        for (int at = 0; at < whole.length; at += whole.length / 200) {
            byte[] flipped = whole.clone();
            flipped[at] ^= 0x10;
            Files.write(bad, flipped);
            try {
                verify(bad);
            } catch (UserError e) {
                assertThat(e.getMessage()).hasLineCount(1);
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(150);
    }

    private static void verify(Path path) throws IOException {
        try (BackupArchive archive = BackupArchive.open(path)) {
            archive.verify(step -> {});
        }
    }

    static Stream<Forgery> forgeries() {
        return Stream.of(
                new Forgery("another name", "\"name\" : \"term\"", "\"name\" : \"../../term\"", "unfit"),
                new Forgery(
                        "SQL in a name",
                        "\"name\" : \"term\"",
                        "\"name\" : \"term\\\"; drop table term; --\"",
                        "unfit"),
                new Forgery("a column with SQL", "\"id\", \"value\"", "\"id\", \"value) from stdin --\"", "unfit"),
                new Forgery("a partition with SQL", "2026-10-01\"", "2026-10-01') ; drop table term --\"", "unfit"),
                new Forgery("fewer bytes", "\"bytes\" : 1", "\"bytes\" : ", "not what was backed up"),
                new Forgery("a hole for a disk", "\"bytes\" : 1", "\"bytes\" : 999999999999999", "more than can be"),
                new Forgery("a newer form", "\"version\" : 1", "\"version\" : 2", "format version 2"),
                new Forgery(
                        "unknown keys", "\"version\" : 1", "\"version\" : 1, \"run\" : \"rm -rf\"", "can't be read"),
                new Forgery("a member more", "\"name\" : \"term\"", "\"name\" : \"term_x\"", "members"),
                new Forgery("a later schema", "\"schema\" : ", "\"schema\" : 9", "newer one"),
                new Forgery("another sequence", "\"name\" : \"batch_id\"", "\"name\" : \"batch_xd\"", "sequences"),
                new Forgery("a column less", "\"realm\", ", "", "other columns of table "),
                new Forgery("a partition of the wrong table", "\"entry_2026_10\"", "\"term_id_seq\"", "does not fit"));
    }

    private record Forgery(String what, String text, String with, String said) {
        @Override
        public String toString() {
            return what;
        }
    }

    @ParameterizedTest
    @MethodSource("forgeries")
    void aManifestThatWasTamperedWithIsRefused(Forgery forgery) throws Exception {
        // given
        Files.write(file(), sound);
        String manifest = manifest();
        assertThat(manifest).contains(forgery.text);
        manifest(manifest.replace(forgery.text, forgery.with));
        // when / then: most before any database is asked for
        assertThatThrownBy(() -> {
                    verify(file());
                    restore(Database.empty());
                })
                .isInstanceOf(UserError.class)
                .hasMessageContaining(forgery.said)
                .message()
                .hasLineCount(1);
    }

    private String manifest() throws IOException {
        try (FileSystem zip = FileSystems.newFileSystem(file())) {
            return Files.readString(zip.getPath("manifest.json"));
        }
    }

    private void manifest(String text) throws IOException {
        try (FileSystem zip = FileSystems.newFileSystem(file())) {
            Files.writeString(zip.getPath("manifest.json"), text);
        }
    }

    @Test
    void aZipOfSomethingElseIsRefused() throws Exception {
        // given
        try (OutputStream out = Files.newOutputStream(file());
                ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry("../../etc/passwd"));
            zip.write(1);
        }
        // when / then
        assertThatThrownBy(() -> verify(file())).isInstanceOf(UserError.class).hasMessageContaining("no manifest");
        assertThatThrownBy(() -> verify(directory.resolve("none"))).hasMessageContaining("no such file");
    }

    // ---- the place -----------------------------------------------------------------------------------------------

    @Test
    void nothingIsEverOverwrittenByARestore() throws Exception {
        // given
        DataSource ledger = billed;
        backup(ledger);
        Map<String, String> before = contents(ledger);
        DataSource other = Database.empty();
        execute(other, "create view something as select 1 as one");
        // when / then
        assertThatThrownBy(() -> restore(ledger)).isInstanceOf(UserError.class).hasMessageContaining("there already");
        assertThatThrownBy(() -> restore(other)).isInstanceOf(UserError.class).hasMessageContaining("there already");
        assertThatThrownBy(() -> restore(Database.fresh())).hasMessageContaining("there already");
        assertThat(contents(ledger)).isEqualTo(before);
        LedgerSchema.migrate(ledger);
    }

    @ParameterizedTest
    @ValueSource(strings = {"making tables", "restoring entry", "auditing"})
    void aRestoreThatBrokeOffIsNoLedgerAndBeginsAgain(String step) throws Exception {
        // given
        DataSource ledger = billed;
        Files.write(file(), sound);
        DataSource target = Database.empty();
        try (BackupArchive archive = BackupArchive.open(file())) {
            assertThatThrownBy(() -> new Restore(target, archive, CLOCK, told -> {
                                if (told.contains(step)) {
                                    throw new IllegalStateException("killed");
                                }
                            })
                            .run(() -> {}))
                    .hasMessage("killed");
        }
        // when / then: nobody takes it for one
        assertThatThrownBy(() -> LedgerSchema.migrate(target))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("half restored");
        // when
        restore(target);
        // then
        LedgerSchema.migrate(target);
        Map<String, String> before = contents(ledger);
        Map<String, String> after = contents(target);
        before.remove("restored");
        after.remove("restored");
        assertThat(after).isEqualTo(before);
    }

    // ---- what this test needs ------------------------------------------------------------------------------------

    /** A ledger with something in every corner: two months, one of them closed, texts of all kinds, a bad record. */
    private static DataSource billed() throws SQLException {
        DataSource database = Database.fresh();
        LedgerSchema.Identity identity = LedgerSchema.identify(database, "test", "NZD", false);
        Ledger ledger = new Ledger(database, LedgerSettings.defaults(), CLOCK);
        Batches batches = new Batches();
        ledger.commit(batches.usage("a", "vm\t1\\N", "instance", "1.5", "0.123456789012345678901234567890", at(0), 1)
                .usage("b", "Größe 🚚\r\n", "instance", "2", "0.5", at(1), 2)
                .build(new PositionRange("files", "one", 0, 2, false)));
        RollUp.run(database);
        ledger.commit(batches.usage("a", "vm2", "volume", "10", "0.001", at(800), 24)
                .build(new PositionRange("files", "one", 2, 3, true)));
        new Closer(database, identity, AccountProfiles.none(), Map.of(), CloseSettings.defaults(), CLOCK)
                .close(YearMonth.of(2026, 10));
        execute(
                database,
                """
                insert into quarantine (source, kind, reason, raw, batch)
                values ('files', 'unusable', E'a\\ttab, a \\\\ and a\\nline\\\\.', E'\\\\N', 1), ('files', 'conflict', '', null, 1)
                """);
        // three changes of rules, which a trigger counts
        execute(database, "insert into rule_service (name) values ('instance')");
        execute(database, "insert into rule_field (service, name) select id, 'flavor' from rule_service");
        execute(
                database,
                "insert into rule_mapping (service, field, value, type, cost, created_at, created_by)"
                        + " select service, id, 'm1', 'flat', 0.10, now(), 'test' from rule_field");
        execute(database, "insert into delivery (document, connector) select id, 'csv-directory' from document");
        return database;
    }

    private static String at(int hour) {
        return OCTOBER.plus(hour, ChronoUnit.HOURS).toString();
    }

    private BackupSummary backup(DataSource ledger) throws Exception {
        return new Backup(ledger, CLOCK, step -> {}).write(file(), false);
    }

    private Restore.Result restore(DataSource target) throws Exception {
        try (BackupArchive archive = BackupArchive.open(file())) {
            return new Restore(target, archive, CLOCK, step -> {}).run(() -> {});
        }
    }

    private List<String> left() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static List<String> tables(DataSource database) throws SQLException {
        return texts(
                database,
                "select relname::text collate \"C\" from pg_class where relkind in ('r', 'p') and not relispartition"
                        + " and relnamespace = 'public'::regnamespace and relname <> 'flyway_schema_history' order by 1");
    }

    private static Map<String, String> contents(DataSource database) throws SQLException {
        Map<String, String> contents = new TreeMap<>();
        for (String table : tables(database)) {
            contents.put(
                    table, text(database, "select string_agg(t::text, E'\\n' order by t::text) from " + table + " t"));
        }
        return contents;
    }

    private static Map<String, String> sequences(DataSource database) throws SQLException {
        Map<String, String> sequences = new TreeMap<>();
        for (String name : texts(
                database,
                "select relname from pg_class where relkind = 'S' and relnamespace = 'public'::regnamespace")) {
            sequences.put(name, text(database, "select (last_value, is_called)::text from " + name));
        }
        return sequences;
    }

    private static Map<String, String> without(Map<String, String> map, String key) {
        map.remove(key);
        return map;
    }

    /** Tables, columns, constraints, indexes and partitions. */
    private static List<String> shape(DataSource database) throws SQLException {
        return texts(
                database,
                """
                select concat_ws(' ', c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity,
                                 pg_get_expr(d.adbin, d.adrelid), pg_get_expr(c.relpartbound, c.oid))
                  from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0
                  left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
                 where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
                   and c.relname <> 'flyway_schema_history'
                union all
                select conrelid::regclass || ' ' || pg_get_constraintdef(oid) from pg_constraint
                 where connamespace = 'public'::regnamespace and conrelid <> 0
                union all
                select indexdef from pg_indexes where schemaname = 'public'
                union all
                select concat_ws(' ', pg_get_triggerdef(oid), tgenabled) from pg_trigger where not tgisinternal
                union all
                select pg_get_functiondef(oid) from pg_proc where pronamespace = 'public'::regnamespace
                 order by 1
                """);
    }

    private static List<String> texts(DataSource database, String sql) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            List<String> texts = new ArrayList<>();
            while (row.next()) {
                texts.add(row.getString(1));
            }
            return texts;
        }
    }

    private static String text(DataSource database, String sql) throws SQLException {
        return texts(database, sql).get(0);
    }

    private static void execute(DataSource database, String sql) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
