package org.caravan.invoice;

import static org.caravan.invoice.DeliveryState.COMMITTED;
import static org.caravan.invoice.DeliveryState.DELIVERING;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import javax.sql.DataSource;

/** Writes down how attempts ended: those of a batch with one statement, each under its own lease. */
final class AttemptEnds {
    /**
     * How an attempt ended.
     *
     * @param dueAt when it is tried again; null leaves that as it is
     * @param doubt whether the ERP may have it; null leaves that as it is
     */
    record End(
            Deliveries.Attempt attempt,
            DeliveryState state,
            String reference,
            BigDecimal erpTotal,
            String error,
            OffsetDateTime dueAt,
            Boolean doubt) {}

    private final DataSource dataSource;
    private final DeliverySettings settings;

    AttemptEnds(DataSource dataSource, DeliverySettings settings) {
        this.dataSource = dataSource;
        this.settings = settings;
    }

    /**
     * Ends attempts, all in one transaction.
     *
     * @return deliveries whose end was kept; of the others the lease was lost, and nothing changed but a note at the attempt
     */
    Set<Long> keep(List<End> ends, Instant now) throws SQLException {
        ends.forEach(end -> DELIVERING.become(end.state()));
        // rows are locked in the order of their ids
        String sql =
                """
                with this as (
                  select * from unnest(?::bigint[], ?::int[], ?::text[], ?::text[], ?::text[], ?::numeric[], ?::text[],
                                       ?::text[], ?::boolean[], ?::text[])
                                as t(delivery, number, owner, outcome, reference, total, error, due, doubt, detail)
                ), locked as materialized (
                  select v.id from delivery v join this on v.id = this.delivery and v.attempt = this.number
                     and v.owner = this.owner and v.state = 'delivering'
                   order by v.id for update of v
                ), d as (
                  update delivery v set state = this.outcome, reference = this.reference, erp_total = this.total,
                         last_error = this.error, due_at = coalesce(this.due::timestamptz, v.due_at), doubt = coalesce(this.doubt, v.doubt),
                         owner = null, lease_until = null, committed_at = case when this.outcome = ? then ?::timestamptz end,
                         updated_at = ?
                    from this join locked on locked.id = this.delivery
                   where v.id = this.delivery
                  returning v.id
                )
                update delivery_attempt a set
                       ended_at = coalesce(a.ended_at, ?),
                       outcome = case when d.id is null then a.outcome else this.outcome end,
                       detail = case when d.id is not null or told then this.detail
                                     else left(concat_ws('; ', a.detail, 'too late: ' || this.detail), ?) end
                  from this
                  left join d on d.id = this.delivery
                 cross join lateral (
                  -- the answer to an earlier call of ours was lost
                  select exists (select from delivery_attempt b
                                  where b.delivery = this.delivery and b.attempt = this.number
                                    and b.outcome = this.outcome and b.detail is not distinct from this.detail) as told
                 ) as before
                 where a.delivery = this.delivery and a.attempt = this.number
                returning a.delivery, d.id is not null or told
                """;
        OffsetDateTime at = SqlTime.at(now);
        return Transactions.single(dataSource, connection -> {
            try (PreparedStatement update = connection.prepareStatement(sql)) {
                Column column = new Column(connection, update, ends);
                column.set("bigint", end -> end.attempt().delivery());
                column.set("int", end -> end.attempt().number());
                column.set("text", end -> end.attempt().owner());
                column.set("text", end -> end.state().code());
                column.set("text", End::reference);
                column.set("numeric", End::erpTotal);
                column.set("text", this::error);
                // as text: the driver has no word for never in an array
                column.set("text", end -> time(end.dueAt()));
                column.set("boolean", End::doubt);
                column.set("text", end -> end.reference() == null ? error(end) : "reference " + end.reference());
                update.setString(++column.last, COMMITTED.code());
                update.setObject(++column.last, at);
                update.setObject(++column.last, at);
                update.setObject(++column.last, at);
                update.setInt(++column.last, settings.maxErrorLength());
                Set<Long> kept = new HashSet<>();
                try (ResultSet row = update.executeQuery()) {
                    while (row.next()) {
                        if (row.getBoolean(2)) {
                            kept.add(row.getLong(1));
                        }
                    }
                }
                return kept;
            }
        });
    }

    private static String time(OffsetDateTime at) {
        if (at == null) {
            return null;
        }
        return at.equals(SqlTime.NEVER) ? "infinity" : at.toString();
    }

    private String error(End end) {
        return end.error() == null ? null : settings.reason(end.error());
    }

    /** Sets one parameter after the other, each an array of what all ends say of it. */
    private static final class Column {
        private final Connection connection;
        private final PreparedStatement statement;
        private final List<End> ends;
        private int last;

        Column(Connection connection, PreparedStatement statement, List<End> ends) {
            this.connection = connection;
            this.statement = statement;
            this.ends = ends;
        }

        void set(String type, Function<End, Object> value) throws SQLException {
            Object[] values = ends.stream().map(value).toArray();
            statement.setArray(++last, connection.createArrayOf(type, values));
        }
    }
}
