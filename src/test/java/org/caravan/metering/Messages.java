package org.caravan.metering;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/** Messages made by hand. */
final class Messages implements UsageMessages {
    private record Message(int index, long position, ByteBuffer value, long length, Map<String, String> headers) {}

    private final List<PositionRange> positions;
    private final List<Message> messages = new ArrayList<>();
    private int at = -1;

    Messages(PositionRange... positions) {
        this.positions = List.of(positions);
    }

    Messages add(int index, long position, String value) {
        return add(index, position, value, Map.of());
    }

    Messages add(int index, long position, String value, Map<String, String> headers) {
        return add(index, position, value == null ? null : value.getBytes(StandardCharsets.UTF_8), headers);
    }

    Messages add(int index, long position, byte[] value, Map<String, String> headers) {
        ByteBuffer buffer = value == null ? null : ByteBuffer.wrap(value);
        messages.add(new Message(index, position, buffer, value == null ? 0 : value.length, headers));
        return this;
    }

    /** A message that was too long to be kept whole. */
    Messages addCut(int index, long position, String beginning, long length) {
        ByteBuffer value = ByteBuffer.wrap(beginning.getBytes(StandardCharsets.UTF_8));
        messages.add(new Message(index, position, value, length, Map.of()));
        return this;
    }

    @Override
    public int size() {
        return messages.size();
    }

    @Override
    public List<PositionRange> positions() {
        return positions;
    }

    @Override
    public boolean next() {
        return ++at < messages.size();
    }

    @Override
    public int positionIndex() {
        return messages.get(at).index;
    }

    @Override
    public long position() {
        return messages.get(at).position;
    }

    @Override
    public ByteBuffer value() {
        return messages.get(at).value;
    }

    @Override
    public long length() {
        return messages.get(at).length;
    }

    @Override
    public void headers(BiConsumer<String, byte[]> consumer) {
        messages.get(at)
                .headers
                .forEach((name, value) -> consumer.accept(name, value.getBytes(StandardCharsets.UTF_8)));
    }
}
