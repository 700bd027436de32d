package org.caravan.metering.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.caravan.common.UserError;
import org.caravan.metering.MeterCatalog;
import org.caravan.metering.MeteringSettings;
import org.caravan.metering.RefusedUsage;
import org.caravan.metering.Rejected;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SampleReadingTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-10-01T12:00:00Z"), ZoneOffset.UTC);
    private static final MeterCatalog METERS = MeterCatalog.parse(
            "meters: {instance: {transformer: {name: uptime, metadata: {name: display_name}}},"
                    + " root: {transformer: {name: fromimage, meter: instance}}, volume.size: {transformer: max}}",
            "meters.yaml");
    private static final String SIGNED =
            "{\"source\":\"openstack\",\"counter_name\":\"instance\",\"counter_unit\":\"instance\",\"counter_volume\":1,"
                    + "\"project_id\":\"acme\",\"resource_id\":\"vm-1\",\"timestamp\":\"2026-10-01T10:00:00.5\","
                    + "\"message_id\":\"5bd9e8d2-3c1a-11ef-9b2a-0242ac120002\",\"resource_metadata\":{\"status\":\"active\","
                    + "\"flavor\":{\"name\":\"c1\",\"ram\":512},\"image_meta.base_image_ref\":\"i-1\",\"root_gb\":10,"
                    + "\"display_name\":null,\"other\":\"not kept\"}}";
    private static final String PUBLISHED =
            "{\"source\":\"openstack\",\"name\":\"volume.size\",\"type\":\"gauge\",\"unit\":\"GB\",\"volume\":20.50,"
                    + "\"user_id\":null,\"project_id\":\"acme\",\"resource_id\":\"vol-1\","
                    + "\"timestamp\":\"2026-10-01T10:05:00+00:00\",\"resource_metadata\":{},\"id\":\"no-uuid\","
                    + "\"monotonic_time\":null}";

    private SampleBatch batch = new SampleBatch();

    @Test
    void aSampleIsReadInWhateverItIsWrapped() {
        // given
        String notification = "{\"event_type\":\"telemetry.polling\",\"payload\":{\"samples\":[" + SIGNED + "]},"
                + "\"publisher_id\":\"ceilometer.polling\",\"_context\":{}}";
        String published = "{\"event_type\":\"metering\",\"payload\":[" + SIGNED + "]}";
        String envelope = JsonNodeFactory.instance
                .objectNode()
                .put("oslo.version", "2.0")
                .put("oslo.message", notification)
                .toString();

        // when
        for (String text : List.of(SIGNED, "[" + SIGNED + "]", notification, published, envelope)) {
            read(SampleRules.defaults(), text);
        }

        // then
        assertThat(batch.rejected()).isEmpty();
        assertThat(batch.samples()).hasSize(5);
        assertThat(batch.samples().stream().map(SampleBatch.Placed::sample).distinct())
                .hasSize(1);
        Sample sample = batch.samples().get(0).sample();
        assertThat(sample.id()).hasToString("5bd9e8d2-3c1a-11ef-9b2a-0242ac120002");
        assertThat(sample.at()).isEqualTo(1_790_848_800_500_000L);
        assertThat(sample.metadata().get("flavor.name")).isEqualTo("c1");
        assertThat(sample.metadata().get("image_meta.base_image_ref")).isEqualTo("i-1");
        assertThat(sample.metadata()).containsOnlyKeys("status", "flavor.name", "image_meta.base_image_ref", "root_gb");
    }

    @Test
    void whatTheHttpAndFilePublishersCallItsFieldsIsUnderstood() {
        // when
        read(SampleRules.defaults(), PUBLISHED);

        // then
        Sample sample = batch.samples().get(0).sample();
        assertThat(sample.meter()).isEqualTo("volume.size");
        assertThat(sample.volume()).hasToString("20.50");
        assertThat(sample.unit()).isEqualTo("GB");
        assertThat(sample.id().version()).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"project_id\":\"acme\"|\"project_id\":null|no project_id",
                "\"counter_volume\":1|\"counter_volume\":\"much\"|volume 'much' is no decimal number",
                "2026-10-01T10:00:00.5|yesterday|is no time such as",
                "2026-10-01T10:00:00.5|2026-10-01T13:00:01|in the future",
                "2026-10-01T10:00:00.5|1970-01-01T00:00:00|is before 2000",
                "\"resource_id\":\"vm-1\"|\"resource_id\":\"v\\u0000\"|holds a NUL character",
                "\"message_id\":\"5bd9e8d2-3c1a-11ef-9b2a-0242ac120002\",||no message_id"
            })
    void aSampleThatCantBeUsedIsSetAsideAndItsNeighboursAreKept(String from, String to, String reason) {
        // given
        String bad = SIGNED.replace(from, to == null ? "" : to);

        // when
        read(SampleRules.defaults(), "[" + SIGNED + "," + bad + "," + bad + "," + PUBLISHED + "]");

        // then: a place in the source can be held once, so the second has none
        assertThat(batch.samples()).hasSize(2);
        assertThat(batch.rejected()).hasSize(2).allSatisfy(rejected -> assertThat(rejected.reason())
                .contains(reason));
        assertThat(batch.rejected().stream().map(Rejected::position)).containsExactly(7L, -1L);
        assertThat(batch.rejected().get(0).format()).isEqualTo("caravan-ceilometer");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'name': 'cpu'}|it looks like a Python dict",
                "not json|no well-formed JSON",
                "{\"event_type\":\"compute.instance.update\",\"payload\":{\"state\":\"active\"}}|no sample",
                "[1]|a sample must be an object",
                "{\"oslo.message\":\"{\"}|no well-formed JSON"
            })
    void aMessageThatIsNoSampleIsSetAside(String text, String reason) {
        // when
        read(SampleRules.defaults(), text);

        // then
        assertThat(batch.rejected()).hasSize(1);
        assertThat(batch.rejected().get(0).reason()).contains(reason);
        assertThat(batch.rejected().get(0).raw()).isNotEmpty();
    }

    @Test
    void samplesOfOtherSourcesOtherTenantsAndOtherMetersAreCountedAndNotKept() {
        // given
        SampleRules rules = SampleRules.of("default", "", "openstack,nova", null, "acme, other", null);

        // when
        read(
                rules,
                "[" + SIGNED + "," + SIGNED.replace("\"openstack\"", "\"acme:openstack\"") + ","
                        + SIGNED.replace("\"acme\"", "\"kea\"") + "," + SIGNED.replace("\"instance\"", "\"cpu\"")
                        + "]");

        // then
        assertThat(batch.samples()).hasSize(1);
        assertThat(batch.samples().get(0).sample().tenant()).isEqualTo("kea");
        assertThat(batch.ignored()).isEqualTo(1);
        assertThat(batch.untrusted()).isEqualTo(1);
        assertThat(batch.untrustedSource()).isEqualTo("acme:openstack");
        assertThat(batch.unmapped()).isEqualTo(1);
        assertThat(batch.rejected()).isEmpty();
    }

    @Test
    void includedTenantsAreTheOnlyOnesAndNoneMayBeIgnoredToo() {
        assertThat(SampleRules.of("r", "", "x", "a,b", "c", null).isChosen("a")).isTrue();
        assertThat(SampleRules.of("r", "", "x", "a,b", "c", null).isChosen("d")).isFalse();
        assertThat(SampleRules.of("r", "", "x", null, "c", null).isChosen("d")).isTrue();
        assertThat(SampleRules.of("r", "", "x", null, "c", null).isChosen("c")).isFalse();
        assertThatThrownBy(() -> SampleRules.of("r", "", "x", "a,b", "b", null))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("tenant 'b' is both included and ignored");
        assertThatThrownBy(() -> SampleRules.of("r", "", "(", null, null, null))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("'(' is no regular expression");
    }

    @Test
    void anUnknownSenderMustSignAndAKnownOneMustNotSignWrongly() {
        // given
        SampleRules rules = SampleRules.of("default", "", "openstack", null, null, "s3cret");
        String wrong = SIGNED.replace("{\"source\"", "{\"message_signature\":\"00\",\"source\"");

        // when
        read(rules, SIGNED, SampleReader.Sender.UNKNOWN);
        read(rules, PUBLISHED, SampleReader.Sender.KNOWN);
        read(rules, wrong, SampleReader.Sender.KNOWN);

        // then
        assertThat(batch.samples()).hasSize(1);
        assertThat(batch.rejected()).hasSize(2).allSatisfy(rejected -> assertThat(rejected.reason())
                .contains("its signature is missing or wrong"));
    }

    @Test
    void aFileIsReadInBatchesWhoseLastCoversItsEnd() {
        // given
        String text = SIGNED + "\n\n" + PUBLISHED + "\nrubbish\n[" + SIGNED + "]";

        // when
        SampleFile file = file(text, MeteringSettings.defaults(), 2, 1 << 16);
        SampleBatch first = file.next();
        SampleBatch last = file.next();

        // then
        assertThat(first.samples()).hasSize(2);
        assertThat(first.positions()).hasToString("[PositionRange[source=s, key=k, from=1, to=4, last=false]]");
        assertThat(last.samples()).hasSize(1);
        assertThat(last.rejected().get(0).position()).isEqualTo(4);
        assertThat(last.positions()).hasToString("[PositionRange[source=s, key=k, from=4, to=6, last=true]]");
        assertThat(file.hasNext()).isFalse();
    }

    @Test
    void aFileThatIsMostlyRubbishIsRefusedAndALongLineIsSetAside() {
        // given
        MeteringSettings strict = MeteringSettings.defaults().with("refuseAbove", 3);

        // when / then
        assertThatThrownBy(
                        () -> file("rubbish\n".repeat(5), strict, 10, 1 << 16).next())
                .isInstanceOf(RefusedUsage.class)
                .hasMessageContaining("5 samples of 5 lines unusable");
        assertThat(file(SIGNED + "\n", strict, 10, 100).next().rejected().get(0).reason())
                .contains("more than are read");
    }

    private static SampleFile file(String text, MeteringSettings settings, int batchSize, int lineBytes) {
        return new SampleFile(
                new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)),
                "file f",
                "s",
                "k",
                new SampleReader(SampleRules.defaults(), settings, METERS, CLOCK),
                settings,
                batchSize,
                lineBytes);
    }

    private void read(SampleRules rules, String text) {
        read(rules, text, SampleReader.Sender.KNOWN);
    }

    private void read(SampleRules rules, String text, SampleReader.Sender sender) {
        new SampleReader(rules, MeteringSettings.defaults(), METERS, CLOCK)
                .read(text.getBytes(StandardCharsets.UTF_8), batch, 0, 7, sender);
    }
}
