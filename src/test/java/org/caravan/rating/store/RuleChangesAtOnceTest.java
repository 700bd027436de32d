package org.caravan.rating.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.caravan.rating.hashmap.RuleSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

/** Several change the rules at once, and some are killed while they do. */
class RuleChangesAtOnceTest {
    private static final String BEFORE =
            """
            currency: NZD
            groups: [old]
            services:
              instance:
                mappings: [{cost: 1}]
                thresholds: [{level: 1, cost: 1}, {level: 2, cost: 1}]
                fields:
                  flavor: {mappings: [{value: small, cost: 1, group: old}, {value: late, cost: 1, start: 2027-01-01}]}
                  size: {thresholds: [{level: 1, cost: 1}]}
              spare: {}
            """;
    private static final String AFTER =
            """
            currency: NZD
            groups: [new]
            services:
              instance:
                mappings: [{cost: 2}]
                thresholds: [{level: 1, cost: 2}, {level: 3, cost: 1}]
                fields:
                  size: {thresholds: [{level: 1, cost: 1}]}
                  flavor: {mappings: [{value: small, cost: 2, group: new}], thresholds: [{level: 1, cost: 3}]}
              network: {mappings: [{cost: 3}]}
            """;

    private static RuleTables tables;

    @BeforeAll
    static void open() {
        tables = new RuleTables();
    }

    @AfterAll
    static void close() {
        tables.close();
    }

    @BeforeEach
    void clear() {
        tables.clear();
    }

    @Test
    void importersOneAfterTheOtherHoweverTheyCome() throws Exception {
        // given
        RuleSet one = RuleTables.rules(BEFORE);
        RuleSet other = RuleTables.rules(AFTER);
        int writers = 4;
        int imports = 10;
        ExecutorService threads = Executors.newFixedThreadPool(writers);
        // when
        List<Future<Long>> changed = new ArrayList<>();
        long begin = tables.store.version();
        for (int i = 0; i < writers; i++) {
            RuleSet wanted = i % 2 == 0 ? one : other;
            changed.add(threads.submit(() -> {
                long count = 0;
                for (int n = 0; n < imports; n++) {
                    RuleStore.Result result =
                            tables.store.importRules(RuleTables.wanted(wanted, tables.now.plusSeconds(-n)));
                    count += result.plan().isEmpty() ? 0 : 1;
                }
                return count;
            }));
        }
        long changes = 0;
        for (Future<Long> count : changed) {
            changes += count.get(5, TimeUnit.MINUTES);
        }
        threads.shutdown();
        // then: each change was one version, and what is there is whole
        assertThat(tables.store.version()).isEqualTo(begin + changes);
        for (RuleSet wanted : List.of(one, other)) {
            tables.store.importRules(RuleTables.wanted(wanted, null));
            assertThat(tables.store.plan(RuleTables.wanted(wanted, null)).plan().isEmpty())
                    .isTrue();
        }
    }

    @Test
    void ofSeveralHubsThatStartAtOnceOneLoads() throws Exception {
        // given
        int hubs = 4;
        ExecutorService threads = Executors.newFixedThreadPool(hubs);
        RuleSet rules = RuleTables.rules(BEFORE);
        long begin = tables.store.version();
        // when
        List<Future<RuleStore.Result>> results = new ArrayList<>();
        for (int i = 0; i < hubs; i++) {
            results.add(threads.submit(() -> tables.store.importIfEmpty(RuleTables.wanted(rules, null))));
        }
        int loaded = 0;
        for (Future<RuleStore.Result> result : results) {
            ImportPlan plan = result.get(5, TimeUnit.MINUTES).plan();
            loaded += plan.from() == null ? 1 : 0;
            assertThat(plan.from() == null).isEqualTo(!plan.isEmpty());
        }
        threads.shutdown();
        // then
        assertThat(loaded).isEqualTo(1);
        assertThat(tables.store.version()).isEqualTo(begin + 1);
        assertThat(tables.store.load().rules()).isEqualTo(rules);
    }

    @Test
    void anImportKilledAtAnyStepChangedNothingAndIsDoneByTheNext() throws Exception {
        // given
        tables.importNow(BEFORE);
        List<String> before = tables.everything();
        long version = tables.store.version();
        RuleStore.Import wanted = RuleTables.wanted(RuleTables.rules(AFTER), null);
        int killed = 0;
        boolean done = false;
        // when
        for (int step = 1; !done; step++) {
            try {
                new RuleStore(killingAt(step), tables.clock).importRules(wanted);
                done = true;
            } catch (SQLException e) {
                killed++;
                // then
                assertThat(tables.everything()).as("step %d", step).isEqualTo(before);
                assertThat(tables.store.version()).isEqualTo(version);
            }
        }
        // then
        assertThat(killed).isGreaterThan(12);
        assertThat(tables.store.version()).isEqualTo(version + 1);
        assertThat(tables.store.plan(wanted).plan().isEmpty()).isTrue();
        assertThat(RulesInForce.at(tables.store.load().rules(), Instant.parse("2026-11-21T00:00:00Z"), null)
                        .mappings())
                .hasSize(3);
    }

    /** Ends the server's session before the n-th statement, or before COMMIT, which comes last. */
    private static DataSource killingAt(int step) {
        AtomicInteger steps = new AtomicInteger();
        return (DataSource) proxy(DataSource.class, (proxy, method, arguments) -> {
            Object result = method.invoke(tables.dataSource(), arguments);
            if (!(result instanceof Connection connection)) {
                return result;
            }
            return proxy(Connection.class, (p, call, values) -> {
                boolean counts = call.getName().equals("prepareStatement")
                        || call.getName().equals("commit");
                if (counts && steps.incrementAndGet() == step) {
                    int pid = connection.unwrap(PGConnection.class).getBackendPID();
                    tables.execute("select pg_terminate_backend(" + pid + ", 10000)");
                }
                try {
                    return call.invoke(connection, values);
                } catch (InvocationTargetException e) {
                    throw e.getCause();
                }
            });
        });
    }

    private static Object proxy(Class<?> type, java.lang.reflect.InvocationHandler handler) {
        return Proxy.newProxyInstance(RuleChangesAtOnceTest.class.getClassLoader(), new Class<?>[] {type}, handler);
    }
}
