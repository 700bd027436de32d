package org.caravan.hub.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.caravan.common.Decimals;
import org.caravan.common.UserError;
import org.caravan.hub.OpenLedger;
import org.caravan.rating.TariffFile;
import org.caravan.rating.hashmap.RuleSet;
import org.caravan.rating.store.RuleDiff;
import org.caravan.rating.store.RuleDiff.Charge;
import org.caravan.rating.store.RuleDiff.Difference;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code caravan tariff diff}: where a tariff file and a ledger's rules, or another file, charge differently. */
@Command(
        name = "diff",
        description = {
            "Show where a tariff file and the rules of a ledger (those that the rating API changes) charge differently,"
                    + " or two tariff files. Prices are compared, not how a file is written.",
            "",
            "Exit code: 0 no difference, 1 some, 2 something is wrong with what was given."
        })
final class TariffDiffCommand implements Callable<Integer> {
    private static final int SHOWN = 100;
    private static final int DIFFERENT = 1;
    private static final String LEDGER = "ledger";

    private final Terminal terminal;

    @Mixin
    private LedgerOptions options = new LedgerOptions();

    @Parameters(paramLabel = "FILE", description = "The tariff file (YAML or JSON).")
    private Path file;

    @Option(
            names = "--against",
            paramLabel = "FILE2",
            description = "Another tariff file to compare with, in place of the ledger's rules.")
    private Path against;

    @Option(
            names = "--from",
            paramLabel = "TIME",
            description =
                    "Compare what counts for usage that begins then or later, such as 2026-12-01 (UTC). Unless said:"
                            + " now for a ledger, whose past no file changes; all of time for two files.")
    private String from;

    TariffDiffCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    /** One side. */
    private record Side(String name, RuleSet rules, String currency) {}

    @Override
    public Integer call() {
        Instant moment = TariffLedger.time("--from", from);
        if (moment == null) {
            moment = against == null ? Clock.systemUTC().instant().truncatedTo(ChronoUnit.SECONDS) : Instant.MIN;
        }
        Side said = read(file);
        Side held = against == null ? ledger() : read(against);
        RuleDiff diff = RuleDiff.of(held.rules(), said.rules(), moment);
        if (options.json()) {
            terminal.out().println(json(held, said, diff, moment));
        } else {
            print(held, said, diff, moment);
        }
        terminal.out().flush();
        return diff.isSame() && held.currency().equals(said.currency()) ? 0 : DIFFERENT;
    }

    private Side read(Path path) {
        TariffFile.Result read = TariffFile.read(terminal.resolve(path));
        read.warnings().forEach(warning -> terminal.err().println("caravan: warning: " + Errors.oneLine(warning)));
        return new Side(path.toString(), read.ruleSet(), read.currency());
    }

    private Side ledger() {
        try (OpenLedger ledger = options.open(terminal)) {
            String currency = TariffLedger.currency(ledger);
            return new Side(
                    LEDGER, TariffLedger.store(ledger, Clock.systemUTC()).load().rules(), currency);
        } catch (UserError e) {
            // 1 means that they differ, here
            throw new UserError(2, e.getMessage(), e);
        } catch (SQLException e) {
            throw new UserError(2, "the ledger's rules can't be read: " + e.getMessage(), e);
        }
    }

    private void print(Side held, Side said, RuleDiff diff, Instant moment) {
        if (!held.currency().equals(said.currency())) {
            terminal.out()
                    .println("The currencies differ: " + held.currency() + " in " + held.name() + ", " + said.currency()
                            + " in " + said.name() + ".");
        }
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {"PLACE", held.name().toUpperCase(Locale.ROOT), said.name()});
        if (against != null) {
            rows.get(0)[1] = held.name();
        }
        diff.differences().stream()
                .limit(SHOWN)
                .forEach(one -> rows.add(new String[] {
                    (one.what().isRule() ? "" : word(one) + " ") + Errors.oneLine(one.name()),
                    text(one, one.left(), one.inLeft()),
                    text(one, one.right(), one.inRight())
                }));
        if (rows.size() > 1) {
            Columns.lines(rows).forEach(terminal.out()::println);
        }
        if (diff.differences().size() > SHOWN) {
            terminal.out()
                    .printf(
                            Locale.ROOT,
                            "... and %,d more; --json lists them%n",
                            diff.differences().size() - SHOWN);
        }
        String when = moment.equals(Instant.MIN) ? "" : " For usage that begins at " + moment + " or later.";
        terminal.out()
                .printf(
                        Locale.ROOT,
                        "%s: %,d different, %,d the same.%s%n",
                        diff.isSame() ? "No difference" : "Different",
                        diff.differences().size(),
                        diff.same(),
                        when);
    }

    private static String text(Difference one, List<Charge> charges, boolean there) {
        if (!one.what().isRule()) {
            return one.inLeft() && one.inRight() ? "another order" : there ? "there" : "-";
        }
        return charges.isEmpty()
                ? "-"
                : charges.stream()
                        .map(charge -> charge.type().word() + " " + Decimals.plain(charge.cost())
                                + (charge.start() == null ? "" : " from " + charge.start())
                                + (charge.end() == null ? "" : " until " + charge.end()))
                        .collect(Collectors.joining(", "));
    }

    private static String word(Difference one) {
        return one.what().name().toLowerCase(Locale.ROOT);
    }

    private static ObjectNode json(Side held, Side said, RuleDiff diff, Instant moment) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("different", !diff.isSame() || !held.currency().equals(said.currency()));
        node.put("left", held.name()).put("right", said.name());
        node.put("leftCurrency", held.currency()).put("rightCurrency", said.currency());
        node.put("from", moment.equals(Instant.MIN) ? null : moment.toString());
        node.put("same", diff.same());
        ArrayNode list = node.putArray("differences");
        for (Difference one : diff.differences()) {
            ObjectNode entry = list.addObject();
            entry.put("what", word(one)).put("name", one.name());
            entry.put("inLeft", one.inLeft()).put("inRight", one.inRight());
            if (one.what().isRule()) {
                charges(entry.putArray("left"), one.left());
                charges(entry.putArray("right"), one.right());
            }
        }
        return node;
    }

    private static void charges(ArrayNode list, List<Charge> charges) {
        for (Charge charge : charges) {
            list.addObject()
                    .put("type", charge.type().word())
                    .put("cost", charge.cost().toPlainString())
                    .put("start", charge.start() == null ? null : charge.start().toString())
                    .put("end", charge.end() == null ? null : charge.end().toString());
        }
    }
}
