package org.caravan.rating.hashmap;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.caravan.metering.Meter;
import org.caravan.metering.UsageBatch;
import org.caravan.metering.UsageKey;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every point of the golden files, to the last digit, by the exact way and by the way of batches. */
class GoldenTest {
    static Stream<GoldenCase> cases() {
        return Stream.concat(GoldenCase.read("hashmap-edge.jsonl"), GoldenCase.read("hashmap-dev.jsonl"));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void pricesEveryPointAsCloudKittyDoes(GoldenCase golden) {
        // given
        Tariff tariff = Tariff.compile(golden.rules());
        for (GoldenCase.Frame frame : golden.frames()) {
            boolean rejected = false;
            for (GoldenCase.Point point : frame.points()) {
                // when
                KeyPricing pricing = tariff.resolve(
                        point.service(),
                        frame.tenant(),
                        point.metadata(),
                        point.groupby(),
                        Timeline.micros(frame.begin()));
                rejected |= pricing.pricing() == null;

                // then
                if (point.expected() != null) {
                    BigDecimal start = point.price().signum() == 0 ? null : point.price();
                    assertThat(pricing.pricing().amount(point.quantity(), start))
                            .as("%s %s", frame, point)
                            .isEqualByComparingTo(point.expected());
                    assertThat(inBatch(pricing.pricing(), point.quantity(), start))
                            .as("in a batch: %s %s", frame, point)
                            .isEqualByComparingTo(point.expected());
                }
            }
            assertThat(rejected).as("frame fails").isEqualTo(frame.error() != null);
        }
    }

    private static BigDecimal inBatch(Pricing pricing, BigDecimal quantity, BigDecimal start) {
        UsageBatch batch = new UsageBatch(1);
        Map<String, Object> metadata = new LinkedHashMap<>();
        UsageKey key = new UsageKey("default", "t", "d", "r", Meter.unlisted("m"), "u", metadata, "m", "");
        int row = batch.add(key, quantity, 0, 1, 0);
        if (start != null) {
            batch.lastGivenPrice(start);
        }
        batch.startPricing();
        pricing.price(batch, row);
        return batch.amountValue(row);
    }
}
