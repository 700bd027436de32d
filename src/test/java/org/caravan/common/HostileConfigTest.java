package org.caravan.common;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** YAML and JSON that mean ill, at the one place where each is read. */
class HostileConfigTest {
    @TempDir
    private Path directory;

    static Stream<String> yaml() {
        StringBuilder laughs = new StringBuilder("a: &a [x, x, x, x, x, x, x, x, x]\n");
        for (char c = 'b'; c <= 'j'; c++) {
            char before = (char) (c - 1);
            laughs.append(c).append(": &").append(c).append(" [");
            laughs.append(("*" + before + ", ").repeat(9)).append("x]\n");
        }
        return Stream.of(
                laughs.toString(),
                "a: &a {b: *a}\n",
                "<<: &x {a: 1}\nb: *x\n",
                "a: " + "[".repeat(100_000) + "\n",
                "a: " + "{b: ".repeat(100_000) + "\n",
                "a: 1\na: 2\n",
                "? [1, 2]\n: x\n",
                "a: \"\\uD8\"\n",
                "a: [\n",
                "--- {a: 1}\n--- {b: 2}\n",
                "\u0000",
                "");
    }

    @ParameterizedTest
    @MethodSource("yaml")
    void aFileThatMeansIllIsAnErrorWithItsPlace(String text) {
        // when, then: neither memory nor the stack runs out, and nothing is made of it
        assertThatThrownBy(() -> ConfigNode.parse(text, "file.yaml", "test file"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("file.yaml");
    }

    @Test
    void aTagMakesNoObject() {
        // given
        ConfigNode node = ConfigNode.parse(
                "a: !!javax.script.ScriptEngineManager [!!java.net.URL ['http://127.0.0.1:1/']]\nb: !!binary AAAA\n",
                "file.yaml",
                "test file");
        // when, then: it is a list, and a text
        assertThat(node.get("a").isList()).isTrue();
        assertThat(node.get("b").text()).isEqualTo("AAAA");
    }

    @Test
    void aNumberThatWouldFillTheMemoryIsRefused() {
        // given
        ConfigNode node =
                ConfigNode.parse("{a: 1e999999999, b: 1e-999999999, c: 0x7fffffff, d: .inf}", "file.yaml", "test file");
        // when, then
        for (String key : List.of("a", "b", "c", "d")) {
            assertThatThrownBy(() -> node.get(key).decimal()).isInstanceOf(UserError.class);
        }
    }

    @Test
    void aFileThatIsTooLargeIsNotRead() throws Exception {
        // given: one of a gigabyte that takes no room
        Path file = directory.resolve("large.yaml");
        try (RandomAccessFile large = new RandomAccessFile(file.toFile(), "rw")) {
            large.setLength(1L << 30);
        }
        // when, then
        assertThatThrownBy(() -> ConfigNode.read(file, "test file"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("larger than");
    }

    static Stream<String> json() {
        return Stream.of(
                "[".repeat(100_000),
                "{\"a\":".repeat(100_000),
                "[" + "1".repeat(100_000) + "]",
                "{\"a\": 1, \"a\": 2}",
                "{\"a\": NaN}",
                "{\"a\": 1} {\"b\": 2}",
                "{'a': 1}",
                "{\"a\": 01}");
    }

    @ParameterizedTest
    @MethodSource("json")
    void jsonThatMeansIllIsRefused(String text) {
        assertThatThrownBy(() -> Json.mapper().readTree(text)).isInstanceOf(JsonProcessingException.class);
    }

    @Test
    void aHugeExponentIsANumberThatDecimalsRefuse() throws Exception {
        // given
        JsonNode node = Json.mapper().readTree("[1e999999999, -1E-2147483647]");
        // when, then
        for (JsonNode number : node) {
            assertThatThrownBy(() -> Decimals.parse(number.decimalValue().toString()))
                    .isInstanceOf(NumberFormatException.class);
        }
    }

    @Test
    void theseAreTheOnlyPlacesThatReadThem() throws Exception {
        // given: what reads YAML, JSON, XML and packed data, as the sources say
        List<String> readers = List.of(
                "snakeyaml",
                "new ObjectMapper",
                "JsonMapper.builder",
                "JsonFactory.builder",
                "XMLInputFactory",
                "GZIPInputStream",
                "ZipInputStream",
                "new ZipFile",
                "new Inflater",
                "ObjectInputStream",
                "XMLDecoder",
                "ScriptEngine",
                "TarArchiveInputStream",
                "XZCompressorInputStream");
        // when
        List<String> places;
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            places = files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> {
                        try {
                            String text = Files.readString(file, StandardCharsets.UTF_8);
                            return readers.stream().anyMatch(text::contains);
                        } catch (java.io.IOException e) {
                            throw new java.io.UncheckedIOException(e);
                        }
                    })
                    .map(file -> file.getFileName().toString())
                    .sorted()
                    .toList();
        }
        // then: a new one has to be looked at with hostile eyes before it is named here
        assertThat(places)
                .containsExactlyInAnyOrder(
                        "ConfigNode.java",
                        "Json.java",
                        "JsonRow.java",
                        "PushRecords.java",
                        "XmlRpcCodec.java",
                        "Gunzip.java",
                        "BackupArchive.java",
                        "PostgresBinaries.java",
                        "Texts.java");
    }

    @Test
    void noClientFollowsARedirectWithWhatItWasGivenForOneServer() throws Exception {
        // given: what opens connections, and how it is told not to
        List<String[]> clients = List.of(
                new String[] {"HttpClient.newBuilder()", "Redirect.NEVER"},
                new String[] {"HttpClient.newHttpClient()", "nothing tells it"},
                new String[] {"HttpClients.", "disableRedirectHandling()"},
                new String[] {"(HttpURLConnection)", "setInstanceFollowRedirects(false)"});
        // when
        List<String> open = new java.util.ArrayList<>();
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            for (Path file :
                    files.filter(name -> name.toString().endsWith(".java")).toList()) {
                String text = Files.readString(file, StandardCharsets.UTF_8);
                for (String[] client : clients) {
                    if (text.contains(client[0]) && !text.contains(client[1])) {
                        open.add(file + ": " + client[0]);
                    }
                }
            }
        }
        // then
        assertThat(open).isEmpty();
    }
}
