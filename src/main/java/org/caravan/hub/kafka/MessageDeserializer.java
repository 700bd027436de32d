package org.caravan.hub.kafka;

import java.nio.ByteBuffer;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * Leaves a message where it was fetched, as a {@link ByteBuffer}; of one that is too long only the beginning is kept, so that
 * what was fetched can be let go.
 */
final class MessageDeserializer implements Deserializer<Object> {
    private final int maxBytes;
    private final int keptBytes;

    MessageDeserializer(int maxBytes, int keptBytes) {
        this.maxBytes = maxBytes;
        this.keptBytes = keptBytes;
    }

    @Override
    public Object deserialize(String topic, byte[] data) {
        return data == null ? null : deserialize(topic, null, ByteBuffer.wrap(data));
    }

    @Override
    public Object deserialize(String topic, Headers headers, ByteBuffer data) {
        if (data == null || data.remaining() <= maxBytes) {
            return data;
        }
        byte[] beginning = new byte[Math.min(keptBytes, data.remaining())];
        data.duplicate().get(beginning);
        return new CutValue(ByteBuffer.wrap(beginning), data.remaining());
    }
}
