package org.caravan.subscription.payment;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Recognises what must not be kept of a card. */
public final class CardData {
    private static final int SHOWN = 4;
    private static final int MASK = 12;
    private static final int SHORTEST = 13;
    private static final int LONGEST = 19;
    private static final Pattern DIGITS = Pattern.compile("(?<![A-Za-z0-9])\\d(?:[ .\\-]?\\d)+(?![A-Za-z0-9])");
    private static final Set<String> VERIFICATION = Set.of(
            "cvv",
            "cvc",
            "csc",
            "cvn",
            "cav",
            "cid",
            "cvv2",
            "cvc2",
            "cav2",
            "pin",
            "pinblock",
            "track",
            "track1",
            "track2");
    private static final Pattern VERIFICATION_PART = Pattern.compile(
            "cvv|cvc|cardverification|securitycode|verificationnumber|verificationcode|verificationvalue");

    private CardData() {}

    /** True if a text holds a whole card number: 13 to 19 digits, maybe apart, with the right check digit. */
    public static boolean holdsNumber(String text) {
        Matcher run = DIGITS.matcher(text);
        while (run.find()) {
            String digits = run.group().replaceAll("\\D", "");
            if (digits.length() >= SHORTEST && digits.length() <= LONGEST && isLuhn(digits)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isLuhn(String digits) {
        int sum = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(digits.length() - 1 - i) - '0';
            int twice = i % 2 == 0 ? digit : 2 * digit;
            sum += twice > 9 ? twice - 9 : twice;
        }
        return sum % 10 == 0;
    }

    /** All but the last four characters hidden. */
    public static String masked(String identifier) {
        String bare = holdsNumber(identifier) ? identifier.replaceAll("[ .\\-]", "") : identifier;
        int hidden = Math.max(0, bare.length() - SHOWN);
        return "*".repeat(Math.min(hidden, MASK)) + bare.substring(hidden);
    }

    /** What is wrong with properties of a payment; null if nothing is. Values are not repeated. */
    public static String problem(JsonNode properties) {
        for (var fields = properties.fields(); fields.hasNext(); ) {
            var field = fields.next();
            String name = field.getKey().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
            if (VERIFICATION.contains(name) || VERIFICATION_PART.matcher(name).find()) {
                return "must not hold a card's verification number";
            }
            if (holdsNumber(field.getKey()) || holdsNumber(field.getValue().asText())) {
                return "must not hold a card's number";
            }
        }
        return null;
    }
}
