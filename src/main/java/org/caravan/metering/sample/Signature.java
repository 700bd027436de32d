package org.caravan.metering.sample;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Ceilometer's signature of a sample: HMAC-SHA-256 over the names and values of its fields in the order of the names, those
 * of inner objects behind their object's name and a colon, each value as Python writes it. For one thread.
 */
final class Signature {
    static final String FIELD = "message_signature";

    private static final String ALGORITHM = "HmacSHA256";

    private final Mac mac;

    Signature(String secret) {
        try {
            mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }

    /** Whether the sample bears the signature that its content and the secret make. */
    boolean isRight(JsonNode sample) {
        JsonNode found = sample.get(FIELD);
        if (found == null || !found.isTextual()) {
            return false;
        }
        byte[] said = found.textValue().getBytes(StandardCharsets.UTF_8);
        // texts in lists are written as bytes by one generation of Ceilometer and as texts by the others
        return isSame(said, sample, PythonText.Texts.PLAIN) || isSame(said, sample, PythonText.Texts.BYTES);
    }

    private boolean isSame(byte[] said, JsonNode sample, PythonText.Texts texts) {
        return MessageDigest.isEqual(said, of(sample, texts).getBytes(StandardCharsets.UTF_8));
    }

    String of(JsonNode sample, PythonText.Texts texts) {
        mac.reset();
        add("", sample, texts);
        return HexFormat.of().formatHex(mac.doFinal());
    }

    private void add(String before, JsonNode object, PythonText.Texts texts) {
        Map<String, JsonNode> sorted = new TreeMap<>(PythonText.ORDER);
        object.fields().forEachRemaining(field -> sorted.put(field.getKey(), field.getValue()));
        sorted.forEach((name, value) -> {
            if (value.isObject()) {
                add(before + name + ":", value, texts);
            } else if (!(before + name).equals(FIELD)) {
                update(before + name);
                update(value.isArray() ? PythonText.repr(value, texts) : PythonText.str(value));
            }
        });
    }

    private void update(String text) {
        mac.update(text.getBytes(StandardCharsets.UTF_8));
    }
}
