package org.caravan.api.push;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class PushLimitsTest {
    private Instant now = Instant.parse("2026-11-01T00:00:00Z");
    private final Clock clock = new Clock() {
        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public java.time.ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(java.time.ZoneId zone) {
            return this;
        }
    };
    private final PushLimits limits = new PushLimits(new PushSettings("push", 1, 1, 2, 3), clock);

    @Test
    void onlySoManyAreInsideAtOnceAndOneThatLeftMakesRoom() {
        // given
        assertThat(limits.enter("a")).isNull();
        assertThat(limits.enter("b")).isNull();
        // when
        PushLimits.Wait wait = limits.enter("c");
        limits.leave();
        // then
        assertThat(wait.seconds()).isPositive();
        assertThat(wait.reason()).contains("caravan.push.atOnce");
        assertThat(limits.enter("c")).isNull();
    }

    @Test
    void aSourceThatPushesTooOftenWaitsForTheEndOfItsMinuteAndOthersDoNot() {
        // given
        for (int i = 0; i < 3; i++) {
            assertThat(limits.enter("a")).isNull();
            limits.leave();
        }
        now = now.plusSeconds(20);
        // when
        PushLimits.Wait wait = limits.enter("a");
        // then
        assertThat(wait.seconds()).isEqualTo(40);
        assertThat(wait.reason()).contains("caravan.push.perMinute").contains("'a'");
        assertThat(limits.enter("b")).isNull();
        now = now.plus(Duration.ofSeconds(40));
        assertThat(limits.enter("a")).isNull();
    }
}
