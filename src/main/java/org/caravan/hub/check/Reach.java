package org.caravan.hub.check;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.caravan.common.UserError;

/**
 * Whether somebody listens at an address. A connection is opened and closed again; by TLS its certificate is looked at, and
 * nothing else is sent.
 *
 * @param host name or address
 * @param tls true if whoever listens must show a certificate of this name
 */
record Reach(String host, int port, boolean tls) {
    private static final Pattern JDBC = Pattern.compile("jdbc:[a-z0-9:]+//([^/?;]+)[/?;]?.*");
    private static final int HTTP = 80;
    private static final int HTTPS = 443;
    private static final int POSTGRESQL = 5432;

    /** Where an address leads to; empty if the text is none that can be tried. */
    static Optional<Reach> of(String address) {
        Matcher jdbc = JDBC.matcher(address);
        if (jdbc.matches()) {
            // of several servers the first one
            String[] server = jdbc.group(1).split(",")[0].split(":");
            int otherwise = address.startsWith("jdbc:postgresql:") ? POSTGRESQL : 0;
            try {
                int port = server.length == 2 ? Integer.parseInt(server[1]) : otherwise;
                return port == 0 ? Optional.empty() : Optional.of(new Reach(server[0], port, false));
            } catch (NumberFormatException e) {
                return Optional.empty();
            }
        }
        if (!address.matches("(?i)https?://.+")) {
            return Optional.empty();
        }
        try {
            // places for values, as in a lookup's address, are no part of a host
            URI uri = URI.create(address.replaceAll("[{}\\s].*", ""));
            boolean tls = uri.getScheme().equalsIgnoreCase("https");
            int port = uri.getPort() > 0 ? uri.getPort() : tls ? HTTPS : HTTP;
            return uri.getHost() == null ? Optional.empty() : Optional.of(new Reach(uri.getHost(), port, tls));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /**
     * Tries it.
     *
     * @return what was found
     * @throws UserError if nobody can be reached there
     */
    String look(Duration limit) {
        int millis = Math.toIntExact(limit.toMillis());
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(bare(), port), millis);
            if (!tls) {
                return "listens at " + host + " port " + port;
            }
            socket.setSoTimeout(millis);
            try (SSLSocket secure = (SSLSocket)
                    ((SSLSocketFactory) SSLSocketFactory.getDefault()).createSocket(socket, bare(), port, true)) {
                SSLParameters parameters = secure.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
                secure.setSSLParameters(parameters);
                secure.startHandshake();
                return "listens at " + host + " port " + port + ", its certificate is trusted";
            }
        } catch (SSLException e) {
            throw new UserError(
                    1,
                    host + " port " + port + " listens, but not with a certificate that this Java trusts ("
                            + e.getMessage() + "); mend the certificate, or make Java trust its authority with"
                            + " CARAVAN_OPTS=-Djavax.net.ssl.trustStore=FILE",
                    e);
        } catch (IOException e) {
            throw new UserError(
                    1,
                    host + " port " + port + " can't be reached ("
                            + (e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage())
                            + "); see that it runs, and that name, port and firewall are right",
                    e);
        }
    }

    private String bare() {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }
}
