package org.caravan.invoice;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class InvoiceStatusTest {
    private final TestLedger ledger = TestLedger.invoicing();

    @Test
    void tellsOfEachConnectorWhatIsWhereAndWhy() throws Exception {
        // given: an older and a newer document, delivered by one connector, stuck with another
        IssuedDocument older = ledger.issued("acme").get(0);
        ledger.clock.move(Duration.ofHours(1));
        List<IssuedDocument> newer = ledger.issued("bolt", "core", "dune");
        ledger.execute("update outbox set state = 'done'");
        deliver(older, "csv", "'committed', null, '2026-11-01T06:30Z'");
        deliver(newer.get(0), "csv", "'committed', 'ALARM: total differs', '2026-11-01T07:30Z'");
        deliver(newer.get(1), "csv", "'pending', null, null");
        deliver(older, "odoo", "'in-doubt', 'timeout', null");
        deliver(newer.get(0), "odoo", "'in-doubt', 'timeout', null");
        deliver(newer.get(1), "odoo", "'parked', 'no such partner', null");
        deliver(newer.get(2), "odoo", "'retrying', 'refused', null");
        ledger.execute("update delivery set due_at = 'infinity' where state = 'in-doubt' and document = "
                + "(select id from document where number = '" + older.number() + "')");
        ledger.execute("update delivery set updated_at = '2026-11-01T08:00Z'");
        ledger.execute("update delivery set updated_at = '2026-11-01T09:00Z' where state = 'parked'");
        // when
        InvoiceStatus status = look();
        // then
        assertThat(status.fanOut()).isEqualTo(new InvoiceStatus.FanOut(0, null, 0, null));
        assertThat(status.connectors())
                .extracting(InvoiceStatus.Connector::name)
                .containsExactly("csv", "odoo");
        InvoiceStatus.Connector csv = status.connectors().get(0);
        assertThat(csv.count(DeliveryState.COMMITTED)).isEqualTo(2);
        assertThat(csv.count(DeliveryState.PENDING)).isOne();
        assertThat(csv.count(DeliveryState.PARKED)).isZero();
        assertThat(csv.backlog()).isOne();
        assertThat(csv.alarms()).isOne();
        assertThat(csv.oldestOpen()).isEqualTo(Instant.parse("2026-11-01T07:00:00Z"));
        assertThat(csv.lastCommit()).isEqualTo(Instant.parse("2026-11-01T07:30:00Z"));
        assertThat(csv.lastError()).isEqualTo("ALARM: total differs");
        InvoiceStatus.Connector odoo = status.connectors().get(1);
        assertThat(odoo.count(DeliveryState.IN_DOUBT)).isEqualTo(2);
        assertThat(odoo.undecided()).isOne();
        assertThat(odoo.backlog()).isEqualTo(4);
        assertThat(odoo.oldestOpen()).isEqualTo(Instant.parse("2026-11-01T06:00:00Z"));
        assertThat(odoo.lastCommit()).isNull();
        assertThat(odoo.lastError()).isEqualTo("no such partner");
        assertThat(odoo.lastErrorAt()).isEqualTo(Instant.parse("2026-11-01T09:00:00Z"));
    }

    @Test
    void tellsOfDocumentsWhoseConnectorsAreNotChosen() throws Exception {
        // given
        ledger.issued("acme", "bolt", "core");
        ledger.execute("update outbox set state = 'parked', last_error = 'no connector is named'"
                + " where document = (select min(document) from outbox)");
        // when
        InvoiceStatus status = look();
        // then
        assertThat(status.fanOut())
                .isEqualTo(
                        new InvoiceStatus.FanOut(2, Instant.parse("2026-11-01T06:00:00Z"), 1, "no connector is named"));
        assertThat(status.connectors()).isEmpty();
    }

    private void deliver(IssuedDocument document, String connector, String stateErrorCommitted) throws SQLException {
        ledger.execute("insert into delivery (document, connector, state, last_error, committed_at) select id, '"
                + connector + "', " + stateErrorCommitted + " from document where number = '" + document.number()
                + "'");
    }

    private InvoiceStatus look() throws SQLException {
        try (Connection connection = ledger.dataSource.getConnection()) {
            return InvoiceStatus.read(connection);
        }
    }
}
