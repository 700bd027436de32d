package org.caravan.hub.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.caravan.metering.PositionRange;
import org.junit.jupiter.api.Test;

class KafkaBatchTest {
    private static final TopicPartition FIRST = new TopicPartition("usage", 0);
    private static final TopicPartition SECOND = new TopicPartition("usage", 1);
    private static final Reader READER = new Reader() {
        @Override
        public void verify(KafkaBatch batch) {}

        @Override
        public void tell(Map<TopicPartition, OffsetAndMetadata> ends) {}
    };

    @Test
    void severalPollsBecomeOneStretchPerPartitionThatCoversWhatLiesBetweenMessages() {
        // given: offsets 12 and 13 belong to no message, and nothing came of 17 and 18
        Chain chain = new Chain("c/t/0", 10, 30);
        Chain other = new Chain("c/t/1", 5, 5);
        Collected collected = new Collected(READER);

        // when
        collected.add(FIRST, chain, messages(FIRST, 10, 11, 14), 15);
        collected.add(SECOND, other, messages(SECOND, 5), 6);
        collected.add(FIRST, chain, messages(FIRST, 15, 16), 17);
        collected.add(FIRST, chain, List.of(), 19);
        KafkaBatch batch = batch(collected.take());

        // then
        assertThat(batch.positions())
                .containsExactly(
                        new PositionRange("kafka", "c/t/0", 10, 19, false),
                        new PositionRange("kafka", "c/t/1", 5, 6, false));
        assertThat(offsets(batch)).containsExactly("0:10", "0:11", "0:14", "0:15", "0:16", "1:5");
        assertThat(batch.ends())
                .containsEntry(FIRST, new OffsetAndMetadata(19))
                .containsEntry(SECOND, new OffsetAndMetadata(6));
        assertThat(chain.next()).isEqualTo(19);
        assertThat(chain.isCaughtUp()).isFalse();
        assertThat(collected.isEmpty()).isTrue();
        assertThat(collected.count()).isZero();
        assertThat(collected.bytes()).isZero();
    }

    @Test
    void whatIsReadAgainFromElsewhereCountsForWhatWasReadBefore() {
        // given: the partition was taken away and given back amidst a batch
        Collected collected = new Collected(READER);
        collected.add(FIRST, new Chain("c/t/0", 10, 30), messages(FIRST, 10, 11), 12);
        ConsumerRecords<Object, Object> before = collected.take();

        // when
        collected.add(FIRST, new Chain("c/t/0", 10, 30), messages(FIRST, 10, 11, 12), 13);
        KafkaBatch batch = batch(before, collected.take());

        // then
        assertThat(batch.positions()).containsExactly(new PositionRange("kafka", "c/t/0", 10, 13, false));
        assertThat(offsets(batch)).containsExactly("0:10", "0:11", "0:12");
    }

    @Test
    void stretchesThatFollowEachOtherAreJoined() {
        // given
        Chain chain = new Chain("c/t/0", 10, 30);
        Collected collected = new Collected(READER);
        collected.add(FIRST, chain, messages(FIRST, 10), 11);
        ConsumerRecords<Object, Object> before = collected.take();

        // when
        collected.add(FIRST, chain, messages(FIRST, 11), 12);
        KafkaBatch batch = batch(before, collected.take());

        // then
        assertThat(batch.positions()).containsExactly(new PositionRange("kafka", "c/t/0", 10, 12, false));
        assertThat(offsets(batch)).containsExactly("0:10", "0:11");
        assertThat(batch.size()).isEqualTo(2);
    }

    @Test
    void whatIsForgottenIsInNoBatch() {
        // given
        Collected collected = new Collected(READER);
        collected.add(FIRST, new Chain("c/t/0", 10, 30), messages(FIRST, 10), 11);
        collected.add(SECOND, new Chain("c/t/1", 5, 5), messages(SECOND, 5), 6);

        // when
        collected.forget(List.of(FIRST));

        // then
        assertThat(batch(collected.take()).positions())
                .containsExactly(new PositionRange("kafka", "c/t/1", 5, 6, false));
    }

    @Test
    void aConsumerThatGoesBackwardsUnaskedIsNotBelieved() {
        // given: the client began anew by itself, below where it was
        Chain chain = new Chain("c/t/0", 10, 30);
        Collected collected = new Collected(READER);

        // when, then
        assertThatThrownBy(() -> collected.add(FIRST, chain, messages(FIRST, 3, 4), 5))
                .isInstanceOf(ChainBroken.class)
                .hasMessage("c/t/0: read 3 to 5 where 10 was next; reading begins again");
        assertThat(chain.next()).isEqualTo(10);
    }

    @Test
    void ofAMessageThatIsTooLongOnlyTheBeginningIsKept() {
        // given
        MessageDeserializer deserializer = new MessageDeserializer(10, 4);
        byte[] large = "0123456789abcdef".getBytes(StandardCharsets.UTF_8);

        // when
        Object kept = deserializer.deserialize("usage", null, ByteBuffer.wrap(large, 2, 11));
        Object small = deserializer.deserialize("usage", null, ByteBuffer.wrap(large, 2, 10));

        // then
        assertThat(kept).isInstanceOfSatisfying(CutValue.class, cut -> {
            assertThat(cut.length()).isEqualTo(11);
            assertThat(StandardCharsets.UTF_8.decode(cut.beginning()).toString())
                    .isEqualTo("2345");
        });
        assertThat(small).isInstanceOfSatisfying(ByteBuffer.class, buffer -> assertThat(buffer.array())
                .isSameAs(large));
        assertThat(deserializer.deserialize("usage", null, (ByteBuffer) null)).isNull();
    }

    @Test
    void patienceGrowsUpToItsLimitAndEndsWithSuccess() {
        // given
        Patience patience = new Patience(java.time.Duration.ofSeconds(3));
        assertThat(patience.delay()).isZero();

        // when
        List<Long> delays = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            patience.failed();
            delays.add(patience.delay().toMillis());
        }

        // then
        assertThat(delays).containsExactly(500L, 1_000L, 2_000L, 3_000L, 3_000L);
        patience.succeeded();
        assertThat(patience.delay()).isZero();
    }

    private static List<ConsumerRecord<Object, Object>> messages(TopicPartition partition, long... offsets) {
        List<ConsumerRecord<Object, Object>> messages = new ArrayList<>();
        for (long offset : offsets) {
            ByteBuffer value = ByteBuffer.wrap(new byte[] {1, 2, 3});
            messages.add(new ConsumerRecord<>(partition.topic(), partition.partition(), offset, null, value));
        }
        return messages;
    }

    @SafeVarargs
    private static KafkaBatch batch(ConsumerRecords<Object, Object>... polls) {
        List<Stretch> stretches = new ArrayList<>();
        for (ConsumerRecords<Object, Object> poll : polls) {
            poll.forEach(one -> stretches.add((Stretch) one.value()));
        }
        return new KafkaBatch("kafka", stretches);
    }

    private static List<String> offsets(KafkaBatch batch) {
        List<String> offsets = new ArrayList<>();
        while (batch.next()) {
            offsets.add(batch.positionIndex() + ":" + batch.position());
        }
        return offsets;
    }
}
