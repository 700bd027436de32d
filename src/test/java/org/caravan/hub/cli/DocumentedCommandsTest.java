package org.caravan.hub.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every command that a page names, with every option that it gives it there. */
class DocumentedCommandsTest {
    /** To the end of the line, of the quotation, or of the command within it. */
    private static final Pattern COMMAND = Pattern.compile("\\./caravan +([a-z]+)((?: +[^`|#>;&\n]+)?)");

    private static final Pattern OPTION = Pattern.compile("(?<= )--[a-z][a-z-]*");

    private final Console console = new Console(Path.of(""));
    private final Map<String, String> helps = new HashMap<>();

    @Test
    void everyDocumentedCommandAndOptionExists() throws IOException {
        // given
        TreeSet<String> unknown = new TreeSet<>();
        int commands = 0;
        // when
        for (Path page : pages()) {
            for (Matcher said = COMMAND.matcher(Files.readString(page)); said.find(); ) {
                commands++;
                String[] words = said.group(2).strip().split(" +");
                String name = said.group(1);
                if (help(name).contains("Commands:") && words[0].matches("[a-z-]+")) {
                    name += " " + words[0];
                }
                if (help(name).isEmpty()) {
                    unknown.add(page + ": ./caravan " + name);
                    continue;
                }
                for (Matcher option = OPTION.matcher(said.group(2)); option.find(); ) {
                    if (!Pattern.compile("(?m)[ ,]" + option.group() + "([ =,\\]]|$)")
                            .matcher(help(name))
                            .find()) {
                        unknown.add(page + ": ./caravan " + name + " " + option.group());
                    }
                }
            }
        }
        // then
        assertThat(commands).isGreaterThan(100);
        assertThat(unknown).isEmpty();
    }

    /** A command's help, empty if there is no such command. */
    private String help(String name) {
        return helps.computeIfAbsent(name, command -> {
            List<String> arguments = new ArrayList<>(List.of(command.split(" ")));
            arguments.add("--help");
            Console.Answer answer = console.run(arguments);
            return answer.exitCode() == 0 ? answer.out() : "";
        });
    }

    private static List<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>(List.of(Path.of("README.md"), Path.of("examples/README.md")));
        try (Stream<Path> docs = Files.list(Path.of("docs"))) {
            docs.filter(page -> page.toString().endsWith(".md")).sorted().forEach(pages::add);
        }
        return pages;
    }
}
