package org.caravan.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.time.YearMonth;
import java.util.List;
import javax.sql.DataSource;
import org.caravan.metering.PositionRange;
import org.caravan.testing.Batches;
import org.caravan.testing.Database;
import org.junit.jupiter.api.Test;

class LedgerStatusTest {
    private static final String INSERT_BATCH =
            """
            insert into batch (id, buckets, records, accepted, duplicate, conflict, quarantined, unpriced)
            values (%d, '', 10, 4, 3, 2, 1, 1)
            """;

    private final DataSource dataSource = Database.fresh();

    @Test
    void tellsOfSourcesMonthsQuarantineAndRecords() throws Exception {
        // given: usage of two months from a file read to its end, and from one that is not; a source that never
        // reported
        Ledger ledger = new Ledger(dataSource, LedgerSettings.defaults(), Clock.systemUTC());
        Batches batches = new Batches();
        ledger.commit(batches.usage("acme", "vm-1", "instance", "1", "0.5", "2026-09-30T23:00:00Z", 1)
                .usage("acme", "vm-1", "instance", "1", "0.5", "2026-10-01T00:00:00Z", 1)
                .build(new PositionRange("files", "a", 0, 2, true)));
        ledger.commit(batches.usage("zen", "vm-2", "instance", "1", "0.5", "2026-10-01T00:00:00Z", 1)
                .build(new PositionRange("files", "b", 0, 1, false)));
        Sources sources = new Sources(dataSource, Clock.systemUTC());
        sources.configure("kafka", "kafka");
        sources.failed("kafka", "broker is gone");
        execute(
                """
                insert into month (tenant, month, state) select id, '2026-09-01', 'closed' from tenant where name = 'acme';
                insert into month (tenant, month, state) select id, '2026-10-01', 'closed' from tenant where name = 'acme';
                insert into month (tenant, month, state) select id, '2026-10-01', 'closing' from tenant where name = 'zen';
                insert into quarantine (kind, reason, batch, created_at) values ('unusable', 'no tenant', 1, '2026-10-02Z');
                insert into quarantine (kind, reason, batch, created_at) values ('unusable', 'no tenant', 1, '2026-10-01Z');
                insert into quarantine (kind, reason, batch, state) values ('conflict', 'billed', 1, 'dropped')
                """);
        // when
        LedgerStatus status = look(new BatchTotals());
        // then
        assertThat(status.totals()).isEqualTo(new BatchTotals.Totals(2, 3, 3, 0, 0, 0, 0));
        assertThat(status.lastCommit()).isNotNull();
        assertThat(status.sources()).extracting(LedgerStatus.Source::name).containsExactly("files", "kafka");
        LedgerStatus.Source files = status.sources().get(0);
        assertThat(files.configured()).isFalse();
        assertThat(files.kind()).isNull();
        assertThat(files.positions()).isEqualTo(2);
        assertThat(files.unfinished()).isOne();
        assertThat(files.lastMoved()).isNotNull();
        assertThat(files.newest())
                .extracting(p -> p.key() + " " + p.value() + " " + p.done())
                .containsExactly("b 1 false", "a 2 true");
        LedgerStatus.Source kafka = status.sources().get(1);
        assertThat(kafka.configured()).isTrue();
        assertThat(kafka.ratedUntil()).isNull();
        assertThat(kafka.lastError()).isEqualTo("broker is gone");
        assertThat(kafka.positions()).isZero();
        assertThat(kafka.lastMoved()).isNull();
        assertThat(status.months())
                .containsExactly(
                        new LedgerStatus.Month(YearMonth.of(2026, 9), true, 0, 0, 1),
                        new LedgerStatus.Month(YearMonth.of(2026, 10), true, 0, 1, 1));
        assertThat(status.oldestOpenMonth()).isEqualTo(YearMonth.of(2026, 10));
        assertThat(status.quarantine())
                .containsExactly(new LedgerStatus.Held("unusable", 2, Instant.parse("2026-10-01T00:00:00Z")));
    }

    @Test
    void anEmptyLedgerHasNothingToTell() throws Exception {
        // given, when
        LedgerStatus status = look(new BatchTotals());
        // then
        assertThat(status.lastCommit()).isNull();
        assertThat(status.totals().batches()).isZero();
        assertThat(status.sources()).isEmpty();
        assertThat(status.months()).isEmpty();
        assertThat(status.quarantine()).isEmpty();
        assertThat(status.oldestOpenMonth()).isNull();
    }

    @Test
    void onlyTheMostRecentPositionsOfASourceAreToldAndAllAreCounted() throws Exception {
        // given
        execute(
                "insert into position (source, key, value, updated_at) select 'files', 'f' || n, n, now() + n * interval"
                        + " '1 s' from generate_series(1, 1000) n");
        // when
        LedgerStatus.Source files = look(new BatchTotals()).sources().get(0);
        // then
        assertThat(files.positions()).isEqualTo(1000);
        assertThat(files.newest())
                .extracting(LedgerStatus.Position::key)
                .containsExactly("f1000", "f999", "f998", "f997", "f996");
    }

    @Test
    void aBatchThatCommitsAfterLaterOnesIsCounted() throws Exception {
        // given: one that holds its id while others commit and are looked at, often enough to be known for good
        BatchTotals totals = new BatchTotals();
        try (Connection slow = dataSource.getConnection();
                Statement statement = slow.createStatement()) {
            slow.setAutoCommit(false);
            statement.execute("select from bucket where id = 1 for update");
            statement.execute("select nextval('batch_id')");
            for (int id = 2; id <= 6; id++) {
                execute("select nextval('batch_id')", INSERT_BATCH.formatted(id));
                assertThat(look(totals).totals().batches()).isEqualTo(id - 1);
            }
            // when
            statement.execute(INSERT_BATCH.formatted(1));
            slow.commit();
        }
        // then
        for (int look = 0; look < 4; look++) {
            assertThat(look(totals).totals()).isEqualTo(new BatchTotals.Totals(6, 60, 24, 18, 12, 6, 6));
        }
    }

    @Test
    void oldBatchesAreNotReadAgain() throws Exception {
        // given
        BatchTotals totals = new BatchTotals();
        execute("select nextval('batch_id')", INSERT_BATCH.formatted(1));
        for (int look = 0; look < 4; look++) {
            look(totals);
        }
        // when: what never happens shows what is read
        execute("update batch set records = 1000 where id = 1");
        execute("select nextval('batch_id')", INSERT_BATCH.formatted(2));
        // then
        assertThat(look(totals).totals().records()).isEqualTo(20);
        assertThat(look(new BatchTotals()).totals().records()).isEqualTo(1010);
    }

    private LedgerStatus look(BatchTotals totals) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            return LedgerStatus.read(connection, totals);
        }
    }

    private void execute(String... sqls) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql : List.of(sqls)) {
                statement.execute(sql);
            }
        }
    }
}
