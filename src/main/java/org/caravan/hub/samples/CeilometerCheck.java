package org.caravan.hub.samples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.TopicDescription;
import org.caravan.common.UserError;
import org.caravan.metering.MeterCatalog;
import org.caravan.metering.MeteringSettings;
import org.caravan.metering.sample.SampleBatch;
import org.caravan.metering.sample.SampleFile;
import org.caravan.metering.sample.SampleReader;

/** Tries what samples come by, and says what it found. Takes nothing in and changes nothing. */
public final class CeilometerCheck {
    private static final int FILES_TRIED = 3;
    private static final int LINES_TRIED = 10_000;
    private static final int LINE_BYTES = 1 << 20;
    private static final long ANSWER_SECONDS = 15;

    private final MeterCatalog meters;
    private final MeteringSettings metering;
    private final SampleReader reader;

    /**
     * What was found.
     *
     * @param good false if it has to be mended before samples become usage
     * @param text one line: what was looked at, what is the matter, the remedy
     */
    public record Found(boolean good, String text) {}

    public CeilometerCheck(MeterCatalog meters, MeteringSettings metering, SampleReader reader) {
        this.meters = meters;
        this.metering = metering;
        this.reader = reader;
    }

    /** Whether usage is made of any meter. */
    public List<Found> meters() {
        Map<String, Integer> made = new TreeMap<>();
        meters.samplePaths()
                .keySet()
                .forEach(meter -> made.put(meter, meters.transforms(meter).size()));
        return List.of(
                made.isEmpty()
                        ? new Found(
                                false,
                                "meters: no meter has a transformer, so no usage is made of samples; give one in the meters"
                                        + " file (caravan.meters), examples/ceilometer.yaml shows how")
                        : new Found(true, "meters: usage is made of samples of " + String.join(", ", made.keySet())));
    }

    /** Reads the first lines of some files. */
    public List<Found> inbox(Path directory) {
        List<Path> files;
        try (Stream<Path> all = Files.list(directory)) {
            files = all.filter(Files::isRegularFile)
                    .filter(file -> !file.getFileName().toString().startsWith("."))
                    .sorted()
                    .limit(FILES_TRIED)
                    .toList();
        } catch (IOException e) {
            return List.of(new Found(
                    false,
                    "inbox " + directory + ": can't be looked into ("
                            + e.getClass().getSimpleName() + "); make it"));
        }
        if (files.isEmpty()) {
            return List.of(new Found(true, "inbox " + directory + ": no file waits in it"));
        }
        List<Found> found = new ArrayList<>();
        files.forEach(file -> found.add(file(file)));
        return found;
    }

    private Found file(Path file) {
        String name = "file " + file.getFileName();
        try (SampleFile lines = new SampleFile(
                Files.newInputStream(file), name, null, null, reader, metering, LINES_TRIED, LINE_BYTES)) {
            SampleBatch batch = lines.next();
            String text = name + ": " + batch.samples().size() + " samples to be kept, " + batch.unmapped()
                    + " of meters without transformer, " + batch.ignored() + " of tenants not chosen, "
                    + batch.untrusted() + " of sources not trusted"
                    + (batch.untrustedSource() == null ? "" : " (" + batch.untrustedSource() + ")") + ", "
                    + batch.rejected().size() + " unusable"
                    + (batch.rejected().isEmpty()
                            ? ""
                            : ", first: " + batch.rejected().get(0).reason());
            return new Found(batch.rejected().isEmpty() && !batch.samples().isEmpty(), text);
        } catch (IOException e) {
            return new Found(false, name + ": can't be read (" + e.getClass().getSimpleName() + ")");
        } catch (UserError e) {
            return new Found(false, e.getMessage());
        }
    }

    /**
     * Asks the brokers for the topic.
     *
     * @param client further settings of Kafka's clients
     */
    public List<Found> topic(String brokers, String topic, Properties client) {
        Properties properties = new Properties();
        properties.putAll(client);
        properties.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, brokers);
        properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) TimeUnit.SECONDS.toMillis(ANSWER_SECONDS));
        properties.put(
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) TimeUnit.SECONDS.toMillis(ANSWER_SECONDS));
        try (Admin admin = Admin.create(properties)) {
            TopicDescription description = admin.describeTopics(List.of(topic))
                    .topicNameValues()
                    .get(topic)
                    .get(2 * ANSWER_SECONDS, TimeUnit.SECONDS);
            return List.of(new Found(
                    true,
                    "topic " + topic + ": is there, with "
                            + description.partitions().size() + " partitions"));
        } catch (ExecutionException e) {
            return List.of(new Found(
                    false,
                    "topic " + topic + " at " + brokers + ": " + e.getCause().getMessage()));
        } catch (TimeoutException e) {
            return List.of(new Found(false, "topic " + topic + ": " + brokers + " do not answer"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of(new Found(false, "topic " + topic + ": interrupted"));
        }
    }
}
