package org.caravan.hub.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.Callable;
import org.caravan.hub.OpenLedger;
import org.caravan.invoice.Audit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code caravan audit}: proves that a ledger holds together, or says where it does not. */
@Command(
        name = "audit",
        description = {
            "Check a kept ledger: entries, roll-up and documents are the same money, no time is billed twice, no number is"
                    + " missing, archives are whole, every document is on its way. Changes nothing.",
            "",
            "Exit code 1 if anything was found."
        })
final class AuditCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private LedgerOptions options = new LedgerOptions();

    AuditCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
        List<Audit.Check> checks;
        try (OpenLedger ledger = options.open(terminal)) {
            checks = Audit.run(ledger.dataSource());
        }
        boolean holds = checks.stream().allMatch(check -> check.findings().isEmpty());
        if (options.json()) {
            print(checks, holds, terminal.out());
        } else {
            printForPeople(checks, holds, terminal.out());
        }
        terminal.out().flush();
        return holds ? 0 : 1;
    }

    private static void print(List<Audit.Check> checks, boolean holds, PrintStream out) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("holds", holds);
        ArrayNode list = node.putArray("checks");
        for (Audit.Check check : checks) {
            ObjectNode one = list.addObject();
            one.put("check", check.name());
            ArrayNode findings = one.putArray("findings");
            check.findings().forEach(findings::add);
        }
        out.println(node);
    }

    private static void printForPeople(List<Audit.Check> checks, boolean holds, PrintStream out) {
        for (Audit.Check check : checks) {
            int found = check.findings().size();
            String state = found == 0 ? "ok" : found == Audit.MAX_FINDINGS ? found + "+" : Integer.toString(found);
            out.printf("%-4s  %s%n", state, check.name());
            check.findings().forEach(finding -> out.println("      " + finding));
        }
        out.println(holds ? "The ledger holds together." : "The ledger does NOT hold together: see above.");
    }
}
