package org.caravan.invoice.rerate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.caravan.invoice.rerate.RerateLedger.OCTOBER;
import static org.caravan.invoice.rerate.RerateLedger.at;
import static org.caravan.invoice.rerate.RerateLedger.line;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.caravan.common.UserError;
import org.caravan.ledger.RollUp;

/**
 * Whatever is read, accepted, re-rated, issued and corrected, in whatever order: what is billed is what each record costs by
 * the rules that priced it last, worked out here by other means.
 */
class ReratePropertyTest {
    private static final int MONTH_END = 31 * 24;
    private static final RerateLedger LEDGER = new RerateLedger();
    private static final AtomicInteger TRIES = new AtomicInteger();

    /** An hour of one resource. */
    private record Slot(String tenant, String resource, String meter, int hour) {}

    private record Held(Slot slot, String quantity) {}

    /** What a slot is billed with. */
    private record Billed(String quantity, BigDecimal amount) {}

    private final RerateLedger ledger = LEDGER.otherHub();
    private final List<String> tenants = new ArrayList<>();
    private final Map<String, Integer> closedMonths = new TreeMap<>();
    private final Map<Slot, Billed> billed = new HashMap<>();
    private final Set<Held> held = new LinkedHashSet<>();
    private int reasons;

    // the rules: a price before and one from the month's last noon on, and for traffic a fee from a quantity on
    private static final int NOON = MONTH_END - 12;
    private BigDecimal early = new BigDecimal("0.05");
    private BigDecimal late = new BigDecimal("0.06");
    private BigDecimal fee = new BigDecimal("1.5");

    @Property(tries = 4)
    void whatIsBilledIsWhatEachRecordCostsByTheRulesThatPricedItLast(@ForAll long seed) throws Exception {
        // given
        Random random = new Random(seed);
        int tries = TRIES.incrementAndGet();
        tenants.clear();
        tenants.addAll(List.of("a" + tries, "b" + tries));
        billed.clear();
        held.clear();
        closedMonths.clear();
        rules();
        RerateLedger[] hubs = {ledger, ledger.otherHub()};
        ledger.settings =
                new RerateSettings(1 + random.nextInt(20), ledger.settings.lockWait(), ledger.settings.lease());
        // when
        for (int step = 0; step < 30; step++) {
            int what = random.nextInt(12);
            if (what < 5) {
                read(hubs[random.nextInt(2)], random);
            } else if (what == 5) {
                change(random);
            } else if (what < 9) {
                reprocess(random);
            } else if (what == 9) {
                accept(hubs[random.nextInt(2)]);
            } else if (what == 10) {
                close(tenants.get(random.nextInt(2)));
            } else {
                correct();
            }
        }
        // then
        if (random.nextBoolean()) {
            RollUp.run(ledger.database);
        }
        for (String tenant : tenants) {
            assertThat(ledger.billed(tenant)).isEqualTo(expected(tenant));
        }
        // what is billed at a price is what records have this price
        assertThat(ledger.rows(
                        "select count(*) from (select from entry group by tenant, resource, meter, usage_day, price_id"
                                + " having sum(records) < 0) as left_over"))
                .containsExactly("0");
        ledger.audit();
    }

    private void rules() {
        ledger.rules(("vm: {mappings: [{cost: \"%1$s\", end: \"%4$s\"}, {cost: \"%2$s\", start: \"%4$s\"}]},"
                        + " traffic: {mappings: [{cost: \"%1$s\", end: \"%4$s\"}, {cost: \"%2$s\", start: \"%4$s\"}],"
                        + " thresholds: [{level: 5, type: flat, cost: \"%3$s\"}]}")
                .formatted(early, late, fee, at(NOON).toString().replace("Z", "")));
    }

    private BigDecimal cost(Slot slot, String quantity) {
        BigDecimal amount = (slot.hour() < NOON ? early : late).multiply(new BigDecimal(quantity));
        boolean pays = slot.meter().equals("traffic") && new BigDecimal(quantity).compareTo(new BigDecimal(5)) >= 0;
        return pays ? amount.add(fee) : amount;
    }

    private String expected(String tenant) {
        BigDecimal quantity = BigDecimal.ZERO;
        BigDecimal amount = BigDecimal.ZERO;
        int records = 0;
        for (Map.Entry<Slot, Billed> one : billed.entrySet()) {
            if (one.getKey().tenant().equals(tenant)) {
                records++;
                quantity = quantity.add(new BigDecimal(one.getValue().quantity()));
                amount = amount.add(one.getValue().amount());
            }
        }
        return records + " " + plain(quantity) + " " + plain(amount) + " " + records * 3600;
    }

    private static String plain(BigDecimal value) {
        return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
    }

    // ---- steps ---------------------------------------------------------------------------------------------------

    private void read(RerateLedger hub, Random random) throws Exception {
        List<String> lines = new ArrayList<>();
        Set<Slot> inBatch = new LinkedHashSet<>();
        for (int i = 0; i < 1 + random.nextInt(6); i++) {
            Slot slot = new Slot(
                    tenants.get(random.nextInt(2)),
                    "r" + random.nextInt(2),
                    random.nextBoolean() ? "vm" : "traffic",
                    MONTH_END - 20 + random.nextInt(24));
            if (inBatch.add(slot)) {
                String quantity = BigDecimal.valueOf(1 + random.nextInt(90), random.nextInt(2))
                        .toPlainString();
                lines.add(line(slot.tenant(), slot.resource(), slot.meter(), quantity, slot.hour(), 1));
                Billed known = billed.get(slot);
                if (known == null) {
                    billed.put(slot, new Billed(quantity, cost(slot, quantity)));
                } else if (new BigDecimal(known.quantity()).compareTo(new BigDecimal(quantity)) != 0) {
                    held.add(new Held(slot, quantity));
                }
            }
        }
        hub.read(lines.toArray(String[]::new));
    }

    private void change(Random random) {
        early = BigDecimal.valueOf(random.nextInt(500), 1 + random.nextInt(5));
        late = random.nextInt(3) == 0 ? late : BigDecimal.valueOf(random.nextInt(500), 1 + random.nextInt(5));
        fee = random.nextInt(3) == 0 ? fee : BigDecimal.valueOf(random.nextInt(300) - 100, 2);
        rules();
    }

    private void reprocess(Random random) throws Exception {
        int from = MONTH_END - 20 + random.nextInt(20);
        int last =
                billed.keySet().stream().mapToInt(slot -> slot.hour() + 1).max().orElse(0);
        int until = Math.min(last, from + 1 + random.nextInt(10));
        List<String> known = known();
        List<String> scopes =
                random.nextInt(3) == 0 || known.isEmpty() ? known : List.of(known.get(random.nextInt(known.size())));
        if (from >= until || scopes.isEmpty()) {
            return;
        }
        Reprocessing.Wanted wanted = new Reprocessing.Wanted(scopes, at(from), at(until), "new prices", "test");
        int month = from < MONTH_END ? 1 : 2;
        if (scopes.stream().anyMatch(tenant -> closedMonths.getOrDefault(tenant, 0) >= month)) {
            assertThatThrownBy(() -> ledger.reprocessing().order(wanted)).isInstanceOf(UserError.class);
            return;
        }
        ledger.reprocessing().order(wanted);
        assertThat(ledger.otherHub().rerating().runDue(() -> false)
                        + ledger.rerating().runDue(() -> false))
                .isEqualTo(1);
        price(slot -> scopes.contains(slot.tenant()) && slot.hour() >= from && slot.hour() < until);
    }

    /** Tenants with usage. */
    private List<String> known() {
        return billed.keySet().stream().map(Slot::tenant).distinct().sorted().toList();
    }

    private void price(Predicate<Slot> which) {
        billed.replaceAll(
                (slot, known) -> which.test(slot) ? new Billed(known.quantity(), cost(slot, known.quantity())) : known);
    }

    private void accept(RerateLedger hub) throws Exception {
        hub.acceptAll();
        for (Held one : held) {
            Billed known = billed.get(one.slot());
            if (new BigDecimal(known.quantity()).compareTo(new BigDecimal(one.quantity())) != 0) {
                billed.put(one.slot(), new Billed(one.quantity(), cost(one.slot(), one.quantity())));
            }
        }
        held.clear();
    }

    private void close(String tenant) throws Exception {
        int month = closedMonths.getOrDefault(tenant, 0);
        if (month < 2 && !ledger.close(OCTOBER.plusMonths(month), tenant).isEmpty()) {
            closedMonths.put(tenant, month + 1);
        }
    }

    private void correct() throws Exception {
        List<String> issued = tenants.stream()
                .filter(tenant -> closedMonths.containsKey(tenant))
                .toList();
        if (issued.isEmpty()) {
            return;
        }
        String reason = "reason " + ++reasons;
        String[] names = issued.toArray(String[]::new);
        Corrections.Result plan = ledger.plan(reason, names);
        assertThat(ledger.correct(reason, names).lines())
                .usingRecursiveComparison()
                .withComparatorForType(BigDecimal::compareTo, BigDecimal.class)
                .isEqualTo(plan.lines());
        assertThat(ledger.otherHub().correct(reason, names).lines()).hasSameSizeAs(plan.lines());
        price(slot -> issued.contains(slot.tenant()) && slot.hour() < MONTH_END);
    }
}
