package org.caravan.invoice;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.caravan.common.Decimals;
import org.caravan.invoice.document.AccountProfiles;
import org.caravan.ledger.CommitResult;
import org.caravan.ledger.Ledger;
import org.caravan.ledger.LedgerSchema;
import org.caravan.ledger.LedgerSettings;
import org.caravan.ledger.RollUp;
import org.caravan.metering.PositionRange;
import org.caravan.metering.UsageBatch;
import org.caravan.testing.Batches;
import org.caravan.testing.Database;
import org.junit.jupiter.api.Test;

/** Four hubs, two sources that carry the same usage, and months that close meanwhile. */
class ConcurrentWritersTest {
    private static final YearMonth OCTOBER = YearMonth.of(2026, 10);
    private static final Instant START = Instant.parse("2026-10-01T00:00:00Z");
    private static final int TENANTS = 25;
    /** Of each tenant; -Pchaos sets it to 200, which makes 5 million records in both sources. */
    private static final int RESOURCES = Integer.getInteger("caravan.resources", 4);

    private static final int HOURS = 500;
    private static final int BATCH = 1_000;
    private static final long SEED = 20261001;

    private final DataSource database = Database.fresh();
    private final AtomicInteger others = new AtomicInteger();

    private record Usage(String tenant, String resource, String quantity, int hour) {}

    @Test
    void whatFourWritersBillWhileMonthsCloseIsTheUsageOnceAndNothingElse() throws Exception {
        billOnce(0);
    }

    @Test
    void sessionsKilledAtAnyMomentChangeNothing() throws Exception {
        billOnce(40);
    }

    /** @param kills sessions of writers and closer that are killed on the way */
    private void billOnce(int kills) throws Exception {
        // given: 50,000 records, each in both sources, each source read by two hubs in an order of their own
        Random random = new Random(SEED);
        List<Usage> usage = usage(random);
        LedgerSchema.identify(database, "test", "NZD", false);
        ExecutorService pool = Executors.newFixedThreadPool(6);
        List<Callable<Void>> writers = new ArrayList<>();
        for (String source : List.of("a", "b")) {
            List<Usage> order = jumbled(usage, random);
            int half = order.size() / 2;
            writers.add(() -> write(source, "0", order.subList(0, half)));
            writers.add(() -> write(source, "1", order.subList(half, order.size())));
        }
        // when
        List<Future<Void>> running = new ArrayList<>();
        writers.forEach(writer -> running.add(pool.submit(writer)));
        Future<Integer> closing = pool.submit(() -> closeWhile(running, new Random(SEED)));
        Future<Integer> killing = pool.submit(() -> killSessions(kills, running));
        for (Future<Void> writer : running) {
            writer.get();
        }
        int killed = killing.get();
        int closed = closing.get();
        pool.shutdown();
        RollUp.run(database);
        // then: each record once, the second source's copies dropped
        assertThat(others.get()).isZero();
        assertThat(killed > 0).isEqualTo(kills > 0);
        assertThat(closed).isPositive();
        assertThat(
                        rows(
                                "select 'accepted', sum(accepted) from batch union select 'duplicate', sum(duplicate) from batch"))
                .isEqualTo(Map.of(
                        "accepted", BigDecimal.valueOf(usage.size()), "duplicate", BigDecimal.valueOf(usage.size())));
        // issued and open together are the oracle's sums
        assertThat(rows("select t.name, sum(e.amount) from entry e join tenant t on t.id = e.tenant group by 1"))
                .isEqualTo(oracle(usage));
        assertThat(rows("select t.name, sum(r.amount) from rollup r join tenant t on t.id = r.tenant group by 1"))
                .isEqualTo(oracle(usage));
        // a document holds just what its month holds, so nothing entered a month after it had closed
        assertThat(rows("select account, exact from document"))
                .isEqualTo(
                        rows(
                                """
                select t.name, sum(e.amount) from entry e join tenant t on t.id = e.tenant
                  join month m on m.tenant = e.tenant and m.month = e.billing_month and m.state = 'closed'
                 group by 1
                """));
        // and the audit agrees
        assertThat(Audit.run(database))
                .allSatisfy(check -> assertThat(check.findings()).isEmpty());
        // no moment of a series is billed twice
        assertThat(
                        rows(
                                """
                        select 'overlaps', count(*) from (
                          select first_begin < lag(last_end) over (partition by tenant, resource order by first_begin) as o
                            from entry) as runs where o
                        """))
                .isEqualTo(Map.of("overlaps", BigDecimal.ZERO));
        assertThat(rows("select 'late', count(*) from entry where (kind = 3) <> (billing_month <> '2026-10-01')"))
                .isEqualTo(Map.of("late", BigDecimal.ZERO));
    }

    private static List<Usage> usage(Random random) {
        List<Usage> usage = new ArrayList<>();
        for (int hour = 0; hour < HOURS; hour++) {
            for (int tenant = 0; tenant < TENANTS; tenant++) {
                for (int resource = 0; resource < RESOURCES; resource++) {
                    String quantity =
                            BigDecimal.valueOf(random.nextInt(1_000_000), 3).toPlainString();
                    usage.add(new Usage("tenant-" + tenant, "r" + resource, quantity, hour));
                }
            }
        }
        return usage;
    }

    /** Roughly in time order, as sources deliver it. */
    private static List<Usage> jumbled(List<Usage> usage, Random random) {
        List<Usage> order = new ArrayList<>(usage);
        for (int from = 0; from < order.size(); from += 3 * BATCH) {
            Collections.shuffle(order.subList(from, Math.min(order.size(), from + 5 * BATCH)), random);
        }
        return order;
    }

    /** A hub of its own: its ledger shares nothing with the others but the database. */
    private Void write(String source, String partition, List<Usage> usage) throws SQLException {
        Ledger ledger = new Ledger(database, LedgerSettings.defaults(), Clock.systemUTC());
        Batches batches = new Batches();
        for (int from = 0; from < usage.size(); from += BATCH) {
            int to = Math.min(usage.size(), from + BATCH);
            for (Usage u : usage.subList(from, to)) {
                String begin = START.plus(Duration.ofHours(u.hour)).toString();
                batches.usage(u.tenant, u.resource, "instance", u.quantity, "0.0481", begin, 1);
            }
            UsageBatch batch = batches.build(new PositionRange(source, partition, from, to, to == usage.size()));
            for (int row = 0; row < batch.size(); row++) {
                assertThat(batch.isRejected(row)).isFalse();
            }
            CommitResult result = commitUntilAnswered(ledger, batch);
            others.addAndGet(result.conflict() + result.quarantined() + result.unpriced());
        }
        return null;
    }

    /** What a route does: the same batch again, whatever became of it, at most so often. */
    private static CommitResult commitUntilAnswered(Ledger ledger, UsageBatch batch) throws SQLException {
        for (int attempt = 1; ; attempt++) {
            try {
                return ledger.commit(batch);
            } catch (SQLException | IllegalStateException killed) {
                if (attempt == 50) {
                    throw killed;
                }
            }
        }
    }

    private int killSessions(int kills, List<Future<Void>> running) throws Exception {
        int killed = 0;
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            while (killed < kills && running.stream().anyMatch(writer -> !writer.isDone())) {
                try (ResultSet row = statement.executeQuery(
                        """
                        select pg_terminate_backend(pid) from pg_stat_activity
                         where datname = current_database() and pid <> pg_backend_pid() and xact_start is not null
                         order by random() limit 1
                        """)) {
                    killed += row.next() ? 1 : 0;
                }
                Thread.sleep(20);
            }
        }
        return killed;
    }

    /** Closes one tenant's October after the other, in between the batches. */
    private int closeWhile(List<Future<Void>> running, Random random) throws SQLException {
        LedgerSchema.Identity identity = new LedgerSchema.Identity("test", "NZD", false);
        Closer closer = new Closer(
                database, identity, AccountProfiles.none(), Map.of(), CloseSettings.defaults(), Clock.systemUTC());
        while (running.stream().anyMatch(writer -> !writer.isDone())) {
            String tenant = "tenant-" + random.nextInt(TENANTS / 2);
            try {
                closer.close(OCTOBER, Set.of(tenant), document -> {});
                RollUp.run(database);
            } catch (SQLException | IllegalStateException killed) {
                continue;
            }
        }
        return rows("select 'documents', count(*) from document")
                .get("documents")
                .intValueExact();
    }

    private static Map<String, BigDecimal> oracle(List<Usage> usage) {
        Map<String, BigDecimal> sums = new TreeMap<>();
        for (Usage u : usage) {
            sums.merge(u.tenant, new BigDecimal(u.quantity).multiply(new BigDecimal("0.0481")), BigDecimal::add);
        }
        sums.replaceAll((tenant, sum) -> new BigDecimal(Decimals.plain(sum)));
        return sums;
    }

    private Map<String, BigDecimal> rows(String sql) throws SQLException {
        Map<String, BigDecimal> found = new TreeMap<>();
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                found.put(row.getString(1), new BigDecimal(Decimals.plain(row.getBigDecimal(2))));
            }
        }
        return found;
    }
}
