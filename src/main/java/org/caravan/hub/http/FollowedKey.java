package org.caravan.hub.http;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.caravan.common.UserError;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What TLS asks for the server's certificate. Looks at its files again with the first handshake of each minute, so that one
 * that was renewed needs no restart; what can't be used is logged, and the one before goes on.
 */
final class FollowedKey extends X509ExtendedKeyManager {
    private static final String ALIAS = "caravan";
    private static final long LOOK_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final Logger LOG = LoggerFactory.getLogger(FollowedKey.class);

    private final long every;
    private volatile Pair pair;
    private String state;
    private long looked = System.nanoTime();

    /** A handshake asks more than once: it goes on with the certificate that it began with. */
    private record Pair(int number, Certificate current, Certificate before) {
        Certificate of(String alias) {
            return alias.equals(ALIAS + number) ? current : before;
        }
    }

    FollowedKey(Certificate first) {
        this(first, LOOK_NANOS);
    }

    FollowedKey(Certificate first, long everyNanos) {
        this.pair = new Pair(0, first, first);
        this.every = everyNanos;
        this.state = state(first);
    }

    private synchronized void look() {
        if (System.nanoTime() - looked < every) {
            return;
        }
        looked = System.nanoTime();
        Certificate current = pair.current();
        String now = state(current);
        if (now.equals(state)) {
            return;
        }
        try {
            Certificate renewed = Certificate.read(current.file(), current.keyFile());
            pair = new Pair(pair.number() + 1, renewed, current);
            LOG.info("{} was renewed; it ends on {}", renewed, renewed.end());
            state = now;
        } catch (UserError e) {
            // perhaps one of the two is not written yet: look again
            LOG.warn("the renewed certificate can't be used, the one before goes on: {}", e.getMessage());
        }
    }

    private static String state(Certificate certificate) {
        try {
            return Files.getLastModifiedTime(certificate.file()) + " " + Files.size(certificate.file()) + " "
                    + Files.getLastModifiedTime(certificate.keyFile());
        } catch (IOException e) {
            return "away";
        }
    }

    @Override
    public String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
        look();
        Pair now = pair;
        return keyType.equals(now.current().chain()[0].getPublicKey().getAlgorithm()) ? ALIAS + now.number() : null;
    }

    @Override
    public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
        return chooseEngineServerAlias(keyType, issuers, null);
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        return pair.of(alias).chain().clone();
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        return pair.of(alias).key();
    }

    @Override
    public String[] getServerAliases(String keyType, Principal[] issuers) {
        return new String[] {ALIAS + pair.number()};
    }

    @Override
    public String[] getClientAliases(String keyType, Principal[] issuers) {
        return null;
    }

    @Override
    public String chooseClientAlias(String[] keyType, Principal[] issuers, Socket socket) {
        return null;
    }
}
