package org.caravan.invoice;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.caravan.ledger.LedgerSchema;
import org.caravan.testing.Database;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;

class DoubtMigrationTest {
    @Test
    void inAnOlderLedgerWhatWasTriedAndNeitherCommittedNorRefusedIsInDoubt() throws Exception {
        // given: a ledger from before doubt was kept, with a delivery in each state
        DataSource database = Database.empty();
        Flyway.configure()
                .dataSource(database)
                .locations("classpath:db/migration")
                .target("2")
                .load()
                .migrate();
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(
                    """
                    insert into document (key, number, kind, issuer, account, month, sequence, proforma, currency, total,
                                          exact, lines, body, digest, issued_at)
                    select 'k' || n, 'N' || n, 'invoice', 'test', 'a' || n, '2026-10-01', 1, false, 'EUR', 1, 1, 1, '{}', '',
                           now() from generate_series(1, 7) as n;
                    insert into delivery (document, connector, state, attempt)
                    select id, 'erp', (array['pending', 'delivering', 'retrying', 'in-doubt', 'parked', 'parked',
                                             'committed'])[id], case when id = 1 then 0 else 1 end
                      from document;
                    insert into delivery_attempt (delivery, attempt, owner, started_at, outcome)
                    select id, 1, 'hub', now(), (array[null, null, 'retrying', 'in-doubt', 'parked', 'in-doubt',
                                                       'committed'])[id]
                      from delivery where id > 1;
                    """);
        }
        // when
        LedgerSchema.migrate(database);
        // then
        List<String> doubt = new ArrayList<>();
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select state, doubt from delivery order by id")) {
            while (row.next()) {
                doubt.add(row.getString(1) + " " + row.getBoolean(2));
            }
        }
        assertThat(doubt)
                .containsExactly(
                        "pending false",
                        "delivering true",
                        "retrying true",
                        "in-doubt true",
                        "parked false",
                        "parked true",
                        "committed false");
    }
}
