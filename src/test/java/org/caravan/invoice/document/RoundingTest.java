package org.caravan.invoice.document;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.List;
import org.caravan.common.Decimals;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoundingTest {
    private static final Rounding RESELLER = Rounding.reseller(new BigDecimal("0.01"));

    @ParameterizedTest
    @CsvSource({"NZD,2", "JPY,0", "BHD,3"})
    void aCurrencyHasItsDigits(String currency, int digits) {
        // given a currency
        // when, then
        assertThat(Rounding.digits(currency)).isEqualTo(digits);
    }

    @ParameterizedTest
    @CsvSource({
        "0.005, 2, 0.01",
        "0.0049999, 2, 0.00",
        "-0.005, 2, -0.01",
        "1.5, 0, 2",
        "-1.5, 0, -2",
        "2.5, 0, 3",
        "0.0005, 3, 0.001",
    })
    void moneyIsRoundedHalfUpAwayFromZero(BigDecimal exact, int digits, BigDecimal rounded) {
        // given an exact amount
        // when, then
        assertThat(Rounding.currency().amount(exact, digits)).isEqualTo(rounded);
    }

    /** Seconds, rate and printed total of the published examples. */
    @ParameterizedTest
    @CsvSource({"62958, 0.0059, 0.103", "1157407, 0.0059, 1.897", "1236, 0.0059, 0.01"})
    void aResellerEntityIsRoundedToThreeDigitsAndAtLeastTheMinimum(
            BigDecimal seconds, BigDecimal rate, BigDecimal printed) {
        // given
        BigDecimal product = seconds.multiply(rate).divide(new BigDecimal(3600), Decimals.RATING);
        // when
        BigDecimal total = RESELLER.amount(product, 2);
        // then
        assertThat(total).isEqualByComparingTo(printed);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "0.0099999, 0.01",
        "0.01, 0.01",
        "0.0104, 0.01",
        "0.0105, 0.011",
        "-0.002, -0.002",
        "0.000001, 0.01"
    })
    void onlyAPositiveProductBelowTheMinimumIsRaised(BigDecimal product, BigDecimal billed) {
        // given a product
        // when, then
        assertThat(RESELLER.amount(product, 2)).isEqualByComparingTo(billed);
    }

    @Test
    void theMinimumChargeCanBeOff() {
        // given
        Rounding off = Rounding.reseller(BigDecimal.ZERO);
        // when, then
        assertThat(off.amount(new BigDecimal("0.002026"), 2)).isEqualByComparingTo("0.002");
        assertThat(off.amount(new BigDecimal("0.0004"), 2)).isZero();
    }

    @Test
    void aResellerProjectIsRoundedToTwoDigits() {
        // given one server, and two things that cost nothing
        Document document = Sums.of()
                .use("server", "s", "hour", "321.5019444444", "0.0059")
                .use("ip", "f", "hour", "724.7875", "0")
                .use("store", "o", "gb", "0", "0.1")
                .document(Sums.profile(RESELLER));
        // when
        Document.Section project = document.sections().get(0);
        // then
        assertThat(project.lines())
                .extracting(Document.Line::amount)
                .containsExactlyInAnyOrder(new BigDecimal("1.897"), new BigDecimal("0.000"), new BigDecimal("0.000"));
        assertThat(project.subtotal()).isEqualTo("1.90");
        assertThat(document.roundingDifference()).isEqualTo(project.subtotal().subtract(project.exact()));
    }

    @Test
    void aResellerSubtotalIsTheSumOfAllKinds() {
        // given
        Sums usage = Sums.of()
                .use("floating_ips", "ip", "hour", "2.14", "1")
                .use("servers", "server", "hour", "15.14", "1")
                .use("volumes", "volume", "gb-hour", "3.45", "1");
        AccountProfile profile =
                new Sums.Profile().rounding(RESELLER).tax("QST", "14.975").build();
        // when
        Document document = usage.document(profile);
        // then
        assertThat(document.subtotal()).isEqualTo("20.73");
        assertThat(document.total()).isEqualTo("23.83");
    }

    @ParameterizedTest
    @CsvSource({
        "20.73, 14.975, 0, 0, 0.00, 3.10, 23.83",
        "1.14, 14.975, 0, 0, 0.00, 0.17, 1.31",
        "1.9, 14.975, 100, 0, 1.90, 0.00, 0.00",
        "4.45, 14.975, 100, 0, 4.45, 0.00, 0.00",
        "24.04, 14.975, 100, 0, 24.04, 0.00, 0.00",
        "10, 15, 10, 2.5, 3.50, 0.98, 7.48",
        "10, 15, 10, 20, 10.00, 0.00, 0.00",
        "0, 15, 10, 20, 0.00, 0.00, 0.00",
        "-10, 15, 10, 20, -1.00, -1.35, -10.35",
    })
    void discountNeverExceedsTheSubtotalAndTaxIsOnWhatIsLeft(
            String amount, String tax, String percent, String flat, String discount, String taxAmount, String total) {
        // given
        AccountProfile profile = new Sums.Profile()
                .rounding(RESELLER)
                .tax("QST", tax)
                .discount(percent, flat)
                .build();
        // when
        Document document = Sums.of().use("r", "p", "hour", amount, "1").document(profile);
        // then
        assertThat(document.discount().amount()).isEqualTo(discount);
        assertThat(document.taxes()).extracting(Document.Tax::amount).containsExactly(new BigDecimal(taxAmount));
        assertThat(document.total()).isEqualTo(total);
    }

    @Test
    void artificeBillsBegunHoursOnThePeriodSum() {
        // given two resources of one flavor, priced by the second
        Document document = Sums.of()
                .use("web1", "c1.c1r1", "second", "2676601", "0.00001")
                .use("web2", "c1.c1r1", "second", "3600", "0.00001")
                .document(Sums.profile(Rounding.artifice()));
        // when
        Document.Line line = document.sections().get(0).lines().get(0);
        // then
        assertThat(line.unit()).isEqualTo("hour");
        assertThat(line.quantity()).isEqualTo("745");
        assertThat(line.unitPrice()).isEqualTo("0.036");
        assertThat(line.items()).extracting(Document.Item::quantity).containsExactly(dec("744"), dec("1"));
        assertThat(line.items()).extracting(Document.Item::amount).containsExactly(dec("26.78"), dec("0.04"));
        assertThat(line.amount()).isEqualTo("26.82");
        assertThat(line.exact()).isEqualTo("26.80201");
    }

    @Test
    void artificeRoundsCostPerServicePerResource() {
        // given 744 hours at the published rate, twice
        Document document = Sums.of()
                .use("web1", "c1.c1r1", "hour", "744", "0.048")
                .use("web2", "c1.c1r1", "hour", "744", "0.048")
                .document(Sums.profile(Rounding.artifice()));
        // when, then: the sum of rounded costs, not the rounded sum of 71.424
        assertThat(document.sections().get(0).lines().get(0).items())
                .extracting(Document.Item::amount)
                .containsExactly(dec("35.71"), dec("35.71"));
        assertThat(document.total()).isEqualTo("71.42");
        assertThat(document.roundingDifference()).isEqualTo("-0.004");
    }

    @Test
    void artificeRoundsHoursUpOnceWhereThePriceChangedWithinTheMonth() {
        // given 100.5 hours at each of two prices
        Document document = Sums.of()
                .use("web1", "c1", "second", "361800", "0.001")
                .use("web1", "c1", "second", "361800", "0.002")
                .document(Sums.profile(Rounding.artifice()));
        // when
        List<Document.Line> lines = document.sections().get(0).lines();
        // then
        assertThat(lines).extracting(Document.Line::quantity).containsExactly(dec("101"), dec("100"));
        assertThat(lines).extracting(Document.Line::amount).containsExactly(dec("363.60"), dec("720.00"));
    }

    @Test
    void artificeBillsBytesAsGigabytesUnrounded() {
        // given
        Document document = Sums.of()
                .use("net", "n1.national-in", "byte", "1610612737", "0.0000000001")
                .document(Sums.profile(Rounding.artifice()));
        // when
        Document.Line line = document.sections().get(0).lines().get(0);
        // then
        assertThat(line.unit()).isEqualTo("gigabyte");
        assertThat(line.quantity()).isEqualTo("1.500000000931322574615478515625");
        assertThat(line.unitPrice()).isEqualTo("0.1073741824");
        assertThat(line.quantity().multiply(line.unitPrice())).isEqualByComparingTo(line.exact());
        assertThat(line.amount()).isEqualTo("0.16");
    }

    private static BigDecimal dec(String text) {
        return new BigDecimal(text);
    }
}
