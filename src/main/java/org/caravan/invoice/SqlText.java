package org.caravan.invoice;

/**
 * Texts from outside as PostgreSQL can keep them. One that it refuses (a NUL, half of a surrogate pair) would take the
 * outcome of an attempt with it.
 */
final class SqlText {
    private static final int REPLACEMENT = 0xFFFD;

    private SqlText() {}

    /** The text in one line, control characters gone, of at most {@code max} chars; what was cut off shows as "...". */
    static String line(String text, int max) {
        StringBuilder line = new StringBuilder();
        boolean blank = false;
        for (int i = 0; i < text.length() && line.length() <= max; ) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            if (Character.isWhitespace(c) || Character.isISOControl(c)) {
                blank = true;
                continue;
            }
            if (blank && line.length() > 0) {
                line.append(' ');
            }
            blank = false;
            line.appendCodePoint(Character.getType(c) == Character.SURROGATE ? REPLACEMENT : c);
        }
        return line.length() <= max ? line.toString() : cut(line, max - 3) + "...";
    }

    private static String cut(CharSequence text, int length) {
        int end = Character.isHighSurrogate(text.charAt(length - 1)) ? length - 1 : length;
        return text.subSequence(0, end).toString();
    }
}
