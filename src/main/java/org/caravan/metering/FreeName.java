package org.caravan.metering;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names for files that must not take each other's place: the file's own, then with a time, then with a number, too. */
final class FreeName {
    /** What file systems allow, in UTF-8. */
    static final int MAX_BYTES = 255;

    private static final Pattern ENDING =
            Pattern.compile("(?is)(.+?)([.](?:csv|jsonl|ndjson)(?:[.]gz)?|[.][^.]{1,16})");
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private FreeName() {}

    /**
     * The name to try.
     *
     * @param name the file's own
     * @param attempt from 0
     * @param room bytes that must be left for what the caller appends
     */
    static String of(String name, Instant at, int attempt, int room) {
        String mark = attempt == 0 ? "" : "-" + TIME.format(at) + (attempt == 1 ? "" : "-" + attempt);
        Matcher matcher = ENDING.matcher(name);
        boolean ends = matcher.matches();
        String ending = ends ? matcher.group(2) : "";
        String stem = ends ? matcher.group(1) : name;
        return shorten(stem, MAX_BYTES - room - bytes(mark) - bytes(ending)) + mark + ending;
    }

    private static String shorten(String text, int mostBytes) {
        int end = text.length();
        while (end > 0 && bytes(text.substring(0, end)) > mostBytes) {
            end = text.offsetByCodePoints(end, -1);
        }
        return text.substring(0, end);
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
