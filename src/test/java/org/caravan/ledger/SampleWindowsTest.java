package org.caravan.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.caravan.testing.SampleLedger.sample;
import static org.caravan.testing.SampleLedger.traffic;
import static org.caravan.testing.SampleLedger.vm;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.caravan.common.UserError;
import org.caravan.metering.PositionRange;
import org.caravan.metering.UsageBatch;
import org.caravan.metering.sample.SampleRules;
import org.caravan.testing.KilledDataSource;
import org.caravan.testing.SampleLedger;
import org.caravan.testing.UsageLedger;
import org.junit.jupiter.api.Test;

/** From samples to entries, on one database; each test has a realm of its own. */
class SampleWindowsTest {
    private static final UsageLedger USAGE = SampleLedger.pooled();
    private static final AtomicInteger REALMS = new AtomicInteger();

    private final SampleLedger hub = new SampleLedger(USAGE, "realm" + REALMS.incrementAndGet());

    @Test
    void anHourIsBilledOnceTheNewestSampleIsTwoHoursPastItsEnd() throws Exception {
        // given
        hub.collect(
                vm("acme", "vm", "2026-10-01T09:55:00", "active", "c1"),
                vm("acme", "vm", "2026-10-01T10:05:00", "active", "c1"),
                vm("acme", "vm", "2026-10-01T10:20:00", "active", "c2"),
                traffic("other", "2026-10-01T12:59:59.999999", "1"));

        // when: it is not yet
        hub.make();

        // then: the hour before it alone
        assertThat(hub.billed("acme")).containsExactly("vm c1 300second 01 09:55:00-10:00:00");

        // when: another tenant's sample is the clock as well
        hub.collect(traffic("other", "2026-10-01T13:00:00", "1"));
        hub.make();

        // then: the resize is two records, the root disk of neither is known
        assertThat(hub.billed("acme"))
                .containsExactly(
                        "vm c1 300second 01 09:55:00-10:00:00",
                        "vm c1 1200second 01 10:00:00-10:20:00",
                        "vm c2 2400second 01 10:20:00-11:00:00");
        assertThat(hub.windows().madeUntil()).isEqualTo(Instant.parse("2026-10-01T11:00:00Z"));
    }

    @Test
    void allMetersOfATenantAreMadeUsageOfAndAGapOfHoursCostsNothing() throws Exception {
        // given: a volume whose type changes, a root disk, traffic; then nothing until the next day
        hub.collect(
                sample("acme", "volume", "vol", "2026-10-01T10:00:00", "20", Map.of("volume_type", "a")),
                sample("acme", "volume", "vol", "2026-10-01T10:30:00", "10", Map.of("volume_type", "b")),
                sample("acme", "volume", "plain", "2026-10-01T10:30:00", "5", Map.of()),
                sample(
                        "acme",
                        "instance",
                        "vm",
                        "2026-10-01T10:00:00",
                        "1",
                        Map.of("status", "active", "instance_type", "c1", "image_ref", "i", "root_gb", "40")),
                traffic("acme", "2026-10-01T10:00:00", "1.5"),
                traffic("acme", "2026-10-01T10:59:59.999999", "2"),
                traffic("acme", "2026-10-02T09:30:00", "7"),
                traffic("acme", "2026-10-02T12:00:00", "0"));

        // when
        hub.make();

        // then
        assertThat(hub.billed("acme"))
                .containsExactly(
                        "plain std 5GB-hour 01 10:00:00-11:00:00",
                        "port traffic 3.5GB 01 10:00:00-11:00:00",
                        "port traffic 7GB 02 09:00:00-10:00:00",
                        "vm c1 3600second 01 10:00:00-11:00:00",
                        "vm-root root 40GB-hour 01 10:00:00-11:00:00",
                        "vol b 20GB-hour 01 10:00:00-11:00:00");
    }

    @Test
    void aSampleMoreThanTenMinutesBeforeTheHourTellsNothingOfItsBegin() throws Exception {
        // given: silent from 10:49 to 11:20, and from 11:52 on
        hub.collect(
                vm("acme", "vm", "2026-10-01T10:40:00", "active", "c1"),
                vm("acme", "vm", "2026-10-01T10:49:00", "active", "c1"),
                vm("acme", "vm", "2026-10-01T11:20:00", "active", "c1"),
                vm("acme", "vm", "2026-10-01T11:52:00", "active", "c1"),
                traffic("clock", "2026-10-01T20:00:00", "1"));

        // when
        hub.make();

        // then: the gap of 31 minutes is free but for the rest of its hour; the last hour has a lead-in alone
        assertThat(hub.billed("acme"))
                .containsExactly("vm c1 1200second 01 10:40:00-11:00:00", "vm c1 2400second 01 11:20:00-12:00:00");
    }

    @Test
    void theSameSampleAgainIsADuplicateAndALateOneIsKeptAndCounted() throws Exception {
        // given
        String first = traffic("acme", "2026-10-01T10:10:00", "1");
        assertThat(hub.collect(first, first, traffic("acme", "2026-10-01T13:00:00", "0")))
                .isEqualTo(new SampleResult(2, 0, 1, 0, 0, 0, 0));
        hub.make();

        // when
        SampleResult result = hub.collect(first, traffic("acme", "2026-10-01T10:50:00", "4"));
        hub.make();

        // then
        assertThat(result).isEqualTo(new SampleResult(1, 1, 1, 0, 0, 0, 0));
        assertThat(hub.billed("acme")).containsExactly("port traffic 1GB 01 10:00:00-11:00:00");
        assertThat(new SampleStatus.Reader(USAGE.database).read().lateHours())
                .contains(new SampleStatus.LateHour("acme", Instant.parse("2026-10-01T10:00:00Z"), 1));
    }

    @Test
    void anHourMadeAgainWithALateSampleIsAConflictThatAcceptBills() throws Exception {
        // given
        hub.collect(traffic("acme", "2026-10-01T10:10:00", "1"), traffic("acme", "2026-10-01T13:00:00", "0"));
        hub.make();
        hub.collect(traffic("acme", "2026-10-01T10:50:00", "4"));

        // when
        CommitResult again = hub.again("acme", "2026-10-01T10:00:00Z");

        // then
        assertThat(again.conflict()).isEqualTo(1);
        assertThat(hub.billed("acme")).containsExactly("port traffic 1GB 01 10:00:00-11:00:00");

        // when
        Outcome accepted = USAGE.acceptLast();
        CommitResult once = hub.again("acme", "2026-10-01T10:00:00Z");

        // then
        assertThat(accepted.what()).isEqualTo(Outcome.What.BILLED);
        assertThat(hub.billed("acme")).containsExactly("port traffic 5GB 01 10:00:00-11:00:00");
        assertThat(once.duplicate()).isEqualTo(1);
        assertThat(once.conflict()).isZero();
    }

    @Test
    void whatComesToNothingWhenMadeAgainTakesBackWhatWasBilled() throws Exception {
        // given: a root disk, until a late sample says that the instance boots from a volume
        Map<String, String> image = Map.of("image_ref", "i", "root_gb", "40");
        hub.collect(
                sample("acme", "instance", "vm", "2026-10-01T10:10:00", "1", image),
                traffic("acme", "2026-10-01T13:00:00", "0"));
        hub.make();
        assertThat(hub.billed("acme")).containsExactly("vm-root root 40GB-hour 01 10:00:00-11:00:00");
        hub.collect(sample("acme", "instance", "vm", "2026-10-01T10:20:00", "1", Map.of("image_ref", "None")));

        // when
        CommitResult again = hub.again("acme", "2026-10-01T10:00:00Z");
        USAGE.acceptLast();

        // then
        assertThat(again.conflict()).isEqualTo(1);
        assertThat(hub.billed("acme")).isEmpty();
    }

    @Test
    void anHourThatCantBeMadeAgainSaysWhy() throws Exception {
        // given
        hub.collect(traffic("acme", "2026-10-01T10:10:00", "1"), traffic("acme", "2026-10-01T13:00:00", "0"));
        hub.make();

        // when / then
        assertThatThrownBy(() -> hub.again("nobody", "2026-10-01T10:00:00Z"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("no sample of it ever came");
        assertThatThrownBy(() -> hub.again("acme", "2026-10-01T11:00:00Z"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("has not been made yet");
        assertThat(hub.store.prune(Duration.ofDays(1))).isPositive();
        assertThatThrownBy(() -> hub.again("acme", "2026-10-01T10:00:00Z"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("were removed");
    }

    @Test
    void samplesAreRemovedOnlyOnceUsageWasMadeOfThemAndTheyAreOld() throws Exception {
        // given: one hour made, one not yet
        hub.collect(traffic("acme", "2026-10-01T10:10:00", "1"), traffic("acme", "2026-10-01T13:00:00", "2"));
        hub.make();

        // when / then
        assertThat(hub.store.prune(Duration.ofDays(365))).isZero();
        assertThat(hub.store.prune(Duration.ofHours(1))).isPositive();
        assertThat(hub.store.prune(Duration.ofHours(1))).isZero();
        hub.collect(traffic("acme", "2026-10-01T16:00:00", "0"));
        hub.make();
        assertThat(hub.billed("acme"))
                .containsExactly("port traffic 1GB 01 10:00:00-11:00:00", "port traffic 2GB 01 13:00:00-14:00:00");
    }

    @Test
    void aTenantThatIsIgnoredIsNotKeptAndOneThatCameToBeIgnoredIsNotBilled() throws Exception {
        // given
        hub.collect(traffic("kea", "2026-10-01T10:10:00", "1"), traffic("acme", "2026-10-01T10:10:00", "1"));
        hub.rules = SampleRules.of(hub.rules.realm(), "dc", "openstack", null, "kea,moa", null);

        // when
        SampleResult result =
                hub.collect(traffic("moa", "2026-10-01T10:10:00", "1"), traffic("acme", "2026-10-01T13:00:00", "0"));
        hub.make();

        // then
        assertThat(result.ignored()).isEqualTo(1);
        assertThat(hub.billed("kea")).isEmpty();
        assertThat(hub.billed("moa")).isEmpty();
        assertThat(hub.billed("acme")).hasSize(1);
        assertThat(hub.windows().madeUntil()).isEqualTo(Instant.parse("2026-10-01T11:00:00Z"));
    }

    @Test
    void aPositionIsKeptWithItsSamplesAndABatchThatComesAgainChangesNothing() throws Exception {
        // given
        List<String> samples = List.of(traffic("acme", "2026-10-01T10:10:00", "1"), "rubbish");
        List<PositionRange> positions = List.of(new PositionRange("file", hub.rules.realm(), 1, 3, true));

        // when
        SampleResult first = hub.collect(samples, positions);
        SampleResult again = hub.collect(samples, positions);

        // then
        assertThat(first).isEqualTo(new SampleResult(1, 0, 0, 0, 0, 0, 1));
        assertThat(again).isEqualTo(SampleResult.NOTHING);
        assertThat(USAGE.rows(
                        "select format, position, complete from quarantine where key = '" + hub.rules.realm() + "'"))
                .containsExactly("caravan-ceilometer 2 t");
    }

    @Test
    void samplesThatCameMeanwhileMakeTheUsageBeMadeAnew() throws Exception {
        // given: usage that was made, but is not committed yet
        hub.collect(traffic("acme", "2026-10-01T10:10:00", "1"), traffic("acme", "2026-10-01T13:00:00", "0"));
        UsageBatch stale = hub.next();

        // when
        hub.collect(traffic("acme", "2026-10-01T10:50:00", "4"));

        // then
        assertThatThrownBy(() -> hub.commit(stale)).isInstanceOf(SamplesChanged.class);
        assertThat(hub.billed("acme")).isEmpty();
        hub.make();
        assertThat(hub.billed("acme")).containsExactly("port traffic 5GB 01 10:00:00-11:00:00");
        assertThat(hub.commit(stale).skipped()).isEqualTo(1);
    }

    @Test
    void aKillBetweenAnyTwoStepsLosesNothingAndBillsNothingTwice() throws Exception {
        int kills = 0;
        for (int step = 1; ; step++) {
            // given: a hub that dies at this step of collecting and making usage
            String realm = hub.rules.realm() + "-kill" + step;
            AtomicInteger left = new AtomicInteger(step);
            SampleLedger killed =
                    new SampleLedger(USAGE, KilledDataSource.of(USAGE.database, left), realm, UsageLedger.CLOCK);
            List<String> samples = List.of(
                    vm("acme", "vm", "2026-10-01T10:10:00", "active", "c1"),
                    vm("acme", "vm", "2026-10-01T10:40:00", "active", "c2"),
                    traffic("acme", "2026-10-01T11:10:00", "3"),
                    "{}",
                    traffic("kea", "2026-10-01T14:00:00", "0"));
            List<PositionRange> positions = List.of(new PositionRange("file", realm, 1, 6, true));
            try {
                killed.collect(samples, positions);
                killed.make();
            } catch (Exception e) {
                assertThat(left.get()).as("nothing fails but by the kill: " + e).isLessThanOrEqualTo(0);
                kills++;
            }

            // when: another begins where the ledger stands
            SampleLedger next = new SampleLedger(USAGE, realm);
            next.collect(samples, positions);
            next.make();

            // then
            assertThat(next.billed("acme"))
                    .as("killed at step " + step)
                    .containsExactly(
                            "port traffic 3GB 01 11:00:00-12:00:00",
                            "vm c1 1800second 01 10:10:00-10:40:00",
                            "vm c2 1200second 01 10:40:00-11:00:00");
            assertThat(USAGE.rows("select count(*) from quarantine where key = '" + realm + "'"))
                    .containsExactly("1");
            if (left.get() > 0) {
                break;
            }
        }
        assertThat(kills).isGreaterThan(30);
        assertThat(USAGE.rows(
                        "select count(*) from batch where conflict > 0 or duplicate > 0 and source like '%-kill%'"))
                .hasSize(1);
    }

    @Test
    void hubsAtOnceBillEachHourOnceAndEverySampleIsInItsHourOrLate() throws Exception {
        // given: samples that come while three hubs make usage; every so often one is old
        ExecutorService threads = Executors.newFixedThreadPool(4);
        String realm = hub.rules.realm();
        try {
            Future<?> collecting = threads.submit(() -> {
                SampleLedger collector = new SampleLedger(USAGE, realm);
                Instant at = Instant.parse("2026-10-01T00:00:00Z");
                for (int i = 0; i < 60; i++, at = at.plus(Duration.ofMinutes(11))) {
                    Instant old = i % 3 == 0 ? at.minus(Duration.ofMinutes(170)) : at;
                    collector.collect(
                            traffic("acme", at.toString(), "1"),
                            traffic("kea", old.plusMillis(i).toString(), "1"));
                }
                return null;
            });
            List<Future<?>> making = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                making.add(threads.submit(() -> {
                    SampleLedger maker = new SampleLedger(USAGE, realm);
                    do {
                        make(maker);
                        Thread.sleep(20);
                    } while (!collecting.isDone());
                    make(maker);
                    return null;
                }));
            }

            // when
            collecting.get();
            for (Future<?> one : making) {
                one.get();
            }
        } finally {
            threads.shutdownNow();
        }

        // then
        for (String tenant : List.of("acme", "kea")) {
            assertThat(USAGE.rows(
                            """
                            select trim_scale(sum(e.quantity)), count(*) from entry e join tenant t on t.id = e.tenant
                             where t.realm = '%s' and t.name = '%s'"""
                                    .formatted(realm, tenant)))
                    .isEqualTo(USAGE.rows(
                            """
                            select count(*), count(distinct s.at / 3600000000)
                              from sample s join sample_tenant t on t.id = s.tenant
                             where t.realm = '%s' and t.name = '%s' and not s.late and s.at < t.collected_until"""
                                    .formatted(realm, tenant)));
        }
        assertThat(USAGE.rows("select coalesce(sum(conflict), 0) from batch where source = 'samples-" + realm + "'"))
                .containsExactly("0");
    }

    private static void make(SampleLedger maker) throws Exception {
        while (true) {
            try {
                maker.make();
                return;
            } catch (SamplesChanged e) {
                // as the route does: the next round begins where the ledger stands
                continue;
            }
        }
    }
}
