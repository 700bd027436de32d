package org.caravan.hub.management;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.caravan.invoice.InvoiceStatus;
import org.caravan.invoice.OpenDeliveries;
import org.caravan.invoice.rerate.RerateStatus;
import org.caravan.ledger.LedgerStatus;
import org.caravan.rating.store.RulesStatus;

/**
 * What one look at the ledger saw, in one snapshot.
 *
 * @param at when the look began
 * @param took how long it took
 */
public record Overview(
        Instant at,
        Duration took,
        LedgerStatus ledger,
        InvoiceStatus invoices,
        RerateStatus rerating,
        PricingStatus pricing,
        OpenDeliveries deliveries) {
    private static final Duration STATEMENT_LIMIT = Duration.ofSeconds(30);
    /** Longer than a statement may take: a server that does not even cancel it is gone. */
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(40);

    /**
     * Looks once. Changes nothing.
     *
     * @param looks kept by the caller from look to look, which makes later ones cheap
     * @param mask takes secrets out of what connectors and sources reported
     * @throws SQLException if the database can't be reached or does not answer in time
     */
    public static Overview take(DataSource dataSource, Looks looks, Clock clock, UnaryOperator<String> mask)
            throws SQLException {
        Instant at = clock.instant();
        long begun = System.nanoTime();
        return look(dataSource, connection -> {
            LedgerStatus ledger = LedgerStatus.read(connection, looks.totals());
            InvoiceStatus invoices = InvoiceStatus.read(connection);
            RerateStatus rerating = RerateStatus.read(connection);
            RulesStatus rules = RulesStatus.read(connection);
            PricingStatus pricing = new PricingStatus(
                    rules.hashmap(), rules.version(), looks.unpriced().read(connection, ledger));
            OpenDeliveries deliveries = OpenDeliveries.read(connection);
            return new Overview(
                    at,
                    Duration.ofNanos(System.nanoTime() - begun),
                    masked(ledger, mask),
                    masked(invoices, mask),
                    masked(rerating, mask),
                    pricing,
                    deliveries);
        });
    }

    /** Until when a connector's lanes rest, or null. */
    Instant restsUntil(String connector) {
        return deliveries.resting().get(connector);
    }

    /** What a connector's open deliveries come to, by currency, such as {@code 12.50 NZD}; exact. */
    String[] openTotals(String connector) {
        return deliveries.totals().getOrDefault(connector, Map.of()).entrySet().stream()
                .map(total -> total.getValue().toPlainString() + " " + total.getKey())
                .toArray(String[]::new);
    }

    /** The sources alone, which costs less. */
    public static List<LedgerStatus.Source> sources(DataSource dataSource, UnaryOperator<String> mask)
            throws SQLException {
        return look(dataSource, connection -> masked(LedgerStatus.sources(connection), mask));
    }

    private interface Reader<T> {
        T read(Connection connection) throws SQLException;
    }

    private static <T> T look(DataSource dataSource, Reader<T> reader) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            boolean autoCommit = connection.getAutoCommit();
            connection.setNetworkTimeout(Runnable::run, Math.toIntExact(ANSWER_LIMIT.toMillis()));
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            try (Statement set = connection.createStatement()) {
                // one process of the server, and no more, works for those who watch
                set.execute("set local statement_timeout = '" + STATEMENT_LIMIT.toMillis()
                        + "ms'; set local max_parallel_workers_per_gather = 0; set local jit = off");
                return reader.read(connection);
            } finally {
                if (!connection.isClosed()) {
                    connection.rollback();
                    connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
                    connection.setAutoCommit(autoCommit);
                    connection.setNetworkTimeout(Runnable::run, 0);
                }
            }
        }
    }

    private static LedgerStatus masked(LedgerStatus ledger, UnaryOperator<String> mask) {
        return new LedgerStatus(
                ledger.lastCommit(),
                ledger.totals(),
                masked(ledger.sources(), mask),
                ledger.months(),
                ledger.quarantine());
    }

    private static List<LedgerStatus.Source> masked(List<LedgerStatus.Source> sources, UnaryOperator<String> mask) {
        return sources.stream()
                .map(source -> new LedgerStatus.Source(
                        source.name(),
                        source.kind(),
                        source.since(),
                        source.configured(),
                        source.ratedUntil(),
                        source.declared(),
                        mask.apply(source.lastError()),
                        source.lastErrorAt(),
                        source.positions(),
                        source.unfinished(),
                        source.lastMoved(),
                        source.newest(),
                        source.partitions()))
                .toList();
    }

    private static RerateStatus masked(RerateStatus rerating, UnaryOperator<String> mask) {
        return new RerateStatus(
                rerating.orders().stream()
                        .map(order -> new RerateStatus.Order(
                                order.id(),
                                order.kind(),
                                order.reason(),
                                order.from(),
                                order.until(),
                                order.state(),
                                order.tenants(),
                                order.held(),
                                order.current(),
                                mask.apply(order.error()),
                                order.createdAt()))
                        .toList(),
                rerating.left());
    }

    private static InvoiceStatus masked(InvoiceStatus invoices, UnaryOperator<String> mask) {
        InvoiceStatus.FanOut fanOut = invoices.fanOut();
        return new InvoiceStatus(
                new InvoiceStatus.FanOut(
                        fanOut.open(), fanOut.oldestOpen(), fanOut.parked(), mask.apply(fanOut.lastError())),
                invoices.connectors().stream()
                        .map(connector -> new InvoiceStatus.Connector(
                                connector.name(),
                                connector.states(),
                                connector.undecided(),
                                connector.alarms(),
                                connector.oldestOpen(),
                                connector.lastCommit(),
                                mask.apply(connector.lastError()),
                                connector.lastErrorAt()))
                        .toList(),
                invoices.restored());
    }
}
