package org.caravan.hub.cli;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;

/**
 * Where a command runs.
 *
 * @param home where the hub is installed: {@code config/}, {@code routes/}, {@code connectors/}
 * @param current directory that relative paths of the user belong to
 * @param environment variables
 * @param out results
 * @param err everything else
 * @param interactive true if a person watches {@code err}: progress is shown
 */
public record Terminal(
        Path home,
        Path current,
        Map<String, String> environment,
        PrintStream out,
        PrintStream err,
        boolean interactive) {
    /** A path as the user gave it, made absolute. */
    Path resolve(Path path) {
        return current.toAbsolutePath().resolve(path).normalize();
    }
}
