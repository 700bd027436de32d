package org.caravan.hub.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.caravan.common.UserError;

/** Certificates and keys in PEM files. */
final class Pem {
    private static final int MAX_BYTES = 1 << 20;
    private static final Pattern KEY = Pattern.compile(
            "-----BEGIN ([A-Z0-9 ]*)PRIVATE KEY-----([^-]*)-----END \\1PRIVATE KEY-----", Pattern.DOTALL);

    /** What a key of each kind signs with. */
    private static final Map<String, String> SIGNATURES =
            Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA", "Ed25519", "Ed25519");

    private Pem() {}

    /** @throws UserError if there is none */
    static X509Certificate[] certificates(Path file) {
        try {
            X509Certificate[] chain =
                    CertificateFactory.getInstance("X.509")
                            .generateCertificates(new ByteArrayInputStream(bytes(file)))
                            .stream()
                            .map(X509Certificate.class::cast)
                            .toArray(X509Certificate[]::new);
            if (chain.length > 0) {
                return chain;
            }
        } catch (GeneralSecurityException e) {
            throw noCertificate(file, e);
        }
        throw noCertificate(file, null);
    }

    private static UserError noCertificate(Path file, Exception e) {
        return new UserError(
                file + " holds no certificate; expected PEM, which begins with -----BEGIN CERTIFICATE-----", e);
    }

    /** @throws UserError if there is none that can be used */
    static PrivateKey key(Path file) {
        Matcher found = KEY.matcher(new String(bytes(file), StandardCharsets.US_ASCII));
        if (!found.find()) {
            throw new UserError(
                    file + " holds no private key; expected PEM, which begins with -----BEGIN PRIVATE KEY-----");
        }
        if (!found.group(1).isEmpty()) {
            throw new UserError(file + " holds a key as '" + found.group(1)
                    + "PRIVATE KEY'; rewrite it with openssl pkcs8 -topk8 -nocrypt -in KEY -out NEWKEY");
        }
        try {
            PKCS8EncodedKeySpec spec =
                    new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(found.group(2)));
            for (String kind : new String[] {"RSA", "EC", "Ed25519"}) {
                try {
                    return KeyFactory.getInstance(kind).generatePrivate(spec);
                } catch (GeneralSecurityException e) {
                    // of another kind
                    continue;
                }
            }
        } catch (IllegalArgumentException e) {
            throw new UserError(file + " holds no key: what stands between its marks is not base64", e);
        }
        throw new UserError(file + " holds a key of no kind that is served with: RSA, EC or Ed25519");
    }

    /** Whether what the key signs is found true by the certificate. */
    static boolean belong(X509Certificate certificate, PrivateKey key) {
        String kind = key.getAlgorithm().equals("EdDSA") ? "Ed25519" : key.getAlgorithm();
        try {
            Signature signature = Signature.getInstance(SIGNATURES.get(kind));
            signature.initSign(key);
            signature.update((byte) 1);
            byte[] signed = signature.sign();
            signature.initVerify(certificate.getPublicKey());
            signature.update((byte) 1);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static byte[] bytes(Path file) {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new UserError(file + ": larger than " + MAX_BYTES + " bytes; is it the right file?");
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UserError(
                    file + " can't be read (" + e.getClass().getSimpleName() + "); see that it is there and that the"
                            + " hub's user may read it",
                    e);
        }
    }
}
