package org.caravan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.caravan.hub.config.Setting;
import org.caravan.hub.config.Settings;
import org.junit.jupiter.api.Test;

/** The documentation names what is there. */
class DocsTest {
    private static final Pattern LINK = Pattern.compile("]\\(([^()\\s]+)\\)");
    private static final Pattern SETTING =
            Pattern.compile("(?<![\\w./-])caravan\\.([a-z][A-Za-z]*+(?:\\.[a-zA-Z]+)*+)(?!_)");

    @Test
    void everyRelativeLinkLeadsToAFileAndItsHeading() throws IOException {
        // given
        List<String> broken = new ArrayList<>();
        // when
        for (Path page : pages()) {
            for (Matcher link = LINK.matcher(prose(page)); link.find(); ) {
                String[] target = link.group(1).split("#", 2);
                if (target[0].matches("[a-z]+:.*")) {
                    continue;
                }
                Path file = target[0].isEmpty()
                        ? page
                        : page.resolveSibling(target[0]).normalize();
                if (page.getParent() == null && !target[0].isEmpty()) {
                    file = Path.of(target[0]);
                }
                boolean there = Files.exists(file)
                        && (target.length == 1 || headings(file).contains(target[1]));
                if (!there) {
                    broken.add(page + ": " + link.group(1));
                }
            }
        }
        // then
        assertThat(broken).isEmpty();
    }

    @Test
    void everySettingThatIsMentionedExists() throws IOException {
        // given
        Set<String> known = Settings.all().stream().map(Setting::key).collect(Collectors.toSet());
        Set<String> unknown = new TreeSet<>();
        // when
        for (Path page : pages()) {
            for (Matcher said = SETTING.matcher(withoutMistakes(page)); said.find(); ) {
                String key = "caravan." + said.group(1);
                boolean some = known.stream().anyMatch(one -> one.startsWith(key + "."));
                boolean passed = key.startsWith("caravan.invoice.object") || key.startsWith("caravan.route");
                if (!known.contains(key) && !some && !passed) {
                    unknown.add(page + ": " + key);
                }
            }
        }
        // then
        assertThat(unknown).isEmpty();
    }

    @Test
    void everyPageIsReachedFromTheReadme() throws IOException {
        // given
        Set<Path> reached = new TreeSet<>();
        List<Path> next = new ArrayList<>(List.of(Path.of("README.md")));
        // when
        while (!next.isEmpty()) {
            Path page = next.remove(0);
            if (!reached.add(page) || !page.toString().endsWith(".md")) {
                continue;
            }
            for (Matcher link = LINK.matcher(prose(page)); link.find(); ) {
                String target = link.group(1).replaceFirst("#.*", "");
                if (!target.isEmpty() && !target.matches("[a-z]+:.*")) {
                    Path parent = page.getParent() == null ? Path.of("") : page.getParent();
                    next.add(parent.resolve(target).normalize());
                }
            }
        }
        // then
        assertThat(reached).containsAll(pages());
    }

    private static List<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>(List.of(Path.of("README.md")));
        try (Stream<Path> docs = Files.list(Path.of("docs"))) {
            docs.filter(page -> page.toString().endsWith(".md")).sorted().forEach(pages::add);
        }
        return pages;
    }

    /** A page without the lines that show what a mistyped setting is answered. */
    private static String withoutMistakes(Path page) throws IOException {
        return Files.readString(page, StandardCharsets.UTF_8).replaceAll("(?m)^.*no such setting.*$", "");
    }

    /** A page without what stands in it as code. */
    private static String prose(Path page) throws IOException {
        return Files.readString(page, StandardCharsets.UTF_8)
                .replaceAll("(?s)\n```.*?\n```", "\n")
                .replaceAll("`[^`\n]*`(?!])", "");
    }

    /** The names that GitHub gives a page's headings. */
    private static Set<String> headings(Path page) throws IOException {
        return Files.readAllLines(page, StandardCharsets.UTF_8).stream()
                .filter(line -> line.matches("#+ .*"))
                .map(line -> line.replaceFirst("#+ ", "")
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N} _-]", "")
                        .replace(' ', '-'))
                .collect(Collectors.toSet());
    }
}
