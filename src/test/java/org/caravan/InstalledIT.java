package org.caravan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.caravan.testing.DocPage;
import org.caravan.testing.UnpackedArchive;
import org.caravan.testing.odoo.FakeOdoo;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The archive that {@code mvn package} makes, as an ordinary user has it, and the pages that tell what to do with it. */
class InstalledIT {
    private static final String MARK = "@@ block ";

    @TempDir
    static Path parent;

    private static UnpackedArchive archive;
    private static int apiPort;
    private static int managementPort;

    @BeforeAll
    static void unpack() throws Exception {
        apiPort = freePort();
        managementPort = freePort();
        archive = UnpackedArchive.in(
                parent, Map.of("CARAVAN_API_PORT", "" + apiPort, "CARAVAN_MANAGEMENT_PORT", "" + managementPort));
    }

    @Test
    void theReadmeIsTrueWhenFollowedLiterally() throws Exception {
        follow("README.md", List.of());
    }

    @Test
    void theQuickstartIsTrueWhenFollowedLiterally() throws Exception {
        follow("docs/quickstart.md", List.of());
    }

    @Test
    void theQuickstartIntoOdooIsTrueWhenFollowedLiterally() throws Exception {
        try (FakeOdoo odoo = new FakeOdoo(19)) {
            follow(
                    "docs/quickstart-odoo.md",
                    List.of(
                            "http://127.0.0.1:8069",
                            odoo.url(),
                            "your-database",
                            FakeOdoo.DATABASE,
                            "your-user",
                            FakeOdoo.USER,
                            "your-api-key",
                            FakeOdoo.API_KEY));
        }
    }

    @Test
    void theLauncherWorksThroughALinkFromAnywhereAndInAClone() throws Exception {
        // given: a link to it, and what a built clone looks like
        Path home = archive.home();
        // when
        UnpackedArchive.Answer linked = archive.sh(
                archive.directory(),
                "ln -s caravan/caravan link; mkdir -p else/where; cd else/where; ../../link --version");
        UnpackedArchive.Answer clone = archive.sh(
                archive.directory(),
                "mkdir -p clone/src/main clone/target; cp caravan/caravan clone; ln caravan/app/*.jar clone/target;"
                        + " ln -s ../../caravan/app/lib clone/target/lib;"
                        + " touch -d 2020-01-01 clone/pom.xml clone/src/main; cd /; '" + archive.directory()
                        + "'/clone/caravan --version");
        UnpackedArchive.Answer broken = archive.sh(
                archive.directory(), "mkdir -p broken/app; cp caravan/caravan broken; broken/caravan --version");
        // then
        assertThat(linked.output()).startsWith("Caravan 0.").contains(", Java ").hasLineCount(1);
        assertThat(linked.exitCode()).isZero();
        assertThat(clone.output()).isEqualTo(linked.output());
        assertThat(broken.exitCode()).isEqualTo(1);
        assertThat(broken.output()).hasLineCount(1).contains("holds no caravan-*.jar; unpack the archive again");
        assertThat(Files.isExecutable(home.resolve("install/install.sh"))).isTrue();
        assertThat(Files.isExecutable(home.resolve("README.md"))).isFalse();
        assertThat(home.resolve("lib/README.md")).exists();
    }

    @Test
    void anUpgradeKeepsConfigurationAndOwnConnectorsAndCanBeTakenBack() throws Exception {
        // given: an installed release that somebody has made their own
        Path root = archive.unpack("root");
        archive.sh(root, "rm -rf ./*");
        Path old = archive.unpack("caravan-1");
        String install = "/install/install.sh --root '" + root + "'";
        UnpackedArchive.Answer first = archive.sh(archive.directory(), "caravan-1" + install);
        assertThat(first.output()).contains("installed: ");
        archive.sh(
                old,
                "echo caravan.currency=EUR >> config/application.properties; echo '# mine' >> config/meters.yaml;"
                        + " umask 077; echo secret > config/erp.key; cp connectors/http-sink.kamelet.yaml connectors/mine-sink.kamelet.yaml;"
                        + " echo '# changed' >> routes/fan-out.camel.yaml");
        // when: the next one, which brings another meters.yaml and another focus-1.0.yaml
        Path next = archive.unpack("caravan-2");
        archive.sh(next, "echo '# theirs' >> config/meters.yaml; echo '# theirs' >> config/focus-1.0.yaml");
        UnpackedArchive.Answer second =
                archive.sh(archive.directory(), "caravan-2" + install + "; caravan-2" + install);
        // then
        assertThat(second.exitCode()).as(second.output()).isZero();
        assertThat(second.output())
                .contains("carried over: connectors/mine-sink.kamelet.yaml")
                .contains("changed in the former release, not carried over: " + old + "/routes/fan-out.camel.yaml")
                .contains("kept " + root + "/etc/caravan/meters.yaml, which was changed");
        assertThat(root.resolve("opt/caravan").toRealPath()).isEqualTo(next.toRealPath());
        assertThat(next.resolve("connectors/mine-sink.kamelet.yaml")).exists();
        assertThat(next.resolve("config/meters.yaml")).content().endsWith("# mine\n");
        assertThat(next.resolve("config/focus-1.0.yaml")).content().endsWith("# theirs\n");
        assertThat(next.resolve("routes/fan-out.camel.yaml")).content().doesNotContain("# changed");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(next.resolve("config/erp.key"))))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(next.resolve("config/application.properties"))))
                .isEqualTo("rw-r-----");
        // when
        UnpackedArchive.Answer said = archive.sh(
                archive.directory(),
                "root/usr/local/bin/caravan settings --said | grep -v '^ '; ln -sfn '" + old
                        + "' root/opt/caravan; root/usr/local/bin/caravan settings currency");
        // then
        assertThat(said.output())
                .contains("caravan.data = " + root + "/var/lib/caravan/data  (")
                .contains("caravan.currency = EUR  (" + old.toRealPath() + "/config/application.properties:");
    }

    /** Runs all blocks of a page in one shell, in the unpacked archive, and compares what it shows. */
    private static void follow(String page, List<String> replaced) throws Exception {
        DocPage read = DocPage.read(archive.home().resolve(page));
        assertThat(read.blocks()).isNotEmpty();
        StringBuilder script = new StringBuilder();
        for (DocPage.Block block : read.blocks()) {
            script.append("\nprintf '\\n").append(MARK).append("\\n'\n").append(block.commands());
        }
        UnpackedArchive.Answer answer = archive.sh(archive.home(), here(script.toString(), replaced));
        List<String> outputs = List.of(answer.output().split("\n" + MARK + "\n", -1));
        assertThat(answer.exitCode()).as(answer.output()).isZero();
        for (int i = 0; i < read.blocks().size(); i++) {
            DocPage.Block block = read.blocks().get(i);
            DocPage.Block shown =
                    block.shown() == null ? block : new DocPage.Block(block.commands(), here(block.shown(), List.of()));
            String output = outputs.get(i + 1);
            assertThat(shown.isShown(output))
                    .as("%s shows%n%s%nand it is%n%s", page, shown.shown(), output)
                    .isTrue();
        }
    }

    /** The ports of this test, and what a page leaves to its reader. */
    private static String here(String text, List<String> replaced) {
        String here = text.replace("127.0.0.1:9534", "127.0.0.1:" + apiPort)
                .replace("127.0.0.1:9535", "127.0.0.1:" + managementPort);
        for (int i = 0; i < replaced.size(); i += 2) {
            here = here.replace(replaced.get(i), replaced.get(i + 1));
        }
        return here;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
