package org.caravan.invoice;

import static org.caravan.invoice.DeliveryState.COMMITTED;
import static org.caravan.invoice.DeliveryState.DELIVERING;
import static org.caravan.invoice.DeliveryState.IN_DOUBT;
import static org.caravan.invoice.DeliveryState.PARKED;
import static org.caravan.invoice.DeliveryState.RETRYING;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.function.Function;
import javax.sql.DataSource;
import org.caravan.common.Decimals;
import org.caravan.common.UserError;
import org.caravan.invoice.ConnectorInfo.Repeat;
import org.caravan.invoice.DeliveryNotes.Action;

/**
 * What a person may order for a document on its way, beside hubs at work or without one. Each order is one transaction
 * that holds the row, moves it along the legal moves and notes who ordered what and why; given twice, or by two at once,
 * it is carried out once.
 */
public final class DeliveryOrders {
    private final DataSource dataSource;
    private final Clock clock;
    private final Function<String, ConnectorInfo> connectors;
    private final String who;
    private final OrderedRows rows;

    /**
     * @param connectors what a connector declares, by its name; may throw {@link UserError}: then it is safe for nothing
     * @param who the person, for the history
     */
    public DeliveryOrders(
            DataSource dataSource,
            DeliverySettings settings,
            Clock clock,
            Function<String, ConnectorInfo> connectors,
            String who) {
        this.dataSource = dataSource;
        this.clock = clock;
        this.connectors = connectors;
        this.who = who;
        this.rows = new OrderedRows(settings, clock);
    }

    /** What became of an order. */
    public enum Outcome {
        /** Carried out. */
        DONE,
        /** There was nothing to do: it is so already, or will be by itself. */
        UNCHANGED,
        /** Not carried out; the message says why, and what can be done instead. */
        REFUSED
    }

    /**
     * An order's end at one row.
     *
     * @param row as it was found
     * @param state as it is now
     * @param message for people, in a line
     * @param alarm the ERP's total that differs from the document's; null if there is none
     */
    public record Result(DeliveryRow row, String state, Outcome outcome, String message, String alarm) {}

    /** Parked, retrying, or in doubt where that is safe or can be asked: due now, with as many attempts as at first. */
    public Result retry(long delivery, String reason) throws SQLException {
        return order(delivery, (connection, row, now) -> {
            return switch (DeliveryState.of(row.state())) {
                case PENDING -> {
                    LanePauses.end(connection, lane(row));
                    yield unchanged(row, "has not been tried yet; a running hub delivers it");
                }
                case RETRYING -> sentAgain(connection, row, Action.RETRY, reason);
                case IN_DOUBT, PARKED -> {
                    boolean doubt = row.doubt() || row.state().equals(IN_DOUBT.code());
                    Repeat repeat = repeat(row);
                    if (doubt && repeat == Repeat.NEVER) {
                        yield refused(
                                row,
                                "may have reached the ERP, and its connector does not say that it is safe to repeat; "
                                        + NextStep.doubt(row));
                    }
                    Result result = sentAgain(connection, row, Action.RETRY, reason);
                    yield doubt && repeat == Repeat.LOOKUP
                            ? done(row, RETRYING, "is asked about now, and sent again only if the ERP does not have it")
                            : result;
                }
                default -> committed(row, "there is nothing to retry");
            };
        });
    }

    /** Stops what has not begun, or what is in doubt, until a person orders it to go on. */
    public Result park(long delivery, String reason) throws SQLException {
        return order(delivery, (connection, row, now) -> switch (DeliveryState.of(row.state())) {
            case PENDING, RETRYING, IN_DOUBT -> {
                rows.park(connection, row, reason, note(row, Action.PARK, PARKED, reason));
                yield done(row, PARKED, "is parked");
            }
            case PARKED -> unchanged(row, "is parked already: " + row.lastError());
            default -> committed(row, "it can't be stopped any more; correct it with a credit note");
        });
    }

    /**
     * Commits what the ERP turned out to have. At a committed row the same reference may come with another total, once the
     * ERP's was corrected.
     *
     * @param reference the ERP's
     * @param total what the ERP says it comes to; null if that is not known
     * @param shared true if the ERP keeps several documents under one reference; else one that is taken is refused
     */
    public Result adopt(long delivery, String reference, BigDecimal total, boolean shared, String reason)
            throws SQLException {
        String kept = SqlText.line(reference, Deliveries.MAX_REFERENCE);
        if (kept.isEmpty() || !kept.equals(reference.strip())) {
            throw new UserError("reference '" + kept + "': must be 1 to " + Deliveries.MAX_REFERENCE
                    + " characters in a line; write it as the ERP shows it");
        }
        return order(delivery, (connection, row, now) -> {
            String alarm = total == null ? null : ErpTotal.alarm(row.connector(), row.document(), kept, total);
            String what = "reference " + kept + (total == null ? "" : ", total " + Decimals.plain(total))
                    + (reason == null ? "" : "; " + reason);
            return switch (DeliveryState.of(row.state())) {
                case PENDING -> refused(row, "was never sent; if the ERP has it all the same, park it before");
                case RETRYING -> refused(row, "is about to be sent again; park it before, then adopt");
                case COMMITTED -> {
                    if (!kept.equals(row.reference())) {
                        yield committed(row, "it can't have another reference, too");
                    }
                    if (total == null || row.erpTotal() != null && total.compareTo(row.erpTotal()) == 0) {
                        yield unchanged(row, "is committed under that reference already");
                    }
                    rows.total(connection, row, total, alarm, note(row, Action.ADOPT, COMMITTED, what));
                    yield new Result(row, COMMITTED.code(), Outcome.DONE, "its total in the ERP is noted", alarm);
                }
                default -> {
                    String taken = shared ? null : OrderedRows.takenBy(connection, row.connector(), kept, row.id());
                    if (taken != null) {
                        yield refused(
                                row,
                                "reference " + kept + " is document " + taken + "'s at this connector; look again, or"
                                        + " say --yes if the ERP keeps both under it");
                    }
                    rows.adopt(connection, row, kept, total, alarm, note(row, Action.ADOPT, COMMITTED, what));
                    yield new Result(row, COMMITTED.code(), Outcome.DONE, "is committed as " + kept, alarm);
                }
            };
        });
    }

    /** Sends again what was in doubt: a person is certain that the ERP does not have it, else it doubles an invoice. */
    public Result resend(long delivery, String reason) throws SQLException {
        return order(delivery, (connection, row, now) -> switch (DeliveryState.of(row.state())) {
            case PENDING -> refused(row, "was never sent; a running hub delivers it");
            case RETRYING -> refused(row, "is sent again by itself; at once: deliveries retry " + row.handle());
            case COMMITTED -> committed(row, "sending it again would double it");
            case PARKED -> {
                if (!row.doubt()) {
                    yield refused(row, "is not in doubt: the ERP has nothing of it; deliveries retry " + row.handle());
                }
                yield sentAgain(connection, row, Action.RESEND, reason);
            }
            default -> sentAgain(connection, row, Action.RESEND, reason);
        });
    }

    /** Asks the fan-out route again for a document that it chose no connector for, or failed at. */
    public Result retryFanOut(long document, String reason) throws SQLException {
        return Transactions.call(dataSource, connection -> {
            OrderedRows.limitWait(connection);
            DeliveryRow row = rows.fanOut(connection, document);
            return switch (FanOutState.of(row.state())) {
                case PARKED -> {
                    FanOutState next = FanOutState.PARKED.become(FanOutState.PENDING);
                    rows.askAgain(connection, row, note(row, Action.RETRY, next.code(), reason));
                    yield new Result(row, next.code(), Outcome.DONE, "is asked again", null);
                }
                case PENDING -> {
                    rows.askAgain(connection, row, note(row, Action.RETRY, row.state(), reason));
                    yield new Result(row, row.state(), Outcome.DONE, "is asked again", null);
                }
                case FANNING -> unchanged(row, "is being asked");
                case DONE -> refused(row, "is done; retry its deliveries, or add a connector with deliveries backfill");
            };
        });
    }

    private Result sentAgain(Connection connection, DeliveryRow row, Action action, String reason) throws SQLException {
        LanePauses.end(connection, lane(row));
        rows.again(connection, row, action == Action.RESEND, note(row, action, RETRYING, reason));
        return done(row, RETRYING, "is due now");
    }

    private static Lanes.Lane lane(DeliveryRow row) {
        return new Lanes.Lane(row.connector(), row.lane());
    }

    /** What an order does with the row it holds. */
    private interface Order {
        Result carryOut(Connection connection, DeliveryRow row, Instant now) throws SQLException;
    }

    private Result order(long delivery, Order order) throws SQLException {
        return Transactions.call(dataSource, connection -> {
            OrderedRows.limitWait(connection);
            Instant now = clock.instant();
            DeliveryRow row = rows.delivery(connection, delivery);
            if (row.state().equals(DELIVERING.code()) && !row.leased()) {
                // its hub is gone: no other order than those for doubt can be right
                Doubt.settleLapsed(connection, delivery, repeat(row), now);
                row = rows.delivery(connection, delivery);
            }
            if (row.state().equals(DELIVERING.code())) {
                return refused(
                        row,
                        "attempt " + row.attempt() + " runs at hub " + row.owner()
                                + "; wait for its end, at the latest " + row.leaseUntil() + ", when its lease ends");
            }
            return order.carryOut(connection, row, now);
        });
    }

    private Repeat repeat(DeliveryRow row) {
        try {
            return connectors.apply(row.connector()).repeat();
        } catch (UserError e) {
            return Repeat.NEVER;
        }
    }

    private DeliveryNotes.Note note(DeliveryRow row, Action action, DeliveryState to, String reason) {
        return note(row, action, to.code(), reason);
    }

    private DeliveryNotes.Note note(DeliveryRow row, Action action, String to, String reason) {
        return new DeliveryNotes.Note(
                row.id(), clock.instant(), who, action.code(), row.state(), to, row.attempt(), rows.reason(reason));
    }

    private static Result done(DeliveryRow row, DeliveryState state, String message) {
        return new Result(row, state.code(), Outcome.DONE, message, null);
    }

    private static Result unchanged(DeliveryRow row, String message) {
        return new Result(row, row.state(), Outcome.UNCHANGED, message, null);
    }

    private static Result refused(DeliveryRow row, String message) {
        return new Result(row, row.state(), Outcome.REFUSED, message, null);
    }

    private static Result committed(DeliveryRow row, String message) {
        return refused(row, "is committed as " + row.reference() + " since " + row.committedAt() + ": " + message);
    }
}
