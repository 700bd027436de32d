package org.caravan.hub.check.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Properties;
import org.caravan.hub.check.CheckFinding;
import org.caravan.hub.check.CheckFinding.Level;
import org.caravan.hub.check.CheckReport;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.management.Secrets;
import org.caravan.testing.TestCertificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecurityCheckTest {
    private static final Clock TODAY = Clock.fixed(Instant.parse("2026-12-01T00:00:00Z"), ZoneOffset.UTC);

    @TempDir
    private Path home;

    private final Properties system = new Properties();

    @Test
    void everyAdvisoryThatHoldsForWhatIsShippedHasAMitigation() throws Exception {
        // given: the jars of this build
        Advisories kept = Advisories.kept();
        List<String> jars = Shipped.ofThisProcess().artifacts().stream()
                .map(Shipped.Artifact::name)
                .toList();

        // when
        List<String> open = kept.all().stream()
                .filter(advisory -> Shipped.ofThisProcess().artifacts().stream().anyMatch(advisory::holds))
                .filter(advisory -> advisory.mitigation() == null)
                .map(Advisories.Advisory::id)
                .toList();

        // then
        assertThat(open).isEmpty();
        assertThat(jars).contains("camel-http", "netty-codec-http", "postgresql", "jackson-databind");
        assertThat(kept.all()).allSatisfy(advisory -> {
            assertThat(advisory.id()).matches("(CVE-\\d{4}-\\d{4,}|GHSA(-[a-z0-9]{4}){3})");
            assertThat(advisory.affected()).isNotEmpty();
            assertThat(jars).as(advisory.id()).contains(advisory.artifact());
        });
    }

    @Test
    void anOldJarIsListedWithItsAdvisoryAndSoIsTheAgeOfTheList() throws Exception {
        // given
        Advisories kept = Advisories.parse(
                """
                date: "2026-01-31"
                advisories:
                  - {id: CVE-2026-0001, artifact: netty-codec-http, affected: [{from: "4.1.0", before: "4.1.132"}], what: Smuggles., mitigation: none}
                  - {id: CVE-2026-0002, artifact: netty-codec-http, affected: [{from: "4.1.0", before: "4.1.99"}], what: Old., mitigation: none}
                  - {id: CVE-2026-0003, artifact: camel-http, affected: [{from: "4.0.0", before: "4.18.5"}], what: Redirects., mitigation: Follows none.}
                """);
        Shipped.Found shipped = Shipped.of(String.join(
                File.pathSeparator,
                "/opt/lib/netty-codec-http-4.1.130.Final.jar",
                "/opt/lib/camel-http-4.18.0.jar",
                "/opt/lib/mine.jar",
                "/opt/classes"));
        CheckReport report = report(config());

        // when
        new SecurityCheck(config(), report, TODAY, system).advisories(kept, shipped);

        // then
        assertThat(lines(report))
                .containsExactly(
                        "FAILED netty-codec-http 4.1.130.Final CVE-2026-0001: Smuggles.",
                        "WARNING camel-http 4.18.0 CVE-2026-0003: Redirects.",
                        "WARNING list the list is of 2026-01-31 and was compared with 2 jars: 2 of its 3 entries hold; what"
                                + " was published since is not in it",
                        "WARNING jars have no version in their name, so nothing is known of them: mine.jar");
    }

    @Test
    void versionsAreComparedAsNumbers() {
        assertThat(new Version("4.1.130.Final")).isGreaterThan(new Version("4.1.99.Final"));
        assertThat(new Version("2.0-rc1")).isLessThan(new Version("2.0"));
        assertThat(new Version("42.7")).isEqualTo(new Version("42.7.0"));
    }

    @Test
    void whatIsOpenToOthersIsListedWithItsRemedy() throws Exception {
        // given
        TestCertificate certificate = TestCertificate.make(home, "served", "EC");
        Path properties = Files.writeString(
                Files.createDirectory(home.resolve("config")).resolve("application.properties"),
                """
                caravan.keystone.password = planted-in-file
                camel.kamelet.http-sink.token = {{file:/run/secrets/token}}
                """);
        Path routes = Files.createDirectory(home.resolve("routes"));
        Path route = Files.writeString(routes.resolve("a.camel.yaml"), "- route: {}\n");
        Path data = Files.createDirectory(home.resolve("data"));
        Path key = Files.writeString(data.resolve("operator.key"), "planted-key");
        mode(properties, "rw-r--r--");
        mode(certificate.keyFile, "rw-r-----");
        mode(route, "rw-rw-r--");
        mode(routes, "rwxr-xr-x");
        mode(data, "rwxrwxrwx");
        mode(key, "rw----r--");
        mode(home.resolve("config"), "rwxr-xr-x");
        system.setProperty("com.sun.management.jmxremote.port", "1099");
        system.setProperty("com.sun.management.jmxremote.authenticate", "false");
        HubConfig config = config(
                "caravan.api.host=0.0.0.0",
                "caravan.management.address=0.0.0.0",
                "caravan.ceilometer.secret=changeme",
                "caravan.sql.url=jdbc:x://u:planted-in-url@h/d",
                "caravan.data=data");
        CheckReport report = report(config);

        // when
        new SecurityCheck(config, report, TODAY, system).look(List.of());

        // then
        List<String> lines = lines(report);
        assertThat(lines)
                .anyMatch(line -> line.startsWith("FAILED caravan.api.host") && line.contains("without TLS"))
                .anyMatch(line -> line.startsWith("WARNING caravan.management.address"))
                .anyMatch(line -> line.startsWith("FAILED JMX") && line.contains("1099"))
                .anyMatch(line -> line.startsWith("WARNING caravan.keystone.password") && line.contains("plain text"))
                .anyMatch(line -> line.startsWith("GOOD camel.kamelet.http-sink.token"))
                .anyMatch(line -> line.startsWith("FAILED caravan.ceilometer.secret"))
                .anyMatch(line -> line.startsWith("WARNING caravan.sql.url") && line.contains("list of processes"))
                .anyMatch(line -> line.startsWith("FAILED configuration") && line.contains("everybody may read it"))
                .anyMatch(line -> line.startsWith("FAILED caravan.routes") && line.contains("a.camel.yaml"))
                .anyMatch(line -> line.startsWith("FAILED caravan.data"))
                .anyMatch(line -> line.startsWith("FAILED operator's key"))
                .noneMatch(line -> line.contains("planted"));
        assertThat(report.findings())
                .filteredOn(finding -> finding.level().compareTo(Level.FAILED) >= 0)
                .extracting(CheckFinding::remedy)
                .doesNotContainNull();

        // when: it is mended
        mode(properties, "rw-------");
        mode(route, "rw-r--r--");
        mode(data, "rwx------");
        mode(key, "rw-------");
        system.clear();
        HubConfig mended = config(
                "caravan.api.host=0.0.0.0",
                "caravan.api.certificate=" + certificate.file,
                "caravan.api.certificateKey=" + certificate.keyFile,
                "caravan.data=data");
        CheckReport good = report(mended);
        new SecurityCheck(mended, good, Clock.systemUTC(), system).look(List.of());

        // then
        assertThat(lines(good)).noneMatch(line -> line.startsWith("FAILED caravan") || line.startsWith("FAILED conf"));
    }

    private HubConfig config(String... settings) {
        return new HubConfig.Builder(home, home).file().set(List.of(settings)).build();
    }

    private static CheckReport report(HubConfig config) {
        return new CheckReport(new Secrets(config.secrets())::mask);
    }

    private static List<String> lines(CheckReport report) {
        return report.findings().stream()
                .map(finding -> finding.level() + " " + finding.thing() + " " + finding.text())
                .toList();
    }

    private static void mode(Path file, String modes) throws Exception {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(modes));
    }
}
