package org.caravan.hub.management;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.caravan.common.ConfigNode;
import org.caravan.common.UserError;
import org.caravan.hub.config.CeilometerOptions;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.config.Settings;
import org.caravan.hub.connector.Dependencies;
import org.caravan.hub.connector.HubConnectors;
import org.caravan.hub.connector.KameletProperties;
import org.caravan.invoice.ConnectorFiles;
import org.caravan.invoice.ConnectorName;

/** What the hub stands on beside its database: the disks under its directories, and the files of its connectors. */
public final class Surroundings {
    private final HubConfig config;
    private final UnaryOperator<String> mask;
    private volatile Seen last = new Seen(List.of(), Map.of());
    private List<Object> filesSeen = List.of();

    /**
     * A directory's disk.
     *
     * @param use {@code data}, {@code inbox}, {@code samples} or {@code out}
     * @param free bytes that can still be written
     * @param size bytes of the whole disk
     */
    public record Disk(String use, Path directory, long free, long size) {}

    /**
     * What was seen.
     *
     * @param connectors by name why it can't be used; null where it can
     */
    public record Seen(List<Disk> disks, Map<String, String> connectors) {}

    /** @param mask takes secrets out of texts; null stays null */
    public Surroundings(HubConfig config, UnaryOperator<String> mask) {
        this.config = config;
        this.mask = mask;
    }

    /** What was seen last; nothing before the first look. */
    Seen last() {
        return last;
    }

    /** Looks now. Connectors are read again only where a file has changed. */
    public Seen look() {
        List<Object> files = stamps();
        Map<String, String> connectors = files.equals(filesSeen) ? last.connectors() : connectors();
        filesSeen = files;
        last = new Seen(disks(), connectors);
        return last;
    }

    private List<Disk> disks() {
        Map<String, Path> directories = new LinkedHashMap<>();
        if (config.find(Settings.LEDGER_URL).isEmpty()) {
            config.find(Settings.DATA).ifPresent(data -> directories.put("data", data));
        }
        config.find(Settings.INBOX).ifPresent(inbox -> directories.put("inbox", inbox));
        config.find(CeilometerOptions.INBOX).ifPresent(inbox -> directories.put("samples", inbox));
        String out = HubConnectors.said(config).get(HubConnectors.CSV_DIRECTORY);
        if (out != null && !out.contains("{{")) {
            directories.put("out", Path.of(out));
        }
        List<Disk> disks = new ArrayList<>();
        directories.forEach((use, directory) -> {
            try {
                FileStore store = Files.getFileStore(directory);
                disks.add(new Disk(use, directory, store.getUsableSpace(), store.getTotalSpace()));
            } catch (IOException e) {
                // a directory that is not there has no disk that could be full; who needs it says so
            }
        });
        return List.copyOf(disks);
    }

    private List<Object> stamps() {
        List<Object> stamps = new ArrayList<>();
        try (Stream<Path> files = Files.list(config.get(Settings.CONNECTORS))) {
            for (Path file : files.sorted().toList()) {
                stamps.add(file);
                stamps.add(Files.getLastModifiedTime(file));
                stamps.add(Files.size(file));
            }
        } catch (IOException e) {
            stamps.add(e.toString());
        }
        return stamps;
    }

    private Map<String, String> connectors() {
        Map<String, String> problems = new TreeMap<>();
        try {
            for (ConnectorFiles.Found found : HubConnectors.files(config).list()) {
                problems.put(found.name(), mask.apply(problem(found)));
            }
        } catch (UserError e) {
            problems.put("", mask.apply(e.getMessage()));
        }
        return Collections.unmodifiableMap(problems);
    }

    private String problem(ConnectorFiles.Found found) {
        if (found.error() != null) {
            return found.error();
        }
        try {
            List<String> missing = Dependencies.missing(ConfigNode.read(found.file(), "connector"));
            if (!missing.isEmpty()) {
                return found.file() + ": needs what is not there: " + String.join(", ", missing);
            }
            KameletProperties.check(config, ConnectorName.of(found.name()).kamelet());
        } catch (UserError e) {
            return e.getMessage();
        }
        // one that nobody told anything is one that nobody uses
        boolean meant =
                found.name().contains("/") || found.properties().stream().anyMatch(ConnectorFiles.Property::said);
        List<String> unsaid = found.properties().stream()
                .filter(ConnectorFiles.Property::isMissing)
                .map(ConnectorFiles.Property::name)
                .toList();
        return !meant || unsaid.isEmpty()
                ? null
                : found.file() + ": is not told what it needs: " + String.join(", ", unsaid);
    }
}
