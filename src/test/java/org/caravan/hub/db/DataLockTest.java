package org.caravan.hub.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.caravan.common.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataLockTest {
    @Test
    void askingAgainInTheSameProcessDoesNotGiveTheLockToAnother(@TempDir Path data) throws Exception {
        // given
        try (DataLock lock = DataLock.take(data)) {
            // when: looked at from two more places of this process
            assertThat(DataLock.tryTake(data)).isEmpty();
            assertThatThrownBy(() -> DataLock.take(data))
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining("in use by this process");
            // then: another process still can't have it
            assertThat(takenByAnotherProcess(data)).isFalse();
        }
        assertThat(takenByAnotherProcess(data)).isTrue();
    }

    private static boolean takenByAnotherProcess(Path data) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Taker.class.getName(),
                        data.toString())
                .inheritIO()
                .start();
        return process.waitFor() == 0;
    }

    /** Exits with 0 if it gets the lock. */
    static final class Taker {
        private Taker() {}

        public static void main(String[] args) throws Exception {
            System.exit(DataLock.tryTake(Path.of(args[0])).isPresent() ? 0 : 9);
        }
    }
}
