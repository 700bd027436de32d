package org.caravan.invoice;

import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.camel.builder.ThreadPoolProfileBuilder;
import org.apache.camel.util.concurrent.ThreadPoolRejectedPolicy;
import org.caravan.common.LostConnection;
import org.caravan.common.UserError;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers what is due: each lane in a thread of its own, so that an ERP that is slow or down delays no other one. Of one
 * connector only so many lanes are served at a time; so it can't take up all threads, however many lanes it has.
 */
final class DeliveryPoll implements InvoiceConsumer.Poll {
    private static final Logger LOG = LoggerFactory.getLogger(DeliveryPoll.class);

    /** Most lanes served at a time; only hundreds of connectors come near it. */
    private static final int MAX_THREADS = 256;

    private static final long KEEP_ALIVE_SECONDS = 30;

    private final InvoiceConsumer consumer;
    private final String owner;
    private final String connector;
    private final ConnectorCatalog catalog;
    private final DeliveryStores stores;

    /** By connector; guarded by itself. */
    private final Map<String, Turn> turns = new HashMap<>();

    /** Each service of a lane owns its leases by a name of its own, so that one that is cut off can be let go of alone. */
    private final AtomicLong served = new AtomicLong();

    /** Owners that lost the database, and with it perhaps the word that gives their leases back. */
    private final Queue<String> cutOff = new ConcurrentLinkedQueue<>();

    private ExecutorService threads;

    DeliveryPoll(InvoiceConsumer consumer, String owner) {
        this.consumer = consumer;
        this.owner = owner;
        InvoiceComponent component = consumer.getEndpoint().getComponent();
        this.connector = consumer.getEndpoint().getConfiguration().getConnector();
        this.catalog = component.catalog();
        this.stores = DeliveryStores.of(component);
    }

    @Override
    public void start() {
        // no queue: a lane that finds no thread stays due and has its turn in a later round
        threads = consumer.getEndpoint()
                .getCamelContext()
                .getExecutorServiceManager()
                .newThreadPool(
                        this,
                        "caravan-delivery",
                        new ThreadPoolProfileBuilder("caravan-delivery")
                                .poolSize(1)
                                .maxPoolSize(MAX_THREADS)
                                .maxQueueSize(0)
                                .keepAliveTime(KEEP_ALIVE_SECONDS)
                                .rejectedPolicy(ThreadPoolRejectedPolicy.Abort)
                                .build());
    }

    /** What is served, or waits for a thread, of one connector. */
    private static final class Turn {
        private final Deque<Lanes.Lane> waiting = new ArrayDeque<>();
        private final Set<Lanes.Lane> busy = new HashSet<>();
        private int threads;
    }

    /** @return lanes whose service begins */
    @Override
    public int run() throws SQLException {
        for (String holder = cutOff.peek(); holder != null; holder = cutOff.peek()) {
            stores.lanes().letGo(holder);
            cutOff.remove();
        }
        int begun = 0;
        for (Lanes.Lane lane : stores.lanes().due(connector)) {
            if (consumer.mayGoOn() && begin(lane)) {
                begun++;
            }
        }
        return begun;
    }

    /** A round itself leases nothing; the lanes' own are let go of at the beginning of the next. */
    @Override
    public void letGo() {}

    /** Lets a lane be served, by a thread more if its connector may have one. */
    private boolean begin(Lanes.Lane lane) {
        synchronized (turns) {
            Turn turn = turns.computeIfAbsent(lane.connector(), name -> new Turn());
            if (!turn.busy.add(lane)) {
                return false;
            }
            turn.waiting.add(lane);
            if (turn.threads < stores.settings().lanesAtOnce()) {
                try {
                    threads.execute(() -> serve(turn));
                    turn.threads++;
                } catch (RejectedExecutionException e) {
                    // all are taken; if none of this connector's comes by, a later round tries again
                    if (turn.threads == 0) {
                        turn.waiting.clear();
                        turn.busy.clear();
                    }
                    return false;
                }
            }
            return true;
        }
    }

    /** Serves one lane of a connector after the other. */
    private void serve(Turn turn) {
        for (Lanes.Lane lane = next(turn); lane != null; lane = next(turn)) {
            try {
                serve(lane);
            } catch (SQLException | RuntimeException e) {
                // the database is away, most likely: the next rounds will find out
                LOG.warn("Connector {}: its turn was cut short: {}", lane.connector(), Failures.reason(e));
            } finally {
                synchronized (turns) {
                    turn.busy.remove(lane);
                }
            }
        }
    }

    private void serve(Lanes.Lane lane) throws SQLException {
        ConnectorInfo info;
        try {
            // only now: what it declares may have changed while the lane waited
            info = catalog.find(lane.connector());
        } catch (UserError e) {
            int parked = stores.lanes().park(lane, e.getMessage());
            LOG.error("{} deliveries parked: {}", parked, e.getMessage());
            return;
        }
        String holder = owner + "-" + served.incrementAndGet();
        try {
            new LaneWorker(consumer, holder, lane, info, stores).run();
        } catch (SQLException e) {
            if (LostConnection.is(e)) {
                cutOff.add(holder);
            }
            throw e;
        }
    }

    /** The next lane to serve; null if there is none, or none may be begun: then the thread is given back. */
    private Lanes.Lane next(Turn turn) {
        synchronized (turns) {
            if (!consumer.mayGoOn()) {
                turn.busy.removeAll(turn.waiting);
                turn.waiting.clear();
            }
            Lanes.Lane lane = turn.waiting.poll();
            if (lane == null) {
                turn.threads--;
                turns.notifyAll();
            }
            return lane;
        }
    }

    /** Waits until no lane is being served any more. */
    @Override
    public boolean stop(long waitMillis) throws InterruptedException {
        long end = System.nanoTime() + waitMillis * 1_000_000;
        synchronized (turns) {
            while (turns.values().stream().anyMatch(turn -> turn.threads > 0)) {
                long left = (end - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    return false;
                }
                turns.wait(left);
            }
        }
        consumer.getEndpoint().getCamelContext().getExecutorServiceManager().shutdown(threads);
        return true;
    }
}
