package org.caravan.invoice;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.YearMonth;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.caravan.common.UserError;
import org.caravan.invoice.cost.CostPrices;
import org.caravan.invoice.document.AccountProfiles;
import org.caravan.invoice.document.Document;
import org.caravan.invoice.document.DocumentJson;
import org.caravan.rating.cost.PriceBook;
import org.caravan.rating.cost.PriceSource;
import org.caravan.rating.cost.UnitCost;
import org.junit.jupiter.api.Test;

/** Usage that is priced when its month closes: what it costs, what holds it, and for how long a price holds. */
class CostCloseTest {
    private static final YearMonth OCTOBER = TestLedger.MONTH;
    private static final YearMonth NOVEMBER = OCTOBER.plusMonths(1);

    private final TestLedger ledger = TestLedger.invoicing();
    private final Prices prices = new Prices();

    /** An ERP's price list, as a person changes it. */
    private static final class Prices implements PriceSource {
        private final Map<String, UnitCost> known = new HashMap<>();
        private String currency = "EUR";
        private String failure;
        private int reads;
        private Work meanwhile = () -> {};

        private interface Work {
            void run() throws Exception;
        }

        void set(String product, String price, String unit) {
            known.put(product, new UnitCost(new BigDecimal(price), unit));
        }

        @Override
        public String name() {
            return "the ERP";
        }

        @Override
        public String remedy(String datacenter, String product) {
            return "add " + datacenter + "." + product;
        }

        @Override
        public PriceBook read(YearMonth month) {
            reads++;
            try {
                meanwhile.run();
                meanwhile = () -> {};
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
            if (failure != null) {
                throw new UserError(failure);
            }
            Map<String, UnitCost> now = Map.copyOf(known);
            String in = currency;
            return new PriceBook() {
                @Override
                public Optional<UnitCost> cost(String datacenter, String product) {
                    return Optional.ofNullable(now.get(datacenter + "." + product));
                }

                @Override
                public String currency() {
                    return in;
                }
            };
        }
    }

    private Closer closer() {
        return closer(new CostPrices(prices, "EUR", Duration.ZERO, ledger.clock));
    }

    private Closer closer(CostPrices costs) {
        return new Closer(
                ledger.dataSource,
                ledger.identity,
                AccountProfiles.none(),
                Map.of(),
                CloseSettings.defaults(),
                ClosePolicy.defaults(),
                List.of(),
                costs,
                ledger.clock);
    }

    private CloseResult close(YearMonth month) throws Exception {
        return closer().close(month);
    }

    /** Lines of an account's documents of a month: product, quantity, unit, price, amount. */
    private List<String> lines(String account, YearMonth month) throws Exception {
        return ledger
                .rows("select body from document where account = '" + account + "' and month = '" + month.atDay(1)
                        + "'")
                .stream()
                .map(body -> DocumentJson.read(body.getBytes(StandardCharsets.UTF_8)))
                .flatMap(document -> document.sections().stream())
                .flatMap(section -> section.lines().stream())
                .map(CostCloseTest::line)
                .toList();
    }

    private static String line(Document.Line line) {
        return line.product() + " " + line.quantity().toPlainString() + " " + line.unit() + " at "
                + (line.unitPrice() == null ? "?" : line.unitPrice().toPlainString())
                + " = " + line.amount().toPlainString()
                + (line.usageMonth() == null ? "" : " of " + line.usageMonth());
    }

    @Test
    void usageIsBilledAtThePriceOfItsDatacenterAndProduct() throws Exception {
        // given
        prices.set("north.c1", "0.0485", "hour");
        prices.set("north.n1", "2.005", "");
        ledger.useAtCost(OCTOBER, 0, "acme", "c1", "hour", "100", "0");
        ledger.useAtCost(OCTOBER, 1, "acme", "c1", "hour", "1", "0");
        ledger.useAtCost(OCTOBER, 0, "acme", "n1", "GB", "1", "0");
        ledger.use("acme");
        // when
        CloseResult result = close(OCTOBER);
        // then
        assertThat(result.held()).isEmpty();
        assertThat(lines("acme", OCTOBER))
                .containsExactly(
                        "c1 101 hour at 0.0485 = 4.90", "m1.small 100 hour at 0.048 = 4.80", "n1 1 GB at 2.005 = 2.01");
        assertThat(ledger.rows(
                        "select usage_month, datacenter, product, price, unit, source from cost_price order by 3"))
                .containsExactly("2026-10-01 north c1 0.0485 hour the ERP", "2026-10-01 north n1 2.005  the ERP");
        assertThat(prices.reads).isEqualTo(1);
    }

    @Test
    void secondsAreBegunHoursOfTheWholeMonthAndBytesAreGigabytes() throws Exception {
        // given: 7,201 seconds in two records are three begun hours
        prices.set("north.c1", "0.5", "hour");
        prices.set("north.o1", "10", "gigabyte");
        ledger.useAtCost(OCTOBER, 0, "acme", "c1", "second", "3601", "0");
        ledger.useAtCost(OCTOBER, 1, "acme", "c1", "second", "3600", "0");
        ledger.useAtCost(OCTOBER, 0, "acme", "o1", "byte", "536870912", "0");
        // when
        close(OCTOBER);
        // then
        assertThat(lines("acme", OCTOBER)).containsExactly("c1 3 hour at 0.5 = 1.50", "o1 0.5 gigabyte at 10 = 5.00");
    }

    @Test
    void aPriceAtCostComesOnTopOfWhatRulesCharged() throws Exception {
        // given: rules charged 0.02 for each hour
        prices.set("north.c1", "0.03", "hour");
        ledger.useAtCost(OCTOBER, 0, "acme", "c1", "hour", "100", "2.00");
        // when
        close(OCTOBER);
        // then
        assertThat(lines("acme", OCTOBER)).containsExactly("c1 100 hour at 0.05 = 5.00");
    }

    @Test
    void aMissingPriceHoldsItsTenantAloneAlsoAgainstForce() throws Exception {
        // given
        prices.set("north.c1", "0.048", "hour");
        ledger.useAtCost(OCTOBER, 0, "acme", "c1", "hour", "100", "0");
        ledger.useAtCost(OCTOBER, 0, "zen", "c9", "hour", "100", "0");
        // when
        CloseResult forced = closer().close(CloseOrder.of(OCTOBER).forced(), issued -> {});
        // then
        assertThat(forced.issued()).extracting(IssuedDocument::account).containsExactly("acme");
        assertThat(forced.held())
                .extracting(CloseResult.Held::account, CloseResult.Held::reason)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(
                                "zen",
                                "tenant zen has usage of 2026-10 without a price: north.c9 has no price in the ERP; add north.c9"));
        assertThat(closer().preview(CloseOrder.of(OCTOBER)).held()).hasSize(1);
        // when
        prices.set("north.c9", "1", "hour");
        CloseResult mended = close(OCTOBER);
        // then
        assertThat(mended.issued()).extracting(IssuedDocument::account).containsExactly("zen");
        assertThat(lines("zen", OCTOBER)).containsExactly("c9 100 hour at 1 = 100.00");
    }

    @Test
    void whatCanNotBePricedSaysWhyAndWhatEndsIt() throws Exception {
        // given
        ledger.useAtCost(OCTOBER, 0, "acme", "c1", "GB", "100", "0");
        prices.set("north.c1", "0.048", "hour");
        // when / then
        assertThat(reason(closer()))
                .endsWith(
                        "the price of north.c1 is per hour, its usage is in GB; price it per GB, or give its meter a unit"
                                + " that converts");
        prices.currency = "NZD";
        assertThat(reason(closer()))
                .endsWith(
                        "prices of the ERP are in NZD, the ledger's currency is EUR; name a price list in EUR; mend it,"
                                + " then close again");
        prices.failure = "the ERP does not answer";
        assertThat(reason(closer())).endsWith("the ERP does not answer; mend it, then close again");
        assertThat(reason(closer(CostPrices.none())))
                .endsWith(
                        "north.c1 is priced at cost, and no source of prices is configured; set caravan.cost.connector or"
                                + " caravan.cost.rates");
        assertThat(ledger.rows("select count(*) from document")).containsExactly("0");
    }

    private String reason(Closer closer) throws Exception {
        return closer.close(CloseOrder.of(OCTOBER).forced(), issued -> {})
                .held()
                .get(0)
                .reason();
    }

    @Test
    void aPriceHoldsForAllUsageOfItsMonthOnceADocumentBearsIt() throws Exception {
        // given
        prices.set("north.c1", "0.05", "hour");
        ledger.useAtCost(OCTOBER, 0, "acme", "c1", "hour", "100", "0");
        ledger.useAtCost(OCTOBER, 0, "zen", "c1", "hour", "100", "0");
        closer().close(OCTOBER, Set.of("acme"), issued -> {});
        // when: the price changes, the other tenant closes, and usage of October comes late
        prices.set("north.c1", "0.07", "day");
        close(OCTOBER);
        ledger.useAtCost(OCTOBER, 5, "acme", "c1", "hour", "10", "0");
        prices.set("north.c1", "0.07", "hour");
        ledger.useAtCost(NOVEMBER, 0, "acme", "c1", "hour", "10", "0");
        ledger.clock.move(Duration.ofDays(31));
        close(NOVEMBER);
        // then
        assertThat(lines("zen", OCTOBER)).containsExactly("c1 100 hour at 0.05 = 5.00");
        assertThat(lines("acme", NOVEMBER))
                .containsExactly("c1 10 hour at 0.05 = 0.50 of 2026-10", "c1 10 hour at 0.07 = 0.70");
    }

    @Test
    void ofTwoHubsThatReadOtherPricesOneWaitsAndThenBillsWhatTheOtherFroze() throws Exception {
        // given: while the second hub reads its prices, the first one closes
        ledger.useAtCost(OCTOBER, 0, "acme", "c1", "hour", "100", "0");
        ledger.useAtCost(OCTOBER, 0, "zen", "c1", "hour", "100", "0");
        prices.set("north.c1", "0.05", "hour");
        Prices others = new Prices();
        others.set("north.c1", "0.07", "hour");
        others.meanwhile = () -> closer().close(OCTOBER, Set.of("acme"), issued -> {});
        CostPrices costs = new CostPrices(others, "EUR", Duration.ZERO, ledger.clock);
        // when
        CloseResult late = closer(costs).close(OCTOBER);
        CloseResult again = closer(costs).close(OCTOBER);
        // then
        assertThat(late.issued()).isEmpty();
        assertThat(late.held())
                .extracting(CloseResult.Held::reason)
                .containsExactly("the price of north.c1 in 2026-10 was frozen otherwise meanwhile; close once more");
        assertThat(again.issued()).hasSize(1);
        assertThat(lines("zen", OCTOBER)).containsExactly("c1 100 hour at 0.05 = 5.00");
        assertThat(ledger.rows("select price from cost_price")).containsExactly("0.05");
    }

    @Test
    void whatIsPricedAtCostIsNotUnpriced() throws Exception {
        // given
        ledger.useAtCost(OCTOBER, 0, "acme", "c1", "hour", "100", "0");
        prices.set("north.c1", "0.05", "hour");
        Closer strict = new Closer(
                ledger.dataSource,
                ledger.identity,
                AccountProfiles.none(),
                Map.of(),
                CloseSettings.defaults(),
                new ClosePolicy(Duration.ZERO, false, false, false),
                List.of(),
                new CostPrices(prices, "EUR", Duration.ZERO, ledger.clock),
                ledger.clock);
        // when
        CloseResult result = strict.close(CloseOrder.of(OCTOBER), issued -> {});
        // then
        assertThat(result.held()).isEmpty();
        assertThat(result.issued()).hasSize(1);
        assertThat(ledger.rows("select sum(unpriced) from batch")).containsExactly("0");
    }
}
