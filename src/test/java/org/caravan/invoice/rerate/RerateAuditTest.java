package org.caravan.invoice.rerate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.caravan.invoice.rerate.RerateLedger.OCTOBER;
import static org.caravan.invoice.rerate.RerateLedger.line;

import org.caravan.invoice.Audit;
import org.caravan.ledger.RollUp;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What somebody changes of a re-rating behind the ledger's back. */
class RerateAuditTest {
    private final RerateLedger ledger = new RerateLedger();

    @BeforeEach
    void rerateAndCorrect() throws Exception {
        ledger.price("0.05");
        ledger.read(line("a", "100", 0), line("a", "60", 30), line("b", "10", 0));
        ledger.price("0.07");
        ledger.rerate(0, 1, "a");
        ledger.close(OCTOBER, "b");
        ledger.correct("wrong price");
        RollUp.run(ledger.database);
    }

    @Test
    void aLedgerThatWasReratedHoldsTogether() throws Exception {
        ledger.audit();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "delete from entry where kind = 41 and records < 0 | amounts and nothing else",
                "update entry set quantity = quantity + 1 where kind = 41 and records > 0 | amounts and nothing else",
                "update entry set seconds = 0 where kind = 4 and records > 0 | amounts and nothing else",
                "update batch set rerating = null where rerating = 1 | amounts and nothing else",
                "update entry set kind = 1 where kind = 41 | amounts and nothing else",
                "delete from repriced where by_batch = (select max(id) from batch) | record by record",
                "update repriced set records = records + 1 | record by record",
                "update repriced set digest = '\\x00' | record by record",
                "update rerating_tenant set difference = difference + 0.01 where changed > 0 | sums up to what it says",
                "update entry set amount = amount + 0.01 where kind = 41 and records > 0 | sums up to what it says",
                "update entry set amount = amount - 0.01 where kind = 41 and records < 0 | had been billed so",
                "update entry set price_id = (select max(id) from price) where kind = 41 and records < 0 | had been billed so",
                "update entry set amount = amount + 0.01 where kind = 41; update rerating_tenant set difference = difference + 0.02 where changed > 0 and rerating = 1 | archives say",
                "update batch set archive = '\\x00', archive_digest = sha256('\\x00') where archive is not null | archives say",
                "update batch set accepted_rows = '\\x00' where accepted_rows is not null | archives say",
            })
    void whatWasChangedIsFound(String change, String check) throws Exception {
        // given
        ledger.execute(change);
        // when, then
        assertThat(Audit.run(ledger.database))
                .filteredOn(c -> c.name().contains(check))
                .isNotEmpty()
                .anySatisfy(c -> assertThat(c.findings()).isNotEmpty());
    }
}
