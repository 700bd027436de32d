package org.caravan.rating.store;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.caravan.common.Decimals;
import org.caravan.common.UserError;
import org.caravan.rating.hashmap.Mapping;
import org.caravan.rating.hashmap.RuleName;
import org.caravan.rating.hashmap.RuleSet;
import org.caravan.rating.hashmap.Threshold;
import org.caravan.rating.store.RuleChange.Kind;
import org.caravan.rating.store.RuleChange.What;
import org.caravan.rating.store.RuleRows.MappingRow;
import org.caravan.rating.store.RuleRows.ThresholdRow;

/**
 * The smallest change by which rules in the tables become those of a file from a moment on, and stay what they were before
 * it.
 *
 * <p>Of one place what counts is its price over time, not how it is cut into rules: where that is the same from the moment
 * on, its rules are left alone. So the same import again finds nothing to do.
 */
final class Planner {
    /** Mapping rows that end at another time; null = open. */
    record NewEnd(MappingRow row, Instant end) {}

    /** Threshold rows that charge otherwise. */
    record NewCost(ThresholdRow row, Threshold rule) {}

    // what the tables need, in the order in which it is done
    final List<NewEnd> ends = new ArrayList<>();
    final List<MappingRow> withdrawn = new ArrayList<>();
    final List<ThresholdRow> removedThresholds = new ArrayList<>();
    final List<NewCost> changedThresholds = new ArrayList<>();
    final NamePlan names;
    final List<Mapping> addedMappings = new ArrayList<>();
    final List<Threshold> addedThresholds = new ArrayList<>();

    private final RuleRows rows;
    private final RuleSet wanted;
    private final Instant from;
    /** There is no past to keep. */
    private final boolean first;

    private final List<RuleChange> changes = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private int unchanged;
    private int otherPast;

    /**
     * @param wanted in {@link NormalForm}
     * @param now the present
     */
    Planner(RuleRows rows, RuleSet wanted, Instant from, Instant now) {
        this.rows = rows;
        this.wanted = wanted;
        this.first = rows.mappings().isEmpty() && rows.thresholds().isEmpty();
        this.from = first ? Instant.MIN : from;
        mappings();
        int datedChanges = changes.size();
        thresholds();
        List<MappingRow> stay = new ArrayList<>(rows.mappings());
        stay.removeAll(new HashSet<>(withdrawn));
        this.names = new NamePlan(rows, wanted, stay, changes);
        boolean undated = changes.stream()
                .skip(datedChanges)
                .anyMatch(change -> change.what() == What.THRESHOLD
                        || change.what() == What.FIELD && change.kind() == Kind.CHANGED);
        warn(undated, now);
    }

    ImportPlan plan() {
        return new ImportPlan(first ? null : from, changes, unchanged, warnings);
    }

    private void mappings() {
        if (first) {
            wanted.mappings().forEach(this::add);
            return;
        }
        Map<Slot, List<MappingRow>> held = new LinkedHashMap<>();
        rows.mappings().forEach(row -> held.computeIfAbsent(Slot.of(row.rule()), s -> new ArrayList<>())
                .add(row));
        Map<Slot, List<Mapping>> said = new LinkedHashMap<>();
        wanted.mappings().forEach(rule -> said.computeIfAbsent(Slot.of(rule), s -> new ArrayList<>())
                .add(rule));
        LinkedHashSet<Slot> slots = new LinkedHashSet<>(said.keySet());
        slots.addAll(held.keySet());
        for (Slot slot : slots) {
            mappings(held.getOrDefault(slot, List.of()), said.getOrDefault(slot, List.of()));
        }
    }

    private void mappings(List<MappingRow> held, List<Mapping> said) {
        List<Mapping> rules = held.stream().map(MappingRow::rule).toList();
        List<Period> periods = Period.within(said, from, Instant.MAX);
        otherPast += otherPast(rules, said);
        if (Period.same(Period.within(rules, from, Instant.MAX), periods)) {
            unchanged += (int)
                    said.stream().filter(rule -> Period.end(rule).isAfter(from)).count();
            return;
        }
        List<MappingRow> open = new ArrayList<>(held);
        open.removeIf(row -> !Period.end(row.rule()).isAfter(from));
        List<Period> left = new ArrayList<>(periods);
        left.removeIf(period -> take(open, period, true) != null && ++unchanged > 0);
        Map<MappingRow, Instant> newEnds = new LinkedHashMap<>();
        left.removeIf(period -> {
            MappingRow row = take(open, period, false);
            if (row != null) {
                newEnds.put(row, period.to());
            }
            return row != null;
        });
        Set<MappingRow> gone = new LinkedHashSet<>();
        for (MappingRow row : open) {
            if (Period.start(row.rule()).isBefore(from)) {
                newEnds.put(row, from);
            } else {
                gone.add(row);
            }
        }
        shadowed(held, newEnds, gone);
        for (MappingRow row : held) {
            if (gone.contains(row)) {
                withdrawn.add(row);
                change(
                        Kind.WITHDRAWN,
                        row.rule(),
                        row.rule().start(),
                        row.rule().end(),
                        null);
            } else if (newEnds.containsKey(row)) {
                end(row, newEnds.get(row));
            }
        }
        Mapping some = said.isEmpty() ? null : said.get(0);
        for (Period period : left) {
            add(new Mapping(
                    some.service(),
                    some.field(),
                    some.value(),
                    period.type(),
                    period.cost(),
                    some.group(),
                    some.tenant(),
                    period.from(),
                    period.to().equals(Instant.MAX) ? null : period.to(),
                    false));
        }
    }

    /** Takes a row that from the moment on is the period, or is it but for its end. */
    private MappingRow take(List<MappingRow> open, Period period, boolean withEnd) {
        for (MappingRow row : open) {
            Mapping rule = row.rule();
            Instant start = Period.start(rule).isBefore(from) ? from : Period.start(rule);
            if (start.equals(period.from())
                    && period.chargesAs(rule.type(), rule.cost())
                    && (!withEnd || Period.end(rule).equals(period.to()))) {
                open.remove(row);
                return row;
            }
        }
        return null;
    }

    /** Adds those that now begin and end with a later one: they count at no moment, and no file could hold them. */
    private static void shadowed(List<MappingRow> held, Map<MappingRow, Instant> newEnds, Set<MappingRow> gone) {
        Set<List<Instant>> periods = new HashSet<>();
        for (int i = held.size() - 1; i >= 0; i--) {
            MappingRow row = held.get(i);
            if (!gone.contains(row)
                    && !periods.add(
                            List.of(Period.start(row.rule()), newEnds.getOrDefault(row, Period.end(row.rule()))))) {
                gone.add(row);
            }
        }
    }

    private void end(MappingRow row, Instant at) {
        Instant end = at.equals(Instant.MAX) ? null : at;
        ends.add(new NewEnd(row, end));
        change(
                at.equals(from) ? Kind.ENDED : Kind.CHANGED,
                row.rule(),
                row.rule().start(),
                end,
                row.rule().end() == null ? "open" : row.rule().end().toString());
    }

    private void add(Mapping rule) {
        addedMappings.add(rule);
        change(Kind.ADDED, rule, rule.start(), rule.end(), null);
    }

    /** How many of the said rules name a time before the moment and charge there what was not charged. */
    private int otherPast(List<Mapping> held, List<Mapping> said) {
        List<Mapping> ofThePast = said.stream()
                .filter(rule -> rule.start() != null
                        ? rule.start().isBefore(from)
                        : !Period.end(rule).isAfter(from))
                .toList();
        if (ofThePast.isEmpty()) {
            return 0;
        }
        List<Period> charged = Period.within(held, Instant.MIN, from);
        List<Period> asked = Period.within(said, Instant.MIN, from);
        int other = 0;
        for (Mapping rule : ofThePast) {
            if (!Period.same(
                    Period.cut(charged, Period.start(rule), Period.end(rule)),
                    Period.cut(asked, Period.start(rule), Period.end(rule)))) {
                other++;
            }
        }
        return other;
    }

    private void thresholds() {
        // of several with one level the last one counts
        Map<Slot, List<ThresholdRow>> held = new LinkedHashMap<>();
        rows.thresholds().forEach(row -> held.computeIfAbsent(Slot.of(row.rule()), s -> new ArrayList<>())
                .add(row));
        for (Threshold rule : wanted.thresholds()) {
            List<ThresholdRow> level = held.remove(Slot.of(rule));
            ThresholdRow row = level == null ? null : level.get(level.size() - 1);
            if (row == null) {
                addedThresholds.add(rule);
                change(Kind.ADDED, rule, null);
            } else if (row.rule().type() != rule.type() || row.rule().cost().compareTo(rule.cost()) != 0) {
                changedThresholds.add(new NewCost(row, rule));
                change(
                        Kind.CHANGED,
                        rule,
                        row.rule().type().word() + " "
                                + Decimals.plain(row.rule().cost()));
            } else {
                unchanged++;
            }
        }
        for (List<ThresholdRow> level : held.values()) {
            for (ThresholdRow row : level) {
                removedThresholds.add(row);
                change(Kind.REMOVED, row.rule(), null);
            }
        }
    }

    private void warn(boolean undated, Instant now) {
        if (first) {
            return;
        }
        if (undated && from.isAfter(now)) {
            throw new UserError("thresholds and the order of fields have no dates, so they can't change at " + from
                    + "; leave them as they are for now, or import without --from");
        }
        if (undated) {
            warnings.add(
                    "thresholds and the order of fields have no dates: their changes hold for all usage rated from now"
                            + " on, also where it began earlier");
        }
        if (otherPast > 0) {
            warnings.add(otherPast + (otherPast == 1 ? " rule says" : " rules say") + " for before " + from
                    + " what was not in force then; the past is left as it was, unless --from names an earlier time");
        }
        if (from.isBefore(now) && !changes.isEmpty()) {
            warnings.add("usage that is rated already keeps its price, also where it began after " + from);
        }
    }

    private void change(Kind kind, Mapping rule, Instant start, Instant end, String before) {
        changes.add(new RuleChange(kind, What.MAPPING, RuleName.of(rule), start, end, before));
    }

    private void change(Kind kind, Threshold rule, String before) {
        changes.add(new RuleChange(kind, What.THRESHOLD, RuleName.of(rule), null, null, before));
    }
}
