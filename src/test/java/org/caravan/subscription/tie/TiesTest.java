package org.caravan.subscription.tie;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.caravan.invoice.Audit;
import org.caravan.invoice.Closer;
import org.caravan.invoice.document.Document;
import org.caravan.subscription.Shop;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Whose usage is whose, and when that may change. */
class TiesTest {
    private static final String UNIT = "[{\"type\":\"volume\",\"tiers\":[{\"price\":\"1\"}]}]";

    private static Shop shop;

    @BeforeAll
    static void open() {
        shop = new Shop();
        shop.plan("p", "instance", UNIT);
    }

    private static void subscribed(String id, String created) {
        shop.customer("c-" + id, "eur");
        shop.subscription(id, "c-" + id, "p", created);
    }

    @Test
    void usageFromTheDayOfTheCreationOnIsClaimedHoweverLateTheTie() {
        // given
        subscribed("claims", "2026-10-10T15:00:00Z");
        shop.usePriced("t-claims", "ip", "2026-10-09T00:00:00Z", "1", "3");
        shop.use("t-claims", "instance", "2026-10-10T09:00:00Z", "1");
        shop.use("t-claims", "instance", "2026-10-11T09:00:00Z", "2");
        // when
        shop.clock.at("2026-10-20T00:00:00Z");
        shop.tie("claims", "t-claims");
        shop.tie("claims", "t-claims");
        shop.clock.at("2026-11-03T00:00:00Z");
        shop.close("2026-10", "m1/c-claims");
        // then: what was used before stands beside it, at its own price
        assertThat(shop.lines("m1/c-claims"))
                .containsExactly("ip | 1 hour | 3 | 3.00", "Plan p: The instance | 3 hour | 1 | 3.00");
    }

    @Test
    void usageBeforeTheSubscriptionIsNotPricedByItsPlan() throws Exception {
        // given
        subscribed("before", "2026-10-10T15:00:00Z");
        shop.use("t-before", "instance", "2026-10-09T00:00:00Z", "5");
        shop.use("t-before", "instance", "2026-10-10T00:00:00Z", "1");
        shop.tie("before", "t-before");
        shop.clock.at("2026-11-03T00:00:00Z");
        // when / then
        assertThat(shop.close("2026-10", "m1/c-before").held())
                .extracting(held -> held.reason())
                .containsExactly(
                        "tenant t-before has usage from 2026-10-09 to 2026-10-09 that a plan should price (product"
                                + " instance) and no subscription for it; tie it to one, or let it be billed as 0 with --force");
    }

    @Test
    void aTenantHasOneSubscriptionAtATimeAndAnotherFromTheNextDayOn() {
        // given
        subscribed("first", "2026-10-01T00:00:00Z");
        shop.subscription("second", "c-first", "p", "2026-10-05T00:00:00Z");
        shop.tie("first", "t-first");
        // when / then
        assertThatThrownBy(() -> shop.ties.tie("second", "default", "tenant", "t-first"))
                .isInstanceOf(TieRefused.class)
                .hasMessage("resource t-first is subscription first's; end that first");
        shop.end("first", "2026-10-07T10:00:00Z");
        shop.tie("second", "t-first");
        assertThat(shop.rows("select from_day, until_day from contract where tenant = 't-first' order by 1"))
                .containsExactly("2026-10-01 2026-10-08", "2026-10-08 null");
        assertThat(shop.rows("select project from project_ending where subscription_id = 'first'"))
                .containsExactly("t-first");
        assertThatThrownBy(() -> shop.ties.tie("first", "default", "tenant", "t-other"))
                .hasMessageContaining("has ended");
        assertThatThrownBy(() -> shop.ties.tie("none", "default", "tenant", "x"))
                .hasMessage("there is no subscription none");
    }

    @Test
    void usageThatWaitsForADocumentDoesNotChangeHands() {
        // given
        subscribed("hands", "2026-10-01T00:00:00Z");
        shop.tie("hands", "t-hands");
        shop.use("t-hands", "instance", "2026-10-02T00:00:00Z", "5");
        // when / then: not to another resource, and not to another customer
        assertThatThrownBy(() -> shop.ties.tie("hands", "default", "tenant", "t-hands-2"))
                .extracting(e -> ((TieRefused) e).why())
                .isEqualTo(TieRefused.Why.USED);
        shop.end("hands", "2026-10-03T00:00:00Z");
        subscribed("other", "2026-10-04T00:00:00Z");
        assertThatThrownBy(() -> shop.ties.tie("other", "default", "tenant", "t-hands"))
                .hasMessage(
                        "resource t-hands has usage that customer c-hands is to be billed for in 2026-10; close that"
                                + " month first, or use another resource");
        shop.clock.at("2026-11-03T00:00:00Z");
        shop.close("2026-10", "m1/c-hands");
        shop.tie("other", "t-hands");
        shop.use("t-hands", "instance", "2026-11-02T00:00:00Z", "7");
        shop.use("t-hands", "instance", "2026-10-02T05:00:00Z", "1");
        shop.clock.at("2026-12-03T00:00:00Z");
        // late usage of the first customer's is billed to nobody by mistake
        assertThat(shop.close("2026-11", "m1/c-other").held())
                .extracting(held -> held.reason())
                .first()
                .asString()
                .startsWith(
                        "tenant t-hands has late usage from 2026-10-01 on, of another customer's subscription hands");
    }

    @Test
    void tiesIngestAndClosesAtOnceBillEachRecordOnce() throws Exception {
        // given: tenants used, tied and closed by four at once
        int tenants = 12;
        int hours = 30;
        shop.clock.at("2026-11-03T00:00:00Z");
        for (int i = 0; i < tenants; i++) {
            subscribed("busy" + i, "2026-10-01T00:00:00Z");
        }
        List<Callable<Void>> work = new ArrayList<>();
        for (int half = 0; half < 2; half++) {
            int from = half * hours / 2;
            work.add(() -> {
                for (int hour = from; hour < from + hours / 2; hour++) {
                    String begin =
                            "2026-10-" + (hour / 24 + 10) + "T" + (hour % 24 < 10 ? "0" : "") + hour % 24 + ":00:00Z";
                    for (int i = 0; i < tenants; i++) {
                        shop.use("t-busy" + i, "instance", begin, "1");
                    }
                }
                return null;
            });
        }
        work.add(() -> {
            for (int i = 0; i < tenants; i++) {
                shop.tie("busy" + i, "t-busy" + i);
                Thread.sleep(5);
            }
            return null;
        });
        String[] accounts = new String[tenants];
        for (int i = 0; i < tenants; i++) {
            accounts[i] = "m1/c-busy" + i;
        }
        work.add(() -> {
            Closer closer = shop.closer();
            for (int round = 0; round < 6; round++) {
                shop.close(closer, "2026-10", accounts);
                Thread.sleep(10);
            }
            return null;
        });
        // when
        ExecutorService threads = Executors.newFixedThreadPool(work.size());
        try {
            for (Future<Void> done : threads.invokeAll(work)) {
                done.get();
            }
        } finally {
            threads.shutdownNow();
        }
        shop.close("2026-10", accounts);
        shop.clock.at("2026-12-03T00:00:00Z");
        shop.close("2026-11", accounts);
        // then
        for (String account : accounts) {
            BigDecimal quantity = BigDecimal.ZERO;
            for (Document document : shop.documents(account)) {
                for (Document.Line line : document.sections().get(0).lines()) {
                    quantity = quantity.add(line.quantity());
                    assertThat(line.amount()).isEqualByComparingTo(line.quantity());
                }
            }
            assertThat(quantity).as(account).isEqualByComparingTo(new BigDecimal(hours));
        }
        assertThat(Audit.run(shop.dataSource))
                .filteredOn(check -> check.name().contains("sum of its months"))
                .allSatisfy(check -> assertThat(check.findings()).isEmpty());
    }

    @Test
    void theMediatorNamesWhatIsMissingInBothDirections() throws Exception {
        // given
        subscribed("untied", "2026-10-01T00:00:00Z");
        subscribed("silent", "2026-10-01T00:00:00Z");
        shop.tie("silent", "t-silent");
        shop.usePriced("t-stranger", "ip", "2026-09-01T00:00:00Z", "1", "1");
        // when
        Mediator.Report report = new Mediator(shop.dataSource).report(null);
        // then
        assertThat(report.tenants())
                .extracting(Mediator.Place::name)
                .contains("t-stranger")
                .doesNotContain("t-silent");
        assertThat(report.withoutUsage())
                .extracting(Mediator.Missing::subscription)
                .contains("silent")
                .doesNotContain("untied");
        assertThat(report.withoutProject())
                .extracting(Mediator.Missing::subscription)
                .contains("untied")
                .doesNotContain("silent");
        assertThat(report.projects()).isNull();
        assertThat(report.isComplete()).isFalse();
    }
}
