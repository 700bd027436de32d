package org.caravan.rating;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.caravan.common.Nearest;
import org.caravan.common.UserError;
import org.caravan.metering.Meter;
import org.caravan.metering.Price;
import org.caravan.metering.UsageBatch;
import org.caravan.metering.UsageKey;
import org.caravan.rating.hashmap.KeyPricing;
import org.caravan.rating.hashmap.Tariff;
import org.caravan.rating.hashmap.TariffSource;

/**
 * Prices each record by the modules that its meter names under {@code pricing}; what they charge adds up.
 *
 * <ul>
 *   <li>{@code hashmap}: the rules of the tariff, on top of the price that the record came with, if any;
 *   <li>{@code given}: the price that the record came with;
 *   <li>{@code cost}: priced when the month closes, so the record is left with an amount of 0 here, and does not count as
 *       unpriced;
 *   <li>{@code plan}: likewise, by the plan of the tenant's subscription.
 * </ul>
 */
public final class ModuleChain implements Rater {
    public static final String HASHMAP = "hashmap";
    public static final String GIVEN = "given";
    public static final String COST = Meter.COST;
    public static final String PLAN = Meter.PLAN;

    /** Every word that a meter's {@code pricing} may hold. */
    public static final Set<String> MODULES = Set.of(HASHMAP, GIVEN, COST, PLAN);

    private final TariffSource tariff;

    /** @param tariff where the tariff is that a batch is rated by, asked once per batch */
    public ModuleChain(TariffSource tariff) {
        this.tariff = Objects.requireNonNull(tariff, "tariff");
    }

    @Override
    public void rate(UsageBatch batch) {
        Tariff inUse = tariff.get();
        batch.startPricing();
        // Slots are looked at once per key and batch; per record only where its key's rules change within the batch.
        Object[] slots = new Object[batch.keyCount()];
        int size = batch.size();
        for (int row = 0; row < size; row++) {
            if (batch.isRejected(row)) {
                continue;
            }
            int index = batch.keyIndex(row);
            long begin = batch.begin(row);
            Object slot = slots[index];
            if (!(slot instanceof KeyPricing known && known.holds(inUse, begin)) && !(slot instanceof WithoutRules)) {
                slot = slot(inUse, batch.keyAt(index), begin);
                slots[index] = slot;
            }
            if (slot instanceof WithoutRules fixed) {
                fixed.price(batch, row);
                continue;
            }
            KeyPricing pricing = (KeyPricing) slot;
            if (pricing.pricing() == null) {
                batch.reject(row, pricing.problem());
            } else {
                pricing.pricing().price(batch, row);
            }
        }
    }

    /** What the key remembers, if it holds at this moment; else looked up and remembered. */
    private static Object slot(Tariff inUse, UsageKey key, long begin) {
        Object slot = key.ratingSlot;
        if (!(slot instanceof KeyPricing known && known.holds(inUse, begin)) && !(slot instanceof WithoutRules)) {
            slot = look(inUse, key, begin);
            key.ratingSlot = slot;
        }
        return slot;
    }

    private static Object look(Tariff inUse, UsageKey key, long begin) {
        Meter meter = key.meter();
        for (String module : meter.pricing()) {
            if (!MODULES.contains(module)) {
                throw new UserError("meter '" + meter.name() + "': unknown pricing '" + module + "'"
                        + Nearest.hint(module, MODULES) + "; known: " + String.join(", ", HASHMAP, GIVEN, COST, PLAN));
            }
        }
        List<String> others = new ArrayList<>(meter.pricing());
        if (!others.remove(HASHMAP)) {
            return new WithoutRules(meter.pricing());
        }
        others.remove(GIVEN);
        return inUse.resolve(key, begin, others);
    }

    /** The pricing of a meter that no rules price. */
    private static final class WithoutRules {
        private final boolean takesGiven;
        private final Price given;
        private final Price missing;

        WithoutRules(List<String> modules) {
            takesGiven = modules.contains(GIVEN);
            given = new Price("", modules, null, true);
            missing = new Price("", modules, null, Meter.isLater(modules));
        }

        void price(UsageBatch batch, int row) {
            BigDecimal price = takesGiven ? batch.givenPrice(row) : null;
            if (price == null) {
                batch.price(row, missing, 0, 0);
            } else {
                batch.price(row, given, price);
            }
        }
    }
}
