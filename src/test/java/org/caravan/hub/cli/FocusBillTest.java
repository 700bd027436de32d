package org.caravan.hub.cli;

import static org.assertj.core.api.Assertions.assertThat;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Map;
import java.util.TreeMap;
import org.caravan.hub.db.DatabaseAccess;
import org.caravan.testing.Database;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shipped mapping of FOCUS 1.0 and its example file, billed as a user does. */
class FocusBillTest {
    private static final String EXAMPLE = "examples/focus.csv";

    @TempDir
    private Path current;

    private final DatabaseAccess ledger = Database.freshAccess();

    @Test
    void theBillIsTheFilesSumToTheLastDigitHoweverOftenItComes() throws Exception {
        // given
        Files.writeString(current.resolve("tariff.yaml"), "currency: USD\nservices: {}\n");
        String example = Files.readString(Path.of(EXAMPLE));
        Path first = Files.writeString(current.resolve("october.csv"), example);
        // exported anew: one cost restated, one row in another currency, one new
        String restated = example.replaceFirst("100,acct-100", "120,acct-100")
                + example.lines().toList().get(1).replace("web-0", "web-7").replace("vm-0", "vm-7") + "\n"
                + example.lines().toList().get(1).replace("vm-0", "vm-8").replace(",USD,", ",EUR,") + "\n";
        Path second = Files.writeString(current.resolve("october-2.csv"), restated);
        // when
        Console.Answer answer = bill("2026-10", first, second);
        // then
        Map<String, BigDecimal> expected = sums(first);
        BigDecimal more = new BigDecimal(CsvReader.builder().ofNamedCsvRecord(example).stream()
                .findFirst()
                .orElseThrow()
                .getField("BilledCost"));
        expected.merge("sub-kea-prod", more, BigDecimal::add);
        expected.replaceAll((account, sum) -> sum.stripTrailingZeros());
        assertThat(billed()).isEqualTo(expected);
        assertThat(answer.out())
                .contains("\"accepted\":33")
                .contains("\"duplicate\":31")
                .contains("\"conflict\":1");
        assertThat(answer.out())
                .contains("BillingCurrency is 'EUR', expected USD")
                .contains("\"position\":35");
    }

    @Test
    void aMappingThatIsWrongEndsTheStartWithFileLineAndReason() throws IOException {
        // given
        Files.writeString(current.resolve("tariff.yaml"), "currency: USD\nservices: {}\n");
        Files.writeString(current.resolve("bad.yaml"), "fields:\n  tenant: {colum: T}\n");
        Path usage = Files.copy(Path.of(EXAMPLE), current.resolve("usage.csv"));
        // when
        Console.Answer answer = console()
                .run(
                        "bill",
                        "2026-10",
                        "--usage",
                        usage.toString(),
                        "--tariff",
                        "tariff.yaml",
                        "--out",
                        "out",
                        "--set",
                        "caravan.csv.mappings=bad.yaml");
        // then
        assertThat(answer.exitCode()).isEqualTo(2);
        assertThat(answer.err()).contains("bad.yaml:2: fields.tenant: say one of column");
    }

    private Console.Answer bill(String month, Path... files) {
        java.util.List<String> arguments = new java.util.ArrayList<>(java.util.List.of("bill", month));
        for (Path file : files) {
            arguments.addAll(java.util.List.of("--usage", file.toString()));
        }
        arguments.addAll(java.util.List.of("--tariff", "tariff.yaml", "--out", "out", "--json"));
        arguments.addAll(java.util.List.of(
                "--set",
                "caravan.csv.mappings=" + Path.of("config/focus-1.0.yaml").toAbsolutePath()));
        return console().run(arguments);
    }

    private Console console() {
        return new Console(
                current,
                Map.of(
                        "CARAVAN_LEDGER_URL", ledger.url(),
                        "CARAVAN_LEDGER_USER", ledger.user(),
                        "CARAVAN_LEDGER_PASSWORD", ledger.password()));
    }

    /** What the file itself comes to, by the account that a charge belongs to. */
    private static Map<String, BigDecimal> sums(Path file) throws IOException {
        Map<String, BigDecimal> sums = new TreeMap<>();
        try (CsvReader<NamedCsvRecord> rows = CsvReader.builder().ofNamedCsvRecord(file)) {
            rows.forEach(row -> sums.merge(
                    row.getField("SubAccountId").isEmpty()
                            ? row.getField("BillingAccountId")
                            : row.getField("SubAccountId"),
                    new BigDecimal(row.getField("BilledCost")),
                    BigDecimal::add));
        }
        return sums;
    }

    private Map<String, BigDecimal> billed() throws Exception {
        Map<String, BigDecimal> sums = new TreeMap<>();
        try (Connection connection = Database.of(ledger).getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select account, sum(exact) from document group by account")) {
            while (row.next()) {
                sums.put(row.getString(1), row.getBigDecimal(2).stripTrailingZeros());
            }
        }
        return sums;
    }
}
