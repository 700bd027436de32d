package org.caravan.hub.connector.check;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.config.Settings;
import org.caravan.hub.connector.ConnectorTrial;
import org.caravan.hub.connector.HubConnectors;
import org.caravan.invoice.ConnectorInfo.Repeat;
import org.caravan.invoice.DeliveryRow;
import org.caravan.invoice.document.Document;
import org.caravan.ledger.LedgerSchema;

/** Runs the checks against the target of one connector. */
public final class ConnectorTest {
    private static final String DEFAULT_CURRENCY = "EUR";
    private static final String DEFAULT_ACCOUNT = "caravan-test";
    private static final int RUN_BYTES = 3;

    private final HubConfig config;
    private final String connector;
    private final Request request;
    private final Clock clock;

    /**
     * What is wanted.
     *
     * @param checks which; all if empty. The check commit always comes first
     * @param account one that the target knows; null for one of our own
     * @param currency null for the hub's
     * @param month of the invoices; null for the last whole one
     * @param limit longest time for one call; null for a delivery's lease
     */
    public record Request(Set<Check> checks, String account, String currency, YearMonth month, Duration limit) {
        public Request {
            checks = Set.copyOf(checks);
        }
    }

    /** Told of progress. */
    public interface Listener {
        void begins(Check check, int n, int of);

        default void ended(Result result) {}
    }

    /** A check and how it ended. */
    public record Result(Check check, Verdict verdict) {}

    /**
     * A document of the run, and what may be at the target of it.
     *
     * @param state of its delivery
     * @param references all that the connector answered for it; mostly one or none
     */
    public record Sent(
            String number,
            String key,
            String account,
            String total,
            String currency,
            String state,
            List<String> references) {
        public Sent {
            references = List.copyOf(references);
        }
    }

    /**
     * What came of a run.
     *
     * @param run what marks all its documents
     * @param prefix what their numbers begin with
     */
    public record Report(
            String connector, Repeat repeat, String run, String prefix, List<Result> results, List<Sent> sent) {
        public Report {
            results = List.copyOf(results);
            sent = List.copyOf(sent);
        }

        /** How many checks ended so. */
        public long count(Verdict.State state) {
            return results.stream()
                    .filter(result -> result.verdict().state() == state)
                    .count();
        }
    }

    public ConnectorTest(HubConfig config, String connector, Request request, Clock clock) {
        this.config = config;
        this.connector = connector;
        this.request = request;
        this.clock = clock;
    }

    /**
     * Refuses a connector that can't be used, before anything is sent.
     *
     * @throws org.caravan.common.UserError with file, line and reason
     */
    public ConnectorTrial.Passed check() {
        ConnectorTrial.Passed passed = ConnectorTrial.of(config, connector);
        HubConnectors.files(config).find(connector);
        return passed;
    }

    /**
     * Runs them.
     *
     * @param ledger migrated and empty; thrown away afterwards
     */
    public Report run(DataSource ledger, Listener listener) throws Exception {
        String run = newRun();
        TestDocuments documents = new TestDocuments(
                run,
                request.account() == null ? DEFAULT_ACCOUNT : request.account(),
                currency(),
                request.month() == null
                        ? YearMonth.from(clock.instant().atZone(ZoneOffset.UTC)).minusMonths(1)
                        : request.month());
        LedgerSchema.identify(ledger, documents.issuer(), documents.currency(), false);
        Duration limit = request.limit() == null ? config.get(Settings.DELIVERY_LEASE) : request.limit();
        Set<Check> wanted = EnumSet.of(Check.COMMIT);
        wanted.addAll(request.checks().isEmpty() ? EnumSet.allOf(Check.class) : request.checks());
        List<Result> results = new ArrayList<>();
        try (Bench bench = new Bench(config, connector, ledger, documents, limit, clock)) {
            String stop = null;
            for (Check check : wanted) {
                listener.begins(check, results.size() + 1, wanted.size());
                Verdict verdict = stop != null ? Verdict.skipped(stop) : run(check, bench);
                if (check == Check.COMMIT && verdict.isFailed()) {
                    stop = "nothing can be committed";
                }
                Result result = new Result(check, verdict);
                results.add(result);
                listener.ended(result);
            }
            return new Report(connector, bench.repeat(), run, documents.prefix(), results, sent(bench));
        }
    }

    private static Verdict run(Check check, Bench bench) throws Exception {
        try {
            return check.run(bench);
        } catch (Bench.Stuck e) {
            return Verdict.failed(
                    e.getMessage(), "give each call a timeout that is shorter than caravan.delivery.lease");
        } finally {
            bench.wire().heal();
            bench.outbox().around(null);
        }
    }

    private String currency() {
        return request.currency() != null
                ? request.currency()
                : config.find(Settings.CURRENCY).orElse(DEFAULT_CURRENCY);
    }

    private static String newRun() {
        byte[] random = new byte[RUN_BYTES];
        new SecureRandom().nextBytes(random);
        return java.util.HexFormat.of().formatHex(random);
    }

    /** All that may be there: what was committed, and what is in doubt. */
    private static List<Sent> sent(Bench bench) throws Exception {
        Map<String, Sent> sent = new LinkedHashMap<>();
        for (Document document : bench.sent()) {
            DeliveryRow row = bench.row(document);
            if (row.attempt() == 0
                    && !row.state().equals("committed")
                    && bench.references(document).isEmpty()) {
                continue;
            }
            sent.put(
                    document.key(),
                    new Sent(
                            document.number(),
                            document.key(),
                            document.account(),
                            document.total().toPlainString(),
                            document.currency(),
                            row.state(),
                            bench.references(document)));
        }
        return List.copyOf(sent.values());
    }
}
