package org.caravan.invoice.document;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.caravan.invoice.document.Document.Item;
import org.caravan.invoice.document.Document.Line;
import org.caravan.invoice.document.Document.Section;
import org.caravan.invoice.document.Document.Tax;
import org.caravan.ledger.EntryKind;
import org.caravan.ledger.TenantMonth;
import org.caravan.ledger.TenantRef;
import org.caravan.ledger.UsageSum;

/** What holds of every document, whatever was used and however it is billed. */
class DocumentPropertiesTest {
    private static final Instant BEGIN = Instant.parse("2026-10-01T00:00:00Z");

    @Property(tries = 400)
    void sumsOfItemsLinesSectionsAndTotalAgree(
            @ForAll("usage") List<UsageSum> sums,
            @ForAll("profiles") AccountProfile profile,
            @ForAll("currencies") String ratingCurrency) {
        // given
        BigDecimal rated = sums.stream().map(UsageSum::amount).reduce(BigDecimal.ZERO, BigDecimal::add);
        // when
        Document document = build(profile, ratingCurrency, sums);
        // then
        Sums.assertMatchesSchema(document);
        assertThat(document.exact()).isEqualByComparingTo(rated.multiply(document.rate()));
        BigDecimal subtotal = BigDecimal.ZERO;
        BigDecimal exact = BigDecimal.ZERO;
        int items = 0;
        for (Section section : document.sections()) {
            BigDecimal lines = BigDecimal.ZERO;
            BigDecimal linesExact = BigDecimal.ZERO;
            for (Line line : section.lines()) {
                assertLine(line, profile);
                lines = lines.add(line.amount());
                linesExact = linesExact.add(line.exact());
                items += line.items().size();
            }
            assertThat(section.exact()).isEqualByComparingTo(linesExact);
            if (profile.rounding().name().equals("reseller")) {
                lines = lines.setScale(Rounding.digits(document.currency()), RoundingMode.HALF_UP);
            }
            assertThat(section.subtotal()).isEqualTo(lines);
            subtotal = subtotal.add(section.subtotal());
            exact = exact.add(section.exact());
        }
        assertThat(items).isLessThanOrEqualTo(sums.size());
        assertThat(document.subtotal()).isEqualByComparingTo(subtotal);
        assertThat(document.exact()).isEqualByComparingTo(exact);
        assertThat(document.roundingDifference()).isEqualByComparingTo(subtotal.subtract(exact));
        assertTotals(document);
    }

    @Property(tries = 200)
    void theOrderOfTheSumsNeverChangesTheDocument(
            @ForAll("usage") List<UsageSum> sums, @ForAll("profiles") AccountProfile profile, @ForAll Random random) {
        // given
        List<UsageSum> shuffled = new ArrayList<>(sums);
        Collections.shuffle(shuffled, random);
        // when
        byte[] one = DocumentJson.write(build(profile, "NZD", sums));
        byte[] other = DocumentJson.write(build(profile, "NZD", shuffled));
        // then
        assertThat(other).isEqualTo(one);
    }

    @Property(tries = 200)
    void aDocumentReadBackIsTheSame(@ForAll("usage") List<UsageSum> sums, @ForAll("profiles") AccountProfile profile) {
        // given
        Document document = build(profile, "NZD", sums);
        // when
        Document read = DocumentJson.read(DocumentJson.write(document));
        // then
        assertThat(read).isEqualTo(document);
    }

    private static void assertLine(Line line, AccountProfile profile) {
        BigDecimal exact = BigDecimal.ZERO;
        BigDecimal quantity = BigDecimal.ZERO;
        BigDecimal amount = BigDecimal.ZERO;
        for (Item item : line.items()) {
            exact = exact.add(item.exact());
            quantity = quantity.add(item.quantity());
            if (profile.rounding().roundsItems()) {
                amount = amount.add(item.amount());
            } else {
                assertThat(item.amount()).isNull();
            }
        }
        assertThat(line.exact()).isEqualByComparingTo(exact);
        assertThat(line.quantity()).isEqualByComparingTo(quantity);
        if (profile.rounding().roundsItems()) {
            assertThat(line.amount()).isEqualTo(amount);
        }
        if (line.unpriced()) {
            assertThat(line.amount()).isZero();
        }
    }

    private static void assertTotals(Document document) {
        int digits = Rounding.digits(document.currency());
        BigDecimal taxes = document.taxes().stream().map(Tax::amount).reduce(BigDecimal.ZERO, BigDecimal::add);
        BigDecimal off = document.discount().amount();
        assertThat(document.total()).isEqualTo(document.subtotal().subtract(off).add(taxes));
        assertThat(document.total().scale()).isEqualTo(digits);
        assertThat(document.subtotal().scale()).isEqualTo(digits);
        if (document.subtotal().signum() >= 0) {
            assertThat(off).isBetween(BigDecimal.ZERO, document.subtotal());
            assertThat(document.total()).isNotNegative();
        } else {
            assertThat(off).isBetween(document.subtotal(), BigDecimal.ZERO);
        }
    }

    private static Document build(AccountProfile profile, String ratingCurrency, List<UsageSum> sums) {
        DocumentHead head = DocumentHead.invoice("hub", "acme", Sums.MONTH, 1, "1", false, ratingCurrency, Map.of());
        // the same currency needs no rate, another one does
        AccountProfile fitting = ratingCurrency.equals(profile.currency())
                ? profile(profile, null, null)
                : profile(profile, profile.currency(), profile.rate());
        TenantRef tenant = new TenantRef(1, "default", "acme", 0);
        return DocumentBuilder.build(head, fitting, List.of(new TenantMonth(tenant, Sums.MONTH, 1, sums, List.of())));
    }

    private static AccountProfile profile(AccountProfile p, String currency, BigDecimal rate) {
        return new AccountProfile(
                p.account(),
                p.tenants(),
                true,
                null,
                currency,
                rate,
                p.taxes(),
                p.discountPercentage(),
                p.discountFlat(),
                p.rounding(),
                p.lines(),
                p.connectors());
    }

    @Provide
    Arbitrary<List<UsageSum>> usage() {
        Arbitrary<String> places = Arbitraries.of("por", "wlg");
        Arbitrary<String> products = Arbitraries.of("m1", "m2");
        Arbitrary<String> resources = Arbitraries.of("r1", "r2", "r3");
        Arbitrary<String> units = Arbitraries.of("hour", "second", "byte");
        Arbitrary<BigDecimal> quantities = decimals(-50_000, 5_000_000, 3);
        Arbitrary<BigDecimal> prices = Arbitraries.oneOf(
                        Arbitraries.of("0", "0.048", "0.05", "0.0500", "0.000013", "0.1", "1.5", "7")
                                .map(BigDecimal::new),
                        decimals(0, 2, 9))
                .injectNull(0.2);
        Arbitrary<Integer> flags = Arbitraries.integers().between(0, 99);
        return Combinators.combine(places, products, resources, units, quantities, prices, flags)
                .as(DocumentPropertiesTest::sum)
                .list()
                .ofMaxSize(25);
    }

    private static UsageSum sum(
            String place,
            String product,
            String resource,
            String unit,
            BigDecimal quantity,
            BigDecimal price,
            int flag) {
        boolean priced = flag >= 10;
        BigDecimal unitPrice = priced ? price : null;
        BigDecimal amount = !priced
                ? BigDecimal.ZERO
                : unitPrice == null ? quantity.multiply(new BigDecimal("0.0371")) : quantity.multiply(unitPrice);
        EntryKind kind = EntryKind.of(flag % 10 == 0 ? 2 : flag % 10 == 1 ? 3 : 1);
        return new UsageSum(
                place,
                "meter" + flag % 2,
                product,
                resource,
                "",
                unit,
                unitPrice,
                priced,
                kind,
                kind == EntryKind.ADJUSTMENT ? Sums.MONTH.minusMonths(1) : Sums.MONTH,
                quantity,
                amount,
                new BigDecimal(flag * 60),
                BEGIN.plusSeconds(flag % 7 * 3600L),
                BEGIN.plusSeconds(flag % 7 * 3600L + 60),
                1);
    }

    @Provide
    Arbitrary<AccountProfile> profiles() {
        Arbitrary<Rounding> policies =
                Arbitraries.of(Rounding.currency(), Rounding.artifice(), Rounding.reseller(new BigDecimal("0.01")));
        Arbitrary<String> currencies = Arbitraries.of("NZD", "JPY", "BHD");
        Arbitrary<BigDecimal> rates = decimals(1, 200, 8);
        Arbitrary<BigDecimal> percents = decimals(0, 100, 3);
        Arbitrary<BigDecimal> flats = decimals(0, 1000, 3);
        Arbitrary<List<BigDecimal>> taxes = decimals(0, 25, 3).list().ofMaxSize(3);
        Arbitrary<AccountProfile.Lines> lines = Arbitraries.of(AccountProfile.Lines.values());
        return Combinators.combine(policies, currencies, rates, percents, flats, taxes, lines)
                .as((policy, currency, rate, percent, flat, tax, grouping) -> new AccountProfile(
                        "acme",
                        List.of(),
                        true,
                        null,
                        currency,
                        rate,
                        tax.stream()
                                .map(t -> new AccountProfile.TaxRate("T", t))
                                .toList(),
                        percent,
                        flat,
                        policy,
                        grouping,
                        List.of()));
    }

    @Provide
    Arbitrary<String> currencies() {
        return Arbitraries.of("NZD", "JPY", "BHD");
    }

    private static Arbitrary<BigDecimal> decimals(long min, long max, int scale) {
        return Arbitraries.bigDecimals()
                .between(BigDecimal.valueOf(min), BigDecimal.valueOf(max))
                .ofScale(scale);
    }
}
