package org.caravan.hub.db;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What a program said, and where programs are. */
final class ProgramOutput {
    private ProgramOutput() {}

    /** What a program said last that sounds like a reason, after the given size of its output. */
    static String lastLine(Path output, long from) {
        try {
            byte[] all = Files.readAllBytes(output);
            String text = new String(
                    all,
                    (int) Math.min(from, all.length),
                    (int) Math.max(0, all.length - from),
                    StandardCharsets.UTF_8);
            List<String> lines = text.lines().filter(line -> !line.isBlank()).toList();
            return lines.stream()
                    .filter(line -> line.contains("FATAL") || line.contains("PANIC") || line.contains("rror"))
                    .findFirst()
                    .or(() -> lines.stream().reduce((first, second) -> second))
                    .map(String::strip)
                    .orElse("it said nothing");
        } catch (IOException e) {
            return "it said nothing";
        }
    }

    static boolean onPath(String program) {
        String path = System.getenv("PATH");
        return path != null
                && List.of(path.split(File.pathSeparator)).stream()
                        .anyMatch(directory -> !directory.isEmpty()
                                && Files.isExecutable(Path.of(directory).resolve(program)));
    }
}
