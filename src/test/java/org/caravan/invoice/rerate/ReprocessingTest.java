package org.caravan.invoice.rerate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.caravan.invoice.rerate.RerateLedger.OCTOBER;
import static org.caravan.invoice.rerate.RerateLedger.at;
import static org.caravan.invoice.rerate.RerateLedger.line;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.caravan.common.UserError;
import org.caravan.invoice.CloseOrder;
import org.caravan.invoice.rerate.Reprocessing.Wanted;
import org.caravan.ledger.RollUp;
import org.junit.jupiter.api.Test;

/** What may be ordered to be re-rated, and how orders are worked off. */
class ReprocessingTest {
    private final RerateLedger ledger = new RerateLedger();

    private static Wanted wanted(int from, int until, String... scopes) {
        return new Wanted(List.of(scopes), at(from), at(until), "new prices", "test");
    }

    private void refused(Wanted wanted, String message) {
        assertThatThrownBy(() -> ledger.reprocessing().order(wanted))
                .isInstanceOf(UserError.class)
                .hasMessage(message);
    }

    @Test
    void whatCanNotBeDoneIsRefusedWithItsReason() throws Exception {
        // given: usage of the first four hours, the last of them begun
        ledger.price("1");
        ledger.read(line("a", "1", 0), line("b", "1", 0));
        ledger.read(line("a", "1", 3).replace("T04:00:00Z", "T03:30:00Z"));
        Instant odd = at(0).plusSeconds(1_800);
        // when, then
        refused(
                new Wanted(List.of("a"), at(0), at(1), " \n ", "test"),
                "Empty or blank reason text is not allowed. Please, do inform the reason for the reprocessing of a"
                        + " previously processed period.");
        refused(
                wanted(2, 1, "a"),
                "End reprocessing timestamp [2026-10-01T01:00:00Z] must be after start reprocessing timestamp"
                        + " [2026-10-01T02:00:00Z].");
        refused(
                new Wanted(List.of("a"), odd, at(1), "why", "test"),
                "The provided start reprocessing timestamp [2026-10-01T00:30:00Z] is not the boundary of a period. Please"
                        + " use one of the following times: [2026-10-01T00:00:00Z, 2026-10-01T01:00:00Z].");
        refused(
                new Wanted(List.of("a"), at(0), odd, "why", "test"),
                "The provided end reprocessing timestamp [2026-10-01T00:30:00Z] is not the boundary of a period. Please"
                        + " use one of the following times: [2026-10-01T00:00:00Z, 2026-10-01T01:00:00Z].");
        refused(
                wanted(0, 1, "ALL", "a"),
                "Cannot use 'ALL' with scope IDs [ALL, a]. Either use 'ALL' only, or the scope IDs.");
        refused(wanted(0, 1), "No scope is named: name scope IDs, or ALL.");
        refused(wanted(0, 1, "a", "x", "y"), "The following scopes do not exist: [x, y].");
        refused(
                wanted(0, 5, "a"),
                "Cannot execute a reprocessing from [2026-10-01T00:00:00Z] to [2026-10-01T05:00:00Z]: usage is processed"
                        + " until [2026-10-01T04:00:00Z] only.");
        // and: to its end it may
        ledger.reprocessing().order(wanted(0, 4, "b"));
        refused(
                wanted(3, 4, "a", "b"),
                "There is a schedule for scope [b] from [2026-10-01T00:00:00Z] to [2026-10-01T04:00:00Z] that is not done"
                        + " yet and overlaps; wait for it.");
        ledger.reprocessing().order(wanted(0, 4, "a"));
        assertThat(ledger.rerating().runDue(() -> false)).isEqualTo(2);
        ledger.reprocessing().order(wanted(3, 4, "ALL"));
    }

    @Test
    void aWindowThatTouchesAnIssuedMonthIsRefusedWithTheRemedy() throws Exception {
        // given
        ledger.read(line("a", "1", 0), line("b", "1", 0), line("a", "1", 31 * 24));
        ledger.close(OCTOBER, "a");
        // when, then
        refused(
                wanted(0, 1, "ALL"),
                "From [2026-10-01T00:00:00Z] on usage is issued already up to 2026-10 to [a], and what is issued does not"
                        + " change. Begin later, or bill the difference with the command: caravan correct 2026-10 --tenant"
                        + " a --reason TEXT");
        ledger.reprocessing().order(wanted(0, 1, "b"));
        ledger.reprocessing().order(wanted(31 * 24, 31 * 24 + 1, "a"));
        assertThatThrownBy(() ->
                        ledger.reprocessing().reset(new Wanted(List.of("a"), at(3), null, "scope state reset", "test")))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("caravan correct 2026-10 --tenant a");
    }

    @Test
    void everythingFromAMomentOnIsReratedAlsoWhatComesOnTheWay() throws Exception {
        // given: usage at another price that is committed while the first of two portions is done
        ledger.price("1");
        ledger.read(line("a", "1", 0));
        ledger.read(line("a", "1", 1));
        ledger.settings = new RerateSettings(1, ledger.settings.lockWait(), ledger.settings.lease());
        ledger.price("3");
        ledger.reprocessing()
                .reset(new Wanted(List.of("ALL"), at(0).plusSeconds(7), null, "scope state reset", "test"));
        ledger.reprocessing().order(new Wanted(List.of("a"), at(-24), at(-23), "before it", "test"));
        AtomicInteger looks = new AtomicInteger();
        // when
        ledger.rerating().runDue(() -> {
            if (looks.incrementAndGet() == 4) {
                commitAtOldPrice(5);
            }
            return false;
        });
        // then
        assertThat(ledger.billed("a")).isEqualTo("3 3 7 10800");
        assertThat(ledger.rows(
                        "select state, done_through >= (select max(id) from batch where accepted > 0) from rerating"
                                + " where kind = 'reset'"))
                .containsExactly("done t");
        RollUp.run(ledger.database);
        ledger.audit();
    }

    private void commitAtOldPrice(int hour) {
        try {
            org.caravan.rating.hashmap.Tariff now = ledger.tariff.get();
            ledger.price("1");
            ledger.read(line("a", "1", hour));
            ledger.tariff.set(now);
        } catch (java.sql.SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aHubThatStopsLeavesWholePortionsAndTheNextGoesOnAtOnce() throws Exception {
        // given
        ledger.price("1");
        for (int hour = 0; hour < 6; hour++) {
            ledger.read(line("a", "1", hour), line("b", "1", hour));
        }
        ledger.price("2");
        ledger.settings = new RerateSettings(4, ledger.settings.lockWait(), ledger.settings.lease());
        ledger.reprocessing().order(wanted(0, 6, "ALL"));
        AtomicInteger looks = new AtomicInteger();
        // when: it may look for more four times: begin of the pass, two portions
        assertThat(ledger.rerating().runDue(() -> looks.incrementAndGet() > 4)).isZero();
        // then
        assertThat(ledger.billed("a")).isEqualTo("6 6 10 21600");
        assertThat(ledger.reprocessing().list(List.of("a"), false, 0, 10).schedules())
                .singleElement()
                .satisfies(schedule -> {
                    assertThat(schedule.state()).isEqualTo("running");
                    assertThat(schedule.current()).isEqualTo(at(3));
                });
        assertThat(ledger.otherHub().rerating().runDue(() -> false)).isEqualTo(1);
        assertThat(ledger.billed("b")).isEqualTo("6 6 12 21600");
        assertThat(ledger.reprocessing().list(List.of("a"), false, 0, 10).schedules())
                .singleElement()
                .satisfies(schedule -> assertThat(schedule.current()).isEqualTo(at(6)));
    }

    @Test
    void schedulesAreListedByScopeInEitherOrderAndInPages() throws Exception {
        // given
        ledger.read(line("a", "1", 0), line("b", "1", 0), line("a", "1", 9));
        ledger.reprocessing().order(wanted(0, 1, "ALL"));
        ledger.reprocessing().order(wanted(2, 3, "a"));
        // when, then
        assertThat(names(List.of(), false, 0, 10)).containsExactly("3 a 02", "3 b 00", "3 a 00");
        assertThat(names(List.of(), true, 0, 10)).containsExactly("3 a 00", "3 b 00", "3 a 02");
        assertThat(names(List.of("a"), true, 1, 1)).containsExactly("2 a 02");
        assertThat(names(List.of("nobody"), true, 0, 10)).isEmpty();
    }

    private List<String> names(List<String> scopes, boolean ascending, long offset, int limit) throws Exception {
        Reprocessing.Page page = ledger.reprocessing().list(scopes, ascending, offset, limit);
        return page.schedules().stream()
                .map(schedule -> page.total() + " " + schedule.scope() + " "
                        + schedule.from().toString().substring(11, 13))
                .toList();
    }

    @Test
    void anOrderHoldsItsTenantsMonthUntilItIsDone() throws Exception {
        // given
        ledger.price("1");
        ledger.read(line("a", "1", 0), line("b", "1", 0));
        ledger.price("2");
        ledger.reprocessing().order(wanted(0, 1, "a"));
        // when
        var held = ledger.closer().close(CloseOrder.of(OCTOBER), document -> {});
        // then
        assertThat(held.issued()).singleElement().satisfies(issued -> assertThat(issued.account())
                .isEqualTo("b"));
        assertThat(held.held()).singleElement().satisfies(one -> assertThat(one.reason())
                .isEqualTo("tenant a: re-rating from 2026-10 on is not done (new prices); a running hub does it;"
                        + " caravan status says how far it is"));
        // when: it is done
        ledger.rerating().runDue(() -> false);
        // then
        assertThat(ledger.closer().close(CloseOrder.of(OCTOBER), document -> {}).issued())
                .hasSize(1);
        assertThat(ledger.lines("a", OCTOBER)).containsExactly("vm USAGE null 2 1 2");
    }

    @Test
    void aMonthIssuedOverTheHoldKeepsWhatWasIssued() throws Exception {
        // given
        ledger.price("1");
        ledger.read(line("a", "1", 0), line("b", "1", 0));
        ledger.price("2");
        ledger.reprocessing().order(wanted(0, 1, "ALL"));
        ledger.close(OCTOBER, "a");
        // when
        ledger.rerating().runDue(() -> false);
        // then
        assertThat(ledger.billed("a")).isEqualTo("1 1 1 3600");
        assertThat(ledger.billed("b")).isEqualTo("1 1 2 3600");
        assertThat(ledger.rows("select records, changed, issued from rerating_tenant order by tenant"))
                .containsExactly("1 0 1", "1 1 0");
        RollUp.run(ledger.database);
        ledger.audit();
    }

    @Test
    void aDamagedArchiveFailsItsOrderAndLeavesTheOthersTheirTurn() throws Exception {
        // given
        ledger.price("1");
        ledger.read(line("a", "1", 0));
        ledger.read(line("b", "1", 0));
        ledger.price("2");
        ledger.reprocessing().order(wanted(0, 1, "a"));
        ledger.reprocessing().order(wanted(0, 1, "b"));
        ledger.execute("update batch set archive = '\\x00' where id = 1");
        // when
        assertThat(ledger.rerating().runDue(() -> false)).isEqualTo(1);
        // then
        assertThat(ledger.rows("select state, last_error from rerating order by id"))
                .containsExactly("failed batch 1: its archive is damaged (digest differs)", "done null");
        assertThat(ledger.rerating().runDue(() -> false)).isZero();
        assertThat(ledger.closer().holds(ledger.database.getConnection(), OCTOBER))
                .isEmpty();
    }

    @Test
    void withoutAnyRuleNothingIsBilledZeroAndTheOrderWaits() throws Exception {
        // given
        ledger.price("1");
        ledger.read(line("a", "1", 0), line("b", "1", 0));
        ledger.close(OCTOBER, "b");
        ledger.reprocessing().order(wanted(0, 1, "a"));
        ledger.rules("");
        // when
        assertThat(ledger.rerating().runDue(() -> false)).isZero();
        assertThatThrownBy(() -> ledger.plan("why"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("no rules");
        // then
        assertThat(ledger.billed("a")).isEqualTo("1 1 1 3600");
        assertThat(ledger.rows("select state, last_error like 'there are no rules%' from rerating"))
                .containsExactly("running t");
        ledger.price("2");
        assertThat(ledger.rerating().runDue(() -> false)).isEqualTo(1);
    }

    @Test
    void aRestoredLedgerIsNotReratedBeforeItIsRecovered() throws Exception {
        // given
        ledger.price("1");
        ledger.read(line("a", "1", 0));
        ledger.price("2");
        ledger.reprocessing().order(wanted(0, 1, "a"));
        ledger.execute("insert into restored (at) values (now())");
        // when, then
        assertThat(ledger.rerating().runDue(() -> false)).isZero();
        assertThatThrownBy(() -> ledger.correct("why"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("recover");
        ledger.execute("update restored set recovered_at = now()");
        assertThat(ledger.rerating().runDue(() -> false)).isEqualTo(1);
    }
}
