package org.caravan;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.caravan.ledger.LedgerSchema;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The house rules that a compiler does not hold: who may know whom, and what money must never depend on. */
class ArchitectureTest {
    private static final Path SOURCES = Path.of("src/main/java");
    private static final String[] PLUGIN = {
        "org.caravan.common..",
        "org.caravan.metering..",
        "org.caravan.rating..",
        "org.caravan.ledger..",
        "org.caravan.invoice..",
        "org.caravan.subscription..",
        "org.caravan.reseller.."
    };
    private static final String[] MONEY = {
        "org.caravan.rating..",
        "org.caravan.ledger..",
        "org.caravan.invoice..",
        "org.caravan.subscription..",
        "org.caravan.reseller.."
    };
    private static JavaClasses classes;

    @BeforeAll
    static void importClasses() {
        classes = new ClassFileImporter().importPath(Path.of("target/classes"));
        assertThat(classes).isNotEmpty();
    }

    @Test
    void dependenciesPointOneWay() {
        // given
        ArchRule rule = layeredArchitecture()
                .consideringOnlyDependenciesInAnyPackage("org.caravan..")
                .withOptionalLayers(true)
                .layer("common")
                .definedBy("org.caravan.common..")
                .layer("metering")
                .definedBy("org.caravan.metering..")
                .layer("rating")
                .definedBy("org.caravan.rating..")
                .layer("ledger")
                .definedBy("org.caravan.ledger..")
                .layer("invoice")
                .definedBy("org.caravan.invoice..")
                .layer("subscription")
                .definedBy("org.caravan.subscription..")
                .layer("reseller")
                .definedBy("org.caravan.reseller..")
                .layer("api")
                .definedBy("org.caravan.api..")
                .layer("hub")
                .definedBy("org.caravan.hub..")
                .whereLayer("common")
                .mayNotAccessAnyLayer()
                .whereLayer("metering")
                .mayOnlyAccessLayers("common")
                .whereLayer("rating")
                .mayOnlyAccessLayers("common", "metering")
                .whereLayer("ledger")
                .mayOnlyAccessLayers("common", "metering")
                .whereLayer("invoice")
                .mayOnlyAccessLayers("common", "metering", "rating", "ledger")
                .whereLayer("subscription")
                .mayOnlyAccessLayers("common", "metering", "rating", "ledger", "invoice")
                .whereLayer("reseller")
                .mayOnlyAccessLayers("common", "rating", "ledger", "invoice", "subscription")
                .whereLayer("api")
                .mayOnlyBeAccessedByLayers("hub")
                .whereLayer("hub")
                .mayNotBeAccessedByAnyLayer()
                .ensureAllClassesAreContainedInArchitecture();

        // when, then
        rule.check(classes);
    }

    @Test
    void packagesHaveNoCycles() {
        // given
        ArchRule rule = slices().matching("org.caravan.(*)..").should().beFreeOfCycles();

        // when, then
        rule.check(classes);
    }

    @Test
    void moneyDependsOnNoChanceAndOnNoClockButTheInjectedOne() {
        // given
        ArchRule rule = noClasses()
                .that()
                .resideInAnyPackage(MONEY)
                .should()
                .dependOnClassesThat(
                        belongToAnyOf(java.util.Random.class, java.util.Date.class, java.util.Calendar.class))
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(Math.class, "random")
                .orShould()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(LocalDate.class, "now")
                .orShould()
                .callMethod(LocalDateTime.class, "now")
                .orShould()
                .callMethod(OffsetDateTime.class, "now")
                .orShould()
                .callMethod(ZonedDateTime.class, "now")
                .orShould()
                .callMethod(YearMonth.class, "now")
                .because("a month must be replayable: time comes from an injected Clock");

        // when, then
        rule.check(classes);
    }

    @Test
    void onlyTheHubWritesToStandardStreams() {
        // given
        ArchRule rule =
                noClasses().that().resideOutsideOfPackage("org.caravan.hub..").should(ACCESS_STANDARD_STREAMS);

        // when, then
        rule.check(classes);
    }

    @Test
    void thePluginNeedsNothingThatOnlyTheHubBrings() {
        // given
        ArchRule rule = noClasses()
                .that(resideInAnyPackage(PLUGIN).and(not(belongToAnyOf(LedgerSchema.class))))
                .should()
                .dependOnClassesThat(resideInAnyPackage(
                        "picocli..",
                        "org.flywaydb..",
                        "com.zaxxer.hikari..",
                        "org.apache.commons.compress..",
                        "org.tukaani.xz..",
                        "org.apache.camel.main..",
                        "org.apache.logging.log4j.."));
        ArchRule schema = noClasses()
                .that(belongToAnyOf(LedgerSchema.class))
                .should()
                .dependOnClassesThat(resideInAnyPackage("picocli..", "com.zaxxer.hikari..", "org.apache.camel.main.."));

        // when, then
        rule.check(classes);
        schema.check(classes);
    }

    @Test
    void everyPackageSaysWhatItOwns() throws IOException {
        // given
        List<Path> packages;
        try (Stream<Path> files = Files.walk(SOURCES)) {
            packages = files.filter(file -> file.toString().endsWith(".java"))
                    .map(Path::getParent)
                    .distinct()
                    .sorted()
                    .toList();
        }

        // when
        List<Path> silent = new ArrayList<>();
        for (Path directory : packages) {
            Path info = directory.resolve("package-info.java");
            if (!Files.exists(info)
                    || !Files.readString(info, StandardCharsets.UTF_8).contains("<b>Owns:</b>")) {
                silent.add(directory);
            }
        }

        // then
        assertThat(packages).isNotEmpty();
        assertThat(silent).isEmpty();
    }
}
