package org.caravan.invoice.document;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Provide;
import org.caravan.ledger.EntryKind;
import org.caravan.ledger.TenantMonth;
import org.caravan.ledger.TenantRef;
import org.caravan.ledger.UsageSum;

/** Usage of every kind, and ways of billing it: what properties of documents are tried on. */
public abstract class AnyDocument {
    private static final Instant BEGIN = Instant.parse("2026-10-01T00:00:00Z");

    protected static Document build(AccountProfile profile, String ratingCurrency, List<UsageSum> sums) {
        DocumentHead head = DocumentHead.invoice("hub", "acme", Sums.MONTH, 1, "1", false, ratingCurrency, Map.of());
        // the same currency needs no rate, another one does
        AccountProfile fitting = ratingCurrency.equals(profile.currency())
                ? profile(profile, null, null)
                : profile(profile, profile.currency(), profile.rate());
        // a resource is one tenant's: where r3 has usage, the account has two
        List<TenantMonth> months = new ArrayList<>();
        for (boolean other : List.of(false, true)) {
            List<UsageSum> own = sums.stream()
                    .filter(sum -> sum.resource().equals("r3") == other)
                    .toList();
            if (!other || !own.isEmpty()) {
                TenantRef tenant = new TenantRef(other ? 2 : 1, "default", other ? "beta" : "acme", 0);
                months.add(new TenantMonth(tenant, Sums.MONTH, 1, own, List.of()));
            }
        }
        return DocumentBuilder.build(head, fitting, months);
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
    protected Arbitrary<List<UsageSum>> usage() {
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
                .as(AnyDocument::sum)
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
    protected Arbitrary<AccountProfile> profiles() {
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
    protected Arbitrary<String> currencies() {
        return Arbitraries.of("NZD", "JPY", "BHD");
    }

    private static Arbitrary<BigDecimal> decimals(long min, long max, int scale) {
        return Arbitraries.bigDecimals()
                .between(BigDecimal.valueOf(min), BigDecimal.valueOf(max))
                .ofScale(scale);
    }
}
