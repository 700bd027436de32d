package org.caravan.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.config.Settings;
import org.junit.jupiter.api.Test;

class RoutePropertiesTest {
    @Test
    void onlyAHubThatStaysWatchesTheInbox() {
        // given
        HubConfig watching = config("caravan.inbox=in");

        // when, then
        assertThat(RouteProperties.of(watching, Hub.Mode.BILL)).containsEntry("caravan.route.inbox", "false");
        assertThat(RouteProperties.of(config(), Hub.Mode.RUN)).containsEntry("caravan.route.inbox", "false");
        assertThat(RouteProperties.of(watching, Hub.Mode.RUN))
                .containsEntry("caravan.route.inbox", "true")
                .containsEntry("caravan.route.inbox.readLock", "changed")
                .containsEntry("caravan.route.inbox.rest", "10000")
                .doesNotContainKey("caravan.route.inbox.doneFileName");
        assertThat(RouteProperties.of(config("caravan.inbox=in", "caravan.inbox.take=mark"), Hub.Mode.RUN))
                .containsEntry("caravan.route.inbox.readLock", "none")
                .containsEntry("caravan.route.inbox.doneFileName", "${file:name}.done");
    }

    @Test
    void onlyAHubThatStaysClosesMonthsByItself() {
        // given, when, then
        assertThat(RouteProperties.of(config(), Hub.Mode.BILL)).containsEntry("caravan.route.close", "false");
        assertThat(RouteProperties.of(config(), Hub.Mode.RUN)).containsEntry("caravan.route.close", "true");
        assertThat(RouteProperties.of(config("caravan.close.approval=manual"), Hub.Mode.RUN))
                .containsEntry("caravan.route.close", "false");
    }

    @Test
    void noRoutePropertyIsASettingWhichTheEnvironmentWouldOverride() {
        // given
        HubConfig watching = config("caravan.inbox=in", "caravan.inbox.take=mark");

        // when, then
        assertThat(RouteProperties.of(watching, Hub.Mode.RUN).keySet())
                .allMatch(key -> key.startsWith("caravan.route."))
                .noneMatch(key -> Settings.all().stream()
                        .anyMatch(setting -> setting.key().equals(key)));
    }

    private static HubConfig config(String... settings) {
        return new HubConfig.Builder(Path.of(""), Path.of(""))
                .set(List.of(settings))
                .build();
    }
}
