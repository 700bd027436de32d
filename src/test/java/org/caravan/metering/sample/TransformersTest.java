package org.caravan.metering.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.caravan.common.ConfigNode;
import org.caravan.common.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Cases worked by hand from the rules of each transformer; the window is 10:00 to 11:00. */
class TransformersTest {
    private static final Window WINDOW = Window.of(at("10:00:00"));

    // ---- volumes ---------------------------------------------------------------------------------------------------

    @Test
    void maxBillsTheLargestVolumeForTheWholeHour() {
        // given: 20 GB that grew to 50 GB at 10:40, and shrank
        List<Sample> samples = List.of(gb("10:00:00", "20"), gb("10:40:00", "50"), gb("10:50:00", "30"));

        // when / then: 50 GB * 1 h
        assertThat(billed("max", samples)).containsExactly("10:00-11:00 50");
        assertThat(transform("max").unit(samples.get(0))).isEqualTo("GB-hour");
    }

    @Test
    void maxTakesALackingVolumeForNothingAndTheSampleBeforeTheHourIntoAccount() {
        assertThat(billed("max", List.of(gb("10:10:00", null)))).isEmpty();
        assertThat(billed("max", List.of(gb("10:10:00", null), gb("10:20:00", "0.004"))))
                .containsExactly("10:00-11:00 0.004");
        assertThat(billed("max", List.of(gb("09:55:00", "7"), gb("10:05:00", "5"))))
                .containsExactly("10:00-11:00 7");
    }

    @Test
    void storagemaxIsWhatTheLastSampleSaysTheVolumeIs() {
        // given: a volume that was retyped within the hour
        List<Sample> samples = List.of(
                sample("10:00:00", "20", Map.of("volume_type", "b1.standard")),
                sample("10:30:00", "10", Map.of("volume_type", "b1.sr-r3-nvme-2500")));

        // when / then
        assertThat(billed("storagemax", samples)).containsExactly("10:00-11:00 20 b1.sr-r3-nvme-2500");
    }

    @Test
    void storagemaxFallsBackToTheDefaultAndNamesIds() {
        // given
        Transform transform = read("{name: storagemax, default: b1.standard, names: {7f3a: b1.fast}}");

        // when / then
        assertThat(billed(transform, List.of(sample("10:00:00", "20", Map.of()))))
                .containsExactly("10:00-11:00 20 b1.standard");
        assertThat(billed(transform, List.of(sample("10:00:00", "20", Map.of("volume_type", "7f3a")))))
                .containsExactly("10:00-11:00 20 b1.fast");
        assertThat(billed(transform, List.of())).isEmpty();
    }

    @Test
    void sumAddsWhatLiesWithinTheHourAlone() {
        // given: a byte before the hour, three within it, one at its end
        List<Sample> samples = List.of(
                gb("09:59:59", "1"),
                gb("10:00:00", "10"),
                gb("10:30:00", null),
                gb("10:59:59", "100.5"),
                gb("11:00:00", "7"));

        // when / then: 10 + 0 + 100.5
        assertThat(billed("sum", samples)).containsExactly("10:00-11:00 110.5");
        assertThat(transform("sum").unit(samples.get(0))).isEqualTo("GB");
        assertThat(billed("sum", List.of(gb("09:59:59", "1")))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"'0,1,0', 1", "'0,0', ", "'1', 1", "'2', ", "'2,0', ", "'2,1', 1", "'', "})
    void networkserviceBillsAnHourInWhichItWasActive(String volumes, String hours) {
        // given
        List<Sample> samples = volumes.isEmpty()
                ? List.of(gb("10:10:00", null))
                : java.util.Arrays.stream(volumes.split(","))
                        .map(v -> gb("10:10:00", v))
                        .toList();

        // when / then
        assertThat(billed("networkservice", samples))
                .isEqualTo(hours == null ? List.of() : List.of("10:00-11:00 " + hours));
        assertThat(transform("networkservice").unit(samples.get(0))).isEqualTo("hour");
    }

    @ParameterizedTest
    @CsvSource({"'0,1', ", "'2', 1", "'5', 1", "'6', ", "'8', ", "'9', 1", "'10.0', 1", "'17', 1", "'18', ", "'2.5', "})
    void magnumBillsAnHourInWhichTheClusterWasThere(String volumes, String hours) {
        // given
        List<Sample> samples = java.util.Arrays.stream(volumes.split(","))
                .map(v -> gb("10:10:00", v))
                .toList();

        // when / then
        assertThat(billed("magnum", samples)).isEqualTo(hours == null ? List.of() : List.of("10:00-11:00 " + hours));
    }

    @Test
    void fromimageBillsTheLargestRootDiskOfAnInstanceThatWasMadeFromAnImage() {
        assertThat(billed(
                        "fromimage",
                        List.of(root("image_ref", "i-1", "10"), root("image_meta.base_image_ref", "i-1", "40"))))
                .containsExactly("10:00-11:00 40");
        assertThat(billed("fromimage", List.of(root("image_ref", "i-1", "10"), root("image_ref", "None", "40"))))
                .isEmpty();
        assertThat(billed("fromimage", List.of(root("image_ref", "", "10")))).isEmpty();
        assertThat(billed("fromimage", List.of(sample("10:00:00", "1", Map.of("root_gb", "10")))))
                .isEmpty();
    }

    @Test
    void aRootDiskThatIsNoNumberIsARecordThatCantBeBilledAndNotNothing() {
        assertThat(billed("fromimage", List.of(root("image_ref", "i-1", "big"))))
                .containsExactly("10:00-11:00 big");
    }

    // ---- uptime ----------------------------------------------------------------------------------------------------

    @Test
    void anInstanceThatRanAllHourIsBilledAnHour() {
        assertThat(uptime(
                        vm("09:55:00", "active", "c1"), vm("10:05:00", "active", "c1"), vm("10:55:00", "active", "c1")))
                .containsExactly("10:00-11:00 3600 c1");
    }

    @Test
    void timeBeforeTheFirstSampleOfANewInstanceIsFree() {
        // given: the first sample at 10:20, so 40 minutes
        assertThat(uptime(vm("10:20:00", "active", "c1"), vm("10:30:00", "active", "c1")))
                .containsExactly("10:20-11:00 2400 c1");
        assertThat(uptime(vm("10:20:00", "active", "c1"))).containsExactly("10:20-11:00 2400 c1");
    }

    @Test
    void anInstanceWithoutASampleWithinTheHourCostsNothing() {
        assertThat(uptime(vm("09:55:00", "active", "c1"))).isEmpty();
        assertThat(uptime(vm("09:51:00", "active", "c1"), vm("09:59:00", "active", "c1")))
                .isEmpty();
    }

    @Test
    void aResizeSplitsTheHourByFlavor() {
        // given: c1 until 10:20, then c2
        assertThat(uptime(
                        vm("09:55:00", "active", "c1"),
                        vm("10:10:00", "active", "c1"),
                        vm("10:20:00", "resized", "c2"),
                        vm("10:30:00", "verify_resize", "c2"),
                        vm("10:40:00", "active", "c2")))
                .containsExactly("10:00-10:20 1200 c1", "10:20-11:00 2400 c2");
    }

    @Test
    void aResizeThatIsRevertedIsThreeStretches() {
        assertThat(uptime(
                        vm("10:00:00", "active", "c1"), vm("10:10:00", "active", "c2"), vm("10:30:00", "active", "c1")))
                .containsExactly("10:00-10:10 600 c1", "10:10-10:30 1200 c2", "10:30-11:00 1800 c1");
    }

    @Test
    void aDeletedInstanceIsBilledUntilTheSampleThatSaysSo() {
        assertThat(uptime(vm("09:55:00", "active", "c1"), vm("10:15:00", "deleted", "c1")))
                .containsExactly("10:00-10:15 900 c1");
    }

    @Test
    void statesThatAreNotTrackedAreFreeAtBothEnds() {
        assertThat(uptime(vm("10:05:00", "building", "c1"), vm("10:10:00", "error", "c1")))
                .isEmpty();
        // the clock stands at the first sample, whatever its state; so the rule has it
        assertThat(uptime(
                        vm("10:05:00", "building", "c1"),
                        vm("10:10:00", "active", "c1"),
                        vm("10:30:00", "active", "c1")))
                .containsExactly("10:05-11:00 3300 c1");
    }

    @ParameterizedTest
    @CsvSource({
        "active",
        "ACTIVE",
        "paused",
        "rescue",
        "rescued",
        "resize",
        "resized",
        "verify_resize",
        "suspended",
        "shutoff",
        "stopped"
    })
    void trackedStatesAreBilled(String state) {
        assertThat(uptime(vm("10:00:00", state, "c1"))).containsExactly("10:00-11:00 3600 c1");
    }

    @ParameterizedTest
    @CsvSource({"building", "deleted", "soft_deleted", "error", "shelved", "shelved_offloaded", "''", "unknown"})
    void otherStatesAreFree(String state) {
        assertThat(uptime(vm("10:00:00", state, "c1"))).isEmpty();
    }

    @Test
    void aMeterMaySayWhichStatesAreBilled() {
        // given
        Transform transform = read("{name: uptime, states: [active]}");

        // when / then
        assertThat(billed(transform, List.of(vm("10:00:00", "active", "c1"), vm("10:30:00", "shutoff", "c1"))))
                .containsExactly("10:00-10:30 1800 c1");
    }

    @Test
    void theStatusGoesBeforeTheStateAndTheOldMeterHasItAsItsVolume() {
        assertThat(uptime(sample("10:00:00", "1", Map.of("status", "deleted", "state", "active"))))
                .isEmpty();
        assertThat(uptime(sample("10:00:00", "1", Map.of("state", "active", "instance_flavor_id", "42"))))
                .containsExactly("10:00-11:00 3600 42");
        Transform old = Transform.read("state", node("uptime"));
        assertThat(billed(old, List.of(code("10:00:00", "1"), code("10:30:00", "9"))))
                .containsExactly("10:00-10:30 1800");
        assertThat(billed(old, List.of(code("10:00:00", "13")))).isEmpty();
    }

    @Test
    void secondsAreExactToTheMicrosecond() {
        assertThat(uptime(vm("10:00:00.250001", "active", "c1"), vm("10:00:01.000003", "deleted", "c1")))
                .containsExactly("10:00-10:00 0.750002 c1");
    }

    @Test
    void samplesAtOrAfterTheEndMeanNothing() {
        assertThat(uptime(vm("10:00:00", "active", "c1"), vm("11:00:00", "deleted", "c1")))
                .containsExactly("10:00-11:00 3600 c1");
        assertThat(uptime(vm("11:00:00", "active", "c1"))).isEmpty();
    }

    // ---- what the file says ----------------------------------------------------------------------------------------

    @Test
    void aTransformerNamesResourceUnitAndMetadata() {
        // given
        Transform transform = Transform.read(
                "instance.root",
                node("{name: fromimage, meter: instance, unit: GiB-hour, resource: '{resource}-root_disk', metadata:"
                        + " {name: {sources: [display_name, name], template: '{value} - root disk'}, id: {sources: a,"
                        + " template: '{md5}'}, tail: {sources: a, template: '{tail}'}}}"));
        Sample last = sample("10:00:00", "1", Map.of("name", "web1", "a", "x/y"));

        // when / then
        assertThat(transform.sampleMeter()).isEqualTo("instance");
        assertThat(transform.resource("vm-1")).isEqualTo("vm-1-root_disk");
        assertThat(transform.unit(last)).isEqualTo("GiB-hour");
        assertThat(transform.metadata(new Stretch(0, 1, "1", null), last))
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of("name", "web1 - root disk", "id", "5c31a2fad817e4698c5e6a27fc0bf191", "tail", "y"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "maximum|expected one of fromimage, magnum, max, networkservice, storagemax, sum, uptime",
                "{name: max, units: GB}|unknown key 'units'",
                "{name: max, resource: root}|has no place",
                "{name: max, resource: '{id}'}|unknown place {id}"
            })
    void whatIsWrongInTheFileIsNamedWithItsPlace(String yaml, String problem) {
        assertThatThrownBy(() -> Transform.read("m", node(yaml)))
                .isInstanceOf(UserError.class)
                .hasMessageContaining(problem)
                .hasMessageStartingWith("meters.yaml:1: ");
    }

    // ---- making them -----------------------------------------------------------------------------------------------

    private static List<String> uptime(Sample... samples) {
        return billed("uptime", List.of(samples));
    }

    private static List<String> billed(String transformer, List<Sample> samples) {
        return billed(transform(transformer), samples);
    }

    private static List<String> billed(Transform transform, List<Sample> samples) {
        return transform.apply(samples, WINDOW).stream()
                .map(stretch -> time(stretch.begin()) + "-" + time(stretch.end()) + " " + stretch.quantity()
                        + (stretch.service() == null ? "" : " " + stretch.service()))
                .toList();
    }

    private static Transform transform(String name) {
        return read(name);
    }

    private static Transform read(String yaml) {
        return Transform.read("m", node(yaml));
    }

    private static ConfigNode node(String yaml) {
        return ConfigNode.parse("t: " + yaml, "meters.yaml", "meters file").get("t");
    }

    private static Sample gb(String time, String volume) {
        return sample(time, volume, Map.of());
    }

    private static Sample code(String time, String volume) {
        Sample sample = gb(time, volume);
        return new Sample(sample.id(), "t", sample.at(), "state", "vm", "", sample.volume(), Map.of());
    }

    private static Sample vm(String time, String state, String flavor) {
        return sample(time, "1", Map.of("status", state, "instance_type", flavor));
    }

    private static Sample root(String field, String image, String size) {
        return sample("10:00:00", "1", Map.of(field, image, "root_gb", size));
    }

    private static Sample sample(String time, String volume, Map<String, String> metadata) {
        return new Sample(
                UUID.randomUUID(),
                "t",
                at(time),
                "m",
                "r",
                "GB",
                volume == null ? null : new BigDecimal(volume),
                new HashMap<>(metadata));
    }

    private static long at(String time) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse("2026-10-01T" + time + "Z"));
    }

    private static String time(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS).toString().substring(11, 16);
    }
}
