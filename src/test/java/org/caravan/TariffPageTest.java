package org.caravan;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.caravan.common.Decimals;
import org.caravan.metering.Meter;
import org.caravan.metering.UsageBatch;
import org.caravan.metering.UsageKey;
import org.caravan.rating.ModuleChain;
import org.caravan.rating.TariffFile;
import org.caravan.rating.hashmap.Tariff;
import org.caravan.rating.hashmap.TariffHolder;
import org.junit.jupiter.api.Test;

/** What docs/tariffs.md says must be what the engine does. */
class TariffPageTest {
    private static final Path PAGE = Path.of("docs/tariffs.md");

    @Test
    void theWorkedFiguresAreWhatItsTariffGives() throws Exception {
        // given
        List<String> page = Files.readAllLines(PAGE, StandardCharsets.UTF_8);
        TariffFile.Result tariff = TariffFile.parse(tariffOf(page), PAGE.toString());
        List<String[]> rows = rowsOf(page);
        UsageBatch batch = new UsageBatch(rows.size());
        rows.forEach(row -> add(batch, row));

        // when
        new ModuleChain(new TariffHolder(Tariff.compile(tariff.ruleSet()))).rate(batch);

        // then
        List<String> expected = rows.stream().map(row -> row[6]).toList();
        List<String> actual = new ArrayList<>();
        for (int row = 0; row < batch.size(); row++) {
            actual.add(Decimals.plain(batch.amountValue(row)));
        }
        assertThat(tariff.warnings()).isEmpty();
        assertThat(expected).hasSizeGreaterThan(5);
        assertThat(actual).isEqualTo(expected);
    }

    /** The indented block that begins with the currency. */
    private static String tariffOf(List<String> page) {
        return page.stream()
                .dropWhile(line -> !line.startsWith("    currency:"))
                .takeWhile(line -> line.startsWith("    "))
                .collect(Collectors.joining("\n"))
                .indent(-4);
    }

    /** Cells of the table of worked figures; cell 0 is what stands before the first bar. */
    private static List<String[]> rowsOf(List<String> page) {
        return page.stream()
                .dropWhile(line -> !line.startsWith("| Meter | Tenant |"))
                .skip(2)
                .takeWhile(line -> line.startsWith("|"))
                .map(line -> line.split(" *\\| *", -1))
                .toList();
    }

    private static void add(UsageBatch batch, String[] row) {
        Map<String, Object> metadata = new LinkedHashMap<>();
        for (String field : row[3].split(" ")) {
            if (!field.isEmpty()) {
                metadata.put(field.split("=")[0], field.split("=")[1]);
            }
        }
        UsageKey key = new UsageKey(
                UsageKey.DEFAULT_REALM, row[2], "", "r", Meter.unlisted(row[1]), "hour", metadata, row[1], "");
        long begin = LocalDate.parse(row[5]).toEpochSecond(LocalTime.MIDNIGHT, ZoneOffset.UTC) * 1_000_000;
        long day = Duration.ofDays(1).toSeconds() * 1_000_000;
        batch.add(key, new BigDecimal(row[4]), begin, begin + day, batch.size() + 1);
    }
}
