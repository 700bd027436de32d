package org.caravan.hub.cli;

import java.nio.file.Path;
import java.util.function.Consumer;
import org.caravan.common.UserError;
import org.caravan.hub.OpenLedger;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.config.Setting;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of every command that looks into a ledger or changes it, beside a running hub or without one. */
final class LedgerOptions {
    @Mixin
    private CommonOptions common = new CommonOptions();

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Where the ledger is kept; data/ of Caravan's directory unless said.")
    private Path data;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    boolean json() {
        return json;
    }

    HubConfig config(Terminal terminal) {
        return builder(terminal).build();
    }

    /** The configuration as far as it can be read; what is wrong with it is told. */
    HubConfig collecting(Terminal terminal, Consumer<UserError> wrong) {
        return common.collecting(terminal, data, wrong).build();
    }

    /** The configuration in the making, for a command with further options. */
    HubConfig.Builder builder(Terminal terminal) {
        return common.standing(terminal, data);
    }

    /** As {@link #config(Terminal)}, with an option that only one command has. */
    HubConfig config(Terminal terminal, String option, Setting<Path> setting, Path value) {
        return builder(terminal).option(option, setting, value).build();
    }

    /** @throws org.caravan.common.UserError if no ledger is named, there is none, or it can't be reached */
    OpenLedger open(Terminal terminal) {
        return OpenLedger.open(config(terminal));
    }
}
