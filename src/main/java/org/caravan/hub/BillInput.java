package org.caravan.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.caravan.common.UserError;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.config.Setting;
import org.caravan.hub.config.Settings;
import org.caravan.invoice.document.AccountProfiles;
import org.caravan.metering.CsvMapping;
import org.caravan.metering.FilePosition;
import org.caravan.metering.MeterCatalog;
import org.caravan.rating.TariffFile;
import org.caravan.reseller.ResellerFile;

/**
 * What a bill is made from, read and checked.
 *
 * @param out where invoices go
 * @param data the kept ledger, or null for a proforma
 * @param tariff the tariff file, or null where none is named
 * @param currency the currency that the ledger must rate in, or null for the one that it has
 * @param files usage files, each content once, in the order given
 */
record BillInput(
        BillRequest request,
        Path out,
        Path data,
        TariffFile.Result tariff,
        String currency,
        MeterCatalog meters,
        AccountProfiles accounts,
        List<File> files,
        HubConfig config) {
    /**
     * A usage file.
     *
     * @param given its path as the user wrote it
     * @param key by which the ledger knows its content
     */
    record File(String given, Path path, long size, String key) {}

    /** Reads and checks everything that can be wrong without the ledger. */
    static BillInput check(HubConfig config, BillRequest request, Clock clock) {
        Path out = config.get(Settings.OUT);
        Path data = config.find(Settings.DATA).orElse(null);
        boolean kept = data != null || config.find(Settings.LEDGER_URL).isPresent();
        Instant end = request.month()
                .plusMonths(1)
                .atDay(1)
                .atStartOfDay(ZoneOffset.UTC)
                .toInstant();
        if (kept && end.isAfter(clock.instant())) {
            throw new UserError("month " + request.month() + " is not over: it can be billed from " + end
                    + " on; leave the ledger out for a proforma of the usage so far");
        }
        if (kept && config.get(Settings.CLOSE_APPROVAL).equals("manual")) {
            throw new UserError(config.where(Settings.CLOSE_APPROVAL.key())
                    + "manual, but a bill issues without approval; take the usage in with caravan run and issue with"
                    + " caravan approve, or bill with --set caravan.close.approval=auto");
        }
        request.usage().forEach(file -> Paths.readableFile("usage file", file.path()));
        Paths.writableDirectory("output directory", out);
        if (data != null) {
            Paths.dataDirectory(data);
        }
        Hub.check(config);
        TariffFile.Result tariff = HubRules.file(config);
        if (tariff == null && !LedgerDatabase.mayExist(config)) {
            throw new UserError("--tariff FILE is missing: a new ledger has no rules; see caravan bill --help");
        }
        String currency = HubRules.currency(config, tariff);
        MeterCatalog meters = meters(config);
        AccountProfiles accounts = accounts(config);
        if (currency != null) {
            accounts.check(currency);
        }
        return new BillInput(
                request, out, data, tariff, currency, meters, accounts, files(config, request, meters, clock), config);
    }

    /** The meters that the configuration names, and those that its mappings bring along; none where it names none. */
    static MeterCatalog meters(HubConfig config) {
        MeterCatalog meters =
                optional(config, Settings.METERS).map(MeterCatalog::read).orElse(MeterCatalog.empty());
        for (CsvMapping mapping : ComponentSettings.mappings(config)) {
            meters = meters.and(mapping.meters());
        }
        return meters;
    }

    /** The account profiles that the configuration names; none where it names none. */
    static AccountProfiles accounts(HubConfig config) {
        return optional(config, Settings.ACCOUNTS).map(AccountProfiles::read).orElse(AccountProfiles.none());
    }

    /** What the configuration says for the reseller API; nothing where it names no file. */
    static ResellerFile reseller(HubConfig config) {
        return optional(config, Settings.RESELLER).map(ResellerFile::read).orElse(ResellerFile.none());
    }

    private static List<File> files(HubConfig config, BillRequest request, MeterCatalog meters, Clock clock) {
        Map<String, File> byKey = new LinkedHashMap<>();
        for (BillRequest.UsageFile usage : request.usage()) {
            Path path = usage.path();
            UsageFormat.of(path).check(path, ComponentSettings.metering(config), meters, clock);
            try {
                File file = new File(usage.given(), path, Files.size(path), FilePosition.of(path));
                byKey.putIfAbsent(file.key(), file);
            } catch (IOException e) {
                throw new UserError("usage file " + path + ": can't be read (" + e.getMessage() + ")", e);
            }
        }
        return List.copyOf(byKey.values());
    }

    private static Optional<Path> optional(HubConfig config, Setting<Path> setting) {
        // The default file may be missing; one that was asked for may not.
        return config.find(setting).filter(path -> config.isSaid(setting) || Files.exists(path));
    }
}
