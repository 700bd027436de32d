package org.caravan.hub.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Runs commands as a user does, in this process: the project's own home, a current directory of choice. */
final class Console {
    private final Path current;
    private final Map<String, String> environment;

    Console(Path current) {
        this(current, Map.of());
    }

    Console(Path current, Map<String, String> environment) {
        this.current = current;
        this.environment = environment;
    }

    /** What a command answered. */
    record Answer(int exitCode, String out, String err) {}

    Answer run(List<String> args) {
        return run(args.toArray(String[]::new));
    }

    Answer run(String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(Path.of(""), current, environment, stream(out), stream(err), false);
        int exitCode = CaravanCommand.run(terminal, args);
        return new Answer(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** Arguments with others behind them. */
    static List<String> with(List<String> args, String... more) {
        List<String> all = new ArrayList<>(args);
        all.addAll(List.of(more));
        return all;
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }
}
