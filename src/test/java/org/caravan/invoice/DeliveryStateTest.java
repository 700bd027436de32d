package org.caravan.invoice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DeliveryStateTest {
    @Test
    void aCommittedDeliveryIsNeverLeft() {
        // given
        DeliveryState committed = DeliveryState.COMMITTED;

        // when / then
        for (DeliveryState next : DeliveryState.values()) {
            assertThatThrownBy(() -> committed.become(next))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("no move from committed to " + next);
        }
    }

    @Test
    void onlyAStartedAttemptOrAPersonOrALookupOrARestoreCommits() {
        // given / when
        Set<DeliveryState> before = DeliveryState.COMMITTED.before();

        // then
        assertThat(before)
                .containsExactlyInAnyOrder(
                        DeliveryState.PENDING,
                        DeliveryState.RETRYING,
                        DeliveryState.DELIVERING,
                        DeliveryState.IN_DOUBT,
                        DeliveryState.PARKED);
        assertThat(DeliveryState.DELIVERING.before())
                .containsExactlyInAnyOrder(DeliveryState.PENDING, DeliveryState.RETRYING);
    }

    @ParameterizedTest
    @EnumSource(DeliveryState.class)
    void aStateIsFoundByItsWord(DeliveryState state) {
        // given
        String code = state.code();

        // when
        DeliveryState found = DeliveryState.of(code);

        // then
        assertThat(found).isSameAs(state);
    }

    @Test
    void theDocumentationDrawsTheGraphThatTheCodeObeys() throws Exception {
        // given
        String page = Files.readString(Path.of("docs/deliveries.md"));

        // when
        String deliveries = "```mermaid\n" + DeliveryState.mermaid() + "```\n";
        String fanOut = "```mermaid\n" + FanOutState.mermaid() + "```\n";

        // then
        assertThat(page).contains(deliveries).contains(fanOut);
    }

    @Test
    void theDatabaseKnowsTheSameStates() throws Exception {
        // given
        TestLedger ledger = TestLedger.invoicing();

        // when
        String deliveries = ledger.rows("select pg_get_constraintdef(oid) from pg_constraint"
                        + " where conrelid = 'delivery'::regclass and contype = 'c'")
                .get(0);
        String outbox = ledger.rows("select pg_get_constraintdef(oid) from pg_constraint"
                        + " where conrelid = 'outbox'::regclass and contype = 'c'")
                .get(0);

        // then
        for (DeliveryState state : DeliveryState.values()) {
            assertThat(deliveries).contains("'" + state.code() + "'");
        }
        for (FanOutState state : FanOutState.values()) {
            assertThat(outbox).contains("'" + state.code() + "'");
        }
    }
}
