package org.caravan.hub.cli;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.caravan.common.UserError;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.connector.ConnectorTrial;
import org.caravan.hub.connector.check.Check;
import org.caravan.hub.connector.check.ConnectorTest;
import org.caravan.hub.connector.check.ThrowAwayLedger;
import org.caravan.hub.connector.check.Verdict;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code caravan connector test}: does a connector keep the commit contract? */
@Command(
        name = "test",
        description = {
            "Put a connector to the test: commit test invoices to its real target, with faults on the way, and see whether each"
                    + " ends as what it declares (caravan/repeat) promises.",
            "",
            "This makes real invoices at the target: use a test company or database. Their numbers begin with TEST- and the"
                    + " mark of the run; all of them are listed at the end. What can't be seen at the target is skipped, with the"
                    + " reason, and never counted as passed.",
            "",
            "Exit code 0: none failed; 1: a check failed; 2: the connector can't be used, or nothing was confirmed."
        })
final class ConnectorTestCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Spec
    private picocli.CommandLine.Model.CommandSpec spec;

    @Mixin
    private CommonOptions common = new CommonOptions();

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "The connector's name.")
    private String name;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Option(names = "--list", description = "Show the checks, and run none.")
    private boolean list;

    @Option(names = "--only", paramLabel = "CHECK", description = "Only this one, after commit; may be repeated.")
    private List<String> only = new ArrayList<>();

    @Option(names = "--yes", description = "Do not ask: the target may get test invoices.")
    private boolean yes;

    @Option(
            names = "--account",
            paramLabel = "NAME",
            description = "An account that the target knows; caravan-test unless said.")
    private String account;

    @Option(
            names = "--currency",
            paramLabel = "CODE",
            description = "A currency that the target has; caravan.currency unless said, or EUR.")
    private String currency;

    @Option(
            names = "--month",
            paramLabel = "YYYY-MM",
            description = "The invoices' month, open in the target's books; the last whole one unless said.")
    private String month;

    @Option(
            names = "--limit",
            paramLabel = "SECONDS",
            description = "Longest time for one call; caravan.delivery.lease unless said.")
    private Integer limitSeconds;

    ConnectorTestCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
        ConnectorTestText text = new ConnectorTestText(terminal.out(), json);
        if (list) {
            text.checks();
            return 0;
        }
        if (name == null) {
            throw new ParameterException(spec.commandLine(), "NAME is missing");
        }
        HubConfig config = common.config(terminal).build();
        ConnectorTest test = new ConnectorTest(config, name, request(), Clock.systemUTC());
        ConnectorTrial.Passed passed = test.check();
        passed.warnings().forEach(warning -> terminal.err().println("caravan: " + Errors.oneLine(warning)));
        if (!yes
                && !Question.yes(
                        terminal, "This commits some 40 test invoices to the target of connector " + name + ".")) {
            throw new UserError("nothing was sent: this commits some 40 test invoices to the target of connector "
                    + name + ", numbered TEST-...; where it may get them, say --yes");
        }
        ConnectorTest.Report report;
        try (Progress progress = Progress.to(terminal)) {
            progress.step("starting");
            try (ThrowAwayLedger ledger = ThrowAwayLedger.start(config)) {
                report = test.run(
                        ledger.dataSource(),
                        (check, n, of) -> progress.step("check " + n + " of " + of + ": " + check.code()));
            }
        }
        text.report(report);
        return report.count(Verdict.State.FAILED) == 0 ? 0 : Errors.FAILED;
    }

    private ConnectorTest.Request request() {
        Set<Check> checks = new LinkedHashSet<>();
        only.forEach(code -> checks.add(Check.of(code)));
        if (limitSeconds != null && limitSeconds < 1) {
            throw new UserError("--limit " + limitSeconds + ": must be at least 1 second");
        }
        return new ConnectorTest.Request(
                checks,
                account,
                currency,
                month == null ? null : parsed(month),
                limitSeconds == null ? null : Duration.ofSeconds(limitSeconds));
    }

    private static YearMonth parsed(String text) {
        try {
            return YearMonth.parse(text);
        } catch (DateTimeException e) {
            throw new UserError("--month '" + text + "': not a month; write it as 2026-10", e);
        }
    }
}
