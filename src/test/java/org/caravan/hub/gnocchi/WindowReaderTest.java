package org.caravan.hub.gnocchi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.caravan.common.keystone.KeystoneClient;
import org.caravan.common.keystone.KeystoneLogin;
import org.caravan.common.keystone.KeystoneSettings;
import org.caravan.metering.MeterCatalog;
import org.caravan.testing.FakeGnocchi;
import org.caravan.testing.FakeGnocchi.Mood;
import org.caravan.testing.FakeKeystone;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From Gnocchi's answers to records. */
class WindowReaderTest {
    private static final String FILE =
            """
            metrics:
              vcpus: {unit: vcpu, metadata: [flavor_name], extra_args: {resource_type: instance, force_granularity: 3600}}
              used: {unit: piece, metadata: [flavor_name], extra_args: {resource_type: instance, force_granularity: 3600}}
              bytes: {unit: B, extra_args: {resource_type: instance, re_aggregation_method: rate:max, force_granularity: 3600}}
            """;
    private static final MeterCatalog METERS = MeterCatalog.parse("meters: {vcpus: {times: hours}}", "meters.yaml");

    private FakeGnocchi gnocchi;
    private Duration timeout = Duration.ofSeconds(30);

    @BeforeEach
    void start() throws IOException {
        gnocchi = new FakeGnocchi();
    }

    @AfterEach
    void stop() {
        gnocchi.close();
    }

    @Test
    void eachPointIsARecordOfItsPeriodWithTheValuesDigits() throws Exception {
        // given
        instance("a")
                .point("vcpus", "2026-10-01T00:00:00Z", "4.0")
                .point("vcpus", "2026-10-01T02:00:00Z", "0.10000000000000001");
        instance("b").point("vcpus", "2026-10-01T03:00:00Z", "1e+16");

        // when
        List<String> lines = read("vcpus", "2026-10-01T00:00:00Z", "2026-10-01T03:00:00Z");

        // then: the resource without a point in the window is answered with an empty list, and is no usage
        assertThat(lines)
                .containsExactly(
                        "{\"tenant\":\"p\",\"datacenter\":\"d1\",\"resource\":\"a\",\"meter\":\"vcpus\",\"unit\":\"vcpu\","
                                + "\"metadata\":{\"flavor_name\":\"small\"},\"quantity\":\"4\","
                                + "\"begin\":\"2026-10-01T00:00:00Z\",\"end\":\"2026-10-01T01:00:00Z\"}",
                        "{\"tenant\":\"p\",\"datacenter\":\"d1\",\"resource\":\"a\",\"meter\":\"vcpus\",\"unit\":\"vcpu\","
                                + "\"metadata\":{\"flavor_name\":\"small\"},\"quantity\":\"0.10000000000000001\","
                                + "\"begin\":\"2026-10-01T02:00:00Z\",\"end\":\"2026-10-01T03:00:00Z\"}");
        assertThat(gnocchi.requests())
                .filteredOn(request -> request.startsWith("/v1/aggregates"))
                .allMatch(request -> request.contains("granularity=3600"));
    }

    @ParameterizedTest
    @CsvSource({"2", "3", "7", "50"})
    void pagesOfAnySizeCoverEveryResourceOnceWithAllItsRevisions(int limit) throws Exception {
        // given: more than one limit holds, and one that changed more often than a page has rows
        gnocchi.maxLimit(limit);
        for (int i = 0; i < 10; i++) {
            instance("r" + i).point("used", "2026-10-01T00:00:00Z", "1.0");
        }
        FakeGnocchi.Resource busy = instance("r4x").point("used", "2026-10-01T00:00:00Z", "60.0");
        for (int minute = 1; minute < 9; minute++) {
            busy.revision("2026-10-01T00:0" + minute + ":00Z", "project_id", "p", "flavor_name", "f" + minute);
        }

        // when
        List<String> lines = read("used", "2026-10-01T00:00:00Z", "2026-10-01T01:00:00Z");

        // then
        assertThat(lines).hasSize(19);
        assertThat(lines.stream().filter(line -> line.contains("\"r4x\"")))
                .hasSize(9)
                .allMatch(line ->
                        line.contains("\"quantity\":\"1\"") || line.contains("\"f8\",") || line.contains("\"f8\"}"));
        assertThat(lines.stream().filter(line -> line.contains("\"f8\"")))
                .singleElement()
                .asString()
                .contains("\"quantity\":\"52\"");
    }

    @Test
    void aPeriodInWhichTheFlavorChangedIsSplitThere() throws Exception {
        // given: at 00:20 the flavor changes, at 00:30 what is not billed
        instance("a")
                .revision("2026-10-01T00:20:00Z", "project_id", "p", "flavor_name", "large", "host", "one")
                .revision("2026-10-01T00:30:00.5Z", "project_id", "p", "flavor_name", "large", "host", "two")
                .point("vcpus", "2026-10-01T00:00:00Z", "3.0")
                .point("used", "2026-10-01T00:00:00Z", "1.0")
                .point("vcpus", "2026-10-01T01:00:00Z", "4.0");

        // when
        List<String> gauge = read("vcpus", "2026-10-01T00:00:00Z", "2026-10-01T02:00:00Z");
        List<String> amount = read("used", "2026-10-01T00:00:00Z", "2026-10-01T02:00:00Z");

        // then: a gauge holds for each part; an amount is shared out, and nothing of it is lost
        assertThat(gauge)
                .extracting(WindowReaderTest::brief)
                .containsExactly(
                        "small 3 00:00:00Z 00:20:00Z", "large 3 00:20:00Z 01:00:00Z", "large 4 01:00:00Z 02:00:00Z");
        assertThat(amount)
                .extracting(WindowReaderTest::brief)
                .containsExactly(
                        "small 0.3333333333333333333333333333333333 00:00:00Z 00:20:00Z",
                        "large 0.6666666666666666666666666666666667 00:20:00Z 01:00:00Z");
    }

    @Test
    void beforeItsFirstRevisionAResourceIsWhatItWasToldFirst() throws Exception {
        // given: loaded later than measured
        gnocchi.add("a", "instance")
                .revision("2026-11-20T00:00:00Z", "project_id", "p", "flavor_name", "small")
                .revision("2026-11-21T00:00:00Z", "project_id", "q", "flavor_name", "large")
                .point("vcpus", "2026-10-01T00:00:00Z", "1.0");

        // when
        List<String> lines = read("vcpus", "2026-10-01T00:00:00Z", "2026-10-01T01:00:00Z");

        // then
        assertThat(lines).singleElement().asString().contains("\"tenant\":\"p\"", "\"small\"");
    }

    @Test
    void aCountersGrowthIsBilledAlikeHoweverItsTimeIsCut() throws Exception {
        // given: a gap of two hours that is billed, one of eight that is not
        instance("a")
                .point("bytes", "2026-10-01T00:00:00Z", "100.0")
                .point("bytes", "2026-10-01T01:00:00Z", "150.0")
                .point("bytes", "2026-10-01T03:00:00Z", "300.0")
                .point("bytes", "2026-10-01T11:00:00Z", "900.0")
                .point("bytes", "2026-10-01T12:00:00Z", "901.5");

        // when
        List<String> whole = read("bytes", "2026-10-01T00:00:00Z", "2026-10-02T00:00:00Z");
        List<String> cut = new ArrayList<>();
        for (int hour = 0; hour < 24; hour++) {
            Instant from = Instant.parse("2026-10-01T00:00:00Z").plus(Duration.ofHours(hour));
            cut.addAll(read(
                    "bytes", from.toString(), from.plus(Duration.ofHours(1)).toString()));
        }

        // then
        assertThat(whole).hasSize(3).isEqualTo(cut);
        assertThat(whole)
                .extracting(line -> line.replaceAll(".*\"quantity\":\"([^\"]*)\".*", "$1"))
                .containsExactly("50", "150", "1.5");
    }

    @Test
    void aResourceThatEndedLongBeforeTheWindowIsNotAskedFor() throws Exception {
        // given
        instance("old").ended("2026-09-29T00:00:00Z").point("vcpus", "2026-10-01T00:00:00Z", "1.0");
        instance("just").ended("2026-09-30T12:00:00Z").point("vcpus", "2026-10-01T00:00:00Z", "1.0");

        // when, then
        assertThat(read("vcpus", "2026-10-01T00:00:00Z", "2026-10-01T01:00:00Z"))
                .singleElement()
                .asString()
                .contains("\"just\"");
    }

    @Test
    void aResourceThatAppearsWhileAPageIsReadIsInIt() throws Exception {
        // given
        instance("b").point("vcpus", "2026-10-01T00:00:00Z", "1.0");
        gnocchi.afterList(() -> {
            gnocchi.afterList(() -> {});
            instance("a").point("vcpus", "2026-10-01T00:00:00Z", "1.0");
        });

        // when, then
        assertThat(read("vcpus", "2026-10-01T00:00:00Z", "2026-10-01T01:00:00Z"))
                .hasSize(2);
    }

    @Test
    void aMetricOrATypeThatIsNotThereIsNoUsage() throws Exception {
        // given: no resource type at all
        assertThat(window("vcpus", "2026-10-01T00:00:00Z", "2026-10-01T01:00:00Z", settings())
                        .known())
                .isFalse();

        // when: resources without the metric
        instance("a").point("other", "2026-10-01T00:00:00Z", "1.0");

        // then
        assertThat(window("vcpus", "2026-10-01T00:00:00Z", "2026-10-01T01:00:00Z", settings())
                        .known())
                .isFalse();

        // when: the metric, without a point in the window
        instance("b").point("vcpus", "2026-10-05T00:00:00Z", "1.0");

        // then
        WindowReader.Read read = window("vcpus", "2026-10-01T00:00:00Z", "2026-10-01T01:00:00Z", settings());
        assertThat(read.known()).isTrue();
        assertThat(read.usage().size()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            ERROR_503 | answers 503: <html>503 Service Unavailable</html>; see that it runs
            HTML | answers 200 with what is no JSON: <html>welcome</html>
            OTHER_404 | Gnocchi answers 404: no such page
            SILENT | gives no answer within 500 ms
            CUT | can't be read
            """)
    void anAnswerThatIsNoneIsAFailureAndNeverAnEmptyWindow(Mood mood, String reason) {
        // given
        instance("a").point("vcpus", "2026-10-01T00:00:00Z", "1.0");
        gnocchi.mood(mood);
        timeout = mood == Mood.SILENT ? Duration.ofMillis(500) : timeout;

        // when, then
        assertThatThrownBy(() -> read("vcpus", "2026-10-01T00:00:00Z", "2026-10-01T01:00:00Z"))
                .isInstanceOf(GnocchiFailure.class)
                .hasMessageContaining(reason);
    }

    @Test
    void whatWasNotAskedForIsRefused() {
        // given
        instance("a").point("vcpus", "2026-10-01T00:00:00Z", "1.0");
        gnocchi.mood(Mood.ALL_GRANULARITIES);

        // when, then
        assertThatThrownBy(() -> read("vcpus", "2026-10-01T00:00:00Z", "2026-10-01T01:00:00Z"))
                .isInstanceOf(GnocchiFailure.class)
                .hasMessageContaining("a point has granularity 86400 where 3600 was asked for");
    }

    @Test
    void anAttributeOrAGranularityThatIsNotThereIsNamed() {
        // given
        gnocchi.add("a", "instance")
                .revision("2026-01-01T00:00:00Z", "project_id", "p")
                .point("vcpus", "2026-10-01T00:00:00Z", "1.0");

        // when, then
        assertThatThrownBy(() -> read("vcpus", "2026-10-01T00:00:00Z", "2026-10-01T01:00:00Z"))
                .hasMessage(
                        "m.yml:2: metric vcpus of resource type instance: its resources have no attribute 'flavor_name';"
                                + " correct groupby or metadata");
    }

    @Test
    void anAnswerLongerThanTheLimitAndAWindowWithTooManyRecordsAreNotRead() {
        // given
        for (int i = 0; i < 500; i++) {
            instance("r" + i).point("vcpus", "2026-10-01T00:00:00Z", "1.0");
        }

        // when, then
        assertThatThrownBy(
                        () -> window("vcpus", "2026-10-01T00:00:00Z", "2026-10-01T01:00:00Z", settings(100_000, 1_000)))
                .hasMessageContaining("longer than 1000 bytes");
        assertThatThrownBy(
                        () -> window("vcpus", "2026-10-01T00:00:00Z", "2026-10-01T01:00:00Z", settings(499, 1 << 20)))
                .isInstanceOf(WindowReader.TooMany.class);
    }

    @Test
    void aTokenThatGnocchiDoesNotTakeAnyMoreIsRenewedOnce() throws Exception {
        // given
        instance("a").point("vcpus", "2026-10-01T00:00:00Z", "1.0");
        try (FakeKeystone keystone = new FakeKeystone(Clock.systemUTC())) {
            KeystoneClient client = new KeystoneClient(
                    new KeystoneSettings(
                            KeystoneSettings.url(keystone.url()),
                            new KeystoneLogin.Password(
                                    FakeKeystone.USER, "Default", "service", "Default", FakeKeystone.PASSWORD),
                            Duration.ofSeconds(5),
                            2),
                    Clock.systemUTC());
            String spent = client.token(null);
            GnocchiLogin login = new GnocchiLogin() {
                @Override
                public String header() {
                    return GnocchiLogin.keystone(client).header();
                }

                @Override
                public String value(String before) throws GnocchiFailure {
                    String value = GnocchiLogin.keystone(client).value(before);
                    if (before != null) {
                        gnocchi.token(value);
                    }
                    return value;
                }
            };
            gnocchi.token("another than " + spent);

            // when
            List<String> lines = lines(new WindowReader(client(settings(), login), settings(), METERS)
                    .read(of("vcpus", "2026-10-01T00:00:00Z", "2026-10-01T01:00:00Z"))
                    .usage());

            // then
            assertThat(lines).hasSize(1);
            assertThat(keystone.logins()).isEqualTo(2);

            // when: no token is taken
            gnocchi.token("nobody's");

            // then
            assertThatThrownBy(() ->
                            client(settings(), GnocchiLogin.keystone(client)).backlog())
                    .hasMessageContaining("does not let the hub in (status 401)")
                    .hasMessageNotContaining(client.token(null));
        }
    }

    // ---- what it is read with --------------------------------------------------------------------------------------

    private FakeGnocchi.Resource instance(String id) {
        return gnocchi.add(id, "instance")
                .revision("2026-01-01T00:00:00Z", "project_id", "p", "flavor_name", "small", "host", "one");
    }

    private GnocchiSettings settings() {
        return settings(100_000, 1 << 20);
    }

    private GnocchiSettings settings(int batchRecords, int maxAnswerBytes) {
        return new GnocchiSettings(
                "gnocchi",
                GnocchiSettings.url(gnocchi.url() + "/v1/"),
                "d1",
                Duration.ZERO,
                Duration.ofDays(1),
                Duration.ZERO,
                batchRecords,
                1_000,
                Duration.ofDays(1),
                Duration.ofHours(6),
                null,
                timeout,
                maxAnswerBytes,
                Duration.ofSeconds(1));
    }

    private static GnocchiClient client(GnocchiSettings settings, GnocchiLogin login) {
        return new GnocchiClient(new GnocchiHttp(settings, login, () -> false), settings);
    }

    private static Window of(String metric, String from, String to) {
        return new Window(
                MetricsFile.parse(FILE, "m.yml", METERS).stream()
                        .filter(one -> one.name().equals(metric))
                        .findFirst()
                        .orElseThrow(),
                Instant.parse(from),
                Instant.parse(to),
                false);
    }

    private WindowReader.Read window(String metric, String from, String to, GnocchiSettings settings) throws Exception {
        return new WindowReader(client(settings, GnocchiLogin.basic("admin", "")), settings, METERS)
                .read(of(metric, from, to));
    }

    private List<String> read(String metric, String from, String to) throws Exception {
        return lines(window(metric, from, to, settings()).usage());
    }

    private static List<String> lines(GnocchiUsage usage) {
        List<String> lines = new ArrayList<>();
        while (usage.next()) {
            lines.add(StandardCharsets.UTF_8.decode(usage.value()).toString());
        }
        return lines;
    }

    private static String brief(String line) {
        return line.replaceAll(
                ".*flavor_name\":\"(\\w+)\".*quantity\":\"([^\"]*)\".*begin\":\"2026-10-01T([^\"]*)\".*end\":\"2026-10-01T([^\"]*)\".*",
                "$1 $2 $3 $4");
    }
}
