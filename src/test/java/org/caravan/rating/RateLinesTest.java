package org.caravan.rating;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.caravan.common.Json;
import org.caravan.metering.Rejected;
import org.caravan.metering.UsageBatch;
import org.caravan.metering.UsageKey;
import org.caravan.rating.hashmap.Tariff;
import org.caravan.rating.hashmap.TariffHolder;
import org.junit.jupiter.api.Test;

class RateLinesTest {
    private static final Rater RATER = new ModuleChain(new TariffHolder(Tariff.compile(TariffFile.parse(
                    """
                    currency: NZD
                    services:
                      instance: {fields: {ram: {thresholds: [{level: 0, cost: "0.0000001"}]}}}
                    """,
                    "t")
            .ruleSet())));

    @Test
    void writesRecordsAndErrorsInTheOrderOfTheInput() throws Exception {
        // given: line 1 unread, 2 priced, 3 rejected by rating, 4 unread, 5 priced, 6 unread
        UsageKey good = Usage.key("a\"ü\n", "instance", Map.of("ram", "1"));
        UsageKey bad = Usage.key("acme", "instance", Map.of("ram", "x"));
        UsageKey noTenant = Usage.key(null, "other", Map.of());
        Usage usage = new Usage()
                .skip()
                .add(good, "1000.50")
                .id("i1")
                .add(bad, "1")
                .skip()
                .add(noTenant, "100");
        UsageBatch batch = usage.batch();
        for (int line : new int[] {6, 1, 4}) {
            batch.rejectUnread(new Rejected(line, 0, "no number", "raw", "caravan-csv", null));
        }
        RATER.rate(batch);
        StringBuilder out = new StringBuilder();

        // when
        RateLines.write(batch, out);

        // then
        assertThat(out.toString())
                .isEqualTo(
                        """
                        {"error":"no number","position":1}
                        {"id":"i1","tenant":"a\\"ü\\n","meter":"instance","quantity":"1000.5","price":"0.00010005"}
                        {"error":"can't be rated: field 'ram' of service 'instance' has thresholds, but its value 'x' is no number","position":3}
                        {"error":"no number","position":4}
                        {"id":null,"tenant":null,"meter":"other","quantity":"100","price":"0"}
                        {"error":"no number","position":6}
                        """);
        for (String line : out.toString().split("\n")) {
            assertThat(Json.mapper().readTree(line).isObject()).isTrue();
        }
    }

    @Test
    void writesEveryRecordOnceWherePositionsAreUnknown() throws Exception {
        // given
        UsageKey good = Usage.key("acme", "instance", Map.of("ram", "1"));
        UsageKey bad = Usage.key("acme", "instance", Map.of("ram", "x"));
        UsageBatch batch = new UsageBatch(4);
        for (UsageKey key : new UsageKey[] {good, bad, good, bad}) {
            batch.add(key, 1, 0, 0, 1, -1);
        }
        batch.rejectUnread(new Rejected(-1, 0, "no number", "raw", "caravan-csv", null));
        RATER.rate(batch);
        StringBuilder out = new StringBuilder();

        // when
        RateLines.write(batch, out);

        // then
        assertThat(out.toString()
                        .lines()
                        .filter(l -> l.startsWith("{\"error\""))
                        .count())
                .isEqualTo(3);
        assertThat(out.toString().lines().filter(l -> l.startsWith("{\"id\"")).count())
                .isEqualTo(2);
    }

    @Test
    void refusesABatchThatWasNotRated() {
        // given
        UsageBatch batch =
                new Usage().add(Usage.key("acme", "instance", Map.of()), "1").batch();

        // when / then
        assertThatThrownBy(() -> RateLines.write(batch, new StringBuilder()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the batch was not rated");
    }
}
