package org.caravan.hub.check.security;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.caravan.common.UserError;
import org.caravan.hub.check.CheckFinding.Level;
import org.caravan.hub.check.CheckReport;
import org.caravan.hub.config.HttpOptions;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.config.Setting;
import org.caravan.hub.config.Settings;
import org.caravan.hub.http.ApiServer;

/** Looks at advisories, at who can reach the hub, and at who can read its secrets. */
public final class SecurityCheck {
    private static final String EXPOSED = "exposed";
    private static final String SECRETS = "secrets";
    private static final Duration OLD = Duration.ofDays(90);
    private static final Duration SOON = Duration.ofDays(30);
    private static final Set<String> WELL_KNOWN = Set.of(
            "password", "secret", "changeme", "change-me", "admin", "caravan", "postgres", "root", "test", "123456");

    private final HubConfig config;
    private final CheckReport report;
    private final Clock clock;
    private final Properties system;

    public SecurityCheck(HubConfig config, CheckReport report, Clock clock) {
        this(config, report, clock, System.getProperties());
    }

    /** @param system the properties that Java was started with */
    SecurityCheck(HubConfig config, CheckReport report, Clock clock, Properties system) {
        this.config = config;
        this.report = report;
        this.clock = clock;
        this.system = system;
    }

    /**
     * Looks.
     *
     * @param wrong what could not be read of the configuration
     */
    public void look(List<UserError> wrong) {
        wrong.forEach(error -> report.add(Level.WRONG, "settings", CheckReport.thing(error.getMessage()), error));
        report.look(Level.FAILED, "advisories", "list", () -> {
            advisories(Advisories.kept(), Shipped.ofThisProcess());
            return null;
        });
        exposed();
        secrets();
        modes();
    }

    void advisories(Advisories kept, Shipped.Found shipped) throws IOException {
        int holding = 0;
        for (Advisories.Advisory advisory : kept.all()) {
            for (Shipped.Artifact artifact : shipped.artifacts()) {
                if (advisory.holds(artifact)) {
                    holding++;
                    String thing = artifact.name() + " " + artifact.version();
                    String text = advisory.id() + ": " + advisory.what();
                    if (advisory.mitigation() == null) {
                        report.add(
                                Level.FAILED,
                                "advisories",
                                thing,
                                text,
                                "nothing keeps it from mattering here; use a newer version");
                    } else {
                        report.add(Level.WARNING, "advisories", thing, text, advisory.mitigation());
                    }
                }
            }
        }
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        boolean old = kept.date().plusDays(OLD.toDays()).isBefore(today);
        report.add(
                old ? Level.WARNING : Level.GOOD,
                "advisories",
                "list",
                "the list is of " + kept.date() + " and was compared with "
                        + shipped.artifacts().size() + " jars: " + holding + " of its "
                        + kept.all().size() + " entries hold; what was published since is not in it",
                old ? "use a newer Caravan, or look the jars up yourself" : null);
        if (!shipped.unknown().isEmpty()) {
            report.add(
                    Level.WARNING,
                    "advisories",
                    "jars",
                    "have no version in their name, so nothing is known of them: "
                            + String.join(", ", shipped.unknown()),
                    "name them as Maven does, NAME-VERSION.jar");
        }
    }

    private void exposed() {
        report.look(Level.WRONG, EXPOSED, "caravan.api", () -> {
            ApiServer.checkSettings(config);
            return null;
        });
        boolean tls = config.find(HttpOptions.CERTIFICATE).isPresent();
        if (config.get(Settings.API_PORT) == 0) {
            report.good(EXPOSED, "caravan.api", "no API is served");
        } else if (isLoopback(config.get(Settings.API_HOST))) {
            report.good(EXPOSED, "caravan.api", "the APIs answer this machine alone");
        } else if (tls) {
            report.good(EXPOSED, "caravan.api", "the APIs answer beyond this machine, by TLS");
        } else {
            report.add(
                    Level.FAILED,
                    EXPOSED,
                    "caravan.api.host",
                    "the APIs answer beyond this machine (" + config.get(Settings.API_HOST)
                            + ") without TLS: keys and invoices can be read on the way",
                    "set caravan.api.certificate and .certificateKey, or listen on 127.0.0.1 behind a proxy that does");
        }
        if (config.get(Settings.AUTH).equals("none")) {
            report.add(
                    Level.WARNING,
                    EXPOSED,
                    "caravan.auth",
                    "everybody on this machine is taken for the operator",
                    "set caravan.auth to key or keystone");
        }
        if (config.get(Settings.MANAGEMENT_PORT) != 0) {
            if (isLoopback(config.get(Settings.MANAGEMENT_ADDRESS))) {
                report.good(EXPOSED, "caravan.management", "health and metrics answer this machine alone");
            } else {
                report.add(
                        Level.WARNING,
                        EXPOSED,
                        "caravan.management.address",
                        "health and metrics answer beyond this machine (" + config.get(Settings.MANAGEMENT_ADDRESS)
                                + "), without password and without TLS",
                        "let a firewall allow your monitoring alone, or listen on 127.0.0.1");
            }
        }
        certificate();
        jmx();
        if ("true".equals(config.camel().get("camel.main.tracing"))
                || config.camel().keySet().stream().anyMatch(key -> key.matches("(?i).*dev-?console.*"))) {
            report.add(
                    Level.WARNING,
                    EXPOSED,
                    "camel",
                    "tracing or the developer console is on: messages are shown as they are",
                    "take the setting out");
        }
    }

    private void certificate() {
        Instant end = ApiServer.certificateEnd(config).orElse(null);
        if (end == null) {
            return;
        }
        if (end.isBefore(clock.instant().plus(SOON))) {
            report.add(
                    Level.FAILED,
                    EXPOSED,
                    HttpOptions.CERTIFICATE.key(),
                    "the certificate ends on " + end,
                    "renew it; the hub takes a new file up within a minute");
        } else {
            report.good(EXPOSED, HttpOptions.CERTIFICATE.key(), "the certificate ends on " + end);
        }
    }

    private void jmx() {
        String port = system.getProperty("com.sun.management.jmxremote.port");
        if (port != null) {
            boolean open = "false".equals(system.getProperty("com.sun.management.jmxremote.authenticate"))
                    || "false".equals(system.getProperty("com.sun.management.jmxremote.ssl"));
            report.add(
                    open ? Level.FAILED : Level.WARNING,
                    EXPOSED,
                    "JMX",
                    "JMX listens on port " + port + (open ? " without password or without TLS" : "")
                            + ": whoever gets in runs code",
                    "take com.sun.management.jmxremote out of CARAVAN_OPTS and connect locally");
        }
        boolean debugged = java.lang.management.ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .anyMatch(argument -> argument.startsWith("-agentlib:jdwp") || argument.startsWith("-Xrunjdwp"));
        if (debugged) {
            report.add(
                    Level.FAILED,
                    EXPOSED,
                    "debugger",
                    "Java waits for a debugger: whoever gets in runs code",
                    "take jdwp out of CARAVAN_OPTS");
        }
    }

    private void secrets() {
        Map<String, String> said = config.saidSecrets();
        said.forEach((key, value) -> {
            boolean elsewhere = value.matches("\\{\\{(file|env):[^{}]+}}");
            boolean variable = config.where(key).startsWith("environment variable");
            if (WELL_KNOWN.contains(value.toLowerCase(java.util.Locale.ROOT))) {
                report.add(
                        Level.FAILED,
                        SECRETS,
                        key,
                        config.where(key) + "is a password that everybody tries first",
                        "choose a random one");
            } else if (elsewhere || variable) {
                report.good(SECRETS, key, "is kept in a file or the environment");
            } else if (config.where(key).startsWith("--")) {
                report.add(
                        Level.WARNING,
                        SECRETS,
                        key,
                        config.where(key) + "everybody on this machine can read it in the list of processes",
                        remedy(key));
            } else {
                report.add(Level.WARNING, SECRETS, key, config.where(key) + "stands there as plain text", remedy(key));
            }
        });
        if (said.isEmpty()) {
            report.good(SECRETS, "all", "none stands in the configuration");
        }
    }

    private static String remedy(String key) {
        return key.startsWith(Settings.PREFIX) && !key.startsWith("caravan.invoice.object")
                ? "name a file with " + key + "File where there is such a setting, or use the environment"
                : "write {{file:/run/secrets/NAME}} or {{env:NAME}} in its place";
    }

    private void modes() {
        FileModes modes = new FileModes(report);
        if (!config.saidSecrets().isEmpty()) {
            modes.secret("configuration", config.home().resolve("config/application.properties"));
        }
        config.find(Settings.INVOICE_FILE).ifPresent(file -> modes.secret(Settings.INVOICE_FILE.key(), file));
        for (Setting<Path> setting : HubConfig.secretFiles()) {
            config.find(setting).ifPresent(file -> modes.secret(setting.key(), file));
        }
        config.find(HttpOptions.CERTIFICATE_KEY)
                .ifPresent(file -> modes.secret(HttpOptions.CERTIFICATE_KEY.key(), file));
        config.find(Settings.API_KEY_FILE).ifPresent(file -> modes.secret(Settings.API_KEY_FILE.key(), file));
        if (config.find(Settings.LEDGER_URL).isEmpty()) {
            config.find(Settings.DATA).ifPresent(data -> {
                modes.closed(Settings.DATA.key(), data);
                modes.secret("operator's key", data.resolve("operator.key"));
                modes.secret("database password", data.resolve("postgres.password"));
                modes.closed("database", data.resolve("postgres"));
            });
        }
        modes.code("configuration", config.home().resolve("config"));
        modes.code(Settings.ROUTES.key(), config.get(Settings.ROUTES));
        modes.code(Settings.CONNECTORS.key(), config.get(Settings.CONNECTORS));
        modes.code("lib", config.home().resolve("lib"));
    }

    private static boolean isLoopback(String address) {
        try {
            return InetAddress.getByName(address).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
