package org.caravan.invoice;

import java.math.BigDecimal;
import java.time.YearMonth;
import java.util.List;

/**
 * Where the recovery of a restored ledger stands.
 *
 * @param recovered true if the ledger may issue and deliver
 * @param connectors what became of asking each
 * @param documents those that connectors hold and the restored ledger lacked, a row per connector; at most {@link #MAX}
 * @param missing numbers within a series that neither the ledger nor any connector knows; at most {@link #MAX}
 * @param problems what keeps it from being recovered, a line each with the remedy
 */
public record RecoveryReport(
        boolean recovered,
        List<Connector> connectors,
        List<Found> documents,
        List<String> missing,
        List<String> problems) {
    /** Most rows of a list. */
    public static final int MAX = 10_000;

    /**
     * A connector.
     *
     * @param source {@code asked}, {@code list} (a person listed it), {@code confirmed} (a person looked) or {@code open}
     * @param documents that it was found to hold
     * @param newest its newest number, or null
     * @param adopted deliveries that were not committed in the ledger and are now
     */
    public record Connector(String name, String source, long documents, String newest, long adopted) {}

    /**
     * A document found at a connector.
     *
     * @param account null where unknown
     * @param month null where unknown
     * @param total null where unknown
     * @param currency null where unknown
     * @param state {@code waiting} for its month to be closed again, {@code accepted} (waiting, whatever it comes to) or
     *     {@code issued} again
     */
    public record Found(
            String number,
            String account,
            YearMonth month,
            BigDecimal total,
            String currency,
            String connector,
            String reference,
            String state) {}

    public RecoveryReport {
        connectors = List.copyOf(connectors);
        documents = List.copyOf(documents);
        missing = List.copyOf(missing);
        problems = List.copyOf(problems);
    }
}
