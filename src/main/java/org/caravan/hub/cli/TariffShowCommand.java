package org.caravan.hub.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.caravan.common.Decimals;
import org.caravan.hub.OpenLedger;
import org.caravan.rating.hashmap.Mapping;
import org.caravan.rating.hashmap.RuleType;
import org.caravan.rating.hashmap.Tariff;
import org.caravan.rating.hashmap.Threshold;
import org.caravan.rating.store.RulesInForce;
import org.caravan.rating.store.StoredRules;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code caravan tariff show}: the rules of a ledger that are in force. */
@Command(
        name = "show",
        description = "Show the rules of a ledger that count for usage that begins now, or at another time.")
final class TariffShowCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private LedgerOptions options = new LedgerOptions();

    @Option(
            names = "--at",
            paramLabel = "TIME",
            description = "When the usage begins, such as 2026-12-01 or 2026-12-01T06:00:00 (UTC); now unless said.")
    private String at;

    @Option(
            names = "--tenant",
            paramLabel = "TENANT",
            description = "What counts for this tenant alone: its own rules, and the general ones they do not replace.")
    private String tenant;

    TariffShowCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
        Clock clock = Clock.systemUTC();
        Instant said = TariffLedger.time("--at", at);
        Instant moment = said == null ? clock.instant().truncatedTo(ChronoUnit.SECONDS) : said;
        StoredRules rules;
        String currency;
        try (OpenLedger ledger = options.open(terminal)) {
            currency = TariffLedger.currency(ledger);
            rules = TariffLedger.store(ledger, clock).load();
        }
        RulesInForce inForce = RulesInForce.at(rules.rules(), moment, tenant);
        String digest = Tariff.compile(rules.rules()).version();
        if (options.json()) {
            terminal.out().println(json(rules, inForce, moment, currency, digest));
        } else {
            print(rules, inForce, moment, currency, digest, terminal.out());
        }
        terminal.out().flush();
        return 0;
    }

    private static void print(
            StoredRules rules, RulesInForce inForce, Instant moment, String currency, String digest, PrintStream out) {
        if (rules.isEmpty()) {
            out.println("This ledger has no rules; caravan tariff import FILE loads some.");
            return;
        }
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {"SERVICE", "FIELD", "VALUE", "TYPE", "COST", "GROUP", "TENANT", "SINCE", "UNTIL"});
        for (Mapping rule : inForce.mappings()) {
            rows.add(row(
                    rule.service(),
                    rule.field(),
                    rule.value() == null ? "" : rule.value(),
                    rule.type(),
                    rule.cost(),
                    rule.group(),
                    rule.tenant(),
                    rule.start(),
                    rule.end()));
        }
        for (Threshold rule : inForce.thresholds()) {
            rows.add(row(
                    rule.service(),
                    rule.field(),
                    ">= " + Decimals.plain(rule.level()),
                    rule.type(),
                    rule.cost(),
                    rule.group(),
                    rule.tenant(),
                    null,
                    null));
        }
        Columns.lines(rows).forEach(out::println);
        out.println();
        out.println(String.format(
                Locale.ROOT,
                "In %s, in force at %s. Rules that begin later: %,d; that have ended: %,d. Version %d, tariff %s.",
                currency,
                moment,
                inForce.later(),
                inForce.ended(),
                rules.version(),
                digest));
    }

    private static String[] row(
            String service,
            String field,
            String value,
            RuleType type,
            BigDecimal cost,
            String group,
            String tenant,
            Instant start,
            Instant end) {
        return new String[] {
            Errors.oneLine(service),
            field == null ? "" : Errors.oneLine(field),
            Errors.oneLine(value),
            type.word(),
            Decimals.plain(cost),
            group == null ? "" : Errors.oneLine(group),
            tenant == null ? "" : Errors.oneLine(tenant),
            start == null ? "" : start.toString(),
            end == null ? "" : end.toString()
        };
    }

    private static ObjectNode json(
            StoredRules rules, RulesInForce inForce, Instant moment, String currency, String digest) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("at", moment.toString());
        node.put("currency", currency);
        node.put("version", rules.version());
        node.put("tariff", digest);
        ArrayNode mappings = node.putArray("mappings");
        for (Mapping rule : inForce.mappings()) {
            ObjectNode one = mappings.addObject();
            one.put("service", rule.service()).put("field", rule.field()).put("value", rule.value());
            price(one, rule.type(), rule.cost(), rule.group(), rule.tenant());
            one.put("start", rule.start() == null ? null : rule.start().toString());
            one.put("end", rule.end() == null ? null : rule.end().toString());
        }
        ArrayNode thresholds = node.putArray("thresholds");
        for (Threshold rule : inForce.thresholds()) {
            ObjectNode one = thresholds.addObject();
            one.put("service", rule.service()).put("field", rule.field());
            one.put("level", rule.level().toPlainString());
            price(one, rule.type(), rule.cost(), rule.group(), rule.tenant());
        }
        node.put("later", inForce.later());
        node.put("ended", inForce.ended());
        return node;
    }

    private static void price(ObjectNode one, RuleType type, BigDecimal cost, String group, String tenant) {
        one.put("type", type.word())
                .put("cost", cost.toPlainString())
                .put("group", group)
                .put("tenant", tenant);
    }
}
