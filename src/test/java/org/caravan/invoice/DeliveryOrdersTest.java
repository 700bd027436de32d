package org.caravan.invoice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.caravan.common.UserError;
import org.caravan.invoice.ConnectorInfo.Repeat;
import org.caravan.invoice.Deliveries.Attempt;
import org.caravan.invoice.Deliveries.Failure;
import org.caravan.invoice.DeliveryOrders.Outcome;
import org.caravan.invoice.DeliveryOrders.Result;
import org.junit.jupiter.api.Test;

class DeliveryOrdersTest {
    private static final DeliverySettings SETTINGS =
            new DeliverySettings(50, Duration.ofMinutes(5), Duration.ofSeconds(10), Duration.ofMinutes(1), 0, 2, 2000);
    private static final Random RANDOM = new Random(1);

    /** Situation, how its connector may be repeated, order: what becomes of it. */
    private static final List<String> TABLE =
            """
            pending        never  retry   UNCHANGED pending
            pending        never  park    DONE      parked
            pending        never  adopt   REFUSED   pending    was never sent
            pending        never  resend  REFUSED   pending    was never sent
            leased         never  retry   UNCHANGED pending
            leased         never  park    DONE      parked
            leased         never  adopt   REFUSED   pending    was never sent
            leased         never  resend  REFUSED   pending    was never sent
            delivering     never  retry   REFUSED   delivering attempt 1 runs at hub
            delivering     never  park    REFUSED   delivering attempt 1 runs at hub
            delivering     never  adopt   REFUSED   delivering attempt 1 runs at hub
            delivering     never  resend  REFUSED   delivering attempt 1 runs at hub
            lapsed         never  retry   REFUSED   in-doubt   may have reached the ERP
            lapsed         safe   retry   DONE      retrying
            lapsed         never  park    DONE      parked
            lapsed         never  adopt   DONE      committed
            lapsed         never  resend  DONE      retrying
            retrying       never  retry   DONE      retrying
            retrying       never  park    DONE      parked
            retrying       never  adopt   REFUSED   retrying   park it before
            retrying       never  resend  REFUSED   retrying   is sent again by itself
            retrying-doubt safe   retry   DONE      retrying
            retrying-doubt safe   park    DONE      parked
            in-doubt       never  retry   REFUSED   in-doubt   deliveries adopt
            in-doubt       lookup retry   DONE      retrying   is asked about now
            in-doubt       lookup resend  DONE      retrying   is due now
            in-doubt       gone   retry   REFUSED   in-doubt   deliveries resend
            in-doubt       safe   retry   DONE      retrying
            in-doubt       never  park    DONE      parked
            in-doubt       never  adopt   DONE      committed
            in-doubt       never  resend  DONE      retrying
            in-doubt       safe   resend  DONE      retrying
            parked         never  retry   DONE      retrying
            parked         never  park    UNCHANGED parked
            parked         never  adopt   DONE      committed
            parked         never  resend  REFUSED   parked     is not in doubt
            parked-doubt   never  retry   REFUSED   parked     may have reached the ERP
            parked-doubt   safe   retry   DONE      retrying
            parked-doubt   never  park    UNCHANGED parked
            parked-doubt   never  adopt   DONE      committed
            parked-doubt   never  resend  DONE      retrying
            committed      never  retry   REFUSED   committed  there is nothing to retry
            committed      never  park    REFUSED   committed  credit note
            committed      never  adopt   REFUSED   committed  another reference
            committed      never  resend  REFUSED   committed  double it
            """
                    .lines()
                    .toList();

    private final TestLedger ledger = TestLedger.invoicing();
    private final Lanes lanes = new Lanes(ledger.dataSource, SETTINGS, ledger.clock);
    private final Deliveries deliveries = new Deliveries(ledger.dataSource, SETTINGS, ledger.clock);
    private final Outbox outbox = new Outbox(ledger.dataSource, SETTINGS, ledger.clock);
    private final DeliveryOrders orders = orders(ledger.dataSource);

    @Test
    void everyOrderInEveryStateDoesWhatTheTableSays() throws Exception {
        // given: a delivery in a lane of its own for each line
        List<String> tenants = new ArrayList<>();
        for (int i = 0; i < TABLE.size(); i++) {
            tenants.add("t" + (100 + i));
        }
        ledger.use(TestLedger.MONTH, 0, tenants);
        ledger.closer().close(TestLedger.MONTH);
        Map<String, Long> ids = new HashMap<>();
        for (Outbox.Claim claim : outbox.claim("fan")) {
            int i = Integer.parseInt(claim.document().account().substring(1)) - 100;
            outbox.done(List.of(new Outbox.Choice(claim, Set.of(connector(i)))));
        }
        for (String row : ledger.rows("select id, connector from delivery")) {
            ids.put(row.split(" ")[1], Long.valueOf(row.split(" ")[0]));
        }
        Set<String> seen = new TreeSet<>();
        for (int i = 0; i < TABLE.size(); i++) {
            String[] line = TABLE.get(i).split(" +", 6);
            long id = ids.get(connector(i));
            bring(line[0], connector(i));
            String before = state(id);

            // when
            Result result = give(orders, line[2], id);

            // then
            String name = TABLE.get(i) + ": " + result;
            assertThat(result.outcome().name()).as(name).isEqualTo(line[3]);
            assertThat(result.state()).as(name).isEqualTo(line[4]);
            assertThat(state(id)).as(name).isEqualTo(line[4]);
            assertThat(result.message()).as(name).contains(line.length > 5 ? line[5] : "");
            int notes = result.outcome() == Outcome.DONE ? 1 : 0;
            assertThat(ledger.rows("select who, action, to_state from delivery_note where delivery = " + id))
                    .as(name)
                    .isEqualTo(notes == 0 ? List.of() : List.of("jo " + line[2] + " " + line[4]));
            seen.add(before);
        }
        assertThat(seen).hasSameElementsAs(codes());
    }

    @Test
    void ofManyWhoAdoptAtOnceOneCommits() throws Exception {
        // given
        long id = inDoubt("a");
        // when
        List<Result> results = atOnce(8, i -> orders.adopt(id, "SO" + i, null, false, "mine"));
        // then
        assertThat(results).filteredOn(r -> r.outcome() == Outcome.DONE).hasSize(1);
        assertThat(results).filteredOn(r -> r.outcome() == Outcome.REFUSED).hasSize(7);
        assertThat(ledger.rows("select reason from delivery_note"))
                .singleElement()
                .isEqualTo("reference "
                        + ledger.rows("select reference from delivery").get(0) + "; mine");
    }

    @Test
    void ofManyWhoResendAtOnceOneSends() throws Exception {
        // given
        long id = inDoubt("a");
        // when
        List<Result> results = atOnce(8, i -> orders.resend(id, null));
        // then
        assertThat(results).filteredOn(r -> r.outcome() == Outcome.DONE).hasSize(1);
        assertThat(ledger.rows("select action, from_state, to_state from delivery_note"))
                .containsExactly("resend in-doubt retrying");
        assertThat(lanes.claim(lane("never"), info("never"), "hub-2")).hasSize(1);
    }

    @Test
    void anOrderToParkMeetsAHubThatStarts() throws Exception {
        // given: a hub that has leased forty deliveries and starts one after the other, while a person parks them
        List<String> tenants = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            tenants.add("t" + i);
        }
        ledger.use(TestLedger.MONTH, 0, tenants);
        ledger.closer().close(TestLedger.MONTH);
        fanOut("never");
        List<Lanes.Claim> claims = lanes.claim(lane("never"), info("never"), "hub-1");
        // when
        List<List<Long>> done = atOnce(2, side -> {
            List<Long> mine = new ArrayList<>();
            for (int i = 0; i < claims.size(); i++) {
                // from both ends, so that they meet in the middle
                Lanes.Claim claim = claims.get(side == 0 ? i : claims.size() - 1 - i);
                if (side == 0
                        ? deliveries.start(claim).isPresent()
                        : orders.park(claim.delivery(), "stop").outcome() == Outcome.DONE) {
                    mine.add(claim.delivery());
                }
            }
            return mine;
        });
        // then: each is one or the other
        assertThat(claims).hasSize(40);
        assertThat(done.get(0)).doesNotContainAnyElementsOf(done.get(1));
        assertThat(done.get(0).size() + done.get(1).size()).isEqualTo(40);
        assertThat(ledger.rows("select count(*) from delivery where state = 'parked' and attempt = 0"))
                .containsExactly(Integer.toString(done.get(1).size()));
        assertThat(ledger.rows("select count(*) from delivery where state = 'delivering' and attempt = 1"))
                .containsExactly(Integer.toString(done.get(0).size()));
        assertThat(ledger.rows("select count(*) from delivery_note"))
                .containsExactly(Integer.toString(done.get(1).size()));
    }

    @Test
    void anOrderWhoseSessionIsKilledIsNotCarriedOutInPart() throws Exception {
        // given
        long id = inDoubt("a");
        Trap trap = Trap.anywhere(ledger.dataSource, "insert into delivery_note", Trap.killing(ledger.dataSource));
        DeliveryOrders killed = orders(trap);
        // when
        assertThatThrownBy(() -> killed.adopt(id, "SO42", null, false, null)).isInstanceOf(SQLException.class);
        String meanwhile = state(id);
        Result again = killed.adopt(id, "SO42", null, false, null);
        // then
        assertThat(meanwhile).isEqualTo("in-doubt");
        assertThat(again.outcome()).isEqualTo(Outcome.DONE);
        assertThat(ledger.rows("select action from delivery_note")).containsExactly("adopt");
    }

    @Test
    void anAdoptedTotalThatDiffersByACentIsAnAlarmUntilItIsCorrected() throws Exception {
        // given
        long id = inDoubt("a");
        // when
        Result wrong = orders.adopt(id, "SO42", new BigDecimal("4.81"), false, null);
        List<String> kept = ledger.rows("select state, erp_total, last_error from delivery");
        Result silent = orders.adopt(id, "SO42", null, false, null);
        Result right = orders.adopt(id, "SO42", new BigDecimal("4.80"), false, "corrected");
        // then
        assertThat(wrong.alarm()).startsWith("ALARM").contains("4.81").contains("4.8");
        assertThat(kept).singleElement().asString().startsWith("committed 4.81 ALARM");
        assertThat(silent.outcome()).isEqualTo(Outcome.UNCHANGED);
        assertThat(right.alarm()).isNull();
        assertThat(ledger.rows("select state, reference, erp_total, last_error from delivery"))
                .containsExactly("committed SO42 4.80 null");
        assertThat(ledger.rows("select count(*) from delivery_note")).containsExactly("2");
    }

    @Test
    void oneReferenceIsNotTwoDocuments() throws Exception {
        // given
        ledger.issued("a", "b");
        fanOut("never");
        List<Lanes.Claim> claims = lanes.claim(lane("never"), info("never"), "hub-1");
        deliveries.committed(deliveries.start(claims.get(0)).orElseThrow(), "SO42", null);
        deliveries.failed(deliveries.start(claims.get(1)).orElseThrow(), info("never"), Failure.UNKNOWN, "cut", RANDOM);
        long second = claims.get(1).delivery();
        // when
        Result taken = orders.adopt(second, "SO42", null, false, null);
        Result shared = orders.adopt(second, "SO42", null, true, null);
        // then
        assertThat(taken.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(taken.message()).contains("INV-2026-000001");
        assertThat(shared.outcome()).isEqualTo(Outcome.DONE);
    }

    @Test
    void aReferenceThatIsNoneIsRefused() throws Exception {
        // given
        long id = inDoubt("a");
        // when / then
        for (String reference : List.of("", "  ", "a\nb", "x".repeat(1_001))) {
            assertThatThrownBy(() -> orders.adopt(id, reference, null, false, null))
                    .isInstanceOf(UserError.class);
        }
        assertThat(state(id)).isEqualTo("in-doubt");
    }

    @Test
    void whatGaveUpGetsAllItsAttemptsAgainAndTheirNumbersGoOn() throws Exception {
        // given: two attempts allowed, both used up
        ledger.issued("a");
        fanOut("safe");
        for (int i = 0; i < 2; i++) {
            deliveries.failed(start("safe"), info("safe"), Failure.UNSENT, "down", RANDOM);
            ledger.clock.move(Duration.ofMinutes(1));
        }
        long id = onlyId();
        List<String> gaveUp = ledger.rows("select state, attempt, last_error from delivery");
        // when
        orders.retry(id, "the ERP is back");
        Attempt third = start("safe");
        deliveries.failed(third, info("safe"), Failure.UNSENT, "down", RANDOM);
        // then
        assertThat(gaveUp).containsExactly("parked 2 gave up after 2 attempts: down");
        assertThat(third.number()).isEqualTo(3);
        assertThat(ledger.rows("select state, attempt from delivery")).containsExactly("retrying 3");
    }

    @Test
    void whatIsNoLongerSafeToRepeatIsNotRepeated() throws Exception {
        // given: tried at a connector that was safe; its file says never now
        ledger.issued("a");
        fanOut("safe");
        deliveries.failed(start("safe"), info("safe"), Failure.UNKNOWN, "cut", RANDOM);
        ledger.clock.move(Duration.ofMinutes(1));
        // when
        List<Lanes.Claim> claims = lanes.claim(lane("safe"), new ConnectorInfo("safe", Repeat.NEVER, false), "hub-2");
        // then
        assertThat(claims).isEmpty();
        assertThat(ledger.rows("select state, due_at = 'infinity', last_error from delivery"))
                .containsExactly(
                        "in-doubt t cut; its connector does not say that it is safe to repeat, or that it can be"
                                + " asked by key");
    }

    @Test
    void aPermanentErrorDoesNotEndTheDoubtThatAnEarlierAttemptLeft() throws Exception {
        // given: a cut answer, resent where that was safe, then refused by the ERP
        ledger.issued("a");
        fanOut("safe");
        deliveries.failed(start("safe"), info("safe"), Failure.UNKNOWN, "cut", RANDOM);
        ledger.clock.move(Duration.ofMinutes(1));
        deliveries.failed(start("safe"), info("safe"), Failure.PERMANENT, "unknown product", RANDOM);
        long id = onlyId();
        // when: meanwhile it is not safe to repeat any more
        DeliveryOrders changed = new DeliveryOrders(
                ledger.dataSource, SETTINGS, ledger.clock, name -> new ConnectorInfo(name, Repeat.NEVER, false), "jo");
        Result result = changed.retry(id, null);
        // then
        assertThat(state(id)).isEqualTo("parked");
        assertThat(result.outcome()).isEqualTo(Outcome.REFUSED);
    }

    @Test
    void aParkedFanOutIsAskedAgain() throws Exception {
        // given
        ledger.issued("a");
        outbox.done(List.of(new Outbox.Choice(outbox.claim("fan").get(0), Set.of())));
        long document = Long.parseLong(ledger.rows("select id from document").get(0));
        // when
        Result result = orders.retryFanOut(document, "named one");
        Result again = orders.retryFanOut(document, null);
        fanOut("safe");
        Result late = orders.retryFanOut(document, null);
        // then
        assertThat(result.outcome()).isEqualTo(Outcome.DONE);
        assertThat(again.outcome()).isEqualTo(Outcome.DONE);
        assertThat(late.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(ledger.rows("select state from outbox")).containsExactly("done");
        assertThat(ledger.rows("select delivery, action, from_state, to_state, reason from delivery_note order by id"))
                .containsExactly("null retry parked pending named one", "null retry pending pending null");
    }

    @Test
    void theWholeStoryOfADeliveryIsTold() throws Exception {
        // given
        long id = inDoubt("a");
        orders.park(id, "month end");
        orders.adopt(id, "SO42", new BigDecimal("4.8"), false, "seen by accounting");
        DeliveryList list = new DeliveryList(ledger.dataSource);
        // when
        DeliveryList.Story story = list.stories(list.byId(id)).get(0);
        // then
        assertThat(story.events())
                .extracting(e -> e.attempt() + " " + e.who() + " " + e.what() + " " + e.detail())
                .containsExactly(
                        "1 hub-1 attempt null",
                        "1 hub-1 in-doubt cut",
                        "1 jo park in-doubt -> parked month end",
                        "1 jo adopt parked -> committed reference SO42, total 4.8; seen by accounting");
        assertThat(list.byName("INV-2026-000001", null)).hasSize(2);
        assertThat(list.byName("test:a:2026-10:1", "never")).hasSize(1);
        assertThat(list.byName("INV-2026-000009", null)).isEmpty();
    }

    @Test
    void theListShowsWhatHasNotArrivedOldestFirst() throws Exception {
        // given: committed, committed with an alarm, in doubt; and a fan-out that is parked
        ledger.issued("a", "b", "c", "d");
        List<Outbox.Claim> fan = outbox.claim("fan");
        outbox.done(List.of(
                new Outbox.Choice(fan.get(0), Set.of("never")),
                new Outbox.Choice(fan.get(1), Set.of("never")),
                new Outbox.Choice(fan.get(2), Set.of("never")),
                new Outbox.Choice(fan.get(3), Set.of())));
        List<Lanes.Claim> claims = lanes.claim(lane("never"), info("never"), "hub-1");
        deliveries.committed(deliveries.start(claims.get(0)).orElseThrow(), "SO1", "4.8");
        deliveries.committed(deliveries.start(claims.get(1)).orElseThrow(), "SO2", "4.81");
        deliveries.failed(deliveries.start(claims.get(2)).orElseThrow(), info("never"), Failure.UNKNOWN, "cut", RANDOM);
        DeliveryList list = new DeliveryList(ledger.dataSource);
        // when
        DeliveryList.Page all = list.list(new DeliveryList.Filter(Set.of(), null, TestLedger.MONTH, null), 2);
        DeliveryList.Page committed = list.list(new DeliveryList.Filter(Set.of("committed"), "never", null, "a"), 10);
        // then
        assertThat(all.rows())
                .extracting(row -> row.name() + " " + row.state())
                .containsExactly("INV-2026-000002 at never committed", "INV-2026-000003 at never in-doubt");
        assertThat(all.counts()).hasToString("{committed=1, in-doubt=1, parked=1}");
        assertThat(committed.rows()).extracting(DeliveryRow::reference).containsExactly("SO1");
        assertThat(NextStep.of(all.rows().get(0), Repeat.NEVER)).contains("adopt 2 'SO2' --total 4.8");
        assertThat(NextStep.of(all.rows().get(1), Repeat.NEVER))
                .contains("adopt 3")
                .contains("resend 3");
    }

    /** Brings the only delivery of a connector into a situation, by what a hub and people would have done. */
    private void bring(String situation, String connector) throws SQLException {
        ConnectorInfo safe = new ConnectorInfo(connector, Repeat.SAFE, false);
        ConnectorInfo never = new ConnectorInfo(connector, Repeat.NEVER, false);
        switch (situation) {
            case "pending" -> {}
            case "leased" -> lanes.claim(lane(connector), never, "hub-1");
            case "delivering" -> start(connector);
            case "lapsed" -> {
                long id = start(connector).delivery();
                execute("update delivery set lease_until = now() where id = " + id);
            }
            case "retrying" -> deliveries.failed(start(connector), never, Failure.UNSENT, "down", RANDOM);
            case "retrying-doubt" -> deliveries.failed(start(connector), safe, Failure.UNKNOWN, "cut", RANDOM);
            case "in-doubt" -> deliveries.failed(start(connector), never, Failure.UNKNOWN, "cut", RANDOM);
            case "parked" -> deliveries.failed(start(connector), never, Failure.PERMANENT, "bad", RANDOM);
            case "parked-doubt" -> {
                Attempt attempt = start(connector);
                deliveries.failed(attempt, never, Failure.UNKNOWN, "cut", RANDOM);
                orders.park(attempt.delivery(), "first look");
                execute("delete from delivery_note where delivery = " + attempt.delivery());
            }
            case "committed" -> deliveries.committed(start(connector), "SO1", null);
            default -> throw new IllegalArgumentException(situation);
        }
    }

    private static Result give(DeliveryOrders orders, String order, long id) throws SQLException {
        return switch (order) {
            case "retry" -> orders.retry(id, "why not");
            case "park" -> orders.park(id, "stop");
            case "adopt" -> orders.adopt(id, "REF-" + id, null, false, null);
            case "resend" -> orders.resend(id, "certain");
            default -> throw new IllegalArgumentException(order);
        };
    }

    /** What the n-th of several does at the same time as the others. */
    private interface Side<T> {
        T run(int i) throws Exception;
    }

    private static <T> List<T> atOnce(int sides, Side<T> side) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(sides);
        try {
            CyclicBarrier start = new CyclicBarrier(sides);
            List<Callable<T>> tasks = new ArrayList<>();
            for (int i = 0; i < sides; i++) {
                int n = i;
                tasks.add(() -> {
                    start.await();
                    return side.run(n);
                });
            }
            List<T> results = new ArrayList<>();
            for (Future<T> future : threads.invokeAll(tasks)) {
                results.add(future.get());
            }
            return results;
        } finally {
            threads.shutdownNow();
        }
    }

    private DeliveryOrders orders(DataSource through) {
        return new DeliveryOrders(through, SETTINGS, ledger.clock, DeliveryOrdersTest::info, "jo");
    }

    /** How a connector may be repeated, by how its name begins. */
    private static ConnectorInfo info(String connector) {
        if (connector.startsWith("gone")) {
            throw new UserError("connector '" + connector + "': no such file");
        }
        Repeat repeat = connector.startsWith("safe")
                ? Repeat.SAFE
                : connector.startsWith("lookup") ? Repeat.LOOKUP : Repeat.NEVER;
        return new ConnectorInfo(connector, repeat, false);
    }

    private static String connector(int line) {
        return TABLE.get(line).split(" +", 6)[1] + "-" + line;
    }

    private static Set<String> codes() {
        Set<String> codes = new TreeSet<>();
        for (DeliveryState state : DeliveryState.values()) {
            codes.add(state.code());
        }
        return codes;
    }

    private static Lanes.Lane lane(String connector) {
        return new Lanes.Lane(connector, "");
    }

    private long inDoubt(String tenant) throws Exception {
        ledger.issued(tenant);
        fanOut("never");
        Attempt attempt = start("never");
        deliveries.failed(attempt, info("never"), Failure.UNKNOWN, "cut", RANDOM);
        return attempt.delivery();
    }

    private Attempt start(String connector) throws SQLException {
        ConnectorInfo any = new ConnectorInfo(connector, Repeat.SAFE, false);
        return deliveries
                .start(lanes.claim(lane(connector), any, "hub-1").get(0))
                .orElseThrow();
    }

    private void fanOut(String connector) throws SQLException {
        outbox.done(outbox.claim("fan").stream()
                .map(claim -> new Outbox.Choice(claim, Set.of(connector)))
                .toList());
    }

    private long onlyId() throws SQLException {
        return Long.parseLong(ledger.rows("select id from delivery").get(0));
    }

    private String state(long id) throws SQLException {
        return ledger.rows("select state from delivery where id = " + id).get(0);
    }

    private void execute(String sql) throws SQLException {
        ledger.execute(sql);
    }
}
