package org.caravan.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UsageGeneratorTest {
    @TempDir
    Path directory;

    @Test
    void examplesAreWhatTheGeneratorWrites() throws Exception {
        // given
        Path october = directory.resolve("october.csv");
        Path small = directory.resolve("october-small.jsonl");

        // when
        ExampleFile.october(UsageGenerator.SEED).writeTo(october);
        ExampleFile.small(UsageGenerator.SEED).writeTo(small);

        // then
        assertThat(Files.mismatch(october, Path.of("examples/october.csv"))).isEqualTo(-1);
        assertThat(Files.mismatch(small, Path.of("examples/october-small.jsonl")))
                .isEqualTo(-1);
    }

    @Test
    void benchmarkUsageRepeatsOneLineInAHundredAndTheSameSeedGivesTheSameBytes() throws Exception {
        // given
        int records = 60_000;

        // when
        Path file = BenchUsage.write(directory.resolve("a"), records, 7);
        Path again = BenchUsage.write(directory.resolve("b"), records, 7);

        // then
        assertThat(Files.mismatch(file, again)).isEqualTo(-1);
        List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
        assertThat(lines).hasSize(records + 1);
        Map<String, Integer> first = new HashMap<>();
        Set<String> resources = new HashSet<>();
        int repeated = 0;
        for (int i = 1; i < lines.size(); i++) {
            String line = lines.get(i);
            resources.add(line.split(",")[3]);
            Integer original = first.putIfAbsent(line, i);
            if (original != null) {
                repeated++;
                assertThat(i - original).isLessThanOrEqualTo(BenchUsage.REPEAT_WITHIN);
            }
        }
        assertThat(resources).hasSize(BenchUsage.RESOURCES);
        assertThat(repeated).isBetween(records / 125, records / 80);
    }
}
