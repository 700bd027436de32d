package org.caravan.hub.push;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Exchange;
import org.caravan.api.http.Caller;
import org.caravan.api.push.PushReceipt;
import org.caravan.ledger.LedgerConstants;
import org.caravan.ledger.PushAnswers;
import org.caravan.ledger.PushedPositions;
import org.caravan.ledger.Sources;
import org.caravan.metering.KeptRows;
import org.caravan.metering.Rejected;
import org.caravan.metering.UsageBatch;
import org.caravan.metering.UsageKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The bean {@code push} of the routes of pushed usage. */
public final class PushSource {
    /** What the ledger knows such a source as. */
    public static final String KIND = "push";

    private static final Logger LOG = LoggerFactory.getLogger(PushSource.class);

    /** How long a push is known by its digest; after that its records' identity tells that they are billed. */
    private static final Duration KNOWN = Duration.ofDays(7);

    private final Sources sources;
    private final PushAnswers answers;
    private final PushedPositions positions;
    private final Duration grace;
    private final Duration settle;
    private final Clock clock;
    private volatile Instant settled;
    private final Set<String> known = ConcurrentHashMap.newKeySet();

    /**
     * @param grace how long after its end a month waits for late usage
     * @param settle how long the hub must have been running before it takes a month for complete
     */
    public PushSource(
            Sources sources,
            PushAnswers answers,
            PushedPositions positions,
            Duration grace,
            Duration settle,
            Clock clock) {
        this.sources = sources;
        this.answers = answers;
        this.positions = positions;
        this.grace = grace;
        this.settle = settle;
        this.clock = clock;
        turnedAway();
    }

    /** Senders that found the hub away, or pushes paused, have their turn before a month is taken for complete. */
    public void turnedAway() {
        settled = clock.instant().plus(settle);
    }

    /** Takes out of the batch what its key may not bring. */
    public void admit(Exchange exchange) throws SQLException {
        PushReceipt receipt = exchange.getProperty(LedgerConstants.COMPANION, PushReceipt.class);
        if (known.add(receipt.push().source())) {
            sources.configure(receipt.push().source(), KIND);
        }
        UsageBatch batch = exchange.getMessage().getBody(UsageBatch.class);
        Admission admission = new Admission(receipt.push().grant());
        boolean all = true;
        boolean[] kept = new boolean[batch.size()];
        for (int row = 0; row < batch.size(); row++) {
            String reason = admission.refusal(batch, row);
            kept[row] = reason == null;
            if (reason != null) {
                all = false;
                receipt.refuse(batch.position(row), reason);
            }
        }
        for (Rejected unread : batch.rejected()) {
            String reason = admission.refusal(unread);
            if (reason != null) {
                all = false;
                receipt.refuse(unread.position(), reason);
            }
        }
        if (!all) {
            exchange.getMessage()
                    .setBody(KeptRows.of(batch, row -> kept[row], unread -> admission.refusal(unread) == null));
        }
    }

    /** Which records a key may bring. */
    private record Admission(Caller.Grant grant) {
        /** Why a record is not taken, or null. */
        String refusal(UsageBatch batch, int row) {
            UsageKey key = batch.key(row);
            if (!mayBring(key.tenant(), key.realm())) {
                return foreign(key.tenant());
            }
            return grant.prices() || batch.givenPrice(row) == null
                    ? null
                    : "it names a price, which this key may not; leave price out, or push with a key made with --prices";
        }

        /** As above, of a record that could not be read: one that names no tenant would hold all of them. */
        String refusal(Rejected unread) {
            if (grant.tenants().isEmpty()) {
                return null;
            }
            if (unread.tenant() == null) {
                return unread.reason()
                        + "; as this key is confined to tenants nothing of it was kept: mend it and push it" + " again";
            }
            return grant.tenants().contains(unread.tenant()) ? null : foreign(unread.tenant());
        }

        private boolean mayBring(String tenant, String realm) {
            return grant.tenants().isEmpty()
                    || tenant != null && grant.tenants().contains(tenant) && realm.equals(UsageKey.DEFAULT_REALM);
        }

        private static String foreign(String tenant) {
            return "tenant " + (tenant == null ? "" : "'" + tenant + "' ")
                    + "is none of those that this key may push for; nothing of it was kept: push it with a key of that tenant";
        }
    }

    /** Says how far the sources are rated, and forgets what is not asked for any more. */
    public void look() {
        try {
            answers.forget();
            Instant now = clock.instant();
            for (String name : sources.reporting(KIND)) {
                positions.forget(name, KNOWN);
                if (!now.isBefore(settled)) {
                    sources.ratedUntil(name, until(now), false);
                }
            }
        } catch (SQLException e) {
            LOG.debug("the sources that are pushed to can't be looked at now; they are in a while", e);
        }
    }

    /** The begin of the month that was running when the grace began. */
    private Instant until(Instant now) {
        return YearMonth.from(now.minus(grace).atZone(ZoneOffset.UTC))
                .atDay(1)
                .atStartOfDay(ZoneOffset.UTC)
                .toInstant();
    }
}
