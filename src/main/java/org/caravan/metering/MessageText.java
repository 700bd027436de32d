package org.caravan.metering;

import java.nio.ByteBuffer;
import java.util.function.BiConsumer;

/** The text of a message, looked at where it lies. */
final class MessageText extends RawText {
    private static final byte[] NOTHING = new byte[Swar.PADDING];

    private final int maxBytes;
    private byte[] padded = new byte[1 << 12];
    private UsageMessages messages;

    /** @param maxBytes of a message that is not too long */
    MessageText(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** Looks at the message that the cursor stands at. */
    void set(UsageMessages cursor) {
        messages = cursor;
        ByteBuffer value = cursor.value();
        if (value == null) {
            bytes = NOTHING;
            from = 0;
            to = 0;
        } else if (value.hasArray() && value.array().length - value.arrayOffset() - value.limit() >= Swar.PADDING) {
            bytes = value.array();
            from = value.arrayOffset() + value.position();
            to = value.arrayOffset() + value.limit();
        } else {
            copy(value);
        }
        tooLong = cursor.length() > maxBytes;
        unusual = isUnusual();
    }

    /** The last message of what was fetched, or one that was unpacked by itself, has nothing readable behind it. */
    private void copy(ByteBuffer value) {
        int length = value.remaining();
        if (padded.length < length + Swar.PADDING) {
            padded = new byte[2 * length + Swar.PADDING];
        }
        value.duplicate().get(padded, 0, length);
        bytes = padded;
        from = 0;
        to = length;
    }

    private boolean isUnusual() {
        int i = from;
        for (; i + 8 <= to; i += 8) {
            if (Swar.unusual(Swar.word(bytes, i)) != 0) {
                return true;
            }
        }
        for (; i < to; i++) {
            if (bytes[i] < ' ' || bytes[i] == 0x7f) {
                return true;
            }
        }
        return false;
    }

    void headers(BiConsumer<String, byte[]> consumer) {
        messages.headers(consumer);
    }

    @Override
    String what() {
        return "message";
    }
}
