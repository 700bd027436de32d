package org.caravan.hub.management;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.management.Finding.Area;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SurroundingsTest {
    private static final String KAMELET =
            """
            apiVersion: camel.apache.org/v1
            kind: Kamelet
            metadata:
              name: %s-sink
              annotations: {caravan/repeat: "safe"}
            spec:
              definition:
                title: A connector
                required: [url]
                properties:
                  url: {title: URL, type: string}
                  user: {title: User, type: string}
              %s
              template:
                from:
                  uri: kamelet:source
                  steps:
                    - log: "delivered"
            """;

    @TempDir
    Path directory;

    @Test
    void everyDirectoryHasItsDiskAndOneThatIsNearlyFullIsNamedWithTheRemedy() throws Exception {
        // given
        Files.createDirectories(directory.resolve("connectors"));
        Files.createDirectories(directory.resolve("data"));
        Files.createDirectories(directory.resolve("in"));
        HubConfig config = config(
                "caravan.data=" + directory.resolve("data"),
                "caravan.inbox=" + directory.resolve("in"),
                "caravan.out=" + directory.resolve("in"));
        // when
        Surroundings.Seen seen = new Surroundings(config, text -> text).look();
        // then
        assertThat(seen.disks()).extracting(Surroundings.Disk::use).containsExactly("data", "inbox", "out");
        assertThat(seen.disks()).allMatch(disk -> disk.size() > disk.free() && disk.free() > 0);
        assertThat(LocalFindings.of(seen, limits(0))).isEmpty();
        assertThat(LocalFindings.of(seen, limits(Long.MAX_VALUE)))
                .hasSize(3)
                .first()
                .satisfies(finding -> {
                    assertThat(finding.area()).isEqualTo(Area.DISK);
                    assertThat(finding.reason()).contains("the disk of the data directory", "MiB of");
                    assertThat(finding.remedy()).contains("make room", "caravan.health.diskFree");
                });
    }

    @Test
    void aConnectorThatCanNotBeUsedIsNamedAndOneThatNobodyToldAnythingIsNot() throws Exception {
        // given
        Path connectors = Files.createDirectories(directory.resolve("connectors"));
        Files.writeString(connectors.resolve("unused-sink.kamelet.yaml"), KAMELET.formatted("unused", ""));
        Files.writeString(connectors.resolve("half-sink.kamelet.yaml"), KAMELET.formatted("half", ""));
        Files.writeString(
                connectors.resolve("needy-sink.kamelet.yaml"),
                KAMELET.formatted("needy", "dependencies: [\"camel:none-such\"]"));
        Files.writeString(connectors.resolve("broken-sink.kamelet.yaml"), "kind: [");
        Surroundings surroundings =
                new Surroundings(config("camel.kamelet.half-sink.user=me"), text -> text == null ? null : text);
        // when
        List<Finding> findings = LocalFindings.of(surroundings.look(), limits(0));
        // then
        assertThat(findings).allMatch(finding -> finding.area() == Area.CONNECTORS);
        assertThat(findings)
                .extracting(Finding::line)
                .satisfiesExactly(
                        line -> assertThat(line).contains("connector broken can't be used", "connector apply broken"),
                        line -> assertThat(line).contains("connector half", "is not told what it needs: url"),
                        line -> assertThat(line).contains("connector needy", "camel-none-such"));
        // when: it is mended
        Path half = connectors.resolve("half-sink.kamelet.yaml");
        Files.writeString(half, KAMELET.formatted("half", "").replace("required: [url]", "required: [user]"));
        Files.setLastModifiedTime(half, FileTime.from(Instant.parse("2026-01-01T00:00:00Z")));
        // then
        assertThat(surroundings.look().connectors()).containsEntry("half", null).containsEntry("unused", null);
    }

    private HubConfig config(String... settings) {
        return new HubConfig.Builder(Path.of(""), directory)
                .set(List.of(settings))
                .set(List.of("caravan.connectors.directory=" + directory.resolve("connectors")))
                .build();
    }

    private static Limits limits(long diskFree) {
        Duration day = Duration.ofDays(1);
        return new Limits(day, day, day, 1, day, 0, diskFree, day, 0, day);
    }
}
