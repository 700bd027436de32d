package org.caravan.invoice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class DeliverySettingsTest {
    @Test
    void theWaitDoublesUpToItsLimit() {
        // given
        DeliverySettings settings = settings(0);

        // when / then
        assertThat(settings.delayAfter(1, new Random(1))).isEqualTo(Duration.ofSeconds(5));
        assertThat(settings.delayAfter(2, new Random(1))).isEqualTo(Duration.ofSeconds(10));
        assertThat(settings.delayAfter(5, new Random(1))).isEqualTo(Duration.ofSeconds(80));
        assertThat(settings.delayAfter(Integer.MAX_VALUE, new Random(1))).isEqualTo(Duration.ofMinutes(10));
    }

    @Property(tries = 200)
    void chanceTakesAwayNoMoreThanItsPercentage(
            @ForAll @IntRange(min = 1, max = 100) int attempt,
            @ForAll @IntRange(max = 100) int percent,
            @ForAll long seed) {
        // given
        Duration full = settings(0).delayAfter(attempt, new Random(seed));

        // when
        Duration wait = settings(percent).delayAfter(attempt, new Random(seed));

        // then
        assertThat(wait).isBetween(full.minus(full.multipliedBy(percent).dividedBy(100)), full);
    }

    @Test
    void aReasonIsOneBoundedLine() {
        // given
        DeliverySettings settings = settings(0);

        // when
        String reason = settings.reason("first\n\tsecond " + "x".repeat(100));

        // then
        assertThat(reason).startsWith("first second x").endsWith("x...").hasSize(40);
    }

    @Test
    void aLimitThatMakesNoSenseIsRefusedByName() {
        // given / when / then
        assertThatThrownBy(() -> new DeliverySettings(
                        0, Duration.ofMinutes(1), Duration.ofSeconds(1), Duration.ofSeconds(1), 0, 1, 40))
                .hasMessageContaining("claimSize");
        assertThatThrownBy(() -> new DeliverySettings(
                        1, Duration.ofMinutes(1), Duration.ofSeconds(2), Duration.ofSeconds(1), 0, 1, 40))
                .hasMessageContaining("maxDelay");
    }

    private static DeliverySettings settings(int jitterPercent) {
        return new DeliverySettings(
                10, Duration.ofMinutes(5), Duration.ofSeconds(5), Duration.ofMinutes(10), jitterPercent, 3, 40);
    }
}
