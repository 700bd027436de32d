package org.caravan.metering;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Checks of UTF-8 texts. For one thread. */
final class Utf8 {
    private final CharsetDecoder decoder = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    private final CharBuffer decoded = CharBuffer.allocate(1 << 12);

    /** True if the bytes are well-formed UTF-8. */
    boolean isValid(byte[] bytes, int from, int to) {
        decoder.reset();
        ByteBuffer text = ByteBuffer.wrap(bytes, from, to - from);
        while (true) {
            decoded.clear();
            var result = decoder.decode(text, decoded, true);
            if (!result.isOverflow()) {
                return result.isUnderflow();
            }
        }
    }

    /** True if the text is longer than so many code points. */
    static boolean isLonger(String text, int codePoints) {
        return text.length() > codePoints && text.codePointCount(0, text.length()) > codePoints;
    }

    /** True if the text holds a control character. */
    static boolean hasControl(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isISOControl(text.charAt(i))) {
                return true;
            }
        }
        return false;
    }

    static boolean contains(byte[] bytes, int from, int to, int wanted) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == wanted) {
                return true;
            }
        }
        return false;
    }
}
