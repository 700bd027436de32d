package org.caravan.hub.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.util.List;
import org.caravan.invoice.AccountFigures;

/** A month's accounts beside the month before, as table and as JSON. */
final class FigureTable {
    private FigureTable() {}

    static void print(List<AccountFigures.Figure> figures, PrintStream out) {
        MonthTable table = new MonthTable("ACCOUNT", "STATE", "TOTAL", "MONTH BEFORE", "DIFFERENCE", "CURRENCY");
        for (AccountFigures.Figure figure : figures) {
            table.row(
                    Errors.oneLine(figure.account()),
                    figure.state(),
                    MonthTable.money(figure.total(), figure.currency()),
                    MonthTable.money(figure.before(), figure.currency()),
                    MonthTable.money(figure.difference(), figure.currency()),
                    figure.currency() == null ? "" : figure.currency());
        }
        for (AccountFigures.Sum sum : AccountFigures.sums(figures)) {
            table.row(
                    "all",
                    "",
                    MonthTable.money(sum.total(), sum.currency()),
                    MonthTable.money(sum.before(), sum.currency()),
                    MonthTable.money(sum.difference(), sum.currency()),
                    sum.currency());
        }
        if (!table.isEmpty()) {
            table.print(out);
        }
    }

    static void json(List<AccountFigures.Figure> figures, ObjectNode node) {
        ArrayNode accounts = node.putArray("accounts");
        for (AccountFigures.Figure figure : figures) {
            accounts.addObject()
                    .put("account", figure.account())
                    .put("state", figure.state())
                    .put("currency", figure.currency())
                    .put("total", text(figure.total()))
                    .put("before", text(figure.before()))
                    .put("difference", text(figure.difference()));
        }
        ArrayNode sums = node.putArray("all");
        for (AccountFigures.Sum sum : AccountFigures.sums(figures)) {
            sums.addObject()
                    .put("currency", sum.currency())
                    .put("total", text(sum.total()))
                    .put("before", text(sum.before()))
                    .put("difference", text(sum.difference()));
        }
    }

    private static String text(BigDecimal amount) {
        return amount == null ? null : amount.toPlainString();
    }
}
