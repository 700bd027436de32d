package org.caravan.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import kafka.Kafka;
import kafka.tools.StorageTool;
import org.apache.kafka.common.Uuid;

/** The process of a {@link KafkaBroker}: formats its logs where they are new, then runs it. */
final class KafkaBrokerProcess {
    private KafkaBrokerProcess() {}

    /** The configuration file. */
    public static void main(String[] args) throws IOException {
        Properties config = new Properties();
        try (InputStream in = Files.newInputStream(Path.of(args[0]))) {
            config.load(in);
        }
        if (!Files.exists(Path.of(config.getProperty("log.dirs"), "meta.properties"))) {
            String[] format = {"format", "-t", Uuid.randomUuid().toString(), "-c", args[0]};
            int exit = StorageTool.execute(format, System.out);
            if (exit != 0) {
                System.exit(exit);
            }
        }
        endWithTheTest();
        Kafka.main(args);
    }

    /** The test's process holds the other end of our input: once that is closed, there is nobody left to stop us. */
    private static void endWithTheTest() {
        Thread thread = new Thread(
                () -> {
                    try {
                        System.in.transferTo(OutputStream.nullOutputStream());
                    } catch (IOException e) {
                        // as gone as at its end
                    }
                    Runtime.getRuntime().halt(1);
                },
                "test-process-watch");
        thread.setDaemon(true);
        thread.start();
    }
}
