package org.caravan.invoice.document;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.caravan.invoice.document.Document.Item;
import org.caravan.invoice.document.Document.Line;
import org.caravan.invoice.document.Document.Section;
import org.caravan.invoice.document.Document.Tax;
import org.caravan.ledger.UsageSum;

/** What holds of every document, whatever was used and however it is billed. */
class DocumentPropertiesTest extends AnyDocument {
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
                lines = rounded(section, Rounding.digits(document.currency()));
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

    @Property(tries = 400)
    void projectsSumUpToTheirSectionAndEntitiesToTheirProject(
            @ForAll("usage") List<UsageSum> sums,
            @ForAll("profiles") AccountProfile profile,
            @ForAll("currencies") String ratingCurrency) {
        // given
        Document document = build(profile, ratingCurrency, sums);
        int digits = Rounding.digits(document.currency());
        // when
        List<ProjectTotals.Project> projects = ProjectTotals.of(document);
        // then
        for (Section section : document.sections()) {
            List<ProjectTotals.Project> own = projects.stream()
                    .filter(project -> project.datacenter().equals(section.name()))
                    .toList();
            assertThat(own.stream().map(ProjectTotals.Project::total).reduce(BigDecimal.ZERO, BigDecimal::add))
                    .isEqualByComparingTo(section.subtotal());
            for (Line line : section.lines()) {
                assertThat(own.stream()
                                .flatMap(project -> project.entities().stream())
                                .filter(entity -> entity.line() == line)
                                .map(ProjectTotals.Entity::total)
                                .reduce(BigDecimal.ZERO, BigDecimal::add))
                        .isEqualByComparingTo(line.amount());
            }
        }
        for (ProjectTotals.Project project : projects) {
            BigDecimal entities = project.entities().stream()
                    .map(ProjectTotals.Entity::total)
                    .reduce(BigDecimal.ZERO, BigDecimal::add);
            assertThat(project.total().scale()).isLessThanOrEqualTo(digits);
            if (profile.rounding().name().equals("reseller")) {
                assertThat(project.total()).isEqualTo(entities.setScale(digits, RoundingMode.HALF_UP));
            } else {
                // what it has more or less is another project's
                assertThat(project.total().subtract(entities).abs())
                        .isLessThanOrEqualTo(BigDecimal.ONE.movePointLeft(digits));
            }
        }
    }

    private static BigDecimal rounded(Section section, int digits) {
        Map<String, BigDecimal> byTenant = new HashMap<>();
        for (Line line : section.lines()) {
            line.items().forEach(item -> byTenant.merge(String.valueOf(item.tenant()), item.amount(), BigDecimal::add));
        }
        return byTenant.values().stream()
                .map(sum -> sum.setScale(digits, RoundingMode.HALF_UP))
                .reduce(BigDecimal.ZERO, BigDecimal::add);
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
}
