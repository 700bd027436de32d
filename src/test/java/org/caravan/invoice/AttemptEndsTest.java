package org.caravan.invoice;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.caravan.invoice.ConnectorInfo.Repeat;
import org.caravan.invoice.Deliveries.Attempt;
import org.caravan.invoice.Deliveries.Committed;
import org.junit.jupiter.api.Test;

/** What became of the documents of a batch, kept with one statement. */
class AttemptEndsTest {
    private static final DeliverySettings SETTINGS =
            new DeliverySettings(50, Duration.ofMinutes(5), Duration.ofSeconds(10), Duration.ofHours(1), 0, 9, 2000);
    private static final ConnectorInfo BATCHING = new ConnectorInfo("erp", Repeat.SAFE, false, "", 40);

    private final TestLedger ledger = TestLedger.invoicing();
    private final Deliveries deliveries = new Deliveries(ledger.dataSource, SETTINGS, ledger.clock);

    private List<Attempt> started(String... tenants) throws Exception {
        ledger.issued(tenants);
        Outbox outbox = new Outbox(ledger.dataSource, SETTINGS, ledger.clock);
        outbox.done(outbox.claim("fan").stream()
                .map(claim -> new Outbox.Choice(claim, Set.of("erp")))
                .toList());
        return deliveries.startBatch(new Lanes(ledger.dataSource, SETTINGS, ledger.clock)
                .claim(new Lanes.Lane("erp", ""), BATCHING, "hub-1"));
    }

    private static List<Committed> answers(List<Attempt> attempts) {
        List<Committed> answers = new ArrayList<>();
        for (Attempt attempt : attempts) {
            answers.add(new Committed(attempt, "SO-" + attempt.document().account(), "4.8", null));
        }
        return answers;
    }

    @Test
    void oneThatLostItsLeaseIsNotedAndTheOthersAreKept() throws Exception {
        // given: b is another hub's by now, and d was kept before, by a call whose answer was lost
        List<Attempt> attempts = started("a", "b", "c", "d");
        deliveries.committed(attempts.get(3), "SO-d", "4.8");
        ledger.execute("update delivery set owner = 'hub-2', attempt = 2 where id = "
                + attempts.get(1).delivery());
        // when
        Set<Long> kept = deliveries.committed(answers(attempts));
        // then
        assertThat(kept)
                .containsExactlyInAnyOrder(
                        attempts.get(0).delivery(),
                        attempts.get(2).delivery(),
                        attempts.get(3).delivery());
        assertThat(ledger.rows("select state, reference, erp_total, owner from delivery order by id"))
                .containsExactly(
                        "committed SO-a 4.8 null",
                        "delivering null null hub-2",
                        "committed SO-c 4.8 null",
                        "committed SO-d 4.8 null");
        assertThat(ledger.rows("select outcome, detail from delivery_attempt order by delivery"))
                .containsExactly(
                        "committed reference SO-a",
                        "null too late: reference SO-b",
                        "committed reference SO-c",
                        "committed reference SO-d");
    }

    @Test
    void eachTotalIsComparedWithItsOwnDocument() throws Exception {
        // given
        List<Attempt> attempts = started("a", "b");
        List<Committed> answers = new ArrayList<>(answers(attempts));
        answers.set(1, new Committed(attempts.get(1), "SO-b", "4.79", null));
        // when
        deliveries.committed(answers);
        // then
        assertThat(ledger.rows("select erp_total, last_error is not null from delivery order by id"))
                .containsExactly("4.8 f", "4.79 t");
    }

    @Test
    void rowsAreLockedInTheirOrderWhateverThatOfTheAnswers() throws Exception {
        // given: somebody holds the first row and is going to want the last one
        List<Attempt> attempts = started("a", "b", "c");
        List<Committed> answers = answers(attempts);
        Collections.reverse(answers);
        CompletableFuture<Set<Long>> keeping;
        try (Connection other = ledger.dataSource.getConnection();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute(
                    "select from delivery where id = " + attempts.get(0).delivery() + " for update");
            // when
            keeping = CompletableFuture.supplyAsync(() -> {
                try {
                    return deliveries.committed(answers);
                } catch (java.sql.SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
            awaitWaiting();
            statement.execute(
                    "select from delivery where id = " + attempts.get(2).delivery() + " for update");
            other.commit();
        }
        // then: neither ended the other
        assertThat(keeping.join()).hasSize(3);
    }

    private void awaitWaiting() throws Exception {
        while (!ledger.rows("select exists (select from pg_stat_activity where datname = current_database()"
                        + " and wait_event_type = 'Lock')")
                .equals(List.of("t"))) {
            Thread.sleep(10);
        }
    }
}
