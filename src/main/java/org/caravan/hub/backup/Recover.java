package org.caravan.hub.backup;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.caravan.common.UserError;
import org.caravan.hub.OpenLedger;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.config.Settings;
import org.caravan.invoice.Recovery;
import org.caravan.invoice.RecoveryReport;
import org.caravan.invoice.document.AccountProfiles;

/** {@code caravan recover}: asks the connectors that the configuration names and settles what they answer. */
public final class Recover {
    private final HubConfig config;
    private final Clock clock;

    public Recover(HubConfig config, Clock clock) {
        this.config = config;
        this.clock = clock;
    }

    /**
     * What a person says.
     *
     * @param mark whether the ledger was put back by other means than {@code caravan restore}
     * @param lists files by connector that list what it holds
     * @param confirmed newest number by connector, or {@code none}
     * @param accepted numbers whose difference is taken
     * @param reason why; null only if nothing is accepted
     */
    public record Request(
            boolean mark,
            Map<String, Path> lists,
            Map<String, String> confirmed,
            List<String> accepted,
            String reason) {}

    /** @throws UserError if something said is wrong, or there is nothing to recover */
    public RecoveryReport run(Request request) throws SQLException {
        Path accounts = config.find(Settings.ACCOUNTS)
                .filter(file -> config.isSaid(Settings.ACCOUNTS) || Files.exists(file))
                .orElse(null);
        AccountProfiles profiles = accounts == null ? AccountProfiles.none() : AccountProfiles.read(accounts);
        try (OpenLedger ledger = OpenLedger.open(config)) {
            Recovery recovery = new Recovery(ledger.dataSource(), clock);
            List<Recovery.Connector> connectors = new AskedConnectors(config, request.lists(), request.confirmed())
                    .find(ledger.dataSource(), profiles);
            if (request.mark()) {
                recovery.mark();
            }
            RecoveryReport report = recovery.run(connectors);
            if (request.accepted().isEmpty()) {
                return report;
            }
            for (String number : request.accepted()) {
                recovery.accept(number, request.reason());
            }
            return recovery.run(connectors);
        }
    }
}
