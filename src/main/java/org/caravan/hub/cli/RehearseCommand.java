package org.caravan.hub.cli;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.caravan.hub.Run;
import org.caravan.hub.config.HubConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * {@code caravan rehearse}: starts a hub on a ledger that is thrown away, asks it how it is, and ends. The launcher's
 * {@code class-archive} lets the virtual machine write down the classes that this needs, for quicker starts.
 */
@Command(
        name = "rehearse",
        hidden = true,
        description = "Start a hub on a ledger that is thrown away, ask it how it is, and end it.")
final class RehearseCommand implements Callable<Integer> {
    private static final List<String> ASKED = List.of("/observe/health", "/observe/metrics");

    private final Terminal terminal;

    @Mixin
    private CommonOptions common = new CommonOptions();

    RehearseCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
        Path directory = Files.createTempDirectory("caravan-rehearsal-");
        AtomicReference<Exception> failure = new AtomicReference<>();
        try {
            int management = freePort();
            // what the configuration says belongs to the real hub: its ports, its ledger, its sources
            HubConfig config = new HubConfig.Builder(terminal.home(), terminal.current())
                    .set(List.of(
                            "caravan.data=" + directory.resolve("data"),
                            "caravan.out=" + Files.createDirectory(directory.resolve("out")),
                            "caravan.inbox=" + Files.createDirectory(directory.resolve("in")),
                            "caravan.currency=EUR",
                            "caravan.api.port=" + freePort(),
                            "caravan.management.port=" + management))
                    .build();
            Run run = new Run(config, Clock.systemUTC());
            run.run(() -> {
                try {
                    for (String path : ASKED) {
                        ask("http://127.0.0.1:" + management + path);
                    }
                } catch (IOException e) {
                    failure.set(e);
                }
                run.stop();
            });
        } finally {
            delete(directory);
        }
        if (failure.get() != null) {
            throw failure.get();
        }
        return 0;
    }

    /** Health that is not well yet is an answer, too. */
    private static void ask(String url) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) URI.create(url).toURL().openConnection();
        connection.setInstanceFollowRedirects(false);
        connection.getResponseCode();
        connection.disconnect();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
