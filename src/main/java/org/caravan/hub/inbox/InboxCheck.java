package org.caravan.hub.inbox;

import static org.caravan.hub.source.SourceFinding.bad;
import static org.caravan.hub.source.SourceFinding.good;
import static org.caravan.hub.source.SourceFinding.warning;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.caravan.common.UserError;
import org.caravan.hub.source.SourceCheck;
import org.caravan.hub.source.SourceFinding;
import org.caravan.metering.MeterCatalog;
import org.caravan.metering.MeteringSettings;
import org.caravan.metering.UsageBatch;
import org.caravan.metering.UsageBatches;
import org.caravan.metering.UsageInput;

/** Tries an inbox: whether files can be moved there, what waits, and whether it can be read. */
public final class InboxCheck implements SourceCheck {
    /** Waiting files that are opened. */
    private static final int MAX_OPENED = 5;

    private static final int FIRST_RECORDS = 100;

    private final String name;
    private final Path directory;
    private final MeteringSettings settings;
    private final MeterCatalog meters;
    private final Clock clock;

    public InboxCheck(String name, Path directory, MeteringSettings settings, MeterCatalog meters, Clock clock) {
        this.name = name;
        this.directory = directory;
        this.settings = settings.withReadAhead(0).withBatchSize(FIRST_RECORDS).with("refuseAbove", Integer.MAX_VALUE);
        this.meters = meters;
        this.clock = clock;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String kind() {
        return InboxSource.KIND;
    }

    @Override
    public List<SourceFinding> check() {
        List<SourceFinding> found = new ArrayList<>();
        if (!Files.isDirectory(directory)) {
            found.add(bad("reachable", directory + " is no directory", "make it, or correct caravan.inbox"));
            return found;
        }
        if (!Files.isReadable(directory) || !Files.isWritable(directory) || !Files.isExecutable(directory)) {
            found.add(bad(
                    "permission",
                    directory + " can't be read and written by this user",
                    "let the hub's user read and write it: files that were read are moved to .done/ in it"));
            return found;
        }
        found.add(good("reachable", directory + " can be read and written"));
        try {
            look(found);
        } catch (IOException e) {
            found.add(bad(
                    "readable",
                    directory + " can't be listed (" + e.getClass().getSimpleName() + ": " + e.getMessage() + ")",
                    "let the hub's user read it"));
        }
        return found;
    }

    private void look(List<SourceFinding> found) throws IOException {
        List<Path> waiting = files(directory);
        found.add(good("waiting", waiting.size() + (waiting.size() == 1 ? " file" : " files")));
        Path done = directory.resolve(".done");
        if (Files.isDirectory(done)) {
            List<Path> read = files(done);
            Optional<Path> newest = read.stream().max(Comparator.comparing(InboxCheck::modified));
            found.add(good(
                    "read",
                    read.size()
                            + (read.size() == 1 ? " file in .done/" : " files in .done/")
                            + newest.map(file -> ", the newest of " + modified(file))
                                    .orElse("")));
        }
        Path failed = directory.resolve(".failed");
        List<Path> refused = Files.isDirectory(failed)
                ? files(failed).stream()
                        .filter(file -> !file.toString().endsWith(".reason.txt"))
                        .toList()
                : List.of();
        if (!refused.isEmpty()) {
            found.add(warning(
                    "refused",
                    refused.size() + (refused.size() == 1 ? " file in .failed/, " : " files in .failed/, ")
                            + Reason.line(refused.get(0).getFileName().toString()) + " among them",
                    "read the notes beside them; mend the files and move them back, or remove them with their notes"));
        }
        waiting.stream()
                .sorted(Comparator.comparing(InboxCheck::modified).reversed())
                .limit(MAX_OPENED)
                .forEach(file -> found.add(open(file)));
    }

    /** Reads the beginning of a file. */
    private SourceFinding open(Path file) {
        String shown = Reason.line(file.getFileName().toString());
        try (var in = Files.newInputStream(file);
                UsageBatches batches = open(UsageInput.of(in, "file " + shown), shown)) {
            UsageBatch first = batches.next();
            int bad = first.rejected().size();
            if (bad > 0) {
                return warning(
                        "file",
                        shown + ": " + bad + " of its first " + first.records() + " records can't be used, line "
                                + first.rejected().get(0).position() + ": "
                                + Reason.line(first.rejected().get(0).reason()),
                        "they would go to quarantine; mend the file before it is read");
            }
            return good("file", shown + ": its first " + first.records() + " records can be used");
        } catch (UserError | IOException e) {
            return bad("file", shown + " can't be read: " + Reason.line(e), "mend it or take it away");
        }
    }

    private UsageBatches open(UsageInput input, String file) {
        String plain = file.toLowerCase(Locale.ROOT).replaceFirst("[.]gz$", "");
        if (plain.endsWith(".csv")) {
            return UsageBatches.csv(input, settings, meters, clock);
        }
        if (plain.endsWith(".jsonl") || plain.endsWith(".ndjson")) {
            return UsageBatches.jsonl(input, settings, meters, clock);
        }
        throw new UserError("its name must end in .csv, .jsonl or .ndjson, each also with .gz");
    }

    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.filter(Files::isRegularFile)
                    .filter(file -> !file.getFileName().toString().startsWith("."))
                    .toList();
        }
    }

    private static Instant modified(Path file) {
        try {
            return Files.getLastModifiedTime(file).toInstant();
        } catch (IOException gone) {
            return Instant.EPOCH;
        }
    }
}
