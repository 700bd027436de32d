package org.caravan.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.caravan.hub.cli.CaravanConsole;
import org.caravan.testing.KafkaBroker;
import org.caravan.testing.KafkaUsage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What must not happen to a topic's usage: skipped, read twice, taken for another's. */
class KafkaGuardTest {
    private final KafkaBroker broker = KafkaBroker.shared();
    private final KafkaUsage usage = new KafkaUsage(7, 5);

    @TempDir
    Path directory;

    private KafkaHub hub;

    @AfterEach
    void end() throws Exception {
        if (hub != null) {
            hub.close();
        }
    }

    @Test
    void aBatchThatFailsIsReadAgainAndNeverSkippedAndHealthSaysWhy() throws Exception {
        // given: a ledger that refuses every batch
        topic("fails", 2);
        hub = new KafkaHub(directory, broker, "fails").start();
        hub.execute("alter table batch add constraint refused check (false)");

        // when
        send("fails", 0, 0, 400);
        send("fails", 1, 400, 800);
        hub.await("the source fails", () -> hub.ask("select last_error from source where name = 'kafka'") != null);

        // then
        assertThat(hub.ask("select last_error from source where name = 'kafka'"))
                .contains("violates check constraint \"refused\"");
        assertThat(hub.totals()).isEmpty();

        // when
        hub.execute("alter table batch drop constraint refused");
        hub.awaitRead(800);

        // then
        assertBilled(0, 800);
        hub.await("all is well", () -> hub.ask("select last_error from source where name = 'kafka'") == null);
    }

    @Test
    void aBatchThatGotLostBetweenPollAndCommitIsReadAgain() throws Exception {
        // given: a route that loses the first batches without an error, as a step of somebody's might
        Path routes = Files.createDirectory(directory.resolve("routes"));
        String route = Files.readString(Path.of("routes/metering-kafka.camel.yaml"));
        String step = "        - to: caravan-rating:default\n";
        assertThat(route).contains(step);
        Files.writeString(
                routes.resolve("metering-kafka.camel.yaml"),
                route.replace(
                        step,
                        "        - process:\n            ref: \"#class:" + LosesTheFirst.class.getName() + "\"\n"
                                + step));
        LosesTheFirst.left.set(3);
        topic("lost", 2);
        send("lost", 0, 0, 1_000);
        send("lost", 1, 1_000, 2_000);

        // when
        hub = new KafkaHub(directory, broker, "lost", "caravan.routes=" + routes, "caravan.kafka.batchRecords=100")
                .start();
        hub.awaitRead(2_000);

        // then
        assertThat(LosesTheFirst.left.get()).isNegative();
        assertBilled(0, 2_000);
    }

    /** A step that ends the route of some batches before the ledger, as if all were well. */
    public static final class LosesTheFirst implements Processor {
        static final AtomicInteger left = new AtomicInteger();

        @Override
        public void process(Exchange exchange) {
            exchange.setRouteStop(left.getAndDecrement() > 0);
        }
    }

    @Test
    void usageThatRetentionAteStopsItsPartitionAloneUntilAPersonDecides() throws Exception {
        // given: read up to 100, and eaten beyond that while no hub runs
        topic("eaten", 3);
        for (int partition = 0; partition < 3; partition++) {
            send("eaten", partition, partition * 100, (partition + 1) * 100);
        }
        hub = new KafkaHub(directory, broker, "eaten").start();
        hub.awaitRead(300);
        hub.close();
        for (int partition = 0; partition < 3; partition++) {
            send("eaten", partition, 300 + partition * 100, 400 + partition * 100);
        }
        broker.topics().eat("eaten", 1, 150);

        // when
        hub.start();
        hub.awaitRead(500);
        hub.await("it stands still", () -> stopped() != null);

        // then: both offsets are told, and the other partitions are read
        assertThat(stopped())
                .isEqualTo("1: usage was removed from the log before it was read: the ledger stands at 100, the log"
                        + " holds [150, 200)");
        assertThat(hub.ask("select sum(value) from position")).isEqualTo("500");
        assertThat(caravan("sources"))
                .contains("STANDS STILL", "caravan sources go-on kafka 1 --from 150 --reason TEXT");
        assertThat(caravan("status")).contains("partition 1 stands still");

        // when: a person goes on
        assertThat(caravan("sources", "go-on", "kafka", "1", "--from", "120", "--reason", "mistyped"))
                .contains("choose an offset from 150 to 200");
        assertThat(caravan("sources", "go-on", "kafka", "1", "--from", "150", "--reason", "50 messages are lost"))
                .contains("partition 1 goes on from offset 150; the ledger stood at 100");
        hub.await("it is read", () -> hub.ask("select sum(value) from position").equals("600"));

        // then
        assertThat(hub.ask("select sum(records) from entry")).isEqualTo("550");
        assertThat(stopped()).isNull();
        assertThat(hub.ask("select concat_ws(' ', partition, from_position, to_position, reason) from topic_decision"))
                .isEqualTo("1 100 150 50 messages are lost");
    }

    @Test
    void aTopicThatWasMadeAgainWhileItWasReadIsNeverTakenForTheOneBefore() throws Exception {
        // given
        topic("again", 2);
        send("again", 0, 0, 100);
        send("again", 1, 100, 200);
        hub = new KafkaHub(directory, broker, "again").start();
        hub.awaitRead(200);

        // when: the new one has more messages at once than were read of the old one
        broker.topics().delete("again");
        topic("again", 2);
        send("again", 0, 200, 500);
        send("again", 1, 500, 800);
        hub.await("both stand still", () -> "2"
                .equals(hub.ask("select count(*) from topic_partition where stopped <> ''")));

        // then
        assertThat(hub.ask("select stopped from topic_partition where stopped <> '' and partition = 0"))
                .contains(
                        "topic again was deleted and made again", "the ledger stands at 100 of the old log, which was")
                .contains("last seen to end at 100, the new log holds [0, ");
        assertThat(hub.ask("select sum(records) from entry")).isEqualTo("200");

        // when
        assertThat(caravan("sources", "go-on", "kafka", "all", "--from", "start", "--reason", "made again by the team"))
                .contains("partition 0 goes on from offset 0", "partition 1 goes on from offset 0");
        hub.await("all is read", () -> "800".equals(hub.ask("select sum(records) from entry")));

        // then
        assertBilled(0, 800);
    }

    @Test
    void ofATopicThatWasMadeAgainWhatIsGoneBeforeAnyHubSawItIsNotedAsGivenUp() throws Exception {
        // given
        topic("anew", 1);
        send("anew", 0, 0, 100);
        hub = new KafkaHub(directory, broker, "anew").start();
        hub.awaitRead(100);
        hub.close();
        broker.topics().delete("anew");
        topic("anew", 1);
        send("anew", 0, 100, 300);
        broker.topics().eat("anew", 0, 70);

        // when
        hub.start();
        hub.await("it stands still", () -> stopped() != null);
        assertThat(caravan("sources", "go-on", "kafka", "all", "--from", "start", "--reason", "70 messages are lost"))
                .contains("partition 0 goes on from offset 70; the ledger stood at 0");
        hub.await("it is read", () -> "230".equals(hub.ask("select sum(records) from entry")));

        // then
        assertThat(hub.ask("select concat_ws(' ', partition, from_position, to_position, reason) from topic_decision"))
                .isEqualTo("0 0 70 70 messages are lost");
    }

    @Test
    void aLogThatEndsBeforeWhatWasReadStopsItsPartition() throws Exception {
        // given: a ledger that has read more than the log holds, as after a broker lost what it had not written
        topic("short", 1);
        send("short", 0, 0, 100);
        hub = new KafkaHub(directory, broker, "short").start();
        hub.awaitRead(100);
        hub.close();
        hub.execute("update position set value = 160");

        // when
        hub.start();
        hub.await("it stands still", () -> stopped() != null);

        // then
        assertThat(stopped())
                .isEqualTo(
                        "0: the log ends before what was read of it: the ledger stands at 160, the log holds [0, 100)");

        // when: it goes on with what was read before, and more
        caravan("sources", "go-on", "kafka", "0", "--from", "start", "--reason", "the broker lost its disk");
        send("short", 0, 100, 150);
        hub.await("all is read", () -> "150".equals(hub.ask("select sum(records) from entry")));

        // then: nothing is billed twice
        assertBilled(0, 150);
        assertThat(hub.ask("select sum(duplicate) from batch")).isEqualTo("100");
    }

    @Test
    void aPartitionThatIsAddedLaterIsReadFromItsBeginningAndTakenBackMessagesAreNotBilled() throws Exception {
        // given
        topic("grows", 1);
        send("grows", 0, 0, 50);
        hub = new KafkaHub(directory, broker, "grows").start();
        hub.awaitRead(50);

        // when
        broker.topics().grow("grows", 2);
        broker.topics().sendInTransaction("grows", 1, usage.json(50, 100), true);
        broker.topics().sendInTransaction("grows", 1, usage.json(900, 950), false);
        hub.await("all is read", () -> "2 0"
                .equals(hub.ask(
                        "select count(*) || ' ' || sum(log_end - value) from topic_partition join position using (source, key)"
                                + " where log_end > 0")));

        // then: marks of transactions leave no lag
        assertBilled(0, 100);
    }

    @Test
    void aMonthIsRatedOnceEveryPartitionIsReadUpToWhereItEndedAfterTheGrace() throws Exception {
        // given: October is over, its grace is not
        topic("rated", 2);
        send("rated", 0, 0, 100);
        send("rated", 1, 100, 200);
        hub = new KafkaHub(directory, broker, "rated", "caravan.close.grace=2d");
        hub.start(at("2026-11-02T00:00:00Z"));
        hub.awaitRead(200);
        hub.await("it is looked at", () -> hub.ask("select rated_until from source where name = 'kafka'") != null);
        assertThat(hub.ask("select rated_until at time zone 'UTC' from source where name = 'kafka'"))
                .startsWith("2026-10-01 00:00:00");
        hub.close();

        // when: it is, while a partition is not read to its end
        hub.execute("create function refuse() returns trigger language plpgsql as"
                + " $$ begin if new.value > 100 then raise 'not yet'; end if; return new; end $$");
        hub.execute("create trigger refuse before update on position for each row execute function refuse()");
        send("rated", 1, 200, 250);
        hub.start(at("2026-11-03T00:00:01Z"));
        hub.await("the ends are noted", () -> "250"
                .equals(hub.ask("select sum(log_end) from topic_end where until > '2026-10-15'")));

        // then: what comes later moves no end
        send("rated", 0, 250, 300);
        Thread.sleep(500);
        assertThat(hub.ask("select sum(log_end) from topic_end where until > '2026-10-15'"))
                .isEqualTo("250");
        assertThat(hub.ask("select rated_until at time zone 'UTC' from source where name = 'kafka'"))
                .startsWith("2026-10-01 00:00:00");

        // when
        hub.execute("drop trigger refuse on position");
        hub.await("October is rated", () -> hub.ask(
                        "select rated_until at time zone 'UTC' from source where name = 'kafka'")
                .startsWith("2026-11-01 00:00:00"));

        // then
        assertThat(Long.parseLong(hub.ask("select sum(value) from position"))).isGreaterThanOrEqualTo(250);
    }

    @Test
    void aSourceBelongsToOneTopic() throws Exception {
        // given
        topic("one", 1);
        topic("other", 1);
        send("one", 0, 0, 10);
        hub = new KafkaHub(directory, broker, "one").start();
        hub.awaitRead(10);
        hub.close();

        // when
        hub.set("caravan.kafka.topic=other").start();
        hub.await("it fails", () -> hub.ask("select last_error from source where name = 'kafka'") != null);

        // then
        assertThat(hub.ask("select last_error from source where name = 'kafka'"))
                .contains("source kafka was read from topic one before: give topic other a source of its own");
    }

    // ---- helpers
    // -----------------------------------------------------------------------------------------------------

    private void topic(String name, int partitions) {
        broker.topics().create(name, partitions);
    }

    private void send(String topic, int partition, long from, long to) {
        broker.topics().send(topic, partition, usage.json(from, to));
    }

    private String stopped() throws Exception {
        return hub.ask("select partition || ': ' || stopped from topic_partition where stopped is not null");
    }

    private void assertBilled(long from, long to) throws Exception {
        assertThat(hub.totals()).hasToString(usage.totals(from, to).toString());
    }

    /** What a command prints, errors included. */
    private String caravan(String... arguments) {
        return CaravanConsole.run(hub.ledger(), arguments);
    }

    private static Clock at(String moment) {
        return Clock.offset(Clock.systemUTC(), Duration.between(Instant.now(), Instant.parse(moment)));
    }
}
