package org.caravan.invoice.rerate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.caravan.invoice.rerate.RerateLedger.OCTOBER;
import static org.caravan.invoice.rerate.RerateLedger.at;
import static org.caravan.invoice.rerate.RerateLedger.line;

import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.caravan.common.UserError;
import org.caravan.ledger.RollUp;
import org.junit.jupiter.api.Test;

/** Usage comes in, records are accepted, months are issued and corrected, rules change, two hubs re-rate: all at once. */
class ConcurrentRerateTest {
    private static final int TENANTS = 8;
    /** Of each tenant; -Pchaos sets it to 200. */
    private static final int RESOURCES = Integer.getInteger("caravan.resources", 4) / 2;

    private static final int HOURS = 120;
    private static final int BATCH = 40;
    /** Orders that are to be done before the last batch is written. */
    private static final int ORDERS = 6;

    private static final long SEED = 20261101;

    private final RerateLedger ledger = new RerateLedger();
    private final AtomicBoolean written = new AtomicBoolean();
    private final AtomicInteger done = new AtomicInteger();
    private final Map<String, String> quantities = new TreeMap<>();

    @Test
    void whatIsBilledInTheEndIsWhatTheLastRulesSay() throws Exception {
        billAndRerate(0);
    }

    @Test
    void sessionsKilledAtAnyMomentChangeNothing() throws Exception {
        billAndRerate(30);
    }

    private void billAndRerate(int kills) throws Exception {
        // given: two writers, whose every tenth record is sent again with another quantity
        ledger.settings = new RerateSettings(3 * BATCH, Duration.ofSeconds(30), Duration.ofMinutes(1));
        ledger.price("0.05");
        ledger.read(line("t0", "first", "vm", "1", 0, 1));
        quantities.put("t0 first 0", "1");
        Random random = new Random(SEED);
        List<List<String>> parts = List.of(lines(random, 0), lines(random, 1));
        ExecutorService pool = Executors.newCachedThreadPool();
        List<Future<?>> work = new ArrayList<>();
        // when
        List<Future<?>> writers = new ArrayList<>();
        parts.forEach(lines -> writers.add(pool.submit(() -> write(lines))));
        work.add(pool.submit(() -> untilWritten(2, this::changeRulesAndOrder)));
        work.add(pool.submit(() -> untilWritten(3, step -> rerateAway())));
        work.add(pool.submit(() -> untilWritten(4, step -> ledger.otherHub().acceptAll())));
        work.add(pool.submit(() -> untilWritten(5, step -> ledger.close(OCTOBER, "t" + step.nextInt(TENANTS / 2)))));
        work.add(pool.submit(() -> untilWritten(6, step -> ledger.correct("reason " + step.nextInt(50)))));
        work.add(pool.submit(() -> untilWritten(7, step -> RollUp.run(ledger.database))));
        int killed = kills == 0 ? 0 : kill(kills, writers);
        for (Future<?> writer : writers) {
            writer.get();
        }
        written.set(true);
        for (Future<?> one : work) {
            one.get();
        }
        pool.shutdown();
        // and: what is left is accepted, and everything is priced by one set of rules
        ledger.acceptAll();
        while (ledger.rerating().runDue(() -> false) > 0) {
            // what was ordered on the way
        }
        ledger.price("0.0731");
        for (int tenant = 0; tenant < TENANTS; tenant++) {
            try {
                ledger.rerate(0, HOURS, "t" + tenant);
            } catch (UserError issued) {
                ledger.correct("the last one", "t" + tenant);
            }
        }
        RollUp.run(ledger.database);
        // then
        assertThat(killed > 0).isEqualTo(kills > 0);
        assertThat(done.get()).isGreaterThanOrEqualTo(ORDERS - 1);
        assertThat(ledger.rows("select count(*) > 0 from document").get(0)).isEqualTo("t");
        Map<String, String> expected = oracle();
        Map<String, String> billed = new TreeMap<>();
        for (String tenant : expected.keySet()) {
            billed.put(tenant, ledger.billed(tenant));
        }
        assertThat(billed).isEqualTo(expected);
        assertThat(ledger.rows("select count(*) from quarantine where state = 'held'"))
                .containsExactly("0");
        ledger.audit();
    }

    private List<String> lines(Random random, int part) {
        List<String> lines = new ArrayList<>();
        for (int hour = 0; hour < HOURS; hour++) {
            for (int tenant = part; tenant < TENANTS; tenant += 2) {
                for (int resource = 0; resource < RESOURCES; resource++) {
                    String quantity =
                            BigDecimal.valueOf(1 + random.nextInt(100_000), 3).toPlainString();
                    lines.add(line("t" + tenant, "r" + resource, "vm", quantity, hour, 1));
                    if (random.nextInt(10) == 0) {
                        quantity = quantity + "5";
                        lines.add(line("t" + tenant, "r" + resource, "vm", quantity, hour, 1));
                    }
                    quantities.put("t" + tenant + " r" + resource + " " + hour, quantity);
                }
            }
        }
        return lines;
    }

    private Map<String, String> oracle() {
        Map<String, BigDecimal> sums = new TreeMap<>();
        Map<String, Integer> records = new TreeMap<>();
        quantities.forEach((slot, quantity) -> {
            String tenant = slot.substring(0, slot.indexOf(' '));
            sums.merge(tenant, new BigDecimal(quantity), BigDecimal::add);
            records.merge(tenant, 1, Integer::sum);
        });
        Map<String, String> expected = new TreeMap<>();
        sums.forEach((tenant, sum) -> {
            BigDecimal amount = sum.multiply(new BigDecimal("0.0731"));
            expected.put(
                    tenant,
                    records.get(tenant) + " " + sum.stripTrailingZeros().toPlainString() + " "
                            + amount.stripTrailingZeros().toPlainString() + " " + records.get(tenant) * 3600);
        });
        return expected;
    }

    private Void write(List<String> lines) throws Exception {
        RerateLedger hub = ledger.otherHub();
        for (int from = 0; from < lines.size(); from += BATCH) {
            String[] batch =
                    lines.subList(from, Math.min(lines.size(), from + BATCH)).toArray(String[]::new);
            again(() -> hub.read(batch));
            // so that there always is usage coming in beside a re-rating
            for (int wait = 0; wait < 200 && done.get() < ORDERS * from / lines.size(); wait++) {
                Thread.sleep(50);
            }
        }
        return null;
    }

    private interface Step {
        void run(Random random) throws Exception;
    }

    private Void untilWritten(long seed, Step step) throws Exception {
        Random random = new Random(seed);
        while (!written.get()) {
            try {
                step.run(random);
                Thread.sleep(random.nextInt(20));
            } catch (UserError notNow) {
                // issued, ordered already, nothing to correct yet
            } catch (SQLException | IllegalStateException killed) {
                // it was the one whose session was killed; the next step does what this one left
            }
        }
        return null;
    }

    private void changeRulesAndOrder(Random random) throws SQLException {
        ledger.price(BigDecimal.valueOf(random.nextInt(10_000), 5).toPlainString());
        int from = random.nextInt(HOURS / 2);
        ledger.reprocessing()
                .order(new Reprocessing.Wanted(
                        List.of("t" + random.nextInt(TENANTS)),
                        at(from),
                        at(from + 1 + random.nextInt(5)),
                        "new",
                        "test"));
        done.addAndGet(ledger.rerating().runDue(written::get));
    }

    /** Takes orders away from the other hub. */
    private void rerateAway() throws SQLException {
        ledger.execute(
                "update rerating set owner = null, lease_until = null where state = 'running' and kind <> 'correction'");
        done.addAndGet(ledger.otherHub().rerating().runDue(written::get));
    }

    private static void again(Callable<?> work) throws Exception {
        for (int attempt = 1; ; attempt++) {
            try {
                work.call();
                return;
            } catch (SQLException | IllegalStateException killed) {
                if (attempt == 50) {
                    throw killed;
                }
            }
        }
    }

    private int kill(int kills, List<Future<?>> writers) throws Exception {
        int killed = 0;
        while (killed < kills && writers.stream().anyMatch(writer -> !writer.isDone())) {
            killed += ledger.rows("select pg_terminate_backend(pid) from (select pid from pg_stat_activity"
                            + " where datname = current_database() and pid <> pg_backend_pid() and xact_start is not null"
                            + " order by random() limit 1) as one")
                    .size();
            Thread.sleep(20);
        }
        return killed;
    }
}
