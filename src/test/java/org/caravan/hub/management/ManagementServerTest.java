package org.caravan.hub.management;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import org.apache.camel.main.Main;
import org.caravan.common.UserError;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.config.Settings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManagementServerTest {
    @TempDir
    Path directory;

    @Test
    void aPortThatAnotherTakesWhileTheHubStartsEndsTheStart() throws Exception {
        // given: free when it was checked
        HubConfig config = new HubConfig.Builder(directory, directory)
                .set(List.of("caravan.management.port=" + RunningHub.freePort()))
                .build();
        Main main = new Main();
        main.setDefaultPropertyPlaceholderLocation("false");
        Management.configure(main, config);
        HttpServer other = HttpServer.create(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), config.integer(Settings.MANAGEMENT_PORT)), 1);
        other.createContext("/", request -> {
            request.sendResponseHeaders(200, -1);
            request.close();
        });
        other.start();
        try {
            // when: Camel itself only warns
            main.start();
            // then
            assertThatThrownBy(() -> ManagementServer.guard(main.getCamelContext(), config))
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining("another program answers there")
                    .hasMessageContaining("caravan.management.port");
        } finally {
            main.stop();
            other.stop(0);
        }
    }
}
