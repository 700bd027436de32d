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
        assertThat(checks).hasSize(19).allSatisfy(check -> assertThat(check.findings())
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
                "update rollup set product = (select min(id) from term) where tenant = (select id from tenant where name = 'b') | roll-up",
                "update batch set rolled_at = null | roll-up",
                "insert into entry select * from entry where tenant = (select id from tenant where name = 'c') | billed twice",
                "update document set body = replace(body, '\"total\":\"4.80\"', '\"total\":\"4.79\"') | what was issued",
                "update document set body = replace(body, 'm1.small', 'm1.large') | what was issued",
                "update document set body = 'no json' | what was issued",
                "update document set total = 4.79 where account = 'a' | what was issued",
                "update document set account = 'z' where account = 'a' | what was issued",
                "update document set body = replace(body, '\"amount\":\"0.00\"', '\"amount\":\"0.01\"'), digest = sha256(convert_to(replace(body, '\"amount\":\"0.00\"', '\"amount\":\"0.01\"'), 'UTF8')) | what was issued",
                "update entry set amount = amount - 0.01 where tenant = (select id from tenant where name = 'a') | document",
                "update month set document = null where tenant = (select id from tenant where name = 'a') | no document bears",
                "update number_series set last = last + 1 | no gap",
                "insert into reversal select id, 0, id from batch limit 1 | every reversed record",
                "insert into reversal select id, 1000, id from batch limit 1 | every reversed record",
                "insert into quarantine (kind, reason, batch, state, effect) values ('conflict', '', 1, 'accepted', 99) | quarantine says",
                "update batch set source = 'quarantine' | quarantine says",
                "update entry set kind = 2, records = -1 where tenant = (select id from tenant where name = 'a') | corrected series",
                "insert into entry select * from entry where tenant = 1; update entry set kind = 2 where tenant = 1 | corrected series",
                "update number_series set last = last + 1 where kind = 'credit-note' | no gap",
                "delete from credit_line | credit note",
                "update credit_line set document = (select min(id) from document) | credit note",
                "update document set corrects = (select min(id) from document) where kind = 'credit-note' | credit note",
                "update document set exact = exact - 1 where kind = 'credit-note' | credit note",
                "update document set body = replace(body, '\"amount\":\"-4.80\"', '\"amount\":\"-4.79\"') where kind = 'credit-note' | credit note",
                "update credit_line set note = document | credit note",
                "update document set total = total - 0.01 where kind = 'credit-note' | beyond",
                "update document set total = total + 0.01 where kind = 'credit-note' | beyond",
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
        List<IssuedDocument> issued = ledger.issued("a", "b", "c");
        new Credits(ledger.dataSource, CloseSettings.defaults(), ledger.clock)
                .credit(new CreditOrder(issued.get(2).number(), null, "billed twice"));
        RollUp.run(ledger.dataSource);
        return ledger;
    }
}
