package org.caravan.invoice.rerate;

import java.sql.SQLException;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import javax.sql.DataSource;
import org.caravan.invoice.RestoredLedger;
import org.caravan.invoice.Transactions;
import org.caravan.ledger.LedgerSettings;
import org.caravan.ledger.Rerater;
import org.caravan.metering.MeterCatalog;
import org.caravan.rating.hashmap.TariffSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Works off the orders to re-rate open months, one after the other, as a running hub does beside everything else. */
public final class Rerating {
    private static final Logger LOG = LoggerFactory.getLogger(Rerating.class);

    private final DataSource dataSource;
    private final RerateWork work;

    /** What was said last of an order that does not get on. */
    private final Map<Long, String> said = new HashMap<>();

    /** @param meters what prices each meter */
    public Rerating(
            DataSource dataSource,
            LedgerSettings ledger,
            MeterCatalog meters,
            TariffSource tariffs,
            RerateSettings settings,
            Clock clock) {
        this.dataSource = dataSource;
        this.work = work(dataSource, ledger, meters, tariffs, settings, clock);
    }

    static RerateWork work(
            DataSource dataSource,
            LedgerSettings ledger,
            MeterCatalog meters,
            TariffSource tariffs,
            RerateSettings settings,
            Clock clock) {
        Rerater rerater = new Rerater(dataSource, ledger, meters, clock);
        return new RerateWork(
                dataSource, rerater, tariffs, settings, clock, UUID.randomUUID().toString());
    }

    /**
     * Works off what is there; one at a time. An order that fails does not keep the others from their turn.
     *
     * @param stop asked between two transactions; true leaves the rest for later
     * @return the orders that are done now
     * @throws SQLException if the database can't be reached
     */
    public synchronized int runDue(BooleanSupplier stop) throws SQLException {
        if (RestoredLedger.waiting(dataSource).isPresent()) {
            return 0;
        }
        int done = 0;
        for (long order : Transactions.single(dataSource, RerateOrders::due)) {
            if (stop.getAsBoolean()) {
                break;
            }
            try {
                if (work.run(order, stop, place -> {}) == RerateWork.Outcome.DONE) {
                    done++;
                    said.remove(order);
                    LOG.info("Re-rating {} is done", order);
                }
            } catch (SQLException | RuntimeException e) {
                tell(order, e);
            }
        }
        return done;
    }

    /** Once for each reason: the same order is tried again in every round. */
    private void tell(long order, Exception e) {
        String reason = String.valueOf(e.getMessage());
        if (!reason.equals(said.put(order, reason))) {
            LOG.warn("Re-rating {} is interrupted (caravan status says how it stands): {}", order, reason);
        }
    }
}
