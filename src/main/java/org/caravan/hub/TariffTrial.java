package org.caravan.hub;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import org.caravan.hub.config.HubConfig;
import org.caravan.metering.MeterCatalog;
import org.caravan.metering.MeteringSettings;
import org.caravan.metering.UsageBatch;
import org.caravan.metering.UsageBatches;
import org.caravan.metering.UsageInput;
import org.caravan.rating.ModuleChain;
import org.caravan.rating.RateLines;
import org.caravan.rating.Rater;
import org.caravan.rating.TariffFile;
import org.caravan.rating.hashmap.RuleSet;
import org.caravan.rating.hashmap.Tariff;
import org.caravan.rating.hashmap.TariffHolder;
import org.caravan.rating.store.RuleStore;

/** What a tariff file, or the rules of a ledger, make of usage, record by record. Nothing is stored. */
public final class TariffTrial {
    private final HubConfig config;
    private final Clock clock;

    public TariffTrial(HubConfig config, Clock clock) {
        this.config = config;
        this.clock = clock;
    }

    /**
     * Writes one JSON line per record, in the order of the files.
     *
     * @throws org.caravan.common.UserError if tariff, meters or a file can't be read
     */
    public void run(List<BillRequest.UsageFile> files, Appendable out) throws IOException, SQLException {
        files.forEach(file -> Paths.readableFile("usage file", file.path()));
        RuleSet rules = rules();
        MeterCatalog meters = BillInput.meters(config);
        // A rule may be tried without a tenant; global rules price such a record.
        MeteringSettings settings = ComponentSettings.metering(config).withRequireTenant(false);
        for (BillRequest.UsageFile file : files) {
            UsageFormat.of(file.path()).check(file.path(), settings, meters, clock);
        }
        Rater rater = new ModuleChain(new TariffHolder(Tariff.compile(rules)));
        for (BillRequest.UsageFile file : files) {
            try (InputStream in = Files.newInputStream(file.path());
                    UsageBatches batches = UsageFormat.of(file.path())
                            .open(UsageInput.of(in, "file " + file.given()), settings, meters, clock)) {
                while (batches.hasNext()) {
                    UsageBatch batch = batches.next();
                    rater.rate(batch);
                    RateLines.write(batch, out);
                }
            }
        }
    }

    private RuleSet rules() throws SQLException {
        TariffFile.Result file = HubRules.file(config);
        if (file != null) {
            return file.ruleSet();
        }
        try (OpenLedger ledger = OpenLedger.open(config)) {
            return new RuleStore(ledger.dataSource(), clock).load().rules();
        }
    }
}
