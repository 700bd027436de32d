package org.caravan.testing.openapi;

import java.util.List;
import java.util.Random;

/** What nobody in his right mind sends. */
final class Hostile {
    private static final List<String> TEXTS = List.of(
            "",
            " ",
            "\u0000",
            "a\u0000b",
            "\u0001\u001f\u007f",
            "'",
            "\"",
            "\\",
            "' or '1'='1",
            "'; drop table rule_mapping; --",
            "%",
            "_",
            "%s%n%x",
            "../../../etc/passwd",
            "..",
            "${jndi:ldap://127.0.0.1/a}",
            "{{7*7}}",
            "#{1+1}",
            "<script>alert(1)</script>",
            "a\r\nX-Auth-Token: b",
            "é",
            "😀",
            "\u202eright to left",
            "\ufeff",
            "ﬁ",
            "Å",
            "İ",
            "null",
            "None",
            "undefined",
            "true",
            "True",
            "[]",
            "{}",
            "0",
            "-0",
            "-1",
            "1.0",
            "1e3",
            "1e999999999",
            "-1E-999999999",
            "1e2147483648",
            "NaN",
            "Infinity",
            "-Infinity",
            "0x10",
            "٣",
            "1_0",
            "1,5",
            "9223372036854775808",
            "99999999999999999999999999999999999999999999",
            "0.00000000000000000000000000000000000000001",
            "999999999999.9999999999999999999999999999",
            "1000000000000",
            "2026-13-45",
            "2026-02-30T00:00:00",
            "0000-00-00",
            "-9999-01-01",
            "+10000-01-01T00:00:00",
            "9999-12-31T23:59:59.999999",
            "2026-10-05T10:00:00+99:99",
            "2026-10-05T10:00:00.1234567890123",
            "1969-12-31T23:59:59Z",
            "00000000-0000-0000-0000-000000000000",
            "ffffffff-ffff-ffff-ffff-fffffffffffff",
            "type:",
            ":",
            ",,,",
            "a:b:c",
            "time-x",
            "sum(qty",
            "last(qty) AS qty; drop table x",
            "select * from x");

    /** JSON that may stand anywhere a value stands; some of it is none. */
    private static final List<String> JSON = List.of(
            "null",
            "true",
            "0",
            "-1",
            "1e999999999",
            "-1e-999999999",
            "1E400",
            "0.1e1",
            "99999999999999999999999999999999999999999999999999",
            "123456789012345678901234567890.123456789012345678901234567890",
            "\"\"",
            "\"\\u0000\"",
            "\"\\ud800\"",
            "\"\\udc00\\ud800\"",
            "\"1e999999999\"",
            "\"NaN\"",
            "[]",
            "[[]]",
            "{}",
            "{\"\":null}",
            "{\"$ref\":\"#\"}",
            "NaN",
            "Infinity",
            "01",
            "+1",
            ".5",
            "1.",
            "'single'",
            "undefined",
            "{\"a\":1,\"a\":2}");

    private Hostile() {}

    static String text(Random random) {
        int which = random.nextInt(TEXTS.size() + 3);
        return switch (which - TEXTS.size()) {
            case 0 -> "x".repeat(1 + random.nextInt(400));
            case 1 -> "ü😀".repeat(1 + random.nextInt(400));
            case 2 -> random.nextInt(10) == 0 ? "9".repeat(5_000) : "9".repeat(300);
            default -> TEXTS.get(which);
        };
    }

    static String json(Random random) {
        int which = random.nextInt(JSON.size() + 3);
        return switch (which - JSON.size()) {
            case 0 -> "[".repeat(100) + "]".repeat(100);
            case 1 -> "\"" + "y".repeat(random.nextInt(10) == 0 ? 70_000 : 300) + "\"";
            case 2 -> "1".repeat(300);
            default -> JSON.get(which);
        };
    }

    /** A whole body that is no answer to any question. */
    static String body(Random random) {
        return switch (random.nextInt(12)) {
            case 0 -> "{bad";
            case 1 -> "";
            case 2 -> "null";
            case 3 -> "[]";
            case 4 -> "\"text\"";
            case 5 -> "{}{}";
            case 6 -> "{\"a\":".repeat(20_000);
            case 7 -> "[".repeat(100_000);
            case 8 -> "\ufeff{}";
            case 9 -> "<xml/>";
            case 10 -> "a=b&c=d";
            default -> json(random);
        };
    }
}
