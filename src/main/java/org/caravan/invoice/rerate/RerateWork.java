package org.caravan.invoice.rerate;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.caravan.invoice.RestoredLedger;
import org.caravan.invoice.Transactions;
import org.caravan.ledger.BilledLine;
import org.caravan.ledger.LockWait;
import org.caravan.ledger.RerateBatches;
import org.caravan.ledger.RerateScope;
import org.caravan.ledger.RerateStep;
import org.caravan.ledger.RerateSums;
import org.caravan.ledger.Rerater;
import org.caravan.ledger.TenantRef;
import org.caravan.rating.ModuleChain;
import org.caravan.rating.hashmap.Tariff;
import org.caravan.rating.hashmap.TariffSource;

/**
 * Works one order off, portion by portion. Each portion is one transaction that also says how far the order has come, so a
 * kill leaves whole portions, and whoever goes on bills nothing twice.
 *
 * <p>A pass takes the batches that were committed before it began. It is the last one if, with all buckets of the order's
 * tenants locked, no further batch with records in the window is there and the rules are still those that it rated by;
 * else another pass takes what came meanwhile, or everything again.
 */
final class RerateWork {
    private final DataSource dataSource;
    private final Rerater rerater;
    private final TariffSource tariffs;
    private final RerateSettings settings;
    private final Clock clock;
    private final String owner;
    private final CreditedUsage credited = new CreditedUsage();

    /** @param owner unique to the process */
    RerateWork(
            DataSource dataSource,
            Rerater rerater,
            TariffSource tariffs,
            RerateSettings settings,
            Clock clock,
            String owner) {
        this.dataSource = dataSource;
        this.rerater = rerater;
        this.tariffs = tariffs;
        this.settings = settings;
        this.clock = clock;
        this.owner = owner;
    }

    /** How it went. */
    enum Outcome {
        DONE,
        /** It was stopped between two portions. */
        STOPPED,
        /** Another works on it, or has ended it. */
        ELSEWHERE
    }

    /**
     * Works until the order is done.
     *
     * @param stop asked between portions
     * @param progress told of each place that was reached
     * @throws SQLException if the database fails; the order is given back and can be gone on with
     * @throws IllegalStateException if an archive is gone or damaged; the order has failed
     */
    Outcome run(long order, BooleanSupplier stop, Consumer<RerateBatches.Place> progress) throws SQLException {
        if (!single(connection -> RerateOrders.claim(connection, order, owner, settings.lease()))) {
            return Outcome.ELSEWHERE;
        }
        try {
            Outcome outcome = work(order, stop, progress);
            if (outcome == Outcome.STOPPED) {
                release(order, null, false);
            }
            return outcome;
        } catch (SQLException | RuntimeException e) {
            giveBack(order, e);
            throw e;
        }
    }

    private void giveBack(long order, Exception e) {
        try {
            release(order, String.valueOf(e.getMessage()), isForGood(e));
        } catch (SQLException gone) {
            // the lease lapses by itself
            e.addSuppressed(gone);
        }
    }

    /** True for a damaged archive; not where the database was away, whoever met that. */
    private static boolean isForGood(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException) {
                return false;
            }
        }
        return e instanceof IllegalStateException;
    }

    private void release(long order, String error, boolean failed) throws SQLException {
        single(connection -> {
            RerateOrders.release(connection, order, owner, error, failed, clock.instant());
            return null;
        });
    }

    private Outcome work(long id, BooleanSupplier stop, Consumer<RerateBatches.Place> progress) throws SQLException {
        List<TenantRef> tenants = single(connection -> RerateOrders.tenants(connection, id));
        while (!stop.getAsBoolean()) {
            Tariff tariff = TodaysRules.of(tariffs);
            RerateOrder order =
                    single(connection -> RerateOrders.find(connection, id)).orElseThrow();
            if (order.isEnded() || !owner.equals(order.owner())) {
                return Outcome.ELSEWHERE;
            }
            RerateScope scope = order.scope(tenants);
            if (order.place() == null || !tariff.version().equals(order.tariff())) {
                beginPass(order, scope, tariff);
                continue;
            }
            RerateBatches.Portion portion = single(connection ->
                    RerateBatches.next(connection, scope, order.place(), settings.recordsPerTransaction()));
            if (portion == null) {
                if (endPass(order, scope, tariff)) {
                    return Outcome.DONE;
                }
                continue;
            }
            // false: another was quicker, or only the answer to COMMIT was lost; the order says which
            rerater.rerate(scope, portion.batches(), new ModuleChain(() -> tariff)::rate, step(order, portion.next()));
            progress.accept(portion.next());
        }
        return Outcome.STOPPED;
    }

    private void beginPass(RerateOrder expected, RerateScope scope, Tariff tariff) throws SQLException {
        locked(expected, (connection, order) -> {
            if (order.place() != null) {
                RerateOrders.forgetLooks(connection, order.id());
            }
            long drawn = RerateBatches.drawn(connection, scope.buckets());
            RerateOrders.beginPass(connection, order.id(), tariff.version(), 0, drawn);
            return null;
        });
    }

    /** @return true if that was the last one */
    private boolean endPass(RerateOrder expected, RerateScope scope, Tariff tariff) throws SQLException {
        Boolean done = locked(expected, (connection, order) -> {
            long drawn = RerateBatches.drawn(connection, scope.buckets());
            RerateBatches.Place rest = RerateBatches.Place.begin(order.place().through(), drawn);
            if (RerateBatches.next(connection, scope, rest, 1) != null) {
                RerateOrders.beginPass(connection, order.id(), tariff.version(), rest.above(), drawn);
                return false;
            }
            if (!tariffs.get().version().equals(tariff.version())) {
                return false;
            }
            RerateOrders.end(connection, order.id(), clock.instant());
            return true;
        });
        return Boolean.TRUE.equals(done);
    }

    private interface Body<T> {
        T run(Connection connection, RerateOrder order) throws SQLException;
    }

    /** Runs with the order's row locked; null if it is not as expected any more. */
    private <T> T locked(RerateOrder expected, Body<T> body) throws SQLException {
        return LockWait.call(
                dataSource,
                settings.lockWait(),
                timeout -> Transactions.call(dataSource, connection -> {
                    LockWait.begin(connection, timeout);
                    RerateOrder order = RerateOrders.lock(connection, expected.id());
                    return order.equals(expected) ? body.run(connection, order) : null;
                }));
    }

    private RerateStep step(RerateOrder expected, RerateBatches.Place next) {
        return new RerateStep() {
            @Override
            public boolean begin(Connection connection) throws SQLException {
                RestoredLedger.requireRecovered(connection);
                RerateOrder order = RerateOrders.lock(connection, expected.id());
                return owner.equals(order.owner()) && Objects.equals(order.place(), expected.place());
            }

            @Override
            public BilledLine.Credited credited(Connection connection, Collection<Integer> tenants)
                    throws SQLException {
                return credited.of(connection, tenants);
            }

            @Override
            public void end(Connection connection, Map<Integer, RerateSums> sums) throws SQLException {
                RerateOrders.add(connection, expected.id(), sums);
                RerateOrders.advance(connection, expected.id(), next, settings.lease());
            }
        };
    }

    private <T> T single(Transactions.Body<T> body) throws SQLException {
        return Transactions.single(dataSource, body);
    }
}
