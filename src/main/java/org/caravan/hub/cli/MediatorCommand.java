package org.caravan.hub.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import org.caravan.common.UserError;
import org.caravan.common.keystone.KeystoneException;
import org.caravan.hub.OpenLedger;
import org.caravan.hub.Subscriptions;
import org.caravan.hub.config.HubConfig;
import org.caravan.subscription.tie.Mediator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code caravan mediator}: what is there and not subscribed, and what is subscribed and not there. */
@Command(
        name = "mediator",
        description = {
            "Compare subscriptions with the ledger's tenants, and with Keystone's projects where caravan.keystone.url is set:"
                    + " what has no subscription, and which subscription has no project or no usage. Changes nothing.",
            "",
            "Exit code 1 if anything is missing."
        })
final class MediatorCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private LedgerOptions options = new LedgerOptions();

    MediatorCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
        HubConfig config = options.config(terminal);
        Mediator.Report report;
        try (OpenLedger ledger = options.open(terminal)) {
            report = new Mediator(ledger.dataSource())
                    .report(Subscriptions.identity(config, Clock.systemUTC()).orElse(null));
        } catch (KeystoneException e) {
            throw new UserError(Errors.FAILED, e.getMessage(), e);
        }
        if (options.json()) {
            terminal.out().println(json(report));
        } else {
            print(report, terminal.out());
        }
        terminal.out().flush();
        return report.isComplete() ? 0 : Errors.FAILED;
    }

    private static ObjectNode json(Mediator.Report report) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("complete", report.isComplete());
        places(root.putArray("tenantsWithoutSubscription"), report.tenants());
        missing(root.putArray("subscriptionsWithoutUsage"), report.withoutUsage());
        if (report.projects() == null) {
            root.putNull("projectsWithoutSubscription");
        } else {
            places(root.putArray("projectsWithoutSubscription"), report.projects());
        }
        missing(root.putArray("subscriptionsWithoutProject"), report.withoutProject());
        return root;
    }

    private static void places(ArrayNode list, List<Mediator.Place> places) {
        places.forEach(place -> list.addObject().put("id", place.id()).put("name", place.name()));
    }

    private static void missing(ArrayNode list, List<Mediator.Missing> missing) {
        missing.forEach(one -> list.addObject()
                .put("subscription", one.subscription())
                .put("customer", one.customer())
                .put("resource", one.resource())
                .put("reason", one.reason()));
    }

    private static void print(Mediator.Report report, PrintStream out) {
        report.tenants()
                .forEach(tenant -> out.println("tenant " + Errors.oneLine(tenant.name()) + ": no subscription"));
        if (report.projects() == null) {
            out.println("Keystone was not asked; set caravan.keystone.url");
        } else {
            report.projects()
                    .forEach(project -> out.println(
                            "project " + project.id() + " (" + Errors.oneLine(project.name()) + "): no subscription"));
        }
        report.withoutUsage().forEach(one -> print(one, out));
        report.withoutProject().forEach(one -> print(one, out));
        if (report.isComplete()) {
            out.println("nothing is missing");
        }
    }

    private static void print(Mediator.Missing one, PrintStream out) {
        out.println("subscription " + one.subscription() + " of " + Errors.oneLine(one.customer())
                + (one.resource() == null ? "" : " on " + Errors.oneLine(one.resource())) + ": " + one.reason());
    }
}
