package org.caravan.subscription.billing;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.caravan.common.UserError;
import org.caravan.invoice.document.Charge;
import org.caravan.ledger.EntryKind;
import org.caravan.ledger.UsageSum;
import org.caravan.metering.Bands;
import org.caravan.subscription.pricing.PriceRules;

/**
 * What one subscription is charged for one product in one month of use: all that documents bore before, and this one with
 * them, come to what the rules make of the whole quantity. So late usage is charged the difference that it makes: a graduated
 * price continues where it stood, and a volume price that falls with the new total takes back what was too much.
 */
final class ProductMonth {
    /** What a part of a period is divided to: beyond it no cent turns on a digit (a month has 31 days at most). */
    private static final int PART_DIGITS = 12;

    private static final String PERIOD_UNIT = "month";

    private static final Comparator<Used> IN_TIME = Comparator.comparing((Used used) -> used.sum.firstBegin())
            .thenComparing(used -> used.sum.lastEnd())
            .thenComparing(used -> used.tenant)
            .thenComparing(used -> used.sum.resource())
            .thenComparing(used -> used.sum.meter())
            .thenComparing(used -> used.sum.datacenter())
            .thenComparing(used -> used.sum.product())
            .thenComparing(used -> used.sum.identity())
            .thenComparing(used -> used.sum.kind())
            .thenComparing(used -> used.sum.quantity())
            .thenComparing(used -> used.sum.amount());

    private final PlanTerms terms;
    private final Contract contract;
    private final PlanItem item;
    private final YearMonth month;
    private final List<Used> used = new ArrayList<>();
    private final ContractRows.Frozen before;
    private final PriceRules rules;
    private boolean period;

    private record Used(String tenant, UsageSum sum) {}

    ProductMonth(PlanTerms terms, Contract contract, PlanItem item, YearMonth month) {
        this.terms = terms;
        this.contract = contract;
        this.item = item;
        this.month = month;
        ContractRows.Frozen frozen = terms.frozen(contract, item, month);
        this.rules = frozen == null ? item.rules() : frozen.rules();
        this.before = frozen == null ? new ContractRows.Frozen(rules, BigDecimal.ZERO, BigDecimal.ZERO) : frozen;
        if (frozen == null && item.problem() != null) {
            throw refused(item.problem(), "mend its price");
        }
    }

    void add(String tenant, UsageSum sum) {
        used.add(new Used(tenant, sum));
    }

    /** The price of the period is due. */
    void addPeriod() {
        period = true;
    }

    private UserError refused(String problem, String remedy) {
        return new UserError(
                "subscription " + contract.id() + ", product " + item.name() + ": " + problem + "; " + remedy);
    }

    private BigDecimal total() {
        BigDecimal total = before.quantity();
        for (Used one : used) {
            total = total.add(one.sum.quantity());
        }
        return total;
    }

    /** What documents bear of it with this one; empty where nothing was used. */
    Optional<PlanBinding.Price> price() {
        if (used.isEmpty()) {
            return Optional.empty();
        }
        BigDecimal total = total();
        return Optional.of(new PlanBinding.Price(
                contract.id(), item.product(), month, rules, before, total, rules.byVolume(total)));
    }

    /** Where, and in which band of the day, a line's usage was. */
    private record Part(String band, String datacenter) implements Comparable<Part> {
        private static final Comparator<Part> ORDER =
                Comparator.comparing(Part::band).thenComparing(Part::datacenter);

        static Part of(UsageSum sum) {
            return new Part(Bands.part(sum.product()).map(Bands.Part::times).orElse(""), sum.datacenter());
        }

        @Override
        public int compareTo(Part other) {
            return ORDER.compare(this, other);
        }
    }

    /** A line for each datacenter and band of the day: quantities are priced together, and shown where they were used. */
    List<Charge> charges() {
        Map<Part, List<Charge.Item>> parts = new TreeMap<>();
        BigDecimal total = total();
        String unit = unit();
        used.sort(IN_TIME);
        BigDecimal running = before.quantity();
        BigDecimal charged = BigDecimal.ZERO;
        BigDecimal linear = rules.unitPrice(total);
        for (Used one : used) {
            UsageSum sum = one.sum;
            BigDecimal byTime = byTime(sum);
            BigDecimal slice = rules.slice(running, sum.quantity(), total);
            running = running.add(sum.quantity());
            charged = charged.add(slice);
            BigDecimal unitPrice = linear == null ? null : unitPrice(sum, linear.add(byTime));
            BigDecimal amount = sum.amount().add(slice).add(byTime.multiply(sum.quantity()));
            items(parts, Part.of(sum)).add(new Charge.Item(one.tenant, priced(sum, unitPrice, amount)));
        }
        BigDecimal change = used.isEmpty()
                ? BigDecimal.ZERO
                : rules.byVolume(total).subtract(before.amount()).subtract(charged);
        if (change.signum() != 0) {
            Used first = used.get(0);
            items(parts, Part.of(first.sum))
                    .add(new Charge.Item(first.tenant, extra(first.sum.datacenter(), unit, BigDecimal.ZERO, change)));
        }
        if (period) {
            Part part = new Part("", datacenter());
            boolean alone = !parts.containsKey(part);
            BigDecimal amount = ofPeriod();
            UsageSum sum = extra(
                    part.datacenter(), alone ? PERIOD_UNIT : unit, alone ? BigDecimal.ONE : BigDecimal.ZERO, amount);
            items(parts, part)
                    .add(new Charge.Item(
                            contract.tenant() == null ? "" : contract.tenant(),
                            alone ? priced(sum, amount, amount) : sum));
        }
        List<Charge> charges = new ArrayList<>();
        parts.forEach((part, items) -> charges.add(charge(part, items)));
        return charges;
    }

    private static List<Charge.Item> items(Map<Part, List<Charge.Item>> parts, Part part) {
        return parts.computeIfAbsent(part, p -> new ArrayList<>());
    }

    private String unit() {
        Set<String> units = new TreeSet<>();
        used.forEach(one -> units.add(one.sum.unit()));
        if (units.size() > 1) {
            throw refused(
                    "its usage is in " + String.join(" and in ", units) + ", which can't be summed up",
                    "give its meters one unit");
        }
        return units.isEmpty() ? PERIOD_UNIT : units.iterator().next();
    }

    private BigDecimal byTime(UsageSum sum) {
        try {
            return rules.byTime(Bands.part(sum.product()));
        } catch (IllegalArgumentException e) {
            throw refused(e.getMessage(), "then read the usage again");
        }
    }

    /** With what rules charged as it came in; null where the two together are not linear. */
    private static BigDecimal unitPrice(UsageSum sum, BigDecimal price) {
        if (sum.amount().signum() == 0 && sum.unitPrice() == null) {
            return price;
        }
        return sum.unitPrice() == null ? null : sum.unitPrice().add(price);
    }

    /** The fixed price, of a part of the month by its days. */
    private BigDecimal ofPeriod() {
        BigDecimal whole = item.rules().ofPeriod();
        int days = contract.days(month);
        int all = month.lengthOfMonth();
        return days == all
                ? whole
                : whole.multiply(BigDecimal.valueOf(days))
                        .divide(
                                BigDecimal.valueOf(all),
                                Math.max(whole.scale(), 0) + PART_DIGITS,
                                RoundingMode.HALF_UP);
    }

    private UsageSum priced(UsageSum sum, BigDecimal unitPrice, BigDecimal amount) {
        return new UsageSum(
                sum.datacenter(),
                sum.meter(),
                sum.product(),
                sum.resource(),
                sum.identity(),
                sum.unit(),
                unitPrice,
                true,
                sum.kind(),
                sum.usageMonth(),
                sum.quantity(),
                amount,
                sum.seconds(),
                sum.firstBegin(),
                sum.lastEnd(),
                sum.records());
    }

    /** What is charged beside usage: the period, or what a changed total does to earlier documents. */
    private UsageSum extra(String datacenter, String unit, BigDecimal quantity, BigDecimal amount) {
        return new UsageSum(
                datacenter,
                item.name(),
                item.name(),
                "",
                "",
                unit,
                null,
                true,
                EntryKind.USAGE,
                month,
                quantity,
                amount,
                BigDecimal.ZERO,
                start(contract.from(month)),
                start(contract.until(month)),
                1);
    }

    private static Instant start(LocalDate day) {
        return day.atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    /** The datacenter of all of it; none where there are several. */
    private String datacenter() {
        Set<String> names = new HashSet<>();
        used.forEach(one -> names.add(one.sum.datacenter()));
        return names.size() == 1 ? names.iterator().next() : "";
    }

    private Charge charge(Part part, List<Charge.Item> items) {
        String band = part.band();
        Set<BigDecimal> prices = new HashSet<>();
        items.forEach(each -> prices.add(
                each.sum().unitPrice() == null ? null : each.sum().unitPrice().stripTrailingZeros()));
        BigDecimal unitPrice = prices.size() == 1 ? prices.iterator().next() : null;
        return new Charge(
                part.datacenter(),
                band.isEmpty() ? item.name() : item.name() + " " + band,
                contract.planTitle() + ": " + item.title() + (band.isEmpty() ? "" : " " + band),
                note(),
                items.get(0).sum().unit(),
                kind(),
                month,
                unitPrice,
                !rules.isEmpty()
                        || items.stream().anyMatch(each -> each.sum().amount().signum() != 0),
                items);
    }

    private String note() {
        int days = contract.days(month);
        boolean part = period && days != month.lengthOfMonth();
        return "subscription " + contract.id() + (part ? ", " + days + " of " + month.lengthOfMonth() + " days" : "");
    }

    /** Corrections of the month itself are part of it; what is of an earlier month is late, unless it was re-rated. */
    private EntryKind kind() {
        if (month.equals(terms.month())) {
            return EntryKind.USAGE;
        }
        return used.stream().allMatch(one -> one.sum.kind() == EntryKind.RERATE)
                ? EntryKind.RERATE
                : EntryKind.ADJUSTMENT;
    }
}
