package org.caravan.hub;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.caravan.hub.cli.CaravanCommand;
import org.caravan.hub.cli.Terminal;

/** The command line's entry point; the launcher {@code caravan} starts it. */
public final class Caravan {
    /** One line each, whatever a message holds; times are UTC. */
    private static final String RUN_LOG = "%d{yyyy-MM-dd'T'HH:mm:ss.SSS'Z'}{UTC} %-5level %c{1}: "
            + "%enc{%msg}{CRLF}%notEmpty{: %enc{%throwable{short.message}}{CRLF}}%n%throwable{none}";

    private Caravan() {}

    public static void main(String[] args) {
        // Before the first logger: which file says how to log, and how much.
        if (System.getProperty("log4j2.configurationFile") == null) {
            System.setProperty("log4j2.configurationFile", "classpath:org/caravan/hub/log4j2.xml");
        }
        if (args.length > 0 && args[0].equals("run")) {
            // It writes a log, where the other commands have something to say.
            System.setProperty("caravan.log.level", "INFO");
            System.setProperty("caravan.log.pattern", RUN_LOG);
        }
        if (args.length > 1 && args[0].equals("connector") && args[1].equals("test")) {
            // What goes wrong there is meant to, and told in the report.
            System.setProperty("caravan.log.level", "OFF");
            System.setProperty("caravan.log.libraries", "OFF");
        }
        if (List.of(args).contains("--verbose")) {
            System.setProperty("caravan.log.level", "INFO");
            System.setProperty("caravan.log.libraries", "INFO");
            System.setProperty("caravan.log.connections", "INFO");
            System.setProperty("caravan.log.kafka", "WARN");
        }
        String home = System.getenv("CARAVAN_HOME");
        Terminal terminal = new Terminal(
                Path.of(home == null || home.isEmpty() ? "." : home),
                Path.of(""),
                System.getenv(),
                new java.io.PrintStream(
                        new java.io.FileOutputStream(java.io.FileDescriptor.out), false, StandardCharsets.UTF_8),
                new java.io.PrintStream(
                        new java.io.FileOutputStream(java.io.FileDescriptor.err), true, StandardCharsets.UTF_8),
                Boolean.getBoolean("caravan.terminal"));
        int exitCode = CaravanCommand.run(terminal, args);
        terminal.out().flush();
        System.exit(exitCode);
    }
}
