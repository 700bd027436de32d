package org.caravan.hub.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RehearseCommandTest {
    @TempDir
    Path directory;

    @Test
    void aRehearsalEndsByItselfAndLeavesNothing() throws Exception {
        // given
        List<String> before = rehearsals();
        Console console = new Console(directory, Map.of());
        // when
        Console.Answer answer = console.run("rehearse");
        // then
        assertThat(answer.err()).isEmpty();
        assertThat(answer.exitCode()).isZero();
        assertThat(rehearsals()).isEqualTo(before);
        assertThat(directory).isEmptyDirectory();
    }

    private static List<String> rehearsals() throws Exception {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith("caravan-rehearsal-"))
                    .sorted()
                    .toList();
        }
    }
}
