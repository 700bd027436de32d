package org.caravan.hub.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.caravan.common.UserError;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HubConfigTest {
    @TempDir
    Path home;

    @TempDir
    Path current;

    private Path file;

    @BeforeEach
    void makeConfigDirectory() throws IOException {
        file = Files.createDirectory(home.resolve("config")).resolve("application.properties");
    }

    @Test
    void laterSourcesOverrideEarlierOnes() throws Exception {
        // given
        Files.writeString(file, "caravan.batch.size=1\ncaravan.batch.readAhead=1\ncaravan.ledger.connections=5\n");

        // when
        HubConfig config = builder()
                .file()
                .environment(Map.of("CARAVAN_BATCH_READ_AHEAD", "3", "CARAVAN_LEDGER_CONNECTIONS", "6"))
                .set(List.of("caravan.ledger.connections=7"))
                .option("--data", Settings.DATA, Path.of("ledger"))
                .build();

        // then
        assertThat(config.get(Settings.BATCH_SIZE)).isEqualTo(1);
        assertThat(config.get(Settings.READ_AHEAD)).isEqualTo(3);
        assertThat(config.get(Settings.LEDGER_CONNECTIONS)).isEqualTo(7);
        assertThat(config.get(Settings.DATA)).isEqualTo(current.resolve("ledger"));
        assertThat(config.get(Settings.MAX_DURATION)).isEqualTo(Duration.ofDays(31));
        assertThat(config.find(Settings.ISSUER)).isEmpty();
    }

    @Test
    void relativePathsBelongToWhereTheyWereSaid() throws Exception {
        // given
        Files.writeString(file, "caravan.tariff=config/t.yaml\n");

        // when
        HubConfig config = builder()
                .file()
                .environment(Map.of("CARAVAN_OUT", "out"))
                .set(List.of("caravan.data=../data"))
                .build();

        // then
        assertThat(config.get(Settings.TARIFF)).isEqualTo(home.resolve("config/t.yaml"));
        assertThat(config.get(Settings.ROUTES)).isEqualTo(home.resolve("routes"));
        assertThat(config.get(Settings.OUT)).isEqualTo(current.resolve("out"));
        assertThat(config.get(Settings.DATA)).isEqualTo(current.resolveSibling("data"));
    }

    @Test
    void anUnknownKeyInTheFileIsNamedWithItsLineAndTheNearestKnownOne() throws Exception {
        // given
        Files.writeString(file, "# comment \\\n\ncaravan.batch.size = 5\ncaravan.batch.sise = 5\n");

        // when, then
        assertThatThrownBy(() -> builder().file())
                .isInstanceOf(UserError.class)
                .hasMessageContaining(file + ":4: caravan.batch.sise")
                .hasMessageContaining("did you mean 'caravan.batch.size'?");
    }

    @Test
    void anUnknownVariableIsNamedWithTheNearestKnownOne() {
        // given
        Map<String, String> environment = Map.of("CARAVAN_LEDGER_USR", "x");

        // when, then
        assertThatThrownBy(() -> builder().environment(environment))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("environment variable CARAVAN_LEDGER_USR")
                .hasMessageContaining("did you mean 'CARAVAN_LEDGER_USER'?");
    }

    @Test
    void variablesOfTheLauncherAndOfKubernetesAreNoSettings() {
        // given
        Map<String, String> environment = Map.of(
                "CARAVAN_HOME", "/opt/caravan",
                "CARAVAN_OPTS", "-Xmx2g",
                "CARAVAN_SERVICE_HOST", "10.0.0.1",
                "CARAVAN_SERVICE_PORT_HTTP", "9534",
                "CARAVAN_PORT_9534_TCP", "tcp://10.0.0.1:9534",
                "PATH", "/bin");

        // when
        HubConfig config = builder().environment(environment).build();

        // then
        assertThat(config.shown().values()).doesNotContain("10.0.0.1", "/opt/caravan");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "caravan.batch.size=0|caravan.batch.size: expected a whole number from 1 to 1000000, found '0'",
                "caravan.batch.size=ten|found 'ten'",
                "caravan.batch.size=99999999999999999999|expected a whole number",
                "caravan.record.maxDuration=31|expected a duration such as 90s, 10m or 31d",
                "caravan.record.maxDuration=400d|from 1s to 366d",
                "caravan.record.earliest=2000|expected a UTC time",
                "caravan.issuer= |expected a text of 1 to 64 characters",
                "caravan.sise=1|--set caravan.sise: no such setting",
                "invoices.object=x|keys begin with caravan. or camel.",
                "carvan.data=x|did you mean 'caravan'?",
                "nothing|--set nothing: expected key=value",
            })
    void aBadValueIsNamedWithWhatIsExpected(String assignment, String message) {
        // given
        List<String> set = List.of(assignment);

        // when, then
        assertThatThrownBy(() -> builder().set(set).build())
                .isInstanceOf(UserError.class)
                .hasMessageContaining(message)
                .extracting(Throwable::getMessage)
                .asString()
                .hasLineCount(1);
    }

    @Test
    void aKeyThatStandsTwiceInTheFileIsAnError() throws Exception {
        // given
        Files.writeString(file, "caravan.issuer=a\n\ncaravan.issuer=b\n");

        // when, then
        assertThatThrownBy(() -> builder().file())
                .isInstanceOf(UserError.class)
                .hasMessageContaining(file + ":3: caravan.issuer: stands in line 1 already");
    }

    @Test
    void theFileIsReadAsJavaReadsIt() throws Exception {
        // given
        Files.writeString(file, "caravan.issuer : a\\\n   b\\u0063\n! caravan.nothing=1\ncamel.x.y=\\\\d  \n");

        // when
        HubConfig config = builder().file().build();

        // then
        assertThat(config.get(Settings.ISSUER)).isEqualTo("abc");
        assertThat(config.camel()).containsExactly(Map.entry("camel.x.y", "\\d"));
    }

    @Test
    void secretsAreNeverShown() {
        // given
        HubConfig config = builder()
                .set(List.of("caravan.ledger.password=hunter2", "camel.kamelet.openerp-sink.apiKey=hunter2"))
                .build();

        // when
        Map<String, String> shown = config.shown();

        // then
        assertThat(config.get(Settings.LEDGER_PASSWORD)).isEqualTo("hunter2");
        assertThat(shown.values()).doesNotContain("hunter2");
    }

    @Test
    void everyVariableNameMeansOneSetting() {
        // given
        Set<String> names = new HashSet<>();

        // when
        Settings.keys().forEach(key -> names.add(key.replace(".", "").toLowerCase(Locale.ROOT)));

        // then
        assertThat(names).hasSameSizeAs(Settings.keys());
    }

    @Test
    void theReferencePageIsTheTable() throws Exception {
        // given
        Path page = Path.of("docs/settings.md");

        // when
        String text = Files.readString(page);

        // then
        assertThat(text).contains(Settings.table());
    }

    @Test
    void theShippedFileSaysNothingButComments() throws Exception {
        // given
        HubConfig.Builder builder = new HubConfig.Builder(Path.of(""), current);

        // when
        HubConfig config = builder.file().build();

        // then
        assertThat(config.camel()).isEmpty();
        assertThat(Settings.all()).noneMatch(config::isSaid);
    }

    @Test
    void theShippedFileShowsSettingsThatExist() throws Exception {
        // given
        String shown =
                Files.readString(Path.of("config/application.properties")).replaceAll("(?m)^#(caravan\\.)", "$1");
        Files.writeString(file, shown);

        // when
        HubConfig config = builder().file().build();

        // then
        assertThat(config.get(Settings.ISSUER)).isEqualTo("acme");
    }

    private HubConfig.Builder builder() {
        return new HubConfig.Builder(home, current);
    }
}
