package org.caravan.invoice;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.List;
import org.caravan.ledger.RollUp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuditTest {
    @Test
    void aLedgerThatBilledAMonthHoldsTogether() throws Exception {
        // given
        TestLedger ledger = billed();
        // when
        List<Audit.Check> checks = Audit.run(ledger.dataSource);
        // then
        assertThat(checks).hasSize(9).allSatisfy(check -> assertThat(check.findings())
                .isEmpty());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "delete from entry where tenant = (select id from tenant where name = 'a') | accepted records",
                "update batch set archive = '\\x00' | archive",
                "update batch set accepted_rows = '\\x00' | archive",
                "update rollup set amount = amount + 0.01 where tenant = (select id from tenant where name = 'b') | roll-up",
                "insert into entry select * from entry where tenant = (select id from tenant where name = 'c') | billed twice",
                "update entry set amount = amount - 0.01 where tenant = (select id from tenant where name = 'a') | document",
                "update month set document = null where tenant = (select id from tenant where name = 'a') | no document bears",
                "update number_series set last = last + 1 | no gap",
                "delete from outbox | on its way",
                "update outbox set state = 'done' | on its way",
            })
    void whatWasChangedBehindTheLedgersBackIsFound(String change, String check) throws Exception {
        // given
        TestLedger ledger = billed();
        ledger.execute(change);
        // when
        List<Audit.Check> checks = Audit.run(ledger.dataSource);
        // then
        assertThat(checks)
                .filteredOn(c -> c.name().contains(check))
                .isNotEmpty()
                .anySatisfy(c -> assertThat(c.findings()).isNotEmpty());
    }

    private static TestLedger billed() throws SQLException {
        TestLedger ledger = TestLedger.invoicing();
        ledger.issued("a", "b", "c");
        RollUp.run(ledger.dataSource);
        return ledger;
    }
}
