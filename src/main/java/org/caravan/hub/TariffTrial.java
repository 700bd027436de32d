package org.caravan.hub;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.time.Clock;
import java.util.List;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.config.Settings;
import org.caravan.metering.MeterCatalog;
import org.caravan.metering.MeteringSettings;
import org.caravan.metering.UsageBatch;
import org.caravan.metering.UsageBatches;
import org.caravan.metering.UsageInput;
import org.caravan.rating.ModuleChain;
import org.caravan.rating.RateLines;
import org.caravan.rating.Rater;
import org.caravan.rating.TariffFile;
import org.caravan.rating.hashmap.Tariff;
import org.caravan.rating.hashmap.TariffHolder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a tariff makes of usage, record by record, without a ledger. */
public final class TariffTrial {
    private static final Logger LOG = LoggerFactory.getLogger(TariffTrial.class);

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
    public void run(List<BillRequest.UsageFile> files, Appendable out) throws IOException {
        files.forEach(file -> Paths.readableFile("usage file", file.path()));
        TariffFile.Result tariff = TariffFile.read(config.get(Settings.TARIFF));
        tariff.warnings().forEach(LOG::warn);
        MeterCatalog meters = BillInput.meters(config);
        // A rule may be tried without a tenant; global rules price such a record.
        MeteringSettings settings = ComponentSettings.metering(config).withRequireTenant(false);
        for (BillRequest.UsageFile file : files) {
            UsageFormat.of(file.path()).check(file.path(), settings, meters, clock);
        }
        Rater rater = new ModuleChain(new TariffHolder(Tariff.compile(tariff.ruleSet())));
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
}
