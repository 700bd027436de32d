package org.caravan.metering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.caravan.common.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MeterCatalogTest {
    @Test
    void theDeliveredCatalogueIsReadable() {
        // given
        Path file = Path.of("examples/meters.yaml");
        // when
        MeterCatalog meters = MeterCatalog.read(file);
        // then
        assertThat(meters.listed())
                .containsOnlyKeys(
                        "instance",
                        "volume.size",
                        "ip.floating",
                        "network.traffic.out",
                        "network.traffic.in",
                        "storage.objects.size");
        Meter instance = meters.meter("instance");
        assertThat(instance.unit()).isEqualTo("hour");
        assertThat(instance.identityBy()).containsExactly("product");
        assertThat(instance.metadata()).containsExactlyInAnyOrder("flavor", "image", "os", "name");
        assertThat(meters.meter("volume.size").timesHours()).isTrue();
        assertThat(meters.meter("storage.objects.size").withoutResource()).isTrue();
    }

    @Test
    void anUnlistedMeterIsBilledUnderItsOwnName() {
        // given
        MeterCatalog meters = MeterCatalog.empty();
        // when
        Meter meter = meters.meter("cpu");
        // then
        assertThat(meter).isEqualTo(Meter.unlisted("cpu")).isSameAs(meters.meter("cpu"));
    }

    @Test
    void unlistedMetersAreBounded() {
        // given
        MeterCatalog meters = MeterCatalog.parse("meters: {a: {unit: hour}}", "meters.yaml");
        // when more of them are asked for than are remembered
        Meter first = meters.meter("m0");
        for (int i = 0; i <= MeterCatalog.MAX_UNLISTED; i++) {
            meters.meter("m" + i);
        }
        // then
        assertThat(meters.meter("m0")).isEqualTo(first).isNotSameAs(first);
        assertThat(meters.meter("a").listed()).isTrue();
    }

    @Test
    void fieldsOfProductAndIdentityAreAlwaysKept() {
        // given
        String yaml = "meters: {m: {product: '{a} in {datacenter}', metadata: [x], identity: {by: [product, b]}}}";
        // when
        Meter meter = MeterCatalog.parse(yaml, "meters.yaml").meter("m");
        // then
        assertThat(meter.metadata()).containsExactlyInAnyOrder("x", "a", "b");
        assertThat(meter.identity()).isEqualTo(Meter.Identity.INTERVAL);
    }

    @Test
    void aMeterWithoutSettingsIsListedAllTheSame() {
        // given
        String yaml = "meters:\n  cpu:\n  disk: {pricing: [hashmap, cost], identity: event}\n";
        // when
        MeterCatalog meters = MeterCatalog.parse(yaml, "meters.yaml");
        // then
        assertThat(meters.meter("cpu").listed()).isTrue();
        assertThat(meters.meter("disk").pricing()).isEqualTo(List.of("hashmap", "cost"));
        assertThat(meters.meter("disk").identity()).isEqualTo(Meter.Identity.EVENT);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "unti: hour|meters.yaml:3: meters.m.unti: unknown key 'unti'; did you mean 'unit'?",
                "unit: [hour]|meters.yaml:3: meters.m.unit: expected a text",
                "unit: ''|meters.yaml:3: meters.m.unit: is empty",
                "factor: 2|meters.yaml:3: meters.m.factor: a factor needs 'unit'",
                "{unit: GB, factor: x}|meters.yaml:3: meters.m.factor: expected a number above 0",
                "{unit: GB, factor: 1/0}|meters.yaml:3: meters.m.factor: expected a number above 0",
                "{unit: GB, factor: -1}|meters.yaml:3: meters.m.factor: expected a number above 0",
                "times: day|meters.yaml:3: meters.m.times: expected one of hours",
                "{unit: GB, times: hours}|meters.yaml:3: meters.m.times: a gauge times hours is billed in a unit such as"
                        + " GB-hour",
                "metadata: flavor|meters.yaml:3: meters.m.metadata: expected a list",
                "identity: evnt|meters.yaml:3: meters.m.identity: expected one of interval, event",
                "identity: {kind: event, by: [a]}|meters.yaml:3: meters.m.identity.by: identity: event tells",
                "identity: {by: [a, a]}|meters.yaml:3: meters.m.identity.by: expected names",
                "identity: {bye: [a]}|meters.yaml:3: meters.m.identity.bye: unknown key",
                "resource: none|meters.yaml:3: meters.m.resource: a meter without resource must name",
                "resource: some|meters.yaml:3: meters.m.resource: expected one of none",
                "pricing: hashmpa|meters.yaml:3: meters.m.pricing: expected one of",
                "pricing: [cost, cost]|meters.yaml:3: meters.m.pricing[1]: stands here twice",
                "pricing: []|meters.yaml:3: meters.m.pricing: names nothing",
                "product: '{a'|meters.yaml:3: meters.m.product: '{a' is no product template",
                "product: 'a}'|meters.yaml:3: meters.m.product: 'a}' is no product template",
                "product: '{}'|meters.yaml:3: meters.m.product: '{}' is no product template"
            })
    void saysWhereTheFileIsWrong(String settings, String message) {
        // given
        String yaml = "meters:\n  m:\n    " + settings + "\n";
        // when
        var reading = assertThatThrownBy(() -> MeterCatalog.parse(yaml, "meters.yaml"));
        // then
        reading.isInstanceOf(UserError.class).hasMessageStartingWith(message);
    }

    @Test
    void aKeyBesideMetersIsRefused() {
        // given
        String yaml = "meter:\n  m: {}\n";
        // when
        var reading = assertThatThrownBy(() -> MeterCatalog.parse(yaml, "meters.yaml"));
        // then
        reading.isInstanceOf(UserError.class).hasMessageContaining("did you mean 'meters'?");
    }
}
