package org.caravan.hub.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.caravan.hub.config.Settings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsCommandTest {
    private static final String SECRET = "hush-4711";

    @TempDir
    Path current;

    @Test
    void theReferenceIsPrintedFromTheCode() throws Exception {
        // given
        Console console = new Console(current);
        // when
        Console.Answer all = console.run("settings");
        Console.Answer table = console.run("settings", "--markdown");
        Console.Answer json = console.run("settings", "--json");
        // then
        assertThat(all.err()).isEmpty();
        assertThat(all.out()).hasLineCount(2 * Settings.all().size());
        assertThat(Files.readString(Path.of("docs/settings.md"))).contains(table.out());
        JsonNode settings = new ObjectMapper().readTree(json.out()).get("settings");
        assertThat(settings).hasSameSizeAs(Settings.all()).allSatisfy(setting -> {
            assertThat(setting.get("description").asText()).endsWith(".");
            assertThat(setting.get("said").asBoolean()).isFalse();
        });
    }

    @Test
    void whatWasSaidIsShownWithItsPlaceAndSecretsAreNot() {
        // given
        Console console =
                new Console(current, Map.of("CARAVAN_LEDGER_PASSWORD", SECRET, "CARAVAN_BATCH_SIZE", "50000"));
        // when
        Console.Answer said = console.run("settings", "--said", "--set", "caravan.close.grace=2d");
        Console.Answer part = console.run("settings", "batch.size");
        Console.Answer none = console.run("settings", "btch");
        // then
        assertThat(said.out())
                .hasLineCount(6)
                .contains("caravan.ledger.password = ***  (environment variable CARAVAN_LEDGER_PASSWORD)\n")
                .contains("caravan.close.grace = 2d  (--set)\n    duration, 0s to 31d. How long")
                .doesNotContain(SECRET);
        assertThat(part.out())
                .isEqualTo("caravan.batch.size = 50000  (environment variable CARAVAN_BATCH_SIZE)\n"
                        + "    number, 1 to 1000000. Records committed in one transaction.\n");
        assertThat(none.exitCode()).isEqualTo(2);
        assertThat(none.err()).contains("none has 'btch' in its name");
    }
}
