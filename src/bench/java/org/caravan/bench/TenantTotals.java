package org.caravan.bench;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.caravan.common.Decimals;

/** What each tenant used and owes, exactly; the form in which the ledger and its limit are compared. */
final class TenantTotals {
    private final TreeMap<String, Total> totals = new TreeMap<>();

    private record Total(BigDecimal quantity, BigDecimal amount, long records) {
        Total plus(BigDecimal moreQuantity, BigDecimal moreAmount, long moreRecords) {
            return new Total(quantity.add(moreQuantity), amount.add(moreAmount), records + moreRecords);
        }
    }

    void add(String tenant, BigDecimal quantity, BigDecimal amount, long records) {
        totals.merge(
                tenant,
                new Total(quantity, amount, records),
                (old, more) -> old.plus(more.quantity, more.amount, more.records));
    }

    /** One line per tenant, in the order of their names: name, quantity, amount, records. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        totals.forEach((tenant, total) -> lines.add(tenant + " " + Decimals.plain(total.quantity()) + " "
                + Decimals.plain(total.amount()) + " " + total.records()));
        return lines;
    }

    void write(Path file) throws IOException {
        Files.write(file, lines(), StandardCharsets.UTF_8);
    }
}
