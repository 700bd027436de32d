package org.caravan.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import org.caravan.hub.db.DatabaseAccess;
import org.caravan.testing.Database;
import org.junit.jupiter.api.Test;

class FirstBatchTotalsTest {
    @Test
    void theFirstBatchIsCountedHoweverOftenTheEmptyLedgerWasLookedAtBefore() throws Exception {
        // given
        DatabaseAccess access = Database.freshAccess();
        BatchTotals totals = new BatchTotals();
        try (Connection connection = DriverManager.getConnection(access.url(), access.user(), access.password());
                Statement statement = connection.createStatement()) {
            for (int look = 0; look < 5; look++) {
                assertThat(totals.read(connection).batches()).isZero();
                // a transaction ends in between
                statement.execute("insert into source (name, kind, created_at, updated_at) values ('s" + look
                        + "', 'files', now(), now())");
            }
            // when
            statement.execute(
                    "insert into batch (id, buckets, records, accepted, duplicate, conflict, quarantined, unpriced)"
                            + " values (nextval('batch_id'), '', 10, 6, 3, 0, 1, 2)");
            // then
            for (int look = 0; look < 5; look++) {
                assertThat(totals.read(connection)).isEqualTo(new BatchTotals.Totals(1, 10, 6, 3, 0, 1, 2));
            }
        }
    }
}
