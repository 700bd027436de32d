package org.caravan.hub.cli;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;
import org.caravan.hub.config.HubConfig;

/**
 * Where a command runs.
 *
 * @param home where the hub is installed: {@code config/}, {@code routes/}, {@code connectors/}
 * @param current directory that relative paths of the user belong to
 * @param environment variables
 * @param out results
 * @param err everything else
 * @param interactive true if a person watches {@code err}: progress is shown
 * @param within the configuration of the running hub that carries the command out itself; null for a process of its own
 */
public record Terminal(
        Path home,
        Path current,
        Map<String, String> environment,
        PrintStream out,
        PrintStream err,
        boolean interactive,
        HubConfig within) {
    /** Of a process of its own. */
    public Terminal(
            Path home,
            Path current,
            Map<String, String> environment,
            PrintStream out,
            PrintStream err,
            boolean interactive) {
        this(home, current, environment, out, err, interactive, null);
    }

    /** Within a running hub: what it is told holds, and nobody is asked. */
    static Terminal within(HubConfig hub, PrintStream out, PrintStream err) {
        return new Terminal(hub.home(), hub.home(), Map.of(), out, err, false, hub);
    }

    /** A path as the user gave it, made absolute. */
    Path resolve(Path path) {
        return current.toAbsolutePath().resolve(path).normalize();
    }
}
