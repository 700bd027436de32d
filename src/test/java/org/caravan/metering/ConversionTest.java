package org.caravan.metering;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConversionTest {
    private static final String HALF_HOUR = ",2026-10-01T00:00:00Z,2026-10-01T00:30:00Z\n";

    private static List<UsageBatch> read(String meter, String quantity, String unit, String times) {
        MeterCatalog meters = MeterCatalog.parse("meters: {m: " + meter + "}", "meters.yaml");
        return Reading.csv(Reading.HEADER + "\n,t,dc,r,m," + quantity + "," + unit + times, Reading.SETTINGS, meters);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}|2|thing|2|thing",
                "{unit: hour}|2|hour|2|hour",
                "{unit: hour}|2||2|hour",
                "{unit: hour}|5400|second|1.5|hour",
                "{unit: hour}|100|second|0.02777777777777777777777777777777778|hour",
                "{unit: GB}|123456789|B|0.123456789|GB",
                "{unit: GiB}|1|B|0.000000000931322574615478515625|GiB",
                "{unit: GB}|900000000000000000|TiB|989560464998400000000.000000000|GB",
                "{unit: MiB, factor: 1/1048576}|3145728|whatever|3|MiB",
                "{unit: MiB, factor: 1/1048576}|3145728||3|MiB",
                "{unit: MiB, factor: 1/1048576}|3|MiB|3|MiB",
                "{unit: GB-hour, times: hours}|10|GB|5|GB-hour",
                "{unit: GB-hour, times: hours}|10||5|GB-hour",
                "{unit: GB-hour, times: hours}|10000000000|B|5|GB-hour",
                "{unit: GB-hour, times: hours}|10|GB-hour|10|GB-hour",
                "{unit: GB-hour, times: hours}|3600|GB-second|1|GB-hour",
                "{unit: GB-hour, times: hours, factor: 2}|10|x|10|GB-hour",
                "{times: hours}|10|GB|5|GB-hour",
                "{times: hours}|10|GB-hour|10|GB-hour",
                "{times: hours}|1||0.5|hour"
            })
    void billsInTheMetersUnit(String meter, String quantity, String unit, String billed, String billedUnit) {
        // given a record of half an hour
        // when
        var batches = read(meter, quantity, unit == null ? "" : unit, HALF_HOUR);
        // then
        assertThat(Reading.rejected(batches)).isEmpty();
        UsageRecord record = Reading.records(batches).get(0);
        assertThat(record.quantity()).isEqualByComparingTo(billed);
        assertThat(record.unit()).isEqualTo(billedUnit);
    }

    @Test
    void hoursThatDoNotTerminateHaveTheDigitsOfRating() {
        // given twenty minutes
        String times = ",2026-10-01T00:00:00Z,2026-10-01T00:20:00Z\n";
        // when
        var one = read("{unit: GB-hour, times: hours}", "1", "GB", times);
        var three = read("{unit: GB-hour, times: hours}", "3", "GB", times);
        // then
        assertThat(Reading.records(one).get(0).quantity()).isEqualByComparingTo("0.3333333333333333333333333333");
        assertThat(Reading.records(three).get(0).quantity()).isEqualByComparingTo("1");
    }

    @Test
    void wholeHoursTakeTheQuickWayToTheSameResult() {
        // given two days, quantities below and beyond what a long holds
        String times = ",2026-10-01T00:00:00Z,2026-10-03T00:00:00Z\n";
        // when
        var small = read("{unit: GB-hour, times: hours}", "12.345", "GB", times);
        var large = read("{unit: GB-hour, times: hours}", "999999999999999999", "GB", times);
        // then
        assertThat(Reading.records(small).get(0).quantity()).isEqualByComparingTo("592.560");
        assertThat(Reading.records(large).get(0).quantity()).isEqualByComparingTo("47999999999999999952");
    }

    @Test
    void aBilledRecordWrittenAndReadAgainIsNotConvertedTwice() {
        // given
        String meter = "{unit: GB-hour, times: hours}";
        UsageRecord billed = Reading.records(read(meter, "10", "GB", HALF_HOUR)).get(0);
        MeterCatalog meters = MeterCatalog.parse("meters: {m: " + meter + "}", "meters.yaml");
        // when
        var again = Reading.jsonl(UsageJson.line(billed), Reading.SETTINGS, meters);
        // then
        assertThat(Reading.records(again)).containsExactly(billed);
    }

    @Test
    void aUnitThatDoesNotConvertIsRejected() {
        // given
        String meter = "{unit: GB}";
        // when
        var batches = read(meter, "1", "hour", HALF_HOUR);
        // then
        assertThat(Reading.rejected(batches)).singleElement().satisfies(r -> {
            assertThat(r.position()).isEqualTo(2);
            assertThat(r.reason()).isEqualTo("unit 'hour' does not convert to GB, the unit of meter m");
        });
    }
}
