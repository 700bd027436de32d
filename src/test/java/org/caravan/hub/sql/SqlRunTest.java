package org.caravan.hub.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.caravan.hub.db.DatabaseAccess;
import org.caravan.testing.ApiHub;
import org.caravan.testing.Database;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A table that a hub reads which was configured for it, as docs/sql.md has it. */
class SqlRunTest {
    @TempDir
    Path directory;

    @Test
    void aHubThatIsConfiguredWithATableReadsIt() throws Exception {
        // given
        DatabaseAccess ledger = Database.freshAccess();
        DatabaseAccess tables = Database.freshAccess();
        ask(
                tables,
                "create table usage (id bigint generated always as identity primary key, written_at timestamptz not null"
                        + " default now() - interval '5 minutes', project_id text, region text, vm_id text, hours numeric,"
                        + " started_at timestamptz, ended_at timestamptz, flavor text)");
        ask(
                tables,
                "insert into usage (project_id, region, vm_id, hours, started_at, ended_at, flavor) values ('kea-robotics',"
                        + " 'nz-por-1', 'vm-7', 1.25, '2026-10-01 00:00+00', '2026-10-01 01:00+00', 'c1.c2r4')");
        // when
        try (ApiHub hub = ApiHub.start(
                directory,
                ledger,
                "caravan.sql.url=" + tables.url(),
                "caravan.sql.user=" + tables.user(),
                "caravan.sql.password=" + tables.password(),
                "caravan.sql.table=usage",
                "caravan.sql.columns=tenant=project_id, datacenter=region, resource=vm_id, meter='instance', unit='hour',"
                        + " quantity=hours, begin=started_at, end=ended_at, metadata.flavor=flavor",
                "caravan.sql.watermark=written_at",
                "caravan.sql.tieBreaker=id",
                "caravan.sql.poll=100ms")) {
            for (int i = 0; i < 600 && ask(ledger, "select quantity from entry") == null; i++) {
                Thread.sleep(100);
            }
            // then
            assertThat(hub.url()).isNotBlank();
            assertThat(ask(ledger, "select last_error from source where name = 'sql'"))
                    .isNull();
            assertThat(ask(ledger, "select quantity from entry")).isEqualTo("1.25");
            assertThat(ask(ledger, "select metadata from resource")).contains("c1.c2r4");
        }
    }

    private static String ask(DatabaseAccess database, String sql) throws SQLException {
        try (Connection connection = Database.of(database).getConnection();
                Statement statement = connection.createStatement()) {
            if (!statement.execute(sql)) {
                return null;
            }
            try (ResultSet row = statement.getResultSet()) {
                return row.next() ? row.getString(1) : null;
            }
        }
    }
}
