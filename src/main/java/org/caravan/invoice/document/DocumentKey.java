package org.caravan.invoice.document;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.YearMonth;
import java.util.HexFormat;
import java.util.Optional;

/**
 * A document's identity: {@code issuer:account:month:n}, each part percent-encoded so that the colons are the only ones.
 */
public final class DocumentKey {
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private DocumentKey() {}

    /**
     * The key of an account's n-th document of a month.
     *
     * @param n from 1
     */
    public static String of(String issuer, String account, YearMonth month, int n) {
        if (issuer.isEmpty() || account.isEmpty() || n < 1) {
            throw new IllegalArgumentException("no key: issuer '" + issuer + "', account '" + account + "', n " + n);
        }
        return encode(issuer) + ":" + encode(account) + ":" + month + ":" + n;
    }

    /**
     * A key taken apart.
     *
     * @param n from 1
     */
    public record Parts(String issuer, String account, YearMonth month, int n) {}

    /** Takes a key apart; empty if it is not one that {@link #of} could have made. */
    public static Optional<Parts> parse(String key) {
        String[] parts = key.split(":", -1);
        if (parts.length != 4) {
            return Optional.empty();
        }
        try {
            Parts known = new Parts(
                    decode(parts[0]), decode(parts[1]), YearMonth.parse(parts[2]), Integer.parseInt(parts[3]));
            return of(known.issuer, known.account, known.month, known.n).equals(key)
                    ? Optional.of(known)
                    : Optional.empty();
        } catch (IllegalArgumentException | DateTimeException e) {
            return Optional.empty();
        }
    }

    private static String decode(String part) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(part.length());
        for (int i = 0; i < part.length(); i++) {
            if (part.charAt(i) == '%') {
                out.write(
                        HexFormat.fromHexDigits(part, Math.min(i + 1, part.length()), Math.min(i + 3, part.length())));
                i += 2;
            } else {
                out.write(part.charAt(i));
            }
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    /** Lower-case hex SHA-256 of a key: for names in places that can't take the key itself. */
    public static String sha256(String key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Percent-encodes the UTF-8 bytes of everything outside {@code A-Z a-z 0-9 . _ ~ -}. */
    static String encode(String text) {
        StringBuilder out = new StringBuilder(text.length());
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            if (c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || "._~-".indexOf(c) >= 0) {
                out.append(c);
            } else {
                out.append('%').append(HEX.toHexDigits(b));
            }
        }
        return out.toString();
    }
}
