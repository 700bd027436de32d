package org.caravan.hub.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.caravan.hub.OpenLedger;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.connector.ConnectorOrders;
import org.caravan.hub.connector.ConnectorTrial;
import org.caravan.invoice.ConnectorName;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code caravan connector apply}: a new or changed file, live in the hubs that run. */
@Command(
        name = "apply",
        description = {
            "Try a connector's file, and let it take the place of the one that runs, in every hub that runs; no restart.",
            "",
            "A file that can't be used is refused with file, line and reason, and everything goes on as it was. Of several"
                    + " targets of one Kamelet all are applied; what they are told is read again, too.",
            "",
            "Exit code 0: live everywhere, or no hub runs; 1: a hub refused it or did not answer; 2: the file can't be used."
        })
final class ConnectorApplyCommand implements Callable<Integer> {
    private static final long LOOK_MILLIS = 200;

    private final Terminal terminal;

    @Mixin
    private LedgerOptions options = new LedgerOptions();

    @Parameters(paramLabel = "NAME", description = "The connector's name.")
    private String name;

    @Option(
            names = "--wait",
            paramLabel = "SECONDS",
            description = "How long to wait for the hubs; they wait for calls that run. 60 unless said.")
    private int waitSeconds = 60;

    ConnectorApplyCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
        HubConfig config = options.config(terminal);
        ConnectorTrial.Passed passed = ConnectorTrial.of(config, name);
        List<String> hubs = List.of();
        List<ConnectorOrders.Answer> answers = List.of();
        if (OpenLedger.isThere(config)) {
            try (OpenLedger ledger = options.open(terminal)) {
                ConnectorOrders orders = new ConnectorOrders(ledger.dataSource(), Clock.systemUTC());
                hubs = ledger.isOursAlone() ? List.of() : orders.hubs();
                if (!hubs.isEmpty()) {
                    String kamelet = ConnectorName.of(passed.base()).kamelet();
                    answers = await(orders, orders.give(kamelet, passed.digest(), DeliveryOrderRun.who()), hubs);
                }
            }
        }
        List<String> silent = new ArrayList<>(hubs);
        answers.forEach(answer -> silent.remove(answer.hub()));
        if (options.json()) {
            terminal.out().println(json(passed, answers, silent));
        } else {
            print(passed, answers, silent);
        }
        terminal.out().flush();
        return silent.isEmpty() && answers.stream().allMatch(ConnectorOrders.Answer::live) ? 0 : Errors.FAILED;
    }

    private List<ConnectorOrders.Answer> await(ConnectorOrders orders, ConnectorOrders.Order order, List<String> hubs)
            throws Exception {
        long end = System.nanoTime() + Duration.ofSeconds(waitSeconds).toNanos();
        while (true) {
            List<ConnectorOrders.Answer> answers = orders.answers(order.id());
            if (answers.stream().map(ConnectorOrders.Answer::hub).toList().containsAll(hubs)
                    || System.nanoTime() > end) {
                return answers;
            }
            Thread.sleep(LOOK_MILLIS);
        }
    }

    private void print(ConnectorTrial.Passed passed, List<ConnectorOrders.Answer> answers, List<String> silent) {
        String what = passed.connectors().size() == 1
                ? passed.connectors().get(0)
                : passed.base() + " (" + String.join(", ", passed.connectors()) + ")";
        passed.warnings().forEach(warning -> terminal.err().println("caravan: " + Errors.oneLine(warning)));
        if (answers.isEmpty() && silent.isEmpty()) {
            terminal.out().println(what + " can be used; no hub runs, the next one that starts uses it");
        }
        for (ConnectorOrders.Answer answer : answers) {
            if (answer.live()) {
                terminal.out()
                        .println(what + " is live in hub " + answer.hub()
                                + (answer.message() == null ? "" : "; " + Errors.oneLine(answer.message())));
            } else {
                terminal.err()
                        .println("caravan: hub " + answer.hub() + " refused it and goes on with what it had: "
                                + Errors.oneLine(answer.message()));
            }
        }
        for (String hub : silent) {
            terminal.err()
                    .println("caravan: hub " + hub + " did not answer within " + waitSeconds
                            + " seconds; caravan connector list shows what became of it");
        }
    }

    private static ObjectNode json(
            ConnectorTrial.Passed passed, List<ConnectorOrders.Answer> answers, List<String> silent) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        passed.connectors().forEach(node.putArray("connectors")::add);
        node.put("digest", passed.digest());
        passed.warnings().forEach(node.putArray("warnings")::add);
        var hubs = node.putArray("hubs");
        for (ConnectorOrders.Answer answer : answers) {
            hubs.addObject()
                    .put("hub", answer.hub())
                    .put("state", answer.live() ? "live" : "refused")
                    .put("message", answer.message());
        }
        silent.forEach(hub -> hubs.addObject().put("hub", hub).put("state", "silent"));
        return node;
    }
}
