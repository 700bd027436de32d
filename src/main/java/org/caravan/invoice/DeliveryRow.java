package org.caravan.invoice;

import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;

/**
 * Where a document stands with one connector, or on its way to its connectors.
 *
 * @param document its head
 * @param id the delivery's; null for the fan-out
 * @param connector null for the fan-out
 * @param lane what its connector serialises; null for the fan-out
 * @param state a word of {@link DeliveryState}, or of {@link FanOutState} for the fan-out
 * @param attempt number of the last attempt; 0 if there was none
 * @param dueAt when the next one may begin; null if it waits for a person
 * @param owner the hub that has it; null if none has
 * @param leaseUntil end of that hub's lease, by the database's clock
 * @param leased whether the lease still holds
 * @param doubt whether an attempt may have reached the ERP, unsettled since
 * @param reference the ERP's; null if it is not committed
 * @param erpTotal the total that the ERP computed; null if it told none
 * @param lastError why it is not committed, or the alarm at a committed one; null if nothing happened
 * @param committedAt null if it is not committed
 * @param updatedAt when it last changed
 * @param pausedUntil until when its lane rests after failures; null if it does not
 */
public record DeliveryRow(
        IssuedDocument document,
        Long id,
        String connector,
        String lane,
        String state,
        int attempt,
        Instant dueAt,
        String owner,
        Instant leaseUntil,
        boolean leased,
        boolean doubt,
        String reference,
        BigDecimal erpTotal,
        String lastError,
        Instant committedAt,
        Instant updatedAt,
        Instant pausedUntil) {
    /** Deliveries; to be followed by a condition on v, d. */
    static final String DELIVERIES = "select " + Documents.HEAD
            + ", v.id as delivery_id, v.connector, v.lane, v.state, v.attempt, v.due_at, v.owner, v.lease_until,"
            + " coalesce(v.lease_until > clock_timestamp(), false) as leased, v.doubt, v.reference, v.erp_total,"
            + " coalesce(held.reason, v.last_error) as last_error, v.committed_at, v.updated_at, pause.paused_until"
            + " from delivery v join document d on d.id = v.document left join delivery_held held on held.id = v.id"
            + " left join delivery_lane pause on pause.connector = v.connector and pause.lane = v.lane";

    /** Fan-outs, in the same columns; to be followed by a condition on o, d. */
    static final String FAN_OUTS = "select " + Documents.HEAD
            + ", null::bigint as delivery_id, null::text as connector, null::text as lane, o.state, o.attempt, o.due_at,"
            + " o.owner, o.lease_until, coalesce(o.lease_until > clock_timestamp(), false) as leased, false as doubt,"
            + " null::text as reference, null::numeric as erp_total, o.last_error, null::timestamptz as committed_at,"
            + " o.updated_at, null::timestamptz as paused_until"
            + " from outbox o join document d on d.id = o.document";

    static DeliveryRow of(ResultSet row) throws SQLException {
        return new DeliveryRow(
                IssuedDocument.of(row),
                row.getObject("delivery_id", Long.class),
                row.getString("connector"),
                row.getString("lane"),
                row.getString("state"),
                row.getInt("attempt"),
                OffsetDateTime.MAX.equals(row.getObject("due_at", OffsetDateTime.class))
                        ? null
                        : SqlTime.instant(row, "due_at"),
                row.getString("owner"),
                SqlTime.instant(row, "lease_until"),
                row.getBoolean("leased"),
                row.getBoolean("doubt"),
                row.getString("reference"),
                row.getBigDecimal("erp_total"),
                row.getString("last_error"),
                SqlTime.instant(row, "committed_at"),
                SqlTime.instant(row, "updated_at"),
                SqlTime.instant(row, "paused_until"));
    }

    /** True for the way to the connectors, false for a delivery to one. */
    public boolean isFanOut() {
        return id == null;
    }

    /** True if it is committed, but something about it must be looked at. */
    public boolean isAlarm() {
        return reference != null && lastError != null;
    }

    /** How people name it: number and connector. */
    public String name() {
        return document.number() + (isFanOut() ? " (fan-out)" : " at " + connector);
    }

    /** What commands take: the delivery's id, or the number where the fan-out is meant. */
    public String handle() {
        return isFanOut() ? document.number() : id.toString();
    }
}
