package org.caravan.hub.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import org.caravan.hub.db.DatabaseAccess;
import org.caravan.hub.db.EmbeddedPostgres;
import org.caravan.hub.db.HubDatabase;
import org.caravan.ledger.LedgerSchema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditCommandTest {
    @TempDir
    Path current;

    @Test
    void auditsALedgerThatIsAtRestAndOneThatIsInUse() throws Exception {
        // given: a ledger whose server runs, held by somebody
        Path data = current.resolve("data");
        Console console = new Console(current);
        try (EmbeddedPostgres postgres = EmbeddedPostgres.kept(data, EmbeddedPostgres.defaultCache())) {
            DatabaseAccess access = postgres.start();
            try (HubDatabase pool = HubDatabase.open(access, 2)) {
                LedgerSchema.migrate(pool.dataSource());
                LedgerSchema.identify(pool.dataSource(), "test", "NZD", false);
            }
            // when, then: beside its holder
            Console.Answer beside = console.run("audit", "--data", "data");
            assertThat(beside.err()).isEmpty();
            assertThat(beside.out()).endsWith("The ledger holds together.\n");
            assertThat(beside.exitCode()).isZero();
            // when: a number is missing
            try (Connection connection = DriverManager.getConnection(access.url(), access.user(), access.password());
                    Statement statement = connection.createStatement()) {
                statement.execute("insert into number_series values ('test', 'invoice', 2026, 3)");
            }
        }
        // then: at rest, its server started for the command alone
        Console.Answer atRest = console.run("audit", "--data", "data", "--json");
        assertThat(atRest.exitCode()).isEqualTo(1);
        assertThat(atRest.out())
                .contains("\"holds\":false")
                .contains("invoice of 2026: the series stands at 3, documents: 0");
        assertThat(EmbeddedPostgres.running(data)).isEmpty();
    }

    @Test
    void aDirectoryWithoutLedgerIsAWrongInput() {
        // given
        Console console = new Console(current);
        // when
        Console.Answer none = console.run("audit", "--data", "nowhere");
        Console.Answer unsaid = console.run("audit");
        // then
        assertThat(none.exitCode()).isEqualTo(2);
        assertThat(none.err()).contains("nowhere: no ledger is there").hasLineCount(1);
        assertThat(unsaid.exitCode()).isEqualTo(2);
        assertThat(unsaid.err()).contains("--data DIR").hasLineCount(1);
        assertThat(current.resolve("nowhere")).doesNotExist();
    }
}
