package org.caravan.hub.check;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import org.caravan.api.http.ApiProcessor;
import org.caravan.common.UserError;
import org.caravan.hub.check.CheckFinding.Level;
import org.caravan.hub.config.HttpOptions;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.config.Setting;
import org.caravan.hub.config.Settings;
import org.caravan.hub.http.HeldPort;
import org.caravan.hub.http.OwnServer;

/** The ports that a hub listens on: free, or held by a hub that runs. */
public final class PortLook {
    private static final String AREA = "ports";

    private final HubConfig config;
    private final CheckReport report;
    private final Duration limit;

    public PortLook(HubConfig config, CheckReport report, Duration limit) {
        this.config = config;
        this.report = report;
        this.limit = limit;
    }

    /** Adds what both come to. */
    public void look() {
        boolean tls = config.find(HttpOptions.CERTIFICATE).isPresent();
        look("caravan.api", Settings.API_HOST, Settings.API_PORT, (tls ? "https" : "http"), "/");
        look(
                "caravan.management",
                Settings.MANAGEMENT_ADDRESS,
                Settings.MANAGEMENT_PORT,
                "http",
                "/observe/health/live");
    }

    private void look(String thing, Setting<String> address, Setting<Long> number, String scheme, String path) {
        HeldPort port = new HeldPort(config, address, number);
        if (!port.isWanted()) {
            report.good(AREA, thing, "nothing is served");
            return;
        }
        report.ask(Level.FAILED, AREA, thing, limit.plusSeconds(1), () -> {
            if (!isTaken(port)) {
                port.checkFree();
                return port.address() + " port " + port.number() + " is free";
            }
            if (isOurs(port, scheme, path)) {
                return "a hub answers at " + port.address() + " port " + port.number();
            }
            throw new UserError(
                    1,
                    "another program listens on " + port.address() + " port " + port.number()
                            + "; end it, or choose another port with " + number.key(),
                    null);
        });
    }

    private InetAddress here(HeldPort port) throws IOException {
        InetAddress host = InetAddress.getByName(port.address());
        return host.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : host;
    }

    private boolean isTaken(HeldPort port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(here(port), port.number()), Math.toIntExact(limit.toMillis()));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private boolean isOurs(HeldPort port, String scheme, String path) {
        try {
            String host = here(port).getHostAddress().replaceFirst("%.*", "");
            HttpURLConnection request = (HttpURLConnection) new URI(scheme, null, host, port.number(), path, null, null)
                    .toURL()
                    .openConnection(Proxy.NO_PROXY);
            OwnServer.trust(request);
            request.setInstanceFollowRedirects(false);
            request.setConnectTimeout(Math.toIntExact(limit.toMillis()));
            request.setReadTimeout(Math.toIntExact(limit.toMillis()));
            int status = request.getResponseCode();
            return request.getHeaderField(ApiProcessor.REQUEST_ID) != null
                    || path.startsWith("/observe/") && (status == 200 || status == 503);
        } catch (IOException | java.net.URISyntaxException e) {
            return false;
        }
    }
}
