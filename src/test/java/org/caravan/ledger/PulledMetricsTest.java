package org.caravan.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.sql.DataSource;
import org.caravan.ledger.PulledMetrics.Listed;
import org.caravan.ledger.PulledMetrics.Metric;
import org.caravan.testing.Database;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PulledMetricsTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Instant BEGIN = Instant.parse("2026-10-01T00:30:00Z");

    private Sources sources;
    private PulledMetrics metrics;

    @BeforeEach
    void make() throws SQLException {
        DataSource ledger = Database.fresh();
        sources = new Sources(ledger, Clock.systemUTC());
        metrics = new PulledMetrics(ledger, Duration.ofSeconds(5), Clock.systemUTC());
        sources.configure("g", "gnocchi");
        metrics.list("g", List.of(listed("old", null)), BEGIN);
    }

    @Test
    void aNewSourceBeginsWhereItIsToldAtAWholePeriod() throws SQLException {
        assertThat(metrics.listed("g")).singleElement().satisfies(metric -> {
            assertThat(metric.since()).isEqualTo("2026-10-01T00:00:00Z");
            assertThat(metric.readUntil()).isEqualTo(metric.since());
            assertThat(metric.readAgainUntil()).isEqualTo(metric.since());
            assertThat(metric.isDoubtful()).isTrue();
        });
    }

    @Test
    void aMetricThatIsListedLaterBeginsWhereNoMonthMayBeClosed() throws SQLException {
        // when: before and after the source was rated
        metrics.list("g", List.of(listed("old", null), listed("second", null)), Instant.EPOCH);
        sources.ratedUntil("g", Instant.parse("2026-11-05T07:20:00Z"), false);
        metrics.list(
                "g",
                List.of(
                        listed("old", null),
                        listed("third", null),
                        listed("said", Instant.parse("2026-01-01T00:00:00Z"))),
                Instant.EPOCH);

        // then: what is not listed any more is not read
        assertThat(metrics.listed("g")).extracting(Metric::key).containsExactly("old", "said", "third");
        assertThat(metrics.listed("g"))
                .extracting(metric -> metric.since().toString())
                .containsExactly("2026-10-01T00:00:00Z", "2026-01-01T00:00:00Z", "2026-11-05T07:00:00Z");

        // when: listed again
        metrics.list("g", List.of(listed("second", null)), Instant.EPOCH);

        // then: it goes on where it stood
        assertThat(metrics.listed("g"))
                .extracting(Metric::since)
                .containsExactly(Instant.parse("2026-10-01T00:00:00Z"));
    }

    @Test
    void onlyWhatAPersonDeclaredSinceExcusesAMetricThatWasNeverSeen() throws SQLException {
        // given: rated by itself
        sources.ratedUntil("g", Instant.parse("2026-11-01T00:00:00Z"), false);

        // when, then
        metrics.excuseDeclared("g");
        assertThat(metrics.listed("g")).allMatch(Metric::isDoubtful);

        // when: declared
        sources.ratedUntil("g", Instant.parse("2026-12-01T00:00:00Z"), true);
        metrics.excuseDeclared("g");

        // then: of what was listed before, and for good
        assertThat(metrics.listed("g")).noneMatch(Metric::isDoubtful);
        metrics.list("g", List.of(listed("old", null), listed("new", null)), BEGIN);
        metrics.excuseDeclared("g");
        assertThat(metrics.listed("g")).extracting(Metric::isDoubtful).containsExactly(true, false);

        // when: it is seen
        metrics.seen("g", "new");

        // then
        assertThat(metrics.listed("g")).noneMatch(Metric::isDoubtful);
    }

    private static Listed listed(String key, Instant from) {
        return new Listed(key, HOUR, from);
    }
}
