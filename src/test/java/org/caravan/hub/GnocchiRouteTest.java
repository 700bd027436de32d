package org.caravan.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.caravan.common.UserError;
import org.caravan.hub.db.DatabaseAccess;
import org.caravan.hub.source.SourceFinding;
import org.caravan.hub.source.SourceFinding.Level;
import org.caravan.invoice.MovableClock;
import org.caravan.ledger.Sources;
import org.caravan.metering.MeterCatalog;
import org.caravan.testing.Database;
import org.caravan.testing.FakeGnocchi;
import org.caravan.testing.FakeGnocchi.Mood;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Gnocchi's metrics in a hub that runs, from its answers to the ledger. */
class GnocchiRouteTest {
    private static final String TOTALS =
            "select coalesce(sum(records), 0) || ' ' || trim_scale(coalesce(sum(quantity), 0)) from entry";
    private static final String CORES =
            "metrics: {cores: {unit: core, metadata: [flavor_name], extra_args: {resource_type: instance, force_granularity: 3600}}";

    @TempDir
    Path directory;

    private FakeGnocchi gnocchi;
    private DatabaseAccess ledger;
    private Path inbox;

    @BeforeEach
    void make() throws IOException {
        gnocchi = new FakeGnocchi();
        ledger = Database.freshAccess();
        inbox = Files.createDirectory(directory.resolve("in"));
    }

    @AfterEach
    void stop() {
        gnocchi.close();
    }

    @Test
    void eachPeriodIsBilledOnceItIsDueAndLookedAtASecondTime() throws Exception {
        // given: points of six hours, of which three are over for two hours
        MovableClock clock = new MovableClock("2026-10-01T05:30:00Z");
        FakeGnocchi.Resource vm = instance("vm-1");
        for (int hour = 0; hour < 6; hour++) {
            vm.point("cores", "2026-10-01T0" + hour + ":00:00Z", "2.0");
        }
        try (RunningHub hub = start(clock, CORES + "}")) {
            RunningHub.await("three hours are in", () -> ask(TOTALS).equals("3 6"));
            assertThat(hub.running.routes()).contains("metering-gnocchi");

            // when: Gnocchi is away
            gnocchi.mood(Mood.ERROR_503);
            clock.move(Duration.ofHours(2));

            // then: it is told, and nothing moves
            RunningHub.await("it is told", () -> problem().contains("answers 503"));
            assertThat(position("instance/cores")).isEqualTo("2026-10-01T03:00:00Z");

            // when: it is there again
            gnocchi.mood(Mood.WELL);
            clock.move(Duration.ofMinutes(1));
            RunningHub.await("two more hours are in", () -> ask(TOTALS).equals("5 10"));
            RunningHub.await("nothing is wrong any more", () -> problem().isEmpty());
            assertThat(ask("select rated_until at time zone 'UTC' from source where name = 'gnocchi'"))
                    .isEqualTo("2026-10-01 00:00:00");

            // when: something came late, something changed, and the second look is due
            instance("vm-2").point("cores", "2026-10-01T01:00:00Z", "1.0");
            vm.point("cores", "2026-10-01T00:00:00Z", "3.0");
            clock.move(Duration.ofHours(3));
            RunningHub.await("two hours were looked at again", () -> position("instance/cores again")
                    .equals("2026-10-01T02:00:00Z"));
        }

        // then
        assertThat(ask(TOTALS)).isEqualTo("7 13");
        assertThat(ask("select sum(duplicate) || ' ' || sum(conflict) || ' ' || sum(quarantined) from batch"))
                .isEqualTo("1 1 0");
        assertThat(ask("select raw from quarantine")).contains("\"quantity\":\"3\"", "\"resource\":\"vm-1\"");
        assertThat(ask("select rated_until at time zone 'UTC' from source where name = 'gnocchi'"))
                .isEqualTo("2026-10-01 02:00:00");

        // when: another hub goes on
        gnocchi.requests();
        int before = gnocchi.requests().size();
        clock.move(Duration.ofHours(1));
        try (RunningHub hub = start(clock, CORES + "}")) {
            RunningHub.await(
                    "it is up to date", () -> position("instance/cores").equals("2026-10-01T09:00:00Z"));
        }

        // then: from where the ledger stands
        assertThat(gnocchi.requests().subList(before, gnocchi.requests().size()))
                .noneMatch(request -> request.contains("start=2026-10-01T00:00:00Z"));
        assertThat(ask(TOTALS)).isEqualTo("7 13");
    }

    @Test
    void aMetricThatWasNeverSeenHoldsUntilItIsSeenOrAPersonDecides() throws Exception {
        // given: a day after the end of October, one metric's name mistyped, one that need not be there
        MovableClock clock = new MovableClock("2026-11-02T00:00:00Z");
        instance("vm-1").point("cores", "2026-10-03T00:00:00Z", "2.0");
        String metrics =
                CORES + ", coers: {unit: core, extra_args: {resource_type: instance, force_granularity: 3600}},"
                        + " size: {unit: GiB, optional: true, extra_args: {resource_type: volume, force_granularity: 3600}}}";
        try (RunningHub hub = start(clock, metrics, "caravan.gnocchi.window=31d")) {
            RunningHub.await(
                    "usage is in, and the other is read on",
                    () -> ask(TOTALS).equals("1 2")
                            && position("volume/size again").equals("2026-11-01T16:00:00Z"));

            // then
            RunningHub.await("it is told", () -> problem()
                    .contains("gnocchi.yaml:1: metric coers of resource type instance was never seen at Gnocchi"));
            assertThat(position("instance/coers")).isEqualTo("2026-10-01T00:00:00Z");
            assertThat(ask("select rated_until from source where name = 'gnocchi'"))
                    .isNull();

            // when: a person declares the month
            new Sources(Database.of(ledger), clock).ratedUntil("gnocchi", Instant.parse("2026-11-01T00:00:00Z"), true);
            clock.move(Duration.ofMinutes(10));

            // then
            RunningHub.await(
                    "it is read on without",
                    () -> position("instance/coers again").compareTo("2026-11-01T16:00:00Z") >= 0);
            RunningHub.await("nothing is wrong any more", () -> problem().isEmpty());

            // when: it is there after all
            gnocchi.add("vm-2", "instance")
                    .revision("2026-01-01T00:00:00Z", "project_id", "acme", "flavor_name", "small")
                    .point("coers", "2026-11-02T00:00:00Z", "1.0");
            clock.move(Duration.ofHours(4));

            // then
            RunningHub.await("it is seen", () -> ask(TOTALS).equals("2 3"));
            assertThat(ask("select count(*) from pulled_metric where seen_at is not null"))
                    .isEqualTo("2");
        }
    }

    @Test
    void aWindowWithTooManyRecordsIsReadInPartsAndOneMetricsFaultHoldsNoOther() throws Exception {
        // given: two days of ten instances, a limit of sixty records, and a metric whose granularity is not kept
        MovableClock clock = new MovableClock("2026-10-03T00:00:00Z");
        for (int vm = 0; vm < 10; vm++) {
            FakeGnocchi.Resource one = instance("vm-" + vm);
            for (int hour = 0; hour < 48; hour++) {
                one.point(
                        "cores",
                        Instant.parse("2026-10-01T00:00:00Z")
                                .plus(Duration.ofHours(hour))
                                .toString(),
                        "1.0");
                one.point(
                        "load",
                        Instant.parse("2026-10-01T00:00:00Z")
                                .plus(Duration.ofHours(hour))
                                .toString(),
                        "1.0");
            }
        }
        String metrics = CORES + ", load: {unit: core, extra_args: {resource_type: instance, force_granularity: 300}}}";

        // when
        try (RunningHub hub = start(
                clock,
                metrics,
                "caravan.gnocchi.batchRecords=60",
                "caravan.gnocchi.pageResources=4",
                "caravan.gnocchi.maxBacklog=5",
                "caravan.gnocchi.window=2d")) {
            RunningHub.await("all is in", () -> ask(TOTALS).equals("460 460"));

            // then
            assertThat(ask("select max(records) <= 60 from batch")).isEqualTo("t");
            RunningHub.await(
                    "it is told",
                    () -> problem().contains("metric load of resource type instance: Gnocchi answers 400")
                            && problem().contains("Granularities are missing"));
            assertThat(position("instance/load")).isEqualTo("2026-10-01T00:00:00Z");

            // when: Gnocchi has much to process
            gnocchi.backlog(6);
            clock.move(Duration.ofHours(1));

            // then
            RunningHub.await("it is told", () -> problem().contains("6 measures to process"));
            assertThat(ask(TOTALS)).isEqualTo("460 460");
        }
    }

    @Test
    void whatIsConfiguredWronglyEndsTheStart() throws Exception {
        // given
        MovableClock clock = new MovableClock("2026-10-03T00:00:00Z");

        // when, then
        assertThatThrownBy(() -> start(clock, "metrics: {}"))
                .rootCause()
                .isInstanceOf(UserError.class)
                .hasMessageContaining("gnocchi.yaml:1: metrics: lists no metric");
        assertThatThrownBy(() -> start(clock, CORES + "}", "caravan.gnocchi.url=gnocchi:8041"))
                .rootCause()
                .hasMessageContaining("expected an address such as https://metric.example:8041");
        assertThatThrownBy(() -> start(clock, CORES + "}", "caravan.gnocchi.auth=keystone"))
                .rootCause()
                .hasMessageContaining("caravan.keystone.url is not set");
        assertThatThrownBy(() -> start(clock, CORES + "}", "caravan.gnocchi.source=inbox"))
                .rootCause()
                .hasMessageContaining("is caravan.inbox.source, too");
    }

    @Test
    void aTrialSaysWhatItFoundAndChangesNothing() throws Exception {
        // given
        MovableClock clock = new MovableClock("2026-10-01T05:30:00Z");
        instance("vm-1").point("cores", "2026-10-01T02:00:00Z", "2.0");
        Path file = directory.resolve("gnocchi.yaml");
        Files.writeString(
                file,
                CORES + ", coers: {unit: core, extra_args: {resource_type: instance, force_granularity: 3600}},"
                        + " size: {unit: GiB, extra_args: {resource_type: volume, force_granularity: 3600}}}");

        // when
        List<SourceFinding> findings = GnocchiMetrics.trial(
                        RunningHub.config(ledger, inbox, settings(file)), MeterCatalog.empty(), clock)
                .check();

        // then
        assertThat(findings).extracting(SourceFinding::level).containsExactly(Level.GOOD, Level.GOOD, Level.WARNING, Level.BAD);
        assertThat(findings.get(1).text())
                .contains(
                        "1 records of meter cores from 2026-10-01T02:00:00Z to 2026-10-01T03:00:00Z, such as {\"tenant\":\"acme\"");
        assertThat(findings.get(2).text())
                .contains("metric coers of resource type instance: no resource has such a metric");
        assertThat(findings.get(3).text()).contains("Gnocchi has no such resource type, but instance");
        assertThat(ask("select count(*) from source")).isEqualTo("0");
    }

    private FakeGnocchi.Resource instance(String id) {
        return gnocchi.add(id, "instance")
                .revision("2026-01-01T00:00:00Z", "project_id", "acme", "flavor_name", "small");
    }

    private RunningHub start(MovableClock clock, String metrics, String... settings) throws Exception {
        Path file = directory.resolve("gnocchi.yaml");
        Files.writeString(file, metrics);
        String[] all = settings(file);
        String[] together =
                Stream.concat(Arrays.stream(all), Arrays.stream(settings)).toArray(String[]::new);
        return RunningHub.start(ledger, inbox, clock, together);
    }

    private String[] settings(Path file) {
        return new String[] {
            "caravan.gnocchi.url=" + gnocchi.url(),
            "caravan.gnocchi.auth=basic",
            "caravan.gnocchi.metrics=" + file,
            "caravan.gnocchi.from=2026-10-01T00:00:00Z",
            "caravan.gnocchi.poll=100ms",
            "caravan.gnocchi.maxRetryDelay=10s"
        };
    }

    private String ask(String sql) throws SQLException {
        return RunningHub.ask(ledger, sql);
    }

    private String problem() throws SQLException {
        String problem = ask("select last_error from source where name = 'gnocchi'");
        return problem == null ? "" : problem;
    }

    private String position(String key) throws SQLException {
        String value = ask("select value from position where source = 'gnocchi' and key = '" + key + "'");
        return Instant.ofEpochSecond(Long.parseLong(value)).toString();
    }
}
