package org.caravan.api.subscription;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.caravan.common.Decimals;
import org.caravan.common.UserError;
import org.caravan.ledger.CommitResult;
import org.caravan.ledger.HeldReader;
import org.caravan.ledger.Ledger;
import org.caravan.ledger.Outcome;
import org.caravan.ledger.PushedPositions;
import org.caravan.ledger.Quarantine;
import org.caravan.ledger.QuarantineEntry;
import org.caravan.ledger.QuarantineRetry;
import org.caravan.metering.MeterCatalog;
import org.caravan.metering.MeteringSettings;
import org.caravan.metering.UsageBatch;
import org.caravan.metering.UsageBatches;
import org.caravan.metering.UsageInput;
import org.caravan.metering.UsageKey;
import org.caravan.metering.UsageRecord;
import org.caravan.rating.Rater;
import org.caravan.subscription.Refusal;
import org.caravan.subscription.Subscribed;

/**
 * Bills usage that a merchant pushes, by the ledger's front door: read, priced and told apart as any other. The resource of
 * pushed usage is its subscription. What the ledger would set aside is refused instead, and left out of quarantine: its
 * sender knows best.
 */
public final class UsagePush {
    /** The source that pushed usage belongs to. */
    public static final String SOURCE = "subscriptions";

    /** How long a push's position is kept; its record's identity tells longer that it is billed. */
    private static final Duration KNOWN = Duration.ofDays(7);

    private final Ledger ledger;
    private final PushedPositions positions;
    private final Quarantine quarantine;
    private final QuarantineRetry retry;
    private final MeteringSettings settings;
    private final MeterCatalog meters;
    private final Rater rater;
    private final Clock clock;

    /** @param ledger the one of this process */
    public UsagePush(
            DataSource dataSource,
            Ledger ledger,
            MeteringSettings settings,
            MeterCatalog meters,
            Rater rater,
            Clock clock) {
        this.ledger = ledger;
        this.positions = new PushedPositions(dataSource);
        this.quarantine = new Quarantine(dataSource, clock);
        this.settings = settings.withReadAhead(0).with("refuseAbove", Integer.MAX_VALUE);
        this.meters = meters;
        this.rater = rater;
        this.clock = clock;
        this.retry =
                new QuarantineRetry(dataSource, ledger, new HeldReader(settings, meters, clock, rater::rate), clock);
    }

    /**
     * What was used.
     *
     * @param measure its unit
     */
    record Pushed(
            Subscribed subscription, String meter, String measure, Instant begin, Instant end, BigDecimal value) {}

    /**
     * Bills usage; the same again is billed once.
     *
     * @throws Refusal if its time is billed otherwise, or the ledger can't take it
     */
    void bill(Pushed pushed) throws SQLException {
        String key = UUID.randomUUID().toString();
        CommitResult result = commit(
                key,
                line(
                        pushed.subscription().tenant(),
                        pushed.subscription().id(),
                        pushed.meter(),
                        pushed.measure(),
                        pushed.begin(),
                        pushed.end(),
                        pushed.value()));
        if (result.accepted() + result.duplicate() == 1) {
            return;
        }
        throw refused(key);
    }

    /** Takes a record back and bills it with another value; zero bills none of it. */
    void correct(UsageRecord record, BigDecimal value) throws SQLException {
        String key = UUID.randomUUID().toString();
        CommitResult result = commit(
                key,
                line(
                        record.tenant(),
                        record.resource(),
                        record.meter(),
                        record.unit(),
                        record.begin(),
                        record.end(),
                        value));
        if (result.duplicate() == 1) {
            return;
        }
        QuarantineEntry held = held(key);
        if (result.conflict() != 1 || held == null) {
            throw refused(key);
        }
        Outcome outcome = retry.accept(held.id());
        if (outcome.what() == Outcome.What.HELD) {
            quarantine.drop(List.of(held.id()), "refused: its sender was told so");
            throw Refusal.of(Refusal.Kind.IN_USE, "The ledger can't change this usage: " + outcome.note());
        }
    }

    private Refusal refused(String key) throws SQLException {
        QuarantineEntry held = held(key);
        if (held == null) {
            return Refusal.of(Refusal.Kind.BAD_REQUEST, "The ledger did not take this usage.");
        }
        quarantine.drop(List.of(held.id()), "refused: its sender was told so");
        return held.kind().equals("conflict")
                ? Refusal.of(
                        Refusal.Kind.DUPLICATE, "This time of the subscription's product is billed otherwise already.")
                : Refusal.of(Refusal.Kind.BAD_REQUEST, "The ledger can't bill this usage: " + held.reason());
    }

    private QuarantineEntry held(String key) throws SQLException {
        return quarantine.of(SOURCE, key, 1).stream().findFirst().orElse(null);
    }

    private CommitResult commit(String key, String line) throws SQLException {
        byte[] text = (line + "\n").getBytes(StandardCharsets.UTF_8);
        UsageInput input = new UsageInput(new ByteArrayInputStream(text), "pushed usage", SOURCE, key);
        try (UsageBatches batches = UsageBatches.jsonl(input, settings, meters, clock)) {
            UsageBatch batch = batches.next();
            rater.rate(batch);
            CommitResult result = ledger.commit(batch);
            positions.forget(SOURCE, KNOWN);
            return result;
        } catch (UserError full) {
            throw Refusal.of(Refusal.Kind.BAD_REQUEST, full.getMessage());
        }
    }

    private static String line(
            String tenant, String resource, String meter, String unit, Instant begin, Instant end, BigDecimal value) {
        ObjectNode line = JsonNodeFactory.instance
                .objectNode()
                .put("realm", UsageKey.DEFAULT_REALM)
                .put("tenant", tenant)
                .put("datacenter", UsageView.NOWHERE)
                .put("resource", resource)
                .put("meter", meter)
                .put("quantity", Decimals.plain(value))
                .put("unit", unit)
                .put("begin", begin.toString())
                .put("end", end.toString());
        line.putObject("metadata");
        return line.toString();
    }
}
