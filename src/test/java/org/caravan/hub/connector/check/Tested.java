package org.caravan.hub.connector.check;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.connector.check.ConnectorTest.Report;
import org.caravan.hub.db.HubDatabase;
import org.caravan.testing.Database;

/** Runs the checks in this process, with short limits. */
final class Tested {
    static final YearMonth MONTH = YearMonth.of(2026, 10);

    private Tested() {}

    /** @param settings over the project's own configuration, KEY=VALUE */
    static Report of(String connector, Set<Check> checks, List<String> settings) throws Exception {
        return of(connector, checks, settings, Duration.ofSeconds(20));
    }

    /** @param limit longest time for one call */
    static Report of(String connector, Set<Check> checks, List<String> settings, Duration limit) throws Exception {
        HubConfig config =
                new HubConfig.Builder(Path.of(""), Path.of("")).set(settings).build();
        // pooled: a connection costs more than what is done over it
        try (HubDatabase ledger = HubDatabase.open(Database.freshAccess(), 4)) {
            return new ConnectorTest(
                            config,
                            connector,
                            new ConnectorTest.Request(checks, "acme", "NZD", MONTH, limit),
                            Clock.systemUTC())
                    .run(ledger.dataSource(), (check, n, of) -> {});
        }
    }

    static List<String> settings(String... settings) {
        return new ArrayList<>(List.of(settings));
    }

    /** Result words by check. */
    static Map<String, String> words(Report report) {
        Map<String, String> words = new TreeMap<>();
        report.results()
                .forEach(result -> words.put(
                        result.check().code(), result.verdict().state().word()));
        return words;
    }
}
