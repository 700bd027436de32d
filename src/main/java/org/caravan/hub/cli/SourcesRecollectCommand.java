package org.caravan.hub.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Callable;
import org.caravan.common.UserError;
import org.caravan.hub.OpenLedger;
import org.caravan.hub.SampleDesk;
import org.caravan.hub.config.HubConfig;
import org.caravan.ledger.CommitResult;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code caravan sources recollect}: makes usage of an hour's samples again. */
@Command(
        name = "recollect",
        description = {
            "Make usage of a tenant's hour again, of all samples that there are by now, the late ones among them.",
            "",
            "What comes to the same as before changes nothing. What differs from what is billed goes to quarantine as a"
                    + " conflict, and caravan quarantine accept bills the difference."
        })
final class SourcesRecollectCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private LedgerOptions options = new LedgerOptions();

    @Parameters(index = "0", paramLabel = "TENANT", description = "The tenant.")
    private String tenant;

    @Parameters(
            index = "1",
            paramLabel = "HOUR",
            description = "Begin of the hour in UTC, such as 2026-10-01T13:00:00Z.")
    private String hour;

    SourcesRecollectCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
        Instant begin = begin();
        HubConfig config = options.config(terminal);
        CommitResult result;
        try (OpenLedger ledger = OpenLedger.open(config)) {
            result = SampleDesk.recollect(config, ledger, tenant, begin, Clock.systemUTC());
        }
        if (options.json()) {
            terminal.out()
                    .println(JsonNodeFactory.instance
                            .objectNode()
                            .put("tenant", tenant)
                            .put("hour", begin.toString())
                            .put("accepted", result.accepted())
                            .put("duplicate", result.duplicate())
                            .put("conflict", result.conflict())
                            .put("quarantined", result.quarantined()));
        } else {
            terminal.out()
                    .println("tenant " + Errors.oneLine(tenant) + ", hour " + begin + ": " + result.accepted()
                            + " billed, " + result.duplicate() + " as billed before, " + result.conflict()
                            + " in conflict, " + result.quarantined() + " unusable");
            if (result.conflict() > 0) {
                terminal.out()
                        .println(
                                "  -> caravan quarantine list, then accept what is to take the place of what is billed");
            }
        }
        terminal.out().flush();
        return 0;
    }

    private Instant begin() {
        Instant begin;
        try {
            begin = Instant.parse(hour);
        } catch (DateTimeException e) {
            throw new UserError(
                    "HOUR " + hour + ": expected the begin of an hour in UTC such as 2026-10-01T13:00:00Z", e);
        }
        if (!begin.equals(begin.truncatedTo(ChronoUnit.HOURS))) {
            throw new UserError(
                    "HOUR " + hour + ": no full hour; it lies in the hour " + begin.truncatedTo(ChronoUnit.HOURS));
        }
        return begin;
    }
}
