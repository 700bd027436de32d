package org.caravan.api.auth;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * What is kept of a password: PBKDF2 with HMAC-SHA-256, which every JDK has, slow on purpose.
 *
 * @param salt random, of each password its own
 * @param iterations how slow
 */
record PasswordHash(byte[] salt, int iterations, byte[] digest) {
    private static final String FUNCTION = "PBKDF2WithHmacSHA256";
    private static final int SALT_BYTES = 16;
    private static final int DIGEST_BITS = 256;
    private static final SecureRandom RANDOM = new SecureRandom();

    static PasswordHash of(char[] password, int iterations) {
        byte[] salt = new byte[SALT_BYTES];
        RANDOM.nextBytes(salt);
        return new PasswordHash(salt, iterations, derive(password, salt, iterations));
    }

    /** One that no password matches, and that takes as long to find out as any other. */
    static PasswordHash nobodys(int iterations) {
        return new PasswordHash(new byte[SALT_BYTES], iterations, new byte[DIGEST_BITS / Byte.SIZE]);
    }

    boolean matches(char[] password) {
        return MessageDigest.isEqual(digest, derive(password, salt, iterations));
    }

    private static byte[] derive(char[] password, byte[] salt, int iterations) {
        PBEKeySpec spec = new PBEKeySpec(password, salt, iterations, DIGEST_BITS);
        try {
            return SecretKeyFactory.getInstance(FUNCTION).generateSecret(spec).getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + FUNCTION, e);
        } finally {
            spec.clearPassword();
        }
    }

    @Override
    public String toString() {
        return "what is kept of a password";
    }
}
