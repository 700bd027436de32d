package org.caravan.rating.store;

import java.time.Instant;
import java.util.Objects;
import java.util.UUID;

/** What may be made of a mapping, and what of one that is there. */
final class MappingRules {
    private MappingRules() {}

    /**
     * What an update sets.
     *
     * @param cost null = as it is
     */
    record Update(java.math.BigDecimal cost, Instant start, Instant end, String description) {}

    /** Times of a new mapping, or of one that has not begun. */
    static void checkPeriod(Instant start, boolean startSaid, Instant end, boolean pastAllowed, Instant now) {
        if (startSaid && !pastAllowed && start.isBefore(now)) {
            throw RuleRefusal.wrong("Cannot create a rule with start in the past. start=[" + RuleClock.said(start)
                    + "] current time=[" + RuleClock.said(now) + "].");
        }
        if (end != null && start != null && !start.isBefore(end)) {
            throw RuleRefusal.wrong("Cannot create a rule with start after end. start=[" + RuleClock.said(start)
                    + "] end=[" + RuleClock.said(end) + "].");
        }
    }

    static void checkValue(SaidMapping said) {
        boolean without = said.value() == null || said.value().isEmpty();
        if (said.service() != null && !without) {
            throw RuleRefusal.wrong("You can't specify a value and a service_id.");
        }
        if (said.field() != null && without) {
            throw RuleRefusal.wrong("You must specify a value for a field mapping.");
        }
    }

    /**
     * What an update changes.
     *
     * @return null if all that is said holds already
     * @throws RuleRefusal if it may not
     */
    static Update update(StoredMapping held, SaidMapping said, Instant now) {
        return held.hasStarted(now) ? ofStarted(held, said, now) : ofComing(held, said, now);
    }

    /** Of a rule that is in force, or was, only an end may be said, once, and in the future. */
    private static Update ofStarted(StoredMapping held, SaidMapping said, Instant now) {
        boolean others = isOtherwise(held, said);
        if (held.end() != null) {
            if (!others && held.end().equals(said.end())) {
                return null;
            }
            throw RuleRefusal.wrong("Cannot update a rule that was already processed and has a defined end date.");
        }
        if (others) {
            throw RuleRefusal.wrong(
                    "You are allowed to update only the attribute [end] as this rule is already running as it started on ["
                            + RuleClock.said(held.start()) + "]");
        }
        if (said.end() == null) {
            return null;
        }
        if (!said.end().isAfter(now)) {
            throw RuleRefusal.wrong("End date must be in the future. end=[" + RuleClock.said(said.end())
                    + "] current time=[" + RuleClock.said(now) + "]");
        }
        return new Update(held.cost(), held.start(), said.end(), held.description());
    }

    private static Update ofComing(StoredMapping held, SaidMapping said, Instant now) {
        Instant start = said.start() == null ? held.start() : said.start();
        Update update = new Update(said.cost(), start, said.end(), said.description());
        if (update.cost().compareTo(held.cost()) == 0
                && start.equals(held.start())
                && Objects.equals(update.end(), held.end())
                && Objects.equals(update.description(), held.description())) {
            return null;
        }
        checkPeriod(start, true, said.end(), false, now);
        return update;
    }

    /** True if anything that is said, but the end, is not what is there. */
    private static boolean isOtherwise(StoredMapping held, SaidMapping said) {
        return isOther(said.value(), held.value())
                || said.type() != null && said.type() != held.type()
                || said.cost().compareTo(held.cost()) != 0
                || isOther(said.service(), text(held.service()))
                || isOther(said.field(), text(held.field()))
                || isOther(said.group(), text(held.group()))
                || isOther(said.tenant(), held.tenant())
                || said.start() != null && !said.start().equals(held.start())
                || isOther(said.name(), held.name())
                || isOther(said.description(), held.description());
    }

    private static boolean isOther(String said, String held) {
        return said != null && !said.isEmpty() && !said.equals(held);
    }

    private static String text(UUID id) {
        return id == null ? null : id.toString();
    }
}
