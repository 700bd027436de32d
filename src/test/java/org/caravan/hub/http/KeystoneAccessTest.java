package org.caravan.hub.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.caravan.common.UserError;
import org.caravan.common.keystone.KeystoneLogin;
import org.caravan.hub.config.HubConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeystoneAccessTest {
    @TempDir
    Path directory;

    private HubConfig config(String... settings) {
        List<String> all = new ArrayList<>(List.of("caravan.auth=keystone"));
        for (String setting : settings) {
            all.add("caravan.keystone." + setting);
        }
        return new HubConfig.Builder(Path.of(""), directory).set(all).build();
    }

    @Test
    void aUserOrACredentialWithItsPasswordFromAFileOrTheEnvironment() throws Exception {
        // given
        Files.writeString(directory.resolve("password"), "pass\n");
        HubConfig fromFile = config("url=https://id.example", "user=caravan", "passwordFile=password");
        HubConfig fromEnvironment = new HubConfig.Builder(Path.of(""), directory)
                .environment(Map.of("CARAVAN_KEYSTONE_PASSWORD", "word"))
                .set(List.of(
                        "caravan.keystone.url=https://id.example/v3", "caravan.keystone.applicationCredential=a1b2"))
                .build();
        // when / then
        assertThat(KeystoneAccess.settings(fromFile).url()).hasToString("https://id.example/v3");
        assertThat(KeystoneAccess.settings(fromFile).login())
                .isEqualTo(new KeystoneLogin.Password("caravan", "Default", "service", "Default", "pass"));
        assertThat(KeystoneAccess.settings(fromEnvironment).login())
                .isEqualTo(new KeystoneLogin.ApplicationCredential("a1b2", "word"));
        assertThat(fromFile.secrets()).contains("pass");
        assertThat(fromEnvironment.shown().values()).doesNotContain("word");
    }

    @Test
    void whatIsMissingOrWrongEndsTheStartAndNamesTheSetting() {
        // given
        Map<String, HubConfig> wrong = Map.of(
                "caravan.keystone.url is not set", config("user=caravan", "password=x"),
                "caravan.keystone.user is not set", config("url=https://id.example", "password=x"),
                "caravan.keystone.passwordFile is not set", config("url=https://id.example", "user=caravan"),
                "--set caravan.keystone.passwordFile: ",
                        config("url=https://id.example", "user=caravan", "passwordFile=none"),
                "--set caravan.keystone.url: expected an address", config("url=id.example", "user=u", "password=x"),
                "say one of the two",
                        config("url=https://id.example", "user=u", "applicationCredential=a", "password=x"));
        // when / then
        wrong.forEach((text, config) -> assertThatThrownBy(() -> ApiServer.check(config))
                .isInstanceOf(UserError.class)
                .hasMessageContaining(text));
    }
}
