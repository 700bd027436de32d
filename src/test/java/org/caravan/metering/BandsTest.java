package org.caravan.metering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.caravan.common.UserError;
import org.junit.jupiter.api.Test;

/** Records of a meter that is told apart by the time of day. */
class BandsTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-01T00:00:00Z"), ZoneOffset.UTC);
    private static final String METERS =
            "meters: {instance: {unit: hour, pricing: plan, bands: ['08:00', '18:00']}, plain: {pricing: plan}}";

    private static List<String> read(String... lines) {
        String text =
                "id,tenant,datacenter,resource,meter,quantity,unit,begin,end,price\n" + String.join("\n", lines) + "\n";
        UsageInput input = UsageInput.of(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), "usage.csv");
        List<String> rows = new ArrayList<>();
        try (UsageBatches batches = UsageBatches.csv(
                input, MeteringSettings.defaults(), MeterCatalog.parse(METERS, "meters.yaml"), CLOCK)) {
            UsageBatch batch = batches.next();
            for (int row = 0; row < batch.size(); row++) {
                UsageRecord record = batch.record(row);
                rows.add(batch.key(row).product() + " " + record.begin() + " " + record.end() + " "
                        + record.quantity().toPlainString());
            }
            batch.rejected().forEach(rejected -> rows.add(rejected.reason()));
        }
        return rows;
    }

    @Test
    void aRecordIsSplitAtEachBorder() {
        // given / when: 30 hours of 30 units, over two borders and midnight
        List<String> rows = read("r1,t,dc,vm,instance,30,hour,2026-10-01T17:00:00Z,2026-10-02T23:00:00Z,");
        // then
        assertThat(rows)
                .containsExactly(
                        "instance 08:00-18:00 2026-10-01T17:00:00Z 2026-10-01T18:00:00Z 1",
                        "instance 18:00-08:00 2026-10-01T18:00:00Z 2026-10-02T08:00:00Z 14",
                        "instance 08:00-18:00 2026-10-02T08:00:00Z 2026-10-02T18:00:00Z 10",
                        "instance 18:00-08:00 2026-10-02T18:00:00Z 2026-10-02T23:00:00Z 5");
    }

    @Test
    void thePartsSumUpToTheWholeAlsoWhereADivisionDoesNotEnd() {
        // given / when: 20 of 60 minutes are a third of 10
        List<String> rows = read("r1,t,dc,vm,instance,10,hour,2026-10-01T17:40:00Z,2026-10-01T18:40:00Z,");
        // then
        assertThat(rows)
                .containsExactly(
                        "instance 08:00-18:00 2026-10-01T17:40:00Z 2026-10-01T18:00:00Z 3.333333333333",
                        "instance 18:00-08:00 2026-10-01T18:00:00Z 2026-10-01T18:40:00Z 6.666666666667");
        assertThat(new BigDecimal("3.333333333333").add(new BigDecimal("6.666666666667")))
                .isEqualByComparingTo("10");
    }

    @Test
    void aRecordWithinABandAndAMeterWithoutBandsStayWhole() {
        // given / when
        List<String> rows = read(
                "r1,t,dc,vm,instance,2,hour,2026-10-01T08:00:00Z,2026-10-01T10:00:00Z,",
                "r2,t,dc,vm,plain,30,hour,2026-10-01T17:00:00Z,2026-10-02T23:00:00Z,");
        // then
        assertThat(rows)
                .containsExactly(
                        "instance 08:00-18:00 2026-10-01T08:00:00Z 2026-10-01T10:00:00Z 2",
                        "plain 2026-10-01T17:00:00Z 2026-10-02T23:00:00Z 30");
    }

    @Test
    void aRecordThatIsSplitCanNotBringItsPrice() {
        // given / when / then
        assertThat(read("r1,t,dc,vm,instance,2,hour,2026-10-01T08:00:00Z,2026-10-01T10:00:00Z,5"))
                .containsExactly(
                        "a record of meter instance, which is split at times of the day, can't bring its price");
    }

    @Test
    void bandsThatCanNotBeAreRefusedWithTheirPlace() {
        // given / when / then
        for (String wrong : List.of(
                "bands: ['08:00']",
                "bands: ['18:00', '08:00']",
                "bands: ['8', '18:00']",
                "bands: ['08:00', '18:00'], identity: event",
                "bands: ['08:00', '18:00'], pricing: given")) {
            assertThatThrownBy(() -> MeterCatalog.parse("meters:\n  m: {" + wrong + "}\n", "meters.yaml"))
                    .as(wrong)
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining("meters.yaml:2");
        }
    }
}
