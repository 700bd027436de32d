package org.caravan.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.YearMonth;
import java.util.List;
import org.caravan.testing.UsageLedger;
import org.junit.jupiter.api.Test;

class UnpricedUsageTest {
    private static final YearMonth OCTOBER = YearMonth.of(2026, 10);

    @Test
    void whatTakesTooLongToReadLeavesTheRestOfALookUnharmed() throws Exception {
        // given: usage without a price, and somebody in whose way a read of prices is
        UsageLedger usage = new UsageLedger();
        usage.read(UsageLedger.line("acme", "vm", "instance", "1", "2026-10-01T00:00:00Z", ""));
        usage.execute("update price set priced = false; update batch set unpriced = 1");
        UnpricedUsage unpriced = new UnpricedUsage(1);
        try (Connection look = usage.database.getConnection();
                Connection other = usage.database.getConnection();
                Statement lock = other.createStatement();
                Statement next = look.createStatement()) {
            look.setAutoCommit(false);
            LedgerStatus ledger = LedgerStatus.read(look, new BatchTotals());
            other.setAutoCommit(false);
            lock.execute("lock table price in access exclusive mode");
            // when
            List<UnpricedUsage.Month> found = unpriced.read(look, ledger);
            // then: what was known before, and the transaction goes on
            assertThat(found).isEmpty();
            try (ResultSet row = next.executeQuery("select 1")) {
                assertThat(row.next()).isTrue();
            }
            other.rollback();
            assertThat(new UnpricedUsage(1).read(look, ledger))
                    .containsExactly(new UnpricedUsage.Month(OCTOBER, 1, "instance"));
            look.rollback();
        }
    }
}
