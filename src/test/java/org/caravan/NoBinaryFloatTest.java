package org.caravan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Money never passes through a binary floating point number: no source of the money packages names one. */
class NoBinaryFloatTest {
    private static final Path SOURCES = Path.of("src/main/java/org/caravan");
    private static final List<String> MONEY = List.of("rating", "ledger", "invoice");
    private static final String EXCEPTION = "FloatMeaning.java";

    private static final Pattern TEXTS_AND_COMMENTS = Pattern.compile(
            "\"\"\"[\\s\\S]*?\"\"\"|\"(?:\\\\.|[^\"\\\\\n])*\"|'(?:\\\\.|[^'\\\\\n])+'|/\\*[\\s\\S]*?\\*/|//[^\n]*");
    private static final Pattern BINARY_FLOAT =
            Pattern.compile("\\b(double|float|Double|Float|DoubleStream|\\w*(?:double|float|Double|Float)Value)\\b"
                    + "|\\b\\d+(?:\\.\\d+|[eE]\\d+|[fFdD]\\b)");

    @Test
    void moneyPackagesNameNoBinaryFloat() throws IOException {
        // given
        List<String> found = new ArrayList<>();
        int read = 0;

        // when
        for (String name : MONEY) {
            try (Stream<Path> files = Files.walk(SOURCES.resolve(name))) {
                for (Path file :
                        files.filter(f -> f.toString().endsWith(".java")).toList()) {
                    read++;
                    if (!file.endsWith(EXCEPTION)) {
                        BINARY_FLOAT
                                .matcher(code(Files.readString(file)))
                                .results()
                                .forEach(hit -> found.add(file + ": " + hit.group()));
                    }
                }
            }
        }

        // then
        assertThat(read).isGreaterThan(10);
        assertThat(found).isEmpty();
    }

    @Test
    void theScanFindsWhatItLooksFor() throws IOException {
        // given
        String exception = Files.readString(SOURCES.resolve("rating/hashmap").resolve(EXCEPTION));

        // when / then
        assertThat(BINARY_FLOAT.matcher(code(exception)).find()).isTrue();
        assertThat(BINARY_FLOAT
                        .matcher(code("long x = 3; // a double\nString s = \"float\";"))
                        .find())
                .isFalse();
        assertThat(BINARY_FLOAT.matcher(code("var x = 0.5;")).find()).isTrue();
        assertThat(BINARY_FLOAT.matcher(code("price.doubleValue()")).find()).isTrue();
    }

    private static String code(String source) {
        return TEXTS_AND_COMMENTS.matcher(source).replaceAll(" ");
    }
}
