package org.caravan.hub.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RateCommandTest {
    @TempDir
    Path current;

    @Test
    void printsOneLinePerRecordInInputOrderAndStoresNothing() throws IOException {
        // given
        Files.writeString(
                current.resolve("usage.csv"),
                """
                id,tenant,datacenter,resource,meter,quantity,unit,begin,end,flavor
                1,acme,north,vm-1,instance,1.5,hour,2026-10-01T00:00:00Z,2026-10-01T01:00:00Z,small
                2,acme,north,vm-1,instance,much,hour,2026-10-01T01:00:00Z,2026-10-01T02:00:00Z,small
                ,,north,vm-1,instance,3,hour,2026-10-01T01:00:00Z,2026-10-01T02:00:00Z,small
                """);
        Files.writeString(
                current.resolve("tariff.yaml"),
                """
                currency: NZD
                services:
                  instance:
                    mappings:
                      - {type: flat, cost: "0.1"}
                      - {type: flat, cost: "0.01", tenant: acme}
                """);

        // when
        Console.Answer answer = new Console(current).run("rate", "--tariff", "tariff.yaml", "--usage", "usage.csv");

        // then
        assertThat(answer.exitCode()).isZero();
        List<String> lines = answer.out().lines().toList();
        assertThat(lines).hasSize(3);
        assertThat(lines.get(0))
                .isEqualTo(
                        "{\"id\":\"1\",\"tenant\":\"acme\",\"meter\":\"instance\",\"quantity\":\"1.5\",\"price\":\"0.015\"}");
        assertThat(lines.get(1)).startsWith("{\"error\":\"").contains("much");
        assertThat(lines.get(2))
                .isEqualTo("{\"id\":null,\"tenant\":null,\"meter\":\"instance\",\"quantity\":\"3\",\"price\":\"0.3\"}");
        try (Stream<Path> files = Files.list(current)) {
            assertThat(files).hasSize(2);
        }
    }
}
