package org.caravan.hub.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import org.caravan.hub.connector.check.Check;
import org.caravan.hub.connector.check.ConnectorTest;
import org.caravan.hub.connector.check.Verdict;

/** What {@code connector test} says: a table, what to change, and what the target has got; or the same as JSON. */
final class ConnectorTestText {
    private final PrintStream out;
    private final boolean json;

    ConnectorTestText(PrintStream out, boolean json) {
        this.out = out;
        this.json = json;
    }

    void checks() {
        if (json) {
            ObjectNode node = JsonNodeFactory.instance.objectNode();
            var checks = node.putArray("checks");
            for (Check check : Check.values()) {
                checks.addObject().put("check", check.code()).put("expects", check.text());
            }
            out.println(node);
        } else {
            TextTable table = new TextTable("CHECK", "EXPECTS");
            for (Check check : Check.values()) {
                table.row(check.code(), check.text());
            }
            table.print(out);
        }
        out.flush();
    }

    void report(ConnectorTest.Report report) {
        if (json) {
            out.println(json(report));
        } else {
            print(report);
        }
        out.flush();
    }

    private void print(ConnectorTest.Report report) {
        TextTable table = new TextTable("CHECK", "RESULT", "DETAIL");
        for (ConnectorTest.Result result : report.results()) {
            table.row(
                    result.check().code(),
                    result.verdict().state().word(),
                    result.verdict().detail());
        }
        table.print(out);
        if (report.count(Verdict.State.FAILED) > 0) {
            out.println();
            out.println("To change:");
            for (ConnectorTest.Result result : report.results()) {
                if (result.verdict().state() == Verdict.State.FAILED) {
                    out.println("  " + result.check().code() + ": "
                            + Errors.oneLine(result.verdict().remedy()));
                }
            }
        }
        out.println();
        out.println("What the target of " + report.connector() + " may have by now; remove it there:");
        TextTable sent = new TextTable("NUMBER", ">TOTAL", "CURRENCY", "ACCOUNT", "STATE", "REFERENCES");
        for (ConnectorTest.Sent one : report.sent()) {
            sent.row(
                    one.number(),
                    one.total(),
                    one.currency(),
                    one.account(),
                    one.state(),
                    one.references().isEmpty() ? "none answered" : String.join(", ", one.references()));
        }
        sent.print(out);
        out.println();
        out.println(report.connector() + " (" + word(report) + "): " + report.count(Verdict.State.PASSED) + " passed, "
                + report.count(Verdict.State.FAILED) + " failed, " + report.count(Verdict.State.SKIPPED) + " skipped");
    }

    private static String word(ConnectorTest.Report report) {
        return report.repeat().name().toLowerCase(Locale.ROOT);
    }

    private static ObjectNode json(ConnectorTest.Report report) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("connector", report.connector());
        node.put("repeat", word(report));
        node.put("run", report.run());
        node.put("numbers", report.prefix());
        for (Verdict.State state : List.of(Verdict.State.PASSED, Verdict.State.FAILED, Verdict.State.SKIPPED)) {
            node.put(state.word(), report.count(state));
        }
        var checks = node.putArray("checks");
        for (ConnectorTest.Result result : report.results()) {
            checks.addObject()
                    .put("check", result.check().code())
                    .put("result", result.verdict().state().word())
                    .put("detail", result.verdict().detail())
                    .put("remedy", result.verdict().remedy());
        }
        var documents = node.putArray("documents");
        for (ConnectorTest.Sent one : report.sent()) {
            ObjectNode document = documents
                    .addObject()
                    .put("number", one.number())
                    .put("key", one.key())
                    .put("account", one.account())
                    .put("total", one.total())
                    .put("currency", one.currency())
                    .put("state", one.state());
            one.references().forEach(document.putArray("references")::add);
        }
        return node;
    }
}
