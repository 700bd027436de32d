package org.caravan.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.caravan.testing.Database;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;

class QuarantineMigrationTest {
    @Test
    void recordsHeldByAnOlderHubAreKeptAndThoseThatMayBeCutAreMarked() throws Exception {
        // given
        HeldUsage usage = new HeldUsage(Database.empty());
        Flyway.configure()
                .dataSource(usage.database)
                .locations("classpath:db/migration")
                .target("2")
                .load()
                .migrate();
        usage.execute("insert into quarantine (kind, reason, format, raw, batch) values"
                + " ('conflict', 'r', 'caravan-jsonl', '{}', 1), ('conflict', 'r', 'caravan-jsonl', '{}', 1),"
                + " ('unusable', 'r', 'caravan-csv', repeat('x', 4096), 1),"
                + " ('unusable', 'r', 'caravan-csv', 'abc… (9000 bytes)', 1),"
                + " ('unusable', 'r', 'caravan-csv', 'a\ufffdc', 1), ('unusable', 'r', 'caravan-csv', null, 1),"
                + " ('unusable', 'r', 'caravan-csv', 'a,b', 1)");
        // when
        LedgerSchema.migrate(usage.database);
        // then
        List<QuarantineEntry> held = usage.quarantine.list(QuarantineFilter.held(), 0, 10);
        assertThat(held)
                .extracting(QuarantineEntry::complete)
                .containsExactly(true, true, false, false, false, false, true);
        assertThat(held)
                .extracting(QuarantineEntry::context)
                .containsExactly("billed units", "billed units", null, null, null, null, null);
    }
}
