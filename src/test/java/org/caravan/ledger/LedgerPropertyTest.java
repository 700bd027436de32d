package org.caravan.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.caravan.metering.UsageBatch;
import org.caravan.testing.Batches;
import org.caravan.testing.Database;

/** Without conflicts, neither order nor batch size nor repetition changes what is billed. */
class LedgerPropertyTest {
    private static final DataSource DATABASE = Database.fresh();
    private static final AtomicInteger TRIES = new AtomicInteger();
    private static final Instant MONTH = Instant.parse("2026-10-01T00:00:00Z");

    private record Usage(String tenant, String resource, String quantity, int price, int hour, int hours) {}

    @Property(tries = 40)
    void neitherOrderNorBatchSizeNorRepetitionChangesTheBill(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 50) int batchSize,
            @ForAll @IntRange(min = 1, max = 3) int repetitions)
            throws SQLException {
        // given: disjoint usage of a few series, with gaps, over two months
        Random random = new Random(seed);
        String prefix = "t" + TRIES.incrementAndGet() + "-";
        List<Usage> usage = usage(random, prefix);
        Map<String, BigDecimal> expected = oracle(usage);
        // when: read several times, each time in another order, by ledgers that remember and ledgers that don't
        Ledger ledger = new Ledger(DATABASE, LedgerSettings.defaults(), Clock.systemUTC());
        int accepted = 0;
        int conflicts = 0;
        for (int i = 0; i < repetitions; i++) {
            Collections.shuffle(usage, random);
            for (UsageBatch batch : batches(usage, batchSize)) {
                if (random.nextInt(5) == 0) {
                    ledger = new Ledger(
                            DATABASE, new LedgerSettings(3, 1, Duration.ofSeconds(5), 1000), Clock.systemUTC());
                }
                CommitResult result = ledger.commit(batch);
                accepted += result.accepted();
                conflicts += result.conflict();
            }
            if (random.nextBoolean()) {
                RollUp.run(DATABASE);
            }
        }
        // then
        assertThat(conflicts).isZero();
        assertThat(accepted).isEqualTo(usage.size());
        assertThat(billed(prefix)).isEqualTo(expected);
    }

    private static List<Usage> usage(Random random, String prefix) {
        List<Usage> usage = new ArrayList<>();
        for (int series = 0; series < 1 + random.nextInt(6); series++) {
            String tenant = prefix + random.nextInt(3);
            int hour = random.nextInt(48);
            for (int i = 0; i < random.nextInt(20); i++) {
                int hours = 1 + random.nextInt(30);
                String quantity = BigDecimal.valueOf(random.nextInt(1_000_000), random.nextInt(7))
                        .toPlainString();
                usage.add(new Usage(tenant, "r" + series, quantity, 1 + random.nextInt(3), hour, hours));
                hour += hours + (random.nextInt(4) == 0 ? random.nextInt(40) : 0);
            }
        }
        return usage;
    }

    private static List<UsageBatch> batches(List<Usage> usage, int size) {
        List<UsageBatch> built = new ArrayList<>();
        Batches batches = new Batches();
        for (int i = 0; i < usage.size(); i++) {
            Usage u = usage.get(i);
            batches.usage(
                    u.tenant,
                    u.resource,
                    "instance",
                    u.quantity,
                    "0.0" + u.price,
                    MONTH.plus(Duration.ofHours(u.hour)).toString(),
                    u.hours);
            if ((i + 1) % size == 0 || i + 1 == usage.size()) {
                built.add(batches.build());
            }
        }
        return built;
    }

    /** By hand: month of begin, tenant, resource, price -> exact amount. */
    private static Map<String, BigDecimal> oracle(List<Usage> usage) {
        Map<String, BigDecimal> sums = new TreeMap<>();
        for (Usage u : usage) {
            YearMonth month =
                    YearMonth.from(MONTH.plus(Duration.ofHours(u.hour)).atOffset(java.time.ZoneOffset.UTC));
            BigDecimal price = new BigDecimal("0.0" + u.price);
            sums.merge(
                    month + " " + u.tenant + " " + u.resource + " " + price,
                    price.multiply(new BigDecimal(u.quantity)),
                    BigDecimal::add);
        }
        sums.replaceAll((key, value) -> value.signum() == 0 ? BigDecimal.ZERO : value.stripTrailingZeros());
        return sums;
    }

    private static Map<String, BigDecimal> billed(String prefix) throws SQLException {
        Map<String, BigDecimal> sums = new TreeMap<>();
        for (int i = 0; i < 4; i++) {
            YearMonth month = YearMonth.of(2026, 10).plusMonths(i);
            new MonthReader(DATABASE).openTenants(month, tenant -> {
                if (tenant.tenant().name().startsWith(prefix)) {
                    tenant.sums()
                            .forEach(sum -> sums.merge(
                                    month + " " + tenant.tenant().name() + " " + sum.resource() + " " + sum.unitPrice(),
                                    sum.amount(),
                                    BigDecimal::add));
                }
            });
        }
        sums.replaceAll((key, value) -> value.signum() == 0 ? BigDecimal.ZERO : value.stripTrailingZeros());
        return sums;
    }
}
