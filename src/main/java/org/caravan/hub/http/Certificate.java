package org.caravan.hub.http;

import io.vertx.core.net.KeyCertOptions;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Optional;
import org.caravan.common.UserError;
import org.caravan.hub.config.HttpOptions;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.config.Setting;

/**
 * The certificate that the APIs are served with, and its key.
 *
 * @param chain the server's own first
 */
record Certificate(Path file, Path keyFile, X509Certificate[] chain, PrivateKey key) {
    /**
     * The configured one, read and tried; null if none is.
     *
     * @throws UserError if one of the two is missing, can't be read, or does not belong to the other
     */
    static Certificate of(HubConfig config) {
        Optional<Path> file = config.find(HttpOptions.CERTIFICATE);
        Optional<Path> keyFile = config.find(HttpOptions.CERTIFICATE_KEY);
        if (file.isEmpty() && keyFile.isEmpty()) {
            return null;
        }
        if (file.isEmpty() || keyFile.isEmpty()) {
            Setting<?> said = file.isPresent() ? HttpOptions.CERTIFICATE : HttpOptions.CERTIFICATE_KEY;
            Setting<?> missing = file.isPresent() ? HttpOptions.CERTIFICATE_KEY : HttpOptions.CERTIFICATE;
            throw new UserError(config.where(said.key()) + "is set, but not " + missing.key() + "; set both, or none");
        }
        try {
            return read(file.get(), keyFile.get());
        } catch (UserError e) {
            throw new UserError(config.where(HttpOptions.CERTIFICATE.key()) + e.getMessage(), e);
        }
    }

    /** @throws UserError if one can't be read or they don't belong together */
    static Certificate read(Path file, Path keyFile) {
        X509Certificate[] chain = Pem.certificates(file);
        PrivateKey key = Pem.key(keyFile);
        if (!Pem.belong(chain[0], key)) {
            throw new UserError(keyFile + " is not the key of the certificate in " + file
                    + "; give the two that were made together");
        }
        return new Certificate(file, keyFile, chain, key);
    }

    /** When the certificate ends. */
    Instant end() {
        return chain[0].getNotAfter().toInstant();
    }

    /** For the server; follows the two files. */
    KeyCertOptions options() {
        return KeyCertOptions.wrap(new FollowedKey(this));
    }

    @Override
    public String toString() {
        return "certificate " + file;
    }
}
