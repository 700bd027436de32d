package org.caravan.hub;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.YearMonth;
import java.util.List;
import org.caravan.ledger.RecordCounts;

/**
 * What a bill came to. All but the last three is the ledger's answer, so it is the same when the month was closed before.
 *
 * @param month billed month
 * @param currency the ledger's currency
 * @param proforma true if the ledger is thrown away
 * @param invoices in the order of their numbers
 * @param held accounts that got no invoice, with reasons
 * @param records what became of the records of the usage files
 * @param quarantine records in quarantine, by file and position; bounded, {@code records} has the count
 * @param troubles one line for each invoice that is not committed
 * @param readNow records read in this run; fewer than {@code records.read()} where files were read before
 * @param reading time from the first record to the last in the ledger, the hub's start left out
 * @param duration of the run
 */
public record BillSummary(
        YearMonth month,
        String currency,
        boolean proforma,
        List<Invoice> invoices,
        List<Held> held,
        RecordCounts records,
        List<Quarantined> quarantine,
        List<String> troubles,
        long readNow,
        Duration reading,
        Duration duration) {
    /**
     * An issued document.
     *
     * @param tenant the account: a tenant, or the name that ties several
     * @param exact the sum of its lines before rounding
     */
    public record Invoice(
            String key, String number, String tenant, int lines, BigDecimal total, BigDecimal exact, String currency) {}

    /**
     * An account without an invoice.
     *
     * @param wanted true if its profile says that it is not billed, false if something is wrong
     */
    public record Held(String tenant, String reason, boolean wanted) {}

    /**
     * A record in quarantine.
     *
     * @param source the file
     * @param position its line; null if unknown
     */
    public record Quarantined(String source, Long position, String reason) {}

    public BillSummary {
        invoices = List.copyOf(invoices);
        held = List.copyOf(held);
        quarantine = List.copyOf(quarantine);
        troubles = List.copyOf(troubles);
    }

    /** True if every account that is to be billed has its invoice where it belongs. */
    public boolean isComplete() {
        return troubles.isEmpty() && held.stream().allMatch(Held::wanted);
    }
}
