package org.caravan.hub.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.caravan.metering.MeterCatalog;
import org.caravan.metering.MeteringSettings;
import org.caravan.metering.sample.SampleReader;
import org.caravan.metering.sample.SampleRules;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CeilometerCheckTest {
    @TempDir
    Path directory;

    @Test
    void itSaysWhatTheFilesOfTheInboxHold() throws Exception {
        // given
        Files.copy(Path.of("examples/samples.jsonl"), directory.resolve("a.jsonl"));
        Files.writeString(directory.resolve("b.log"), "{'name': 'cpu'}\n");
        CeilometerCheck check = check(MeterCatalog.read(Path.of("examples/ceilometer.yaml")));

        // when
        List<CeilometerCheck.Found> found = check.inbox(directory);

        // then
        assertThat(found).hasSize(2);
        assertThat(found.get(0).good()).isTrue();
        assertThat(found.get(0).text()).contains("40 samples to be kept, 4 of meters without transformer");
        assertThat(found.get(1).good()).isFalse();
        assertThat(found.get(1).text()).contains("1 unusable, first: no well-formed JSON", "json=true");
        assertThat(check.meters().get(0).good()).isTrue();
        assertThat(Files.exists(directory.resolve("a.jsonl"))).isTrue();
    }

    @Test
    void whatHasToBeMendedIsSaid() {
        // given
        CeilometerCheck check = check(MeterCatalog.empty());

        // when / then
        assertThat(check.meters()).singleElement().satisfies(found -> {
            assertThat(found.good()).isFalse();
            assertThat(found.text()).contains("no meter has a transformer");
        });
        assertThat(check.inbox(directory)).singleElement().matches(CeilometerCheck.Found::good);
        assertThat(check.inbox(directory.resolve("nowhere"))).singleElement().matches(found -> !found.good());
    }

    private static CeilometerCheck check(MeterCatalog meters) {
        Clock clock = Clock.fixed(Instant.parse("2026-12-01T00:00:00Z"), ZoneOffset.UTC);
        MeteringSettings metering = MeteringSettings.defaults();
        return new CeilometerCheck(meters, metering, new SampleReader(SampleRules.defaults(), metering, meters, clock));
    }
}
