package org.caravan;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.caravan.common.Decimals;
import org.caravan.hub.Bill;
import org.caravan.hub.BillListener;
import org.caravan.hub.BillRequest;
import org.caravan.hub.BillSummary;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.config.Settings;
import org.caravan.ledger.RecordCounts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example month through the real routes, ledger, documents and connector, against {@link ExampleOracle}. */
class ExampleMonthTest {
    private static final YearMonth MONTH = YearMonth.of(2026, 10);
    private static final Path USAGE = Path.of("examples/october.csv").toAbsolutePath();
    /** Ticks, as deliveries wait for it; the month must be over whenever this test runs. */
    private static final Clock DECEMBER =
            Clock.offset(Clock.systemUTC(), Duration.between(Instant.now(), Instant.parse("2026-12-01T09:00:00Z")));

    @TempDir
    Path directory;

    @Test
    void billsEveryTenantWhatTheOracleComputesToTheLastDigit() throws Exception {
        // given
        ExampleOracle oracle = ExampleOracle.of(USAGE, MONTH);

        // when
        BillSummary summary = bill("100000");

        // then
        assertThat(summary.troubles()).isEmpty();
        assertThat(exactByTenant(summary)).isEqualTo(plain(oracle.amounts));
        assertThat(summary.records()).isEqualTo(counts(oracle));
        assertThat(filesIn(directory.resolve("out"))).hasSize(oracle.amounts.size());
    }

    @Test
    void batchesOfAnyOtherSizeComeToTheSameBill() throws Exception {
        // given
        ExampleOracle oracle = ExampleOracle.of(USAGE, MONTH);

        // when
        BillSummary summary = bill("997");

        // then
        assertThat(exactByTenant(summary)).isEqualTo(plain(oracle.amounts));
        assertThat(summary.records()).isEqualTo(counts(oracle));
    }

    private BillSummary bill(String batchSize) throws Exception {
        Path here = Path.of("").toAbsolutePath();
        HubConfig config = new HubConfig.Builder(here, here)
                .set(List.of("caravan.batch.size=" + batchSize))
                .option(
                        "--tariff",
                        Settings.TARIFF,
                        Path.of("examples/tariff.yaml").toAbsolutePath())
                .option("--out", Settings.OUT, directory.resolve("out"))
                .build();
        BillRequest request = new BillRequest(MONTH, List.of(new BillRequest.UsageFile("october.csv", USAGE)));
        return new Bill(config, request, new Silent(), DECEMBER).run();
    }

    private static Map<String, String> exactByTenant(BillSummary summary) {
        return summary.invoices().stream()
                .collect(toMap(BillSummary.Invoice::tenant, invoice -> Decimals.plain(invoice.exact())));
    }

    private static Map<String, String> plain(Map<String, BigDecimal> amounts) {
        return amounts.entrySet().stream()
                .collect(toMap(Map.Entry::getKey, amount -> Decimals.plain(amount.getValue())));
    }

    private static RecordCounts counts(ExampleOracle oracle) {
        return new RecordCounts(
                oracle.read,
                oracle.accepted,
                oracle.duplicate,
                oracle.conflict,
                oracle.quarantined,
                oracle.unpriced,
                oracle.otherMonths);
    }

    private static List<Path> filesIn(Path out) throws Exception {
        try (Stream<Path> files = Files.list(out)) {
            return files.filter(file -> file.toString().endsWith(".csv")).toList();
        }
    }

    private static final class Silent implements BillListener {
        @Override
        public void reading(long bytes, long of) {}

        @Override
        public void step(String name) {}

        @Override
        public void delivering(long done, long of) {}
    }
}
