package org.caravan.hub.http;

import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLConnection;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.caravan.common.UserError;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.config.Setting;

/**
 * A port that the hub listens on, or ends. Camel only warns of one that it can't bind, so the port is tried before anything
 * is begun, and after the start the hub asks itself there for a random word.
 */
public final class HeldPort {
    private static final int PROOF_MILLIS = 10_000;

    private final HubConfig config;
    private final Setting<String> address;
    private final Setting<Long> port;

    public HeldPort(HubConfig config, Setting<String> address, Setting<Long> port) {
        this.config = config;
        this.address = address;
        this.port = port;
    }

    public String address() {
        return config.get(address);
    }

    public int number() {
        return config.integer(port);
    }

    /** False if the setting is 0: then nothing listens. */
    public boolean isWanted() {
        return number() != 0;
    }

    /** @throws UserError if the address is not this machine's or the port is taken */
    public void checkFree() {
        InetAddress host;
        try {
            host = InetAddress.getByName(address());
        } catch (UnknownHostException e) {
            throw new UserError(
                    config.where(address.key()) + "no such address '" + address()
                            + "'; 127.0.0.1 answers this machine alone",
                    e);
        }
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(host, number()));
        } catch (IOException e) {
            throw taken(e);
        }
    }

    /**
     * Asks for something that only we can answer: Camel does not say whether it could bind.
     *
     * @param router of the server that should listen
     * @param scheme http or https
     * @throws UserError if it is not we who listen
     */
    public void prove(Router router, String scheme) {
        String sign = UUID.randomUUID().toString();
        Route route = router.route("/" + sign).order(Integer.MIN_VALUE);
        route.handler(request -> request.end(sign));
        String answer;
        try {
            InetAddress host = InetAddress.getByName(address());
            URI uri = new URI(
                    scheme,
                    null,
                    host.isAnyLocalAddress()
                            ? "localhost"
                            : host.getHostAddress().replaceFirst("%.*", ""),
                    number(),
                    "/" + sign,
                    null,
                    null);
            URLConnection request = uri.toURL().openConnection(Proxy.NO_PROXY);
            OwnServer.trust(request);
            request.setConnectTimeout(PROOF_MILLIS);
            request.setReadTimeout(PROOF_MILLIS);
            try (InputStream in = request.getInputStream()) {
                answer = new String(in.readNBytes(sign.length()), StandardCharsets.US_ASCII);
            }
        } catch (IOException | URISyntaxException e) {
            throw taken(e);
        } finally {
            route.remove();
        }
        if (!answer.equals(sign)) {
            throw taken(new IOException("another program answers there"));
        }
    }

    private UserError taken(Exception e) {
        return new UserError(
                1,
                "can't listen on " + address() + " port " + number() + " (" + e.getMessage()
                        + "): end what listens there, or choose another port with " + port.key() + " (0 = none)",
                e);
    }
}
