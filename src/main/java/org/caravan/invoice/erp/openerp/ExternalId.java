package org.caravan.invoice.erp.openerp;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The names under which Odoo knows what the hub made: one dot, and nothing that it would read otherwise. */
final class ExternalId {
    private static final String MODULE = "caravan.";
    private static final String BASE32 = "abcdefghijklmnopqrstuvwxyz234567";

    /** 160 bits: no two keys share them. */
    private static final int CHARACTERS = 32;

    private ExternalId() {}

    /** Of a document, by its key. */
    static String move(String key) {
        return MODULE + "inv_" + digest(key);
    }

    /** Of the partner that stands for an account. */
    static String partner(String account) {
        return MODULE + "tenant_" + digest(account);
    }

    private static String digest(String text) {
        byte[] bytes;
        try {
            bytes = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
        StringBuilder out = new StringBuilder(CHARACTERS);
        int bits = 0;
        int have = 0;
        for (int i = 0; out.length() < CHARACTERS; i++) {
            bits = bits << 8 | bytes[i] & 0xff;
            have += 8;
            while (have >= 5 && out.length() < CHARACTERS) {
                have -= 5;
                out.append(BASE32.charAt(bits >> have & 31));
            }
            bits &= (1 << have) - 1;
        }
        return out.toString();
    }
}
