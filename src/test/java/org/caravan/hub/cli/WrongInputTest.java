package org.caravan.hub.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever is wrong with what the user gave: one line on standard error, exit 2, nothing written. */
class WrongInputTest {
    private static final String HEADER = "id,tenant,datacenter,resource,meter,quantity,unit,begin,end\n";

    @TempDir
    Path current;

    @BeforeEach
    void makeFiles() throws IOException {
        Files.writeString(current.resolve("usage.csv"), HEADER);
        Files.writeString(current.resolve("no-meter.csv"), HEADER.replace("meter,", ""));
        Files.writeString(current.resolve("empty.csv"), "");
        Files.writeString(current.resolve("usage.txt"), HEADER);
        Files.writeString(current.resolve("tariff.yaml"), "currency: NZD\nservices:\n  instance: {}\n");
        Files.writeString(current.resolve("odd.yaml"), "currency: NZD\nservices:\n  instance: {mapings: []}\n");
        Files.writeString(current.resolve("broken.yaml"), "currency: [\n");
        Files.writeString(current.resolve("dollar.yaml"), "currency: XXY\nservices: {}\n");
        Files.writeString(current.resolve("file"), "x");
        Files.createDirectory(current.resolve("home"));
        Files.writeString(current.resolve("home/letter"), "x");
        Files.createDirectory(current.resolve("taken"));
        Files.writeString(current.resolve("taken/2026-10-INV-2026-000001-acme.csv"), "x");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "bill 2026-13 --usage usage.csv --tariff tariff.yaml --out out|month '2026-13': expected YYYY-MM",
                "bill october --usage usage.csv --tariff tariff.yaml --out out|month 'october'",
                "bill 2026-1 --usage usage.csv --tariff tariff.yaml --out out|month '2026-1'",
                "bill --usage usage.csv --tariff tariff.yaml --out out|MONTH is missing",
                "bill 2026-10 --tariff tariff.yaml --out out|--usage FILE is missing",
                "bill 2026-10 --usage usage.csv --out out|--tariff FILE is missing",
                "bill 2026-10 --usage usage.csv --tariff tariff.yaml|--out DIR is missing",
                "bill 2026-10 --usage none.csv --tariff tariff.yaml --out out|none.csv: no such file",
                "bill 2026-10 --usage home --tariff tariff.yaml --out out|home: is a directory",
                "bill 2026-10 --usage usage.txt --tariff tariff.yaml --out out|usage.txt: its name must end in .csv",
                "bill 2026-10 --usage no-meter.csv --tariff tariff.yaml --out out|meter",
                "bill 2026-10 --usage empty.csv --tariff tariff.yaml --out out|empty.csv",
                "bill 2026-10 --usage usage.csv --tariff none.yaml --out out|none.yaml: no such file",
                "bill 2026-10 --usage usage.csv --tariff broken.yaml --out out|broken.yaml:",
                "bill 2026-10 --usage usage.csv --tariff odd.yaml --out out|odd.yaml:3: services.instance.mapings",
                "bill 2026-10 --usage usage.csv --tariff dollar.yaml --out out|dollar.yaml:1: currency",
                "bill 2026-10 --usage usage.csv --tariff home --out out|home",
                "bill 2026-10 --usage usage.csv --tariff tariff.yaml --out file|file: is a file",
                "bill 2026-10 --usage usage.csv --tariff tariff.yaml --out no/out|parent directory does not exist",
                "bill 2026-10 --usage usage.csv --tariff tariff.yaml --out out --data file|file: is a file",
                "bill 2026-10 --usage usage.csv --tariff tariff.yaml --out out --data home|holds other things",
                "bill 2026-10 --usage usage.csv --tariff tariff.yaml --out taken --data data|000001-acme.csv is there",
                "bill 2126-10 --usage usage.csv --tariff tariff.yaml --out out --data data|month 2126-10 is not over",
                "bill 2026-10 --usage usage.csv --tariff tariff.yaml --out out --meters none.yaml|none.yaml",
                "bill 2026-10 --usage usage.csv --tariff tariff.yaml --out out --tarif x|unknown option '--tarif'",
                "bill 2026-10 2026-11 --usage usage.csv --tariff tariff.yaml --out out|unexpected argument '2026-11'",
                "bill 2026-10 --usage usage.csv --tariff tariff.yaml --out out --out out|'--out' is given twice",
                "bill 2026-10 --usage usage.csv --tariff tariff.yaml --out out --set a|--set a: expected key=value",
                "bill 2026-10 --usage usage.csv --tariff tariff.yaml --out out --set caravan.isuer=x|caravan.issuer",
                "bill 2026-10 --usage usage.csv --tariff tariff.yaml --out out --set caravan.batch.size=x|found 'x'",
                "bill 2026-10 --usage usage.csv --tariff tariff.yaml --out out --set caravan.routes=none|none: no such",
                "bill 2026-10 --usage usage.csv --tariff tariff.yaml --out out"
                        + " --set camel.kamelet.csv-directory-sink.layot=x|did you mean 'layout'?",
                "bill 2026-10 --usage usage.csv --tariff tariff.yaml --out out"
                        + " --set camel.kamelet.csv-directry-sink.layout=x|did you mean 'csv-directory-sink'?",
                "bil 2026-10|unknown command 'bil'; did you mean 'bill'? See caravan --help",
                "''|which command?",
                "--verson|unknown option '--verson'; did you mean '--version'?",
                "rate --usage usage.csv|--tariff FILE is missing",
                "rate --usage none.csv --tariff tariff.yaml|none.csv: no such file",
                "rate --usage usage.csv --tariff broken.yaml|broken.yaml:",
                "rate --usage usage.csv --tariff tariff.yaml --out out|unknown option '--out'",
            })
    void isOneLineAndExit2AndNothingIsWritten(String command, String message) throws IOException {
        // given
        List<String> before = tree();
        String[] args = command.equals("''") ? new String[0] : command.split(" ");

        // when
        Console.Answer answer = new Console(current).run(args);

        // then
        assertThat(answer.err()).startsWith("caravan: ").contains(message).hasLineCount(1);
        assertThat(answer.exitCode()).isEqualTo(2);
        assertThat(answer.out()).isEmpty();
        assertThat(tree()).isEqualTo(before);
    }

    @Test
    void aStackTraceIsShownOnRequestOnly() {
        // given
        List<String> args = List.of("rate", "--usage", "usage.csv", "--tariff", "broken.yaml");

        // when
        Console.Answer verbose = new Console(current).run(Console.with(args, "--verbose"));

        // then
        assertThat(verbose.exitCode()).isEqualTo(2);
        assertThat(verbose.err()).contains("caravan: ").contains("\tat org.caravan.");
    }

    private List<String> tree() throws IOException {
        TreeMap<String, String> tree = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(current)) {
            for (Path path : (Iterable<Path>) paths::iterator) {
                tree.put(path.toString(), Files.isRegularFile(path) ? Files.readString(path) : "");
            }
        }
        return tree.entrySet().stream().map(Object::toString).toList();
    }
}
