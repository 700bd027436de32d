package org.caravan.hub;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import javax.sql.DataSource;
import org.caravan.common.UserError;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.config.Settings;
import org.caravan.rating.TariffFile;
import org.caravan.rating.hashmap.Tariff;
import org.caravan.rating.hashmap.TariffHolder;
import org.caravan.rating.hashmap.TariffSource;
import org.caravan.rating.store.RuleStore;
import org.caravan.rating.store.StoredTariff;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a hub prices usage by: the rules of its ledger, which a tariff file fills while there are none. */
final class HubRules {
    /** Who loads the file that the configuration names, in the rules' own record of it. */
    private static final String ACTOR = "caravan.tariff";

    private static final Logger LOG = LoggerFactory.getLogger(HubRules.class);

    private HubRules() {}

    /** How the rules of a ledger stand to a tariff file. */
    enum State {
        /** There were no rules; now there are those of the file. */
        LOADED,
        /** The ledger has the file's rules. */
        SAME,
        /** The ledger has others, and they hold. */
        OTHERS,
        /** There are no rules at all. */
        NONE
    }

    /** The tariff file that the configuration names, or null. */
    static TariffFile.Result file(HubConfig config) {
        TariffFile.Result file =
                config.find(Settings.TARIFF).map(TariffFile::read).orElse(null);
        if (file != null) {
            file.warnings().forEach(LOG::warn);
        }
        return file;
    }

    /**
     * The currency that a ledger must rate in; null where nothing says it, so that only a ledger that has one will do.
     *
     * @param file may be null
     * @throws UserError if setting and file contradict each other
     */
    static String currency(HubConfig config, TariffFile.Result file) {
        String said = config.find(Settings.CURRENCY).orElse(null);
        if (file == null) {
            return said;
        }
        if (said != null && !said.equals(file.currency())) {
            throw new UserError(config.where(Settings.CURRENCY.key()) + said + ", but the tariff "
                    + config.get(Settings.TARIFF) + " is in " + file.currency() + "; correct one of them");
        }
        return file.currency();
    }

    /**
     * The tariff of the ledger's rules, followed as they change; a ledger without rules gets those of the file.
     *
     * @param file may be null
     */
    static TariffSource following(HubConfig config, DataSource ledger, TariffFile.Result file, Clock clock)
            throws SQLException {
        RuleStore store = new RuleStore(ledger, clock);
        switch (load(store, file)) {
            case LOADED -> LOG.info("The rules of {} are loaded into the ledger", config.get(Settings.TARIFF));
            case OTHERS -> warnOfOthers(config.get(Settings.TARIFF));
            case NONE ->
                LOG.warn("THERE ARE NO RULES: usage is billed 0 and counted as unpriced; load a tariff with"
                        + " caravan tariff import FILE");
            case SAME -> {}
        }
        return follow(config, store, clock);
    }

    /**
     * What a bill is priced by: the file that its command names; else the ledger's rules, where it has some; else the file
     * that the configuration names.
     *
     * @param file may be null
     * @throws UserError if there is neither file nor rules
     */
    static TariffSource ofBill(HubConfig config, DataSource ledger, TariffFile.Result file, Clock clock)
            throws SQLException {
        if (file != null && (config.isOption(Settings.TARIFF) || LedgerDatabase.isProforma(config))) {
            return new TariffHolder(Tariff.compile(file.ruleSet()));
        }
        RuleStore store = new RuleStore(ledger, clock);
        if (!store.isEmpty()) {
            if (file != null && state(store, file) == State.OTHERS) {
                warnOfOthers(config.get(Settings.TARIFF));
            }
            return follow(config, store, clock);
        }
        if (file == null) {
            throw new UserError(
                    "this ledger has no rules: give a tariff with --tariff FILE, or load one into the ledger"
                            + " with caravan tariff import FILE");
        }
        return new TariffHolder(Tariff.compile(file.ruleSet()));
    }

    /** Loads the file where there are no rules; of several hubs at once one does. */
    static State load(RuleStore store, TariffFile.Result file) throws SQLException {
        if (file == null) {
            return store.isEmpty() ? State.NONE : State.SAME;
        }
        RuleStore.Result result = store.importIfEmpty(wanted(file));
        if (result.plan().from() != null) {
            return result.plan().isEmpty() ? State.SAME : State.OTHERS;
        }
        return store.isEmpty() ? State.NONE : State.LOADED;
    }

    private static State state(RuleStore store, TariffFile.Result file) throws SQLException {
        return store.plan(wanted(file)).plan().isEmpty() ? State.SAME : State.OTHERS;
    }

    private static RuleStore.Import wanted(TariffFile.Result file) {
        return new RuleStore.Import(file.ruleSet(), file.currency(), null, ACTOR);
    }

    private static TariffSource follow(HubConfig config, RuleStore store, Clock clock) {
        return new StoredTariff(store, config.get(Settings.TARIFF_RECHECK), clock);
    }

    private static void warnOfOthers(Path file) {
        LOG.warn(
                "The ledger has rules of its own, which hold, and {} says others; to take it over: caravan tariff import {}",
                file,
                file);
    }
}
