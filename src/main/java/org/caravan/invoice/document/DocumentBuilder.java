package org.caravan.invoice.document;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.caravan.common.UserError;
import org.caravan.invoice.document.Document.Discount;
import org.caravan.invoice.document.Document.Period;
import org.caravan.invoice.document.Document.Section;
import org.caravan.invoice.document.Document.Tax;
import org.caravan.ledger.TenantMonth;
import org.caravan.ledger.UsageSum;

/** Makes a document from the sums of a month. Pure: the same input, in whatever order, gives an equal document. */
public final class DocumentBuilder {
    /** More unit prices than this for one product of a section are shown as one line with the effective price. */
    public static final int MAX_UNIT_PRICES = 5;

    /** Digits after the point of an effective price. */
    public static final int EFFECTIVE_DIGITS = 6;

    /** A document of more items is refused: it would not fit where documents are kept. */
    public static final int MAX_ITEMS = 1_000_000;

    private DocumentBuilder() {}

    /**
     * Builds a document. Without usage it has no sections and a total of zero.
     *
     * @param usage one element per tenant of the account, all of the head's month
     * @throws UserError if the profile can't bill in the ledger's currency, or the document would be too large
     */
    public static Document build(DocumentHead head, AccountProfile profile, List<TenantMonth> usage) {
        return build(head, profile, usage, List.of());
    }

    /**
     * Builds a document that bears charges of contracts, too.
     *
     * @param usage one element per tenant of the account, all of the head's month
     * @param charges a line each, behind the usage of their section
     */
    public static Document build(
            DocumentHead head, AccountProfile profile, List<TenantMonth> usage, List<Charge> charges) {
        String problem = profile.rateProblem(head.ratingCurrency());
        if (problem != null) {
            throw new UserError("account '" + head.account() + "': " + problem);
        }
        String currency = profile.currency() == null ? head.ratingCurrency() : profile.currency();
        BigDecimal rate = profile.rate() == null ? BigDecimal.ONE : exact(profile.rate());
        Money money = new Money(
                profile.rounding(),
                digits(head.account(), head.ratingCurrency()),
                digits(head.account(), currency),
                currency.equals(head.ratingCurrency()) ? null : rate);
        List<Section> sections = sections(head, profile, usage, charges, money);

        BigDecimal subtotal = money.zero();
        BigDecimal exact = BigDecimal.ZERO;
        for (Section section : sections) {
            subtotal = subtotal.add(section.subtotal());
            exact = exact.add(section.exact());
        }
        Discount discount = discount(profile, subtotal, money);
        BigDecimal base = subtotal.subtract(discount.amount());
        List<Tax> taxes = new ArrayList<>();
        BigDecimal total = base;
        for (AccountProfile.TaxRate tax : profile.taxes()) {
            BigDecimal amount = money.percent(base, tax.rate());
            taxes.add(new Tax(tax.name(), exact(tax.rate()), amount));
            total = total.add(amount);
        }
        return new Document(
                Document.SCHEMA_VERSION,
                head.kind(),
                head.corrects(),
                null,
                null,
                head.key(),
                head.number(),
                null,
                head.proforma(),
                head.issuer(),
                head.account(),
                tenants(usage),
                profile.customer(),
                head.month(),
                period(head.month()),
                currency,
                head.ratingCurrency(),
                rate,
                profile.rounding().name(),
                sections,
                subtotal,
                exact(exact),
                exact(subtotal.subtract(exact)),
                discount,
                taxes,
                total);
    }

    /** [first of the month, first of the next) in UTC. */
    public static Period period(YearMonth month) {
        LocalDate from = month.atDay(1);
        return new Period(
                from.atStartOfDay(ZoneOffset.UTC).toInstant(),
                from.plusMonths(1).atStartOfDay(ZoneOffset.UTC).toInstant());
    }

    /** Without trailing zeros and without exponent: equal values become equal objects and equal texts. */
    static BigDecimal exact(BigDecimal value) {
        BigDecimal stripped = value.stripTrailingZeros();
        return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
    }

    private static List<Section> sections(
            DocumentHead head, AccountProfile profile, List<TenantMonth> usage, List<Charge> charges, Money money) {
        Map<Piece.Key, Piece> pieces = new LinkedHashMap<>();
        for (TenantMonth month : usage) {
            if (!month.month().equals(head.month())) {
                throw new IllegalArgumentException(
                        "usage of " + month.month() + " for a document of " + head.month() + ": " + head.key());
            }
            String tenant = AccountProfiles.tenantName(month.tenant());
            for (UsageSum sum : month.sums()) {
                Piece.Key key = Piece.Key.of(tenant, sum, head.month());
                pieces.computeIfAbsent(key, Piece::new).add(sum);
            }
            refuseTooMany(head, pieces.size());
        }
        refuseTooMany(
                head,
                pieces.size()
                        + charges.stream()
                                .mapToInt(charge -> charge.items().size())
                                .sum());
        pieces.values().removeIf(Piece::isGone);
        if (profile.rounding() == Rounding.artifice()) {
            ArtificeUnits.convert(pieces.values());
        }
        LineMaker maker = new LineMaker(head, money, ResourceNames.of(usage), severalTenants(usage, charges));
        Map<String, List<Document.Line>> byDatacenter = new TreeMap<>();
        LineKey.group(pieces.values(), profile.lines()).forEach((key, members) -> byDatacenter
                .computeIfAbsent(key.datacenter(), d -> new ArrayList<>())
                .add(maker.line(key, members)));
        charges.forEach(charge -> byDatacenter
                .computeIfAbsent(charge.datacenter(), d -> new ArrayList<>())
                .add(maker.line(charge)));
        List<Section> sections = new ArrayList<>();
        byDatacenter.forEach((datacenter, lines) -> {
            BigDecimal exact = BigDecimal.ZERO;
            for (Document.Line line : lines) {
                exact = exact.add(line.exact());
            }
            sections.add(new Section(datacenter, lines, money.section(lines), exact(exact)));
        });
        return sections;
    }

    /** True if an item must say whose it is: what is charged without usage counts, too. */
    private static boolean severalTenants(List<TenantMonth> usage, List<Charge> charges) {
        Set<String> names = new HashSet<>(tenants(usage));
        for (Charge charge : charges) {
            charge.items().stream()
                    .map(Charge.Item::tenant)
                    .filter(tenant -> !tenant.isEmpty())
                    .forEach(names::add);
        }
        return names.size() > 1;
    }

    private static void refuseTooMany(DocumentHead head, int items) {
        if (items > MAX_ITEMS) {
            throw new UserError("account '" + head.account() + "': more than " + MAX_ITEMS + " items in " + head.month()
                    + "; tie fewer tenants to it, or leave fleeting resources out of the meters file");
        }
    }

    private static Discount discount(AccountProfile profile, BigDecimal subtotal, Money money) {
        BigDecimal percentageAmount = money.percent(subtotal, profile.discountPercentage());
        BigDecimal flat = money.round(profile.discountFlat());
        // of a credit the percentage is taken back with it; a fixed sum has nothing to be taken off
        BigDecimal amount = subtotal.signum() > 0 ? percentageAmount.add(flat).min(subtotal) : percentageAmount;
        return new Discount(exact(profile.discountPercentage()), percentageAmount, flat, amount);
    }

    private static List<String> tenants(List<TenantMonth> usage) {
        return usage.stream()
                .map(month -> AccountProfiles.tenantName(month.tenant()))
                .distinct()
                .sorted()
                .toList();
    }

    private static int digits(String account, String currency) {
        try {
            return Rounding.digits(currency);
        } catch (IllegalArgumentException e) {
            throw new UserError(
                    "account '" + account + "': '" + currency + "' is no ISO 4217 currency one can pay in, such as NZD",
                    e);
        }
    }
}
