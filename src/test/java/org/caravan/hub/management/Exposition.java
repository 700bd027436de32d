package org.caravan.hub.management;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a scrape of Prometheus gets, taken apart. */
final class Exposition {
    private static final Pattern SAMPLE = Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)})? (\\S+)");
    private static final Pattern LABEL =
            Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)\\s*(?:=~|!~|!=|=)\\s*\"(?:[^\"\\\\]|\\\\.)*\"");
    private static final Pattern ASKED =
            Pattern.compile("\\b((?:caravan|camel|jvm|process|system)_[a-z0-9_]+)(?:\\{([^}]*)})?");
    private static final Pattern BY = Pattern.compile("\\b(?:by|on|without)\\s*\\(([^)]*)\\)");

    private final Map<String, String> types = new TreeMap<>();
    private final Map<String, String> helps = new TreeMap<>();
    private final Map<String, Set<String>> labels = new TreeMap<>();
    private final Map<String, String> values = new LinkedHashMap<>();

    Exposition(String text) {
        for (String line : text.split("\n")) {
            String[] words = line.split(" ", 4);
            if (line.startsWith("# TYPE ")) {
                types.put(words[2], words[3]);
            } else if (line.startsWith("# HELP ")) {
                helps.put(words[2], words.length > 3 ? words[3] : "");
            } else {
                Matcher sample = SAMPLE.matcher(line);
                if (sample.matches()) {
                    values.put(line.substring(0, line.lastIndexOf(' ')), sample.group(3));
                    Set<String> keys = labels.computeIfAbsent(sample.group(1), name -> new TreeSet<>());
                    Matcher label = LABEL.matcher(sample.group(2) == null ? "" : sample.group(2));
                    while (label.find()) {
                        keys.add(label.group(1));
                    }
                }
            }
        }
    }

    /** Families, as TYPE lines name them. */
    Set<String> names() {
        return types.keySet();
    }

    String type(String name) {
        return types.get(name);
    }

    String help(String name) {
        return helps.get(name);
    }

    /** Of all samples of a family; a summary's quantile is none. */
    Set<String> labels(String name) {
        Set<String> all = new TreeSet<>();
        for (String sample : List.of(name, name + "_count", name + "_sum")) {
            all.addAll(labels.getOrDefault(sample, Set.of()));
        }
        return all;
    }

    boolean has(String name) {
        return types.containsKey(name);
    }

    /** Of one series, written as it is exported; empty if there is none. */
    String value(String series) {
        return values.getOrDefault(series, "");
    }

    List<String> samples(String name) {
        List<String> found = new ArrayList<>();
        values.forEach((series, value) -> {
            if (series.equals(name) || series.startsWith(name + "{")) {
                found.add(series + " " + value);
            }
        });
        return found;
    }

    /** Whether every metric that an expression asks for is exported, with every label by which it asks; answers how many. */
    int check(String expression) {
        int asked = 0;
        Set<String> known = new TreeSet<>(Set.of("instance", "job"));
        Matcher metric = ASKED.matcher(expression);
        while (metric.find()) {
            asked++;
            assertThat(labels).as(expression).containsKey(metric.group(1));
            Set<String> there = labels.get(metric.group(1));
            known.addAll(there);
            Matcher label = LABEL.matcher(metric.group(2) == null ? "" : metric.group(2));
            while (label.find()) {
                if (!Set.of("instance", "job").contains(label.group(1))) {
                    assertThat(there).as(expression).contains(label.group(1));
                }
            }
        }
        Matcher by = BY.matcher(expression);
        while (by.find()) {
            for (String label : by.group(1).split(",")) {
                if (!label.isBlank()) {
                    assertThat(known).as(expression).contains(label.strip());
                }
            }
        }
        assertThat(asked).as(expression).isPositive();
        return asked;
    }
}
