package org.caravan.rating.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.caravan.hub.db.HubDatabase;
import org.caravan.metering.Meter;
import org.caravan.metering.UsageBatch;
import org.caravan.metering.UsageKey;
import org.caravan.rating.ModuleChain;
import org.caravan.rating.hashmap.Tariff;
import org.caravan.testing.Database;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What rates follows the rules in the tables, batch by batch. */
class StoredTariffTest {
    private final RuleTables tables = new RuleTables();

    @AfterEach
    void close() {
        tables.close();
    }

    private StoredTariff tariff(Duration recheck) {
        return new StoredTariff(tables.store, recheck, tables.clock);
    }

    private static String costing(String cost) {
        return "currency: NZD\nservices:\n  instance: {mappings: [{cost: " + cost + "}]}\n";
    }

    private static UsageBatch batch(int records) {
        UsageKey key =
                new UsageKey("default", "t", "d", "r", Meter.unlisted("instance"), "h", Map.of(), "instance", "");
        UsageBatch batch = new UsageBatch(records);
        long begin = Instant.parse("2026-12-01T00:00:00Z").getEpochSecond() * 1_000_000;
        for (int i = 0; i < records; i++) {
            batch.add(key, BigDecimal.ONE, begin + i, begin + i + 1, i);
        }
        return batch;
    }

    private static BigDecimal rated(ModuleChain chain) {
        UsageBatch batch = batch(1);
        chain.rate(batch);
        return batch.amountValue(0);
    }

    @Test
    void aChangeTakesEffectOnTheNextBatchOfEveryHub() throws Exception {
        // given
        ModuleChain one = new ModuleChain(tariff(Duration.ZERO));
        ModuleChain other = new ModuleChain(tariff(Duration.ZERO));
        assertThat(rated(one)).isEqualByComparingTo("0");
        // when
        tables.importNow(costing("1"));
        // then
        assertThat(rated(one)).isEqualByComparingTo("1");
        assertThat(rated(other)).isEqualByComparingTo("1");
        // when: whichever way it comes about
        tables.execute("update rule_mapping set cost = 3");
        // then
        assertThat(rated(one)).isEqualByComparingTo("3");
        assertThat(rated(other)).isEqualByComparingTo("3");
    }

    @Test
    void theTariffIsTheSameObjectWhileNothingChangesAPrice() throws Exception {
        // given
        tables.importNow(costing("1"));
        StoredTariff tariff = tariff(Duration.ZERO);
        Tariff first = tariff.get();
        // when
        Tariff again = tariff.get();
        tables.execute("update rule_mapping set description = 'what it is'");
        Tariff described = tariff.get();
        // then
        assertThat(again).isSameAs(first);
        assertThat(described).isSameAs(first);
    }

    @Test
    void rulesAreAskedForAgainAfterTheTimeThatIsSetAndWhenTheClockWasSetBack() throws Exception {
        // given
        tables.importNow(costing("1"));
        ModuleChain chain = new ModuleChain(tariff(Duration.ofSeconds(10)));
        assertThat(rated(chain)).isEqualByComparingTo("1");
        tables.execute("update rule_mapping set cost = 2");
        // when
        tables.now = tables.now.plusSeconds(9);
        // then
        assertThat(rated(chain)).isEqualByComparingTo("1");
        // when
        tables.now = tables.now.plusSeconds(1);
        // then
        assertThat(rated(chain)).isEqualByComparingTo("2");
        // when
        tables.execute("update rule_mapping set cost = 3");
        tables.now = tables.now.minusSeconds(3600);
        // then
        assertThat(rated(chain)).isEqualByComparingTo("3");
    }

    @Test
    void aBatchFailsWhereTheRulesCantBeAskedFor() {
        // given
        HubDatabase gone = HubDatabase.open(Database.freshAccess(), 2);
        StoredTariff tariff =
                new StoredTariff(new RuleStore(gone.dataSource(), tables.clock), Duration.ZERO, tables.clock);
        ModuleChain chain = new ModuleChain(tariff);
        rated(chain);
        UsageBatch batch = batch(1);
        // when
        gone.close();
        // then
        assertThatThrownBy(() -> chain.rate(batch)).hasMessageContaining("can't be asked for, so nothing is rated");
        assertThat(batch.isPriced()).isFalse();
    }

    @Test
    void everyBatchIsPricedByOneTariffWhileRulesChangeUnderIt() throws Exception {
        // given
        tables.importNow(costing("1"));
        ModuleChain chain = new ModuleChain(tariff(Duration.ZERO));
        AtomicBoolean stop = new AtomicBoolean();
        ExecutorService threads = Executors.newFixedThreadPool(3);
        List<Future<Integer>> raters =
                List.of(threads.submit(() -> rateUntil(chain, stop)), threads.submit(() -> rateUntil(chain, stop)));
        // when
        for (int i = 0; i < 40; i++) {
            tables.execute("update rule_mapping set cost = " + (i % 2 + 1));
        }
        stop.set(true);
        // then
        for (Future<Integer> rater : raters) {
            assertThat(rater.get(1, TimeUnit.MINUTES)).isPositive();
        }
        threads.shutdown();
        assertThat(rated(chain)).isEqualByComparingTo("2");
    }

    /** Rates batches and looks at each of them; answers how many. */
    private static int rateUntil(ModuleChain chain, AtomicBoolean stop) {
        int batches = 0;
        do {
            UsageBatch batch = batch(200);
            chain.rate(batch);
            for (int row = 0; row < batch.size(); row++) {
                assertThat(batch.amountValue(row)).isEqualByComparingTo(batch.amountValue(0));
            }
            assertThat(batch.amountValue(0).intValueExact()).isBetween(1, 2);
            batches++;
        } while (!stop.get());
        return batches;
    }

    @Test
    void ofMappingsThatMeetWhereTheirGroupsGoTheOneMadeLastCountsAndTheyAreCounted() throws Exception {
        // given
        tables.importNow("currency: NZD\ngroups: [a, b]\nservices:\n  instance:\n    mappings: [{cost: 5, group: a},"
                + " {cost: 1, group: b}]\n");
        ModuleChain chain = new ModuleChain(tariff(Duration.ZERO));
        assertThat(rated(chain)).isEqualByComparingTo("6");
        assertThat(tables.store.inUse().overlaps().count()).isZero();
        Groups groups = new Groups(tables.dataSource(), tables.clock);
        // when
        for (Groups.Group group : groups.list(10)) {
            groups.delete(group.id().toString(), false, "kiri");
        }
        // then
        assertThat(rated(chain)).isEqualByComparingTo("1");
        assertThat(tables.store.inUse().overlaps().count()).isEqualTo(1);
        assertThat(tables.store.inUse().overlaps().example()).startsWith("instance flat ");
    }
}
