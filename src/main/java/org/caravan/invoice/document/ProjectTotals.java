package org.caravan.invoice.document;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.caravan.invoice.document.Document.Item;
import org.caravan.invoice.document.Document.Line;
import org.caravan.invoice.document.Document.Section;

/**
 * What each tenant used in each datacenter: a project. Pure, and the one place where this is summed: the builder, credit notes
 * and whoever shows a document by project have it from here.
 *
 * <p>Totals always sum up: those of entities to their project's, but for the policy's own rounding of projects; those of
 * projects to the section's subtotal, those to the document's. Where a document has a figure for more than one of them only
 * (lines of policies that do not round items; sections of documents from before projects were rounded), each gets what the
 * sum up to it comes to, rounded, less what those before it got.
 */
public final class ProjectTotals {
    private static final BigDecimal[] NONE = {};

    private ProjectTotals() {}

    /**
     * A project's part of a section.
     *
     * @param tenant as documents name it; null where the document bears one tenant, or where it is nobody's
     * @param datacenter the section's name
     * @param total in the document's currency, to its digits
     * @param entities in the document's order; never empty
     */
    public record Project(String tenant, String datacenter, BigDecimal total, List<Entity> entities) {
        public Project {
            entities = List.copyOf(entities);
        }
    }

    /**
     * What one resource adds to a project.
     *
     * @param line that it stands in
     * @param total the item's amount; its part of the line's where items are not rounded
     */
    public record Entity(Line line, Item item, BigDecimal total) {}

    /** A section's subtotal. */
    static BigDecimal section(Rounding rounding, int digits, Collection<Line> lines) {
        if (!rounding.roundsProjects()) {
            return sum(lines.stream().map(Line::amount).toList());
        }
        Map<String, BigDecimal> sums = new TreeMap<>();
        for (Line line : lines) {
            line.items().forEach(item -> sums.merge(tenant(item), item.amount(), BigDecimal::add));
        }
        return sum(sums.values().stream()
                .map(project -> rounding.project(project, digits))
                .toList());
    }

    /** The projects of a document by section, those of a section in order of their tenants' names. */
    public static List<Project> of(Document document) {
        int digits = Rounding.digits(document.currency());
        Rounding rounding = Rounding.named(document.rounding());
        List<Project> projects = new ArrayList<>();
        for (Section section : document.sections()) {
            Map<String, List<Entity>> byTenant = new TreeMap<>();
            for (Line line : section.lines()) {
                BigDecimal[] totals = items(line, digits);
                for (int i = 0; i < totals.length; i++) {
                    Item item = line.items().get(i);
                    byTenant.computeIfAbsent(tenant(item), t -> new ArrayList<>())
                            .add(new Entity(line, item, totals[i]));
                }
            }
            List<BigDecimal> sums = byTenant.values().stream()
                    .map(entities -> sum(entities.stream().map(Entity::total).toList()))
                    .toList();
            List<BigDecimal> totals =
                    sums.stream().map(sum -> rounding.project(sum, digits)).toList();
            if (!rounding.roundsProjects() || sum(totals).compareTo(section.subtotal()) != 0) {
                totals = List.of(spread(sums.toArray(NONE), section.subtotal(), digits));
            }
            int place = 0;
            for (Map.Entry<String, List<Entity>> project : byTenant.entrySet()) {
                projects.add(new Project(
                        project.getKey().isEmpty() ? null : project.getKey(),
                        section.name(),
                        totals.get(place++),
                        project.getValue()));
            }
        }
        return projects;
    }

    private static String tenant(Item item) {
        return item.tenant() == null ? "" : item.tenant();
    }

    /** The items' amounts, or what each has of the line's: one digit finer than the currency, as no project is rounded twice. */
    private static BigDecimal[] items(Line line, int digits) {
        if (line.items().stream().allMatch(item -> item.amount() != null)) {
            return line.items().stream().map(Item::amount).toArray(BigDecimal[]::new);
        }
        BigDecimal exact = sum(line.items().stream().map(Item::exact).toList());
        BigDecimal[] parts = line.items().stream()
                .map(item -> exact.signum() == 0
                        ? item.exact()
                        : item.exact()
                                .multiply(line.amount())
                                .divide(exact, digits + exact.precision(), RoundingMode.HALF_UP))
                .toArray(BigDecimal[]::new);
        return spread(parts, line.amount(), digits + 1);
    }

    /** Rounds parts so that they sum up to the whole. */
    private static BigDecimal[] spread(BigDecimal[] parts, BigDecimal whole, int digits) {
        BigDecimal[] spread = new BigDecimal[parts.length];
        BigDecimal running = BigDecimal.ZERO;
        BigDecimal given = BigDecimal.ZERO;
        for (int i = 0; i < parts.length; i++) {
            running = running.add(parts[i]);
            BigDecimal upTo = i == parts.length - 1 ? whole : running.setScale(digits, RoundingMode.HALF_UP);
            spread[i] = upTo.subtract(given);
            given = upTo;
        }
        return spread;
    }

    private static BigDecimal sum(List<BigDecimal> amounts) {
        return amounts.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
    }
}
