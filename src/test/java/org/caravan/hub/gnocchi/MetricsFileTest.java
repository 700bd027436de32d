package org.caravan.hub.gnocchi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.caravan.common.UserError;
import org.caravan.metering.MeterCatalog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MetricsFileTest {
    private static final MeterCatalog METERS = MeterCatalog.parse(
            "meters: {size: {unit: GiB-hour, times: hours}, call: {identity: event}}", "meters.yaml");

    @Test
    void aFileInTheWordsOfCloudKittyIsRead() {
        // given: as an operator of CloudKitty has it
        String file =
                """
                metrics:
                  cpu:
                    unit: instance
                    alt_name: instance
                    description: |
                      compute
                    groupby:
                      - id
                      - user_id
                      - project_id
                    metadata:
                      - flavor_name
                      - flavor_id
                    mutate: NUMBOOL
                    extra_args:
                      aggregation_method: max
                      resource_type: instance
                      force_granularity: 300
                      use_all_resource_revisions: false
                  image.size:
                    unit: MiB
                    factor: 1/1048576
                    extra_args: {resource_type: image, force_granularity: 3600}
                  net.bytes:
                    - unit: B
                      optional: true
                      from: 2026-10-01T00:00:00Z
                      extra_args: {resource_type: port, aggregation_method: last, re_aggregation_method: rate:mean,
                                   force_granularity: 3600}
                    - unit: MB
                      alt_name: traffic
                      extra_args: {resource_type: port, aggregation_method: rate:max, force_granularity: 3600}
                """;

        // when
        List<Metric> metrics = MetricsFile.parse(file, "metrics.yml", METERS);

        // then
        assertThat(metrics)
                .extracting(Metric::key)
                .containsExactly(
                        "instance/cpu:instance", "image/image.size", "port/net.bytes", "port/net.bytes:traffic");
        Metric cpu = metrics.get(0);
        assertThat(cpu.attributes()).containsExactly("user_id", "flavor_name", "flavor_id");
        assertThat(cpu.granularity()).isEqualTo(Duration.ofMinutes(5));
        assertThat(cpu.everyRevision()).isFalse();
        assertThat(cpu.quantity().of(new BigDecimal("0.5"))).isEqualByComparingTo("1");
        assertThat(cpu.where()).isEqualTo("metrics.yml:2");
        assertThat(metrics.get(1).quantity().of(new BigDecimal("1048577")))
                .isEqualByComparingTo("1.00000095367431640625");
        assertThat(metrics.get(1).method()).isEqualTo("max");
        assertThat(metrics.get(2).isCounter()).isTrue();
        assertThat(metrics.get(2).optional()).isTrue();
        assertThat(metrics.get(2).from()).isEqualTo(Instant.parse("2026-10-01T00:00:00Z"));
        assertThat(metrics.get(3).isCounter()).isFalse();
    }

    @Test
    void theShippedExampleFitsTheShippedMeters() {
        // given
        MeterCatalog meters = MeterCatalog.read(Path.of("examples/meters.yaml"));

        // when
        List<Metric> metrics = MetricsFile.read(Path.of("examples/gnocchi.yaml"), meters);

        // then
        assertThat(metrics).extracting(Metric::meter).allMatch(meters.listed()::containsKey);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            textBlock =
                    """
            metrics: {} | m.yml:1: metrics: lists no metric
            metrics: {a: {extra_args: {resource_type: t, force_granularity: 60}}} | key 'unit' is missing
            metrics: {a: {unit: u}} | key 'extra_args' is missing
            metrics: {a: {unit: u, extra_args: {force_granularity: 60}}} | key 'resource_type' is missing
            metrics: {a: {unit: u, extra_args: {resource_type: t}}} | key 'force_granularity' is missing
            metrics: {a: {unit: u, extra_args: {resource_type: t, force_granularity: 0}}} | expected the seconds of a granularity
            metrics: {a: {unit: u, extra_args: {resource_type: t, force_granularity: 7000}}} | a day is a multiple of
            metrics: {a: {unit: u, extra_args: {resource_type: t/u, force_granularity: 60}}} | is no resource type
            metrics: {a: {unit: u, extra_args: {resource_type: t, force_granularity: 60, aggregation_method: avg}}} | expected mean, max, last
            metrics: {a: {unit: u, extra_args: {resource_type: t, force_granularity: 60, re_aggregation_method: count}}} | expected max, mean, sum
            metrics: {a: {unit: u, extra_args: {resource_type: t, force_granularity: 60, agregation_method: max}}} | unknown key 'agregation_method'; did you mean 'aggregation_method'?
            metrics: {a: {unit: u, groupby: [id], extra_args: {resource_type: t, force_granularity: 60}}} | groupby must hold id and project_id
            metrics: {a: {unit: u, metadata: ["x&y"], extra_args: {resource_type: t, force_granularity: 60}}} | is no attribute of a resource
            metrics: {a: {unit: u, factor: -1, extra_args: {resource_type: t, force_granularity: 60}}} | expected a number above 0
            metrics: {a: {unit: u, mutate: MAP, extra_args: {resource_type: t, force_granularity: 60}}} | mutate: MAP and mutate_map belong together
            metrics: {a: {unit: u, mutate: HALF, extra_args: {resource_type: t, force_granularity: 60}}} | expected one of NONE
            metrics: {a: {unit: u, from: today, extra_args: {resource_type: t, force_granularity: 60}}} | expected a UTC time
            metrics: {"a*": {unit: u, extra_args: {resource_type: t, force_granularity: 60}}} | no name of a single metric
            metrics: {a: {unit: u, alt_name: call, extra_args: {resource_type: t, force_granularity: 60}}} | meter call is an event
            metrics: {a: {unit: MB-day, alt_name: size, extra_args: {resource_type: t, force_granularity: 60}}, b: {unit: apples, alt_name: size, extra_args: {resource_type: u, force_granularity: 60}}} | unit apples does not convert to GiB-hour
            metrics: {a: {unit: u, alt_name: m, extra_args: {resource_type: t, force_granularity: 60}}, b: {unit: u, alt_name: m, extra_args: {resource_type: t, force_granularity: 60}}} | metric a gives usage of meter m
            """)
    void whatIsWrongIsRefusedWithFileLineAndReason(String file, String reason) {
        assertThatThrownBy(() -> MetricsFile.parse(file, "m.yml", METERS))
                .isInstanceOf(UserError.class)
                .hasMessageStartingWith("m.yml:1: ")
                .hasMessageContaining(reason);
    }
}
