package org.caravan.invoice.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.YearMonth;
import java.util.List;
import java.util.Map;
import org.caravan.common.UserError;
import org.caravan.invoice.document.AccountProfile.Lines;
import org.caravan.invoice.document.Document.Item;
import org.caravan.invoice.document.Document.Line;
import org.caravan.invoice.document.Document.Section;
import org.caravan.ledger.EntryKind;
import org.caravan.ledger.TenantMonth;
import org.junit.jupiter.api.Test;

class DocumentBuilderTest {
    private static final AccountProfile PLAIN = AccountProfile.plain("acme");

    @Test
    void eachDatacenterIsASectionAndEachProductAtAPriceALine() {
        // given
        Sums usage = Sums.of()
                .in("wlg")
                .use("vm1", "m1.small", "hour", "10", "0.048")
                .in("por")
                .use("vm3", "m1.small", "hour", "5", "0.048")
                .use("vm2", "m1.small", "hour", "10.5", "0.048")
                .use("vol", "b1.standard", "gigabyte", "100", "0.0005");
        // when
        Document document = usage.document(PLAIN);
        // then
        assertThat(document.sections()).extracting(Section::name).containsExactly("por", "wlg");
        Section por = document.sections().get(0);
        assertThat(por.lines()).extracting(Line::product).containsExactly("b1.standard", "m1.small");
        Line small = por.lines().get(1);
        assertThat(small.quantity()).isEqualTo("15.5");
        assertThat(small.unitPrice()).isEqualTo("0.048");
        assertThat(small.amount()).isEqualTo("0.74");
        assertThat(small.exact()).isEqualTo("0.744");
        assertThat(small.effective()).isFalse();
        assertThat(small.items()).extracting(Item::resource).containsExactly("vm2", "vm3");
        assertThat(por.subtotal()).isEqualTo("0.79");
        assertThat(document.subtotal()).isEqualTo("1.27");
        assertThat(document.exact()).isEqualTo("1.274");
        assertThat(document.roundingDifference()).isEqualTo("-0.004");
        assertThat(document.period().to()).isEqualTo(Instant.parse("2026-11-01T00:00:00Z"));
    }

    @Test
    void aPriceChangeWithinTheMonthShowsAsTwoLines() {
        // given
        Sums usage = Sums.of()
                .use("vm1", "m1.small", "hour", "10", "0.05")
                .use("vm1", "m1.small", "hour", "20", "0.048")
                .use("vm2", "m1.small", "hour", "20", "0.0480");
        // when
        List<Line> lines = usage.document(PLAIN).sections().get(0).lines();
        // then
        assertThat(lines).extracting(Line::unitPrice).containsExactly(dec("0.048"), dec("0.05"));
        assertThat(lines).extracting(Line::quantity).containsExactly(dec("40"), dec("10"));
    }

    @Test
    void aboveFiveUnitPricesOneLineShowsTheEffectivePriceAndSaysSo() {
        // given
        Sums five = Sums.of();
        Sums six = Sums.of();
        for (int i = 1; i <= 6; i++) {
            (i <= 5 ? five : Sums.of()).use("vm", "m1", "hour", "1", "0.0" + i);
            six.use("vm", "m1", "hour", "1", "0.0" + i);
        }
        six.use("vm", "m2", "hour", "1", "1");
        // when
        List<Line> apart = five.document(PLAIN).sections().get(0).lines();
        List<Line> together = six.document(PLAIN).sections().get(0).lines();
        // then
        assertThat(apart).hasSize(5).noneMatch(Line::effective);
        assertThat(together).extracting(Line::product).containsExactly("m1", "m2");
        assertThat(together.get(0).effective()).isTrue();
        assertThat(together.get(0).unitPrice()).isEqualTo("0.035");
        assertThat(together.get(0).note()).isEqualTo("effective price of 6 prices");
        assertThat(together.get(0).items()).hasSize(6);
        assertThat(together.get(1).effective()).isFalse();
    }

    @Test
    void anAmountThatIsNotLinearShowsTheEffectivePriceToSixPlaces() {
        // given
        Sums usage = Sums.of().useFor("vm", "m1", "hour", "3", "1").useFor("vm", "m2", "hour", "0", "0.5");
        // when
        List<Line> lines = usage.document(PLAIN).sections().get(0).lines();
        // then
        assertThat(lines).allMatch(Line::effective);
        assertThat(lines.get(0).unitPrice()).isEqualTo("0.333333");
        assertThat(lines.get(0).note()).contains("not linear");
        assertThat(lines.get(0).items().get(0).unitPrice()).isNull();
        assertThat(lines.get(1).unitPrice()).isNull();
        assertThat(lines.get(1).amount()).isEqualTo("0.50");
    }

    @Test
    void unpricedUsageShowsWithAmountZero() {
        // given
        Sums usage = Sums.of().use("vm", "m1", "hour", "3", null).use("vm2", "m1", "hour", "3", "0");
        // when
        List<Line> lines = usage.document(PLAIN).sections().get(0).lines();
        // then: a price of zero is a price
        assertThat(lines).extracting(Line::unpriced).containsExactly(false, true);
        assertThat(lines).extracting(Line::amount).containsOnly(dec("0.00"));
        assertThat(lines.get(1).note()).isEqualTo("no price applies");
    }

    @Test
    void lateUsageAndCorrectionsAreLinesOfTheirOwnWithTheirMonth() {
        // given
        YearMonth september = YearMonth.of(2026, 9);
        Sums usage = Sums.of()
                .use("vm", "m1", "hour", "3", "0.1")
                .late(EntryKind.ADJUSTMENT, september, "vm", "m1", "2", "0.1")
                .late(EntryKind.CORRECTION, Sums.MONTH, "vm", "m1", "-1", "0.1");
        // when
        List<Line> lines = usage.document(PLAIN).sections().get(0).lines();
        // then
        assertThat(lines)
                .extracting(Line::kind)
                .containsExactly(EntryKind.USAGE, EntryKind.CORRECTION, EntryKind.ADJUSTMENT);
        assertThat(lines).extracting(Line::usageMonth).containsExactly(null, null, september);
        assertThat(lines).extracting(Line::amount).containsExactly(dec("0.30"), dec("-0.10"), dec("0.20"));
    }

    @Test
    void negativeZeroAndEmptyDocumentsAreDocuments() {
        // given
        AccountProfile taxed =
                new Sums.Profile().tax("GST", "15").discount("0", "5").build();
        Sums credit = Sums.of().late(EntryKind.CORRECTION, Sums.MONTH, "vm", "m1", "-10", "0.1");
        Sums zero = Sums.of().use("vm", "m1", "hour", "0", "0.1");
        // when, then
        assertThat(credit.document(taxed).total()).isEqualTo("-1.15");
        assertThat(zero.document(taxed).total()).isEqualTo("0.00");
        Document empty = Sums.of().document(taxed);
        assertThat(empty.sections()).isEmpty();
        assertThat(empty.total()).isEqualTo("0.00");
        assertThat(empty.exact()).isEqualTo("0");
    }

    @Test
    void anotherCurrencyConvertsEachRoundedLineAtTheFrozenRate() {
        // given 0.744 NZD, which is 0.74, which is 0.4514 USD
        AccountProfile dollars = new Sums.Profile().currency("USD", "0.61").build();
        AccountProfile yen = new Sums.Profile().currency("JPY", "90.5").build();
        Sums usage = Sums.of().use("vm", "m1", "hour", "15.5", "0.048").use("vm", "m2", "hour", "1", "0.005");
        // when
        Document usd = usage.document(dollars);
        Document jpy = usage.document(yen);
        // then
        assertThat(usd.sections().get(0).lines()).extracting(Line::amount).containsExactly(dec("0.45"), dec("0.01"));
        assertThat(usd.sections().get(0).lines().get(0).unitPrice()).isEqualTo("0.02928");
        assertThat(usd.exact()).isEqualTo("0.45689");
        assertThat(usd.currency()).isEqualTo("USD");
        assertThat(usd.ratingCurrency()).isEqualTo("NZD");
        assertThat(usd.rate()).isEqualTo("0.61");
        assertThat(jpy.sections().get(0).lines()).extracting(Line::amount).containsExactly(dec("67"), dec("1"));
        assertThat(jpy.total()).isEqualTo("68");
    }

    @Test
    void aProfileThatCannotBillTheLedgersCurrencyIsRefused() {
        // given
        AccountProfile noRate = new Sums.Profile().currency("USD", null).build();
        AccountProfile ownRate = new Sums.Profile().currency("NZD", "2").build();
        // when, then
        assertThatThrownBy(() -> Sums.of().document(noRate))
                .isInstanceOf(UserError.class)
                .hasMessage("account 'acme': currency USD without a 'rate' from the ledger's NZD; add 'rate' to the"
                        + " accounts file, or, for a merchant's customer, the currency to its reseller or to"
                        + " caravan.invoice.rates");
        assertThatThrownBy(() -> Sums.of().document(ownRate)).isInstanceOf(UserError.class);
    }

    @Test
    void namesComeFromTheMetadataThatKeepsItsTypes() {
        // given
        Sums usage = Sums.of()
                .use("vm1", "m1", "hour", "1", "1")
                .use("vm2", "m1", "hour", "1", "1")
                .use("vm3", "m1", "hour", "1", "1")
                .told("vm1", "m1", "{\"zone\":\"az1\",\"name\":\"web\",\"disk\":1.50,\"cores\":4,\"ha\":true}")
                .told("vm2", "m1", "{\"name\":\"\",\"display_name\":\"db\"}");
        // when
        Document document = usage.document(PLAIN);
        // then
        List<Item> items = document.sections().get(0).lines().get(0).items();
        assertThat(items).extracting(Item::name).containsExactly("web", "db", null);
        assertThat(items.get(0).metadata().keySet()).containsExactly("cores", "disk", "ha", "name", "zone");
        assertThat(new String(DocumentJson.write(document), StandardCharsets.UTF_8))
                .contains("{\"cores\":4,\"disk\":1.50,\"ha\":true,\"name\":\"web\",\"zone\":\"az1\"}");
    }

    @Test
    void anAccountOfSeveralTenantsSaysWhoseEachItemIs() {
        // given
        TenantMonth first = Sums.of().use("vm", "m1", "hour", "1", "1").month("t1");
        TenantMonth second = Sums.of().use("vm", "m1", "hour", "2", "1").month("west", "t1");
        // when
        Document document = Sums.document(PLAIN, List.of(second, first));
        // then
        assertThat(document.tenants()).containsExactly("@west/t1", "t1");
        assertThat(document.sections().get(0).lines()).hasSize(1);
        assertThat(document.sections().get(0).lines().get(0).items())
                .extracting(Item::tenant)
                .containsExactly("@west/t1", "t1");
    }

    @Test
    void linesCanBePerProductOrPerResource() {
        // given
        Sums usage = Sums.of()
                .use("vm1", "m1", "hour", "1", "0.1")
                .use("vm1", "m1", "hour", "1", "0.2")
                .use("vm2", "m1", "hour", "1", "0.1");
        // when
        List<Line> perProduct = usage.document(
                        new Sums.Profile().lines(Lines.PRODUCT).build())
                .sections()
                .get(0)
                .lines();
        List<Line> perResource = usage.document(
                        new Sums.Profile().lines(Lines.RESOURCE).build())
                .sections()
                .get(0)
                .lines();
        // then
        assertThat(perProduct).hasSize(1).allMatch(Line::effective);
        assertThat(perProduct.get(0).unitPrice()).isEqualTo("0.133333");
        assertThat(perResource)
                .hasSize(3)
                .noneMatch(Line::effective)
                .allMatch(line -> line.items().size() == 1);
    }

    @Test
    void labelsAreOfTheProductOrElseOfItsMeter() {
        // given
        DocumentHead plain = Sums.head("acme", "2026-0001");
        DocumentHead head = DocumentHead.invoice(
                plain.issuer(),
                "acme",
                Sums.MONTH,
                1,
                "2026-0001",
                true,
                "NZD",
                Map.of("meter.m1", "Server", "meter.m2", "Server", "m2", "Big server"));
        TenantMonth usage = Sums.of()
                .use("vm", "m1", "hour", "1", "1")
                .use("vm", "m2", "hour", "1", "1")
                .use("vm", "m3", "hour", "1", "1")
                .month("acme");
        // when
        Document document = Sums.document(head, PLAIN, List.of(usage));
        // then
        assertThat(document.proforma()).isTrue();
        assertThat(document.sections().get(0).lines())
                .extracting(Line::label)
                .containsExactly("Server", "Big server", null);
    }

    private static BigDecimal dec(String text) {
        return new BigDecimal(text);
    }
}
