package org.caravan.hub.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.caravan.common.UserError;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.config.Setting;
import org.caravan.hub.config.Settings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code caravan settings}: the reference of all settings, and what holds here. */
@Command(
        name = "settings",
        description = "List the settings: what each does, its default, and what holds here. Secrets are masked.")
final class SettingsCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private CommonOptions options = new CommonOptions();

    @Parameters(
            arity = "0..1",
            paramLabel = "PART",
            description = "Only settings whose name has this part, such as kafka or close.grace.")
    private String part;

    @Option(names = "--said", description = "Only settings that somebody said: in the file, the environment or --set.")
    private boolean said;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Option(names = "--markdown", description = "Print the table of docs/settings.md.")
    private boolean markdown;

    SettingsCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        if (markdown) {
            terminal.out().print(Settings.table());
            terminal.out().flush();
            return 0;
        }
        HubConfig config = options.config(terminal).build();
        List<Setting<?>> chosen = Settings.all().stream()
                .filter(setting -> part == null || setting.key().contains(part))
                .filter(setting -> !said || config.isSaid(setting))
                .toList();
        if (chosen.isEmpty() && part != null && !said) {
            throw new UserError("settings: none has '" + part + "' in its name; caravan settings lists all");
        }
        if (json) {
            terminal.out().println(json(chosen, config));
        } else {
            chosen.forEach(setting -> print(setting, config, terminal.out()));
        }
        terminal.out().flush();
        return 0;
    }

    private static void print(Setting<?> setting, HubConfig config, PrintStream out) {
        Map<String, String> shown = config.shown();
        String value = shown.get(setting.key());
        String place = config.isSaid(setting) ? "  (" + config.place(setting) + ")" : "";
        out.println(setting.key() + (value == null ? "" : " = " + Errors.oneLine(value)) + place);
        out.println("    " + type(setting) + ". " + setting.sentence());
    }

    private static String type(Setting<?> setting) {
        return setting.secret() ? "secret" : setting.type().name();
    }

    private static ObjectNode json(List<Setting<?>> chosen, HubConfig config) {
        Map<String, String> shown = config.shown();
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        ArrayNode settings = node.putArray("settings");
        for (Setting<?> setting : chosen) {
            settings.addObject()
                    .put("name", setting.key())
                    .put("type", type(setting))
                    .put("default", setting.otherwise())
                    .put("secret", setting.secret())
                    .put("description", setting.sentence())
                    .put("value", shown.get(setting.key()))
                    .put("said", config.isSaid(setting));
        }
        return node;
    }
}
