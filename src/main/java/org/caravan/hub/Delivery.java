package org.caravan.hub;

import java.sql.SQLException;
import java.time.Duration;
import java.time.YearMonth;
import java.util.List;
import javax.sql.DataSource;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.config.Settings;
import org.caravan.invoice.DeliveryProgress;
import org.caravan.invoice.InvoiceConfiguration;

/** Waits until the routes have brought a month's documents to their connectors. */
final class Delivery {
    /** Troubles named at the end of a run. */
    private static final int MAX_TROUBLES = 100;

    private static final long POLL_MILLIS = 20;

    private final Hub hub;
    private final DataSource dataSource;
    private final Duration patience;
    private final BillListener listener;

    Delivery(Hub hub, DataSource dataSource, HubConfig config, BillListener listener) {
        this.hub = hub;
        this.dataSource = dataSource;
        this.patience = config.get(Settings.DELIVERY_WAIT);
        this.listener = listener;
    }

    /**
     * Starts the delivering routes and waits until all documents are committed, or what is left needs a person, or nothing
     * has moved for {@code caravan.delivery.wait}.
     *
     * @return what is not committed, and why; empty if all is done
     */
    List<DeliveryProgress.Trouble> await(YearMonth month) throws Exception {
        hub.startOutbox(InvoiceConfiguration.Kind.FAN_OUT);
        boolean delivering = false;
        long moved = System.nanoTime();
        long committed = -1;
        while (true) {
            DeliveryProgress progress = DeliveryProgress.of(dataSource, month);
            listener.delivering(
                    progress.committed(),
                    progress.committed() + progress.open() + progress.inDoubt() + progress.parked());
            if (progress.complete()) {
                return List.of();
            }
            if (!delivering && progress.fanOutOpen() == 0) {
                // Not before: it would look, find nothing yet, and wait for its next turn.
                hub.startOutbox(InvoiceConfiguration.Kind.DELIVER);
                delivering = true;
            }
            if (progress.committed() != committed) {
                committed = progress.committed();
                moved = System.nanoTime();
            }
            if (progress.open() == 0 || System.nanoTime() - moved > patience.toNanos()) {
                return troubles(month);
            }
            Thread.sleep(POLL_MILLIS);
        }
    }

    private List<DeliveryProgress.Trouble> troubles(YearMonth month) throws SQLException {
        return DeliveryProgress.troubles(dataSource, month, MAX_TROUBLES).stream()
                .filter(trouble -> !trouble.state().equals("committed"))
                .toList();
    }
}
