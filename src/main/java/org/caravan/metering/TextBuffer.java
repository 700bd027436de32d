package org.caravan.metering;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.util.Arrays;

/** Collects texts as UTF-8 without allocating, and notes what no usage record may hold. For one thread. */
final class TextBuffer {
    byte[] bytes = new byte[1 << 12];
    int length;

    /** True if some text held a control character or one beyond ASCII. */
    boolean unusual;

    private boolean nul;
    private boolean halfPair;

    void clear() {
        length = 0;
        unusual = false;
        nul = false;
        halfPair = false;
    }

    /** What is wrong with the texts collected, or null. */
    String problem() {
        if (nul) {
            return "holds a NUL character";
        }
        return halfPair ? "holds half of a surrogate pair, which is no UTF-8 text" : null;
    }

    /** Adds the text of the parser's current token: a string's value, a number's literal. */
    void add(JsonParser parser) throws IOException {
        add(parser.getTextCharacters(), parser.getTextOffset(), parser.getTextLength());
    }

    void add(String text) {
        int end = text.length();
        room(3 * end);
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            if (c >= 0x20 && c < 0x7f) {
                bytes[length++] = (byte) c;
            } else {
                char[] chars = text.toCharArray();
                add(chars, i, chars.length - i);
                return;
            }
        }
    }

    void add(byte[] from, int start, int end) {
        room(end - start);
        System.arraycopy(from, start, bytes, length, end - start);
        length += end - start;
    }

    void add(byte b) {
        room(1);
        bytes[length++] = b;
    }

    void add(char[] chars, int offset, int count) {
        room(3 * count);
        int end = offset + count;
        for (int i = offset; i < end; i++) {
            char c = chars[i];
            if (c >= 0x20 && c < 0x7f) {
                bytes[length++] = (byte) c;
            } else {
                i += addUnusual(c, i + 1 < end ? chars[i + 1] : 0);
            }
        }
    }

    /** Adds one character; answers how many following ones it took along. */
    private int addUnusual(char c, char next) {
        unusual = true;
        nul |= c == 0;
        if (c < 0x80) {
            bytes[length++] = (byte) c;
            return 0;
        }
        if (c < 0x800) {
            bytes[length++] = (byte) (0xc0 | c >> 6);
            bytes[length++] = (byte) (0x80 | c & 0x3f);
            return 0;
        }
        if (Character.isHighSurrogate(c) && Character.isLowSurrogate(next)) {
            int point = Character.toCodePoint(c, next);
            bytes[length++] = (byte) (0xf0 | point >> 18);
            bytes[length++] = (byte) (0x80 | point >> 12 & 0x3f);
            bytes[length++] = (byte) (0x80 | point >> 6 & 0x3f);
            bytes[length++] = (byte) (0x80 | point & 0x3f);
            return 1;
        }
        halfPair |= Character.isSurrogate(c);
        bytes[length++] = (byte) (0xe0 | c >> 12);
        bytes[length++] = (byte) (0x80 | c >> 6 & 0x3f);
        bytes[length++] = (byte) (0x80 | c & 0x3f);
        return 0;
    }

    private void room(int more) {
        if (length + more + Swar.PADDING > bytes.length) {
            bytes = Arrays.copyOf(bytes, 2 * (length + more) + Swar.PADDING);
        }
    }
}
