package org.caravan.metering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.caravan.common.UserError;
import org.junit.jupiter.api.Test;

class MessageReadingTest {
    private static final PositionRange FIRST = new PositionRange("kafka", "c/t/0", 10, 15, false);
    private static final PositionRange SECOND = new PositionRange("kafka", "c/t/1", 7, 9, false);

    @Test
    void messagesOfSeveralPartitionsBecomeOneBatchThatKnowsWhereEachCameFrom() {
        // given
        Messages messages = new Messages(FIRST, SECOND)
                .add(0, 10, line("vm-1", "1.5"))
                .add(1, 7, line("vm-2", "2"))
                .add(0, 14, "{\n  \"tenant\": \"acme\"\n}")
                .add(1, 8, line("vm-3", "3"));

        // when
        UsageBatch batch = reader(Reading.SETTINGS).read(messages);

        // then
        assertThat(batch.positions()).containsExactly(FIRST, SECOND);
        assertThat(batch.size()).isEqualTo(3);
        assertThat(batch.positionIndex(0)).isZero();
        assertThat(batch.position(0)).isEqualTo(10);
        assertThat(batch.quantityValue(0)).isEqualByComparingTo("1.5");
        assertThat(batch.positionIndex(1)).isOne();
        assertThat(batch.position(1)).isEqualTo(7);
        assertThat(batch.positionIndex(2)).isOne();
        assertThat(batch.rejected()).singleElement().satisfies(rejected -> {
            assertThat(rejected.positionIndex()).isZero();
            assertThat(rejected.position()).isEqualTo(14);
            assertThat(rejected.reason()).isEqualTo("no meter");
            assertThat(rejected.tenant()).isEqualTo("acme");
            assertThat(rejected.complete()).isTrue();
            assertThat(rejected.raw()).startsWith("{\n");
        });
    }

    @Test
    void whatCantBeReadIsSetAsideWithTheBeginningOfItsTextAndHarmsNoNeighbour() {
        // given
        MeteringSettings settings = Reading.SETTINGS.with("maxRawBytes", 64).with("maxLineBytes", 400);
        byte[] noText = {(byte) 0xc3, (byte) 0x28};
        Messages messages = new Messages(FIRST)
                .add(0, 10, (String) null)
                .add(0, 11, noText, Map.of())
                .add(0, 12, "{\"nul\":\"\0\"}")
                .addCut(0, 13, "x".repeat(64), 10_485_760)
                .add(0, 14, line("vm-1", "1"));

        // when
        UsageBatch batch = reader(settings).read(messages);

        // then
        assertThat(batch.size()).isOne();
        assertThat(batch.rejected())
                .extracting(Rejected::reason)
                .containsExactly(
                        "the message is empty",
                        "is not UTF-8 text",
                        "holds a NUL character",
                        "the message is longer than 400 bytes");
        assertThat(batch.rejected()).extracting(Rejected::position).containsExactly(10L, 11L, 12L, 13L);
        assertThat(batch.rejected()).extracting(Rejected::complete).containsExactly(true, false, false, false);
        assertThat(batch.rejected().get(3).raw()).isEqualTo("x".repeat(64));
    }

    @Test
    void aReaderKeepsWhatItLearnedOfKeysFromBatchToBatch() {
        // given
        MessageReader reader = reader(Reading.SETTINGS);

        // when
        UsageBatch first = reader.read(new Messages(FIRST).add(0, 10, line("vm-1", "1")));
        UsageBatch second = reader.read(new Messages(FIRST).add(0, 11, line("vm-1", "2")));

        // then
        assertThat(second.key(0)).isSameAs(first.key(0));
    }

    @Test
    void aDataFormatReadsMessagesToABatchAndCsvSaysThatItCant() throws Exception {
        // given
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            context.getRegistry().bind("clock", Reading.NOW);
            CaravanJsonlDataFormat jsonl = new CaravanJsonlDataFormat();
            jsonl.setCamelContext(context);
            jsonl.start();
            CaravanCsvDataFormat csv = new CaravanCsvDataFormat();
            csv.setCamelContext(context);
            csv.start();
            DefaultExchange exchange = new DefaultExchange(context);

            // when
            Object read = jsonl.unmarshal(exchange, new Messages(FIRST).add(0, 10, line("vm-1", "1")));

            // then
            assertThat(read).isInstanceOfSatisfying(UsageBatch.class, batch -> assertThat(batch.size())
                    .isOne());
            assertThatThrownBy(() -> csv.unmarshal(exchange, new Messages(FIRST)))
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining("caravan-csv can't read messages");
        }
    }

    @Test
    void aMessageIsReadWhereverItLiesInItsBuffer() {
        // given: with and without room behind it
        byte[] text = line("vm-é", "1").getBytes(StandardCharsets.UTF_8);
        for (int before : new int[] {0, 3}) {
            for (int behind = 0; behind < 40; behind++) {
                byte[] wide = new byte[before + text.length + behind];
                System.arraycopy(text, 0, wide, before, text.length);
                MessageText looked = new MessageText(1000);
                Messages messages = new Messages(FIRST).add(0, 10, text, Map.of());
                messages.next();
                looked.set(new Shifted(messages, java.nio.ByteBuffer.wrap(wide, before, text.length)));

                // when, then
                assertThat(looked.copy(1000)).isEqualTo(text);
                assertThat(looked.unusual).isTrue();
            }
        }
    }

    /** The same message, with its value elsewhere. */
    private record Shifted(UsageMessages of, java.nio.ByteBuffer value) implements UsageMessages {
        @Override
        public int size() {
            return of.size();
        }

        @Override
        public java.util.List<PositionRange> positions() {
            return of.positions();
        }

        @Override
        public boolean next() {
            return of.next();
        }

        @Override
        public int positionIndex() {
            return of.positionIndex();
        }

        @Override
        public long position() {
            return of.position();
        }

        @Override
        public long length() {
            return of.length();
        }

        @Override
        public void headers(java.util.function.BiConsumer<String, byte[]> consumer) {
            of.headers(consumer);
        }
    }

    private static MessageReader reader(MeteringSettings settings) {
        return new MessageReader(new JsonRow(settings), settings, MeterCatalog.empty(), Reading.NOW);
    }

    private static String line(String resource, String quantity) {
        return """
                {"tenant":"acme","resource":"%s","meter":"instance","quantity":"%s","unit":"hour",\
                "begin":"2026-10-01T00:00:00Z","end":"2026-10-01T01:00:00Z"}"""
                .formatted(resource, quantity);
    }
}
