package org.caravan.hub.check;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.caravan.common.UserError;
import org.caravan.hub.check.CheckFinding.Level;

/** The files of routes, each by itself. */
public final class RouteLook {
    private static final String AREA = "routes";
    private static final String END = ".camel.yaml";

    private RouteLook() {}

    /**
     * Adds what each file comes to.
     *
     * @param properties what routes find under <code>{{...}}</code>
     */
    public static void look(Path directory, Map<String, String> properties, CheckReport report) {
        List<Path> files;
        try (Stream<Path> all = Files.list(directory)) {
            files = all.filter(file -> file.getFileName().toString().endsWith(END))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            report.add(
                    Level.WRONG,
                    AREA,
                    directory.toString(),
                    new UserError("routes " + directory
                            + ": no such directory, or it can't be read; correct caravan.routes, or CARAVAN_HOME"));
            return;
        }
        if (files.isEmpty()) {
            report.add(
                    Level.WARNING,
                    AREA,
                    directory.toString(),
                    "there is no file *" + END + " in " + directory,
                    "correct caravan.routes");
        }
        try (RouteTrial trial = new RouteTrial(properties)) {
            for (Path file : files) {
                report.look(Level.WRONG, AREA, file.getFileName().toString(), () -> {
                    RouteTrial.Loaded loaded = trial.load(file);
                    loaded.wrong()
                            .forEach(error -> report.add(
                                    Level.WRONG, AREA, file.getFileName().toString(), error));
                    return loaded.wrong().isEmpty()
                            ? loaded.routes().isEmpty()
                                    ? "no route in it"
                                    : "loads: " + String.join(", ", loaded.routes())
                            : null;
                });
            }
        } catch (Exception e) {
            report.look(Level.WRONG, AREA, directory.toString(), () -> {
                throw e;
            });
        }
    }
}
