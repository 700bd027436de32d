package org.caravan.ledger;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Array;
import java.sql.Connection;
import java.sql.Date;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.caravan.common.Decimals;
import org.caravan.metering.Meter;
import org.caravan.metering.UsageKey;

/** Reads a billing month for documents: roll-up plus the entries of batches not rolled up yet. */
public final class MonthReader {
    /** Rows fetched from the server at a time: what keeps a month of any size in flat memory. */
    private static final int FETCH_ROWS = 5_000;

    /** Modules that price usage only when its month closes; no rule has one of these names. */
    private static final Set<String> LATER = Set.of(Meter.COST, Meter.PLAN);

    private static final Comparator<UsageSum> ORDER = Comparator.comparing(UsageSum::datacenter)
            .thenComparing(UsageSum::product)
            .thenComparing(UsageSum::unit)
            .thenComparing(UsageSum::unitPrice, Comparator.nullsLast(Comparator.naturalOrder()))
            .thenComparing(UsageSum::resource)
            .thenComparing(UsageSum::meter)
            .thenComparing(UsageSum::identity)
            .thenComparing(UsageSum::kind)
            .thenComparing(UsageSum::usageMonth)
            .thenComparing(UsageSum::priced);

    /** Entries of a batch count until it is rolled up: one snapshot sees both, so nothing counts twice or not at all. */
    private static final String SOURCE =
            """
            select tenant, datacenter, meter, resource, identity, product, unit, price_id, %2$s as kind, usage_day,
                   quantity, amount, seconds, first_begin, last_end, records
              from rollup where billing_month = ? %1$s
            union all
            select tenant, datacenter, meter, resource, identity, product, unit, price_id, %2$s as kind, usage_day,
                   quantity, amount, seconds, first_begin, last_end, records
              from entry where billing_month = ? %1$s
               and batch in (select id from batch where rolled_at is null)
            """;

    /** The same by day. A day of which a re-rating left nothing at a price is none of it: it has no begin and no end. */
    private static final String SOURCE_BY_DAY =
            """
            select tenant, datacenter, meter, resource, identity, product, unit, price_id, kind, usage_day,
                   sum(quantity) as quantity, sum(amount) as amount, sum(seconds) as seconds, sum(records) as records,
                   case when sum(records) <> 0 or sum(quantity) <> 0 or sum(amount) <> 0 then min(first_begin) end
                     as first_begin,
                   case when sum(records) <> 0 or sum(quantity) <> 0 or sum(amount) <> 0 then max(last_end) end as last_end
              from (%s) as part
             group by tenant, datacenter, meter, resource, identity, product, unit, price_id, kind, usage_day
            """
                    .formatted(SOURCE);

    /** The sums of a source. Texts are joined after grouping, so that they are looked up once per sum. */
    private static final String SUMS =
            """
            with line as (
              select tenant, datacenter, meter, resource, identity, product, unit, price_id, kind,
                     date_trunc('month', usage_day)::date as usage_month,
                     sum(quantity) as quantity, sum(amount) as amount, sum(seconds) as seconds,
                     coalesce(min(first_begin), min(usage_day)::timestamp at time zone 'UTC') as first_begin,
                     coalesce(max(last_end), min(usage_day)::timestamp at time zone 'UTC') as last_end,
                     sum(records)::bigint as records, %2$s as since
                from (%1$s) as source %3$s
               group by tenant, datacenter, meter, resource, identity, product, unit, price_id, kind, usage_month, since
            )
            select t.id, t.realm, t.name, t.bucket, d.value, m.value, p.value, r.value, i.value, u.value,
                   price.unit_price, price.priced, line.kind, line.usage_month,
                   line.quantity, line.amount, line.seconds, line.first_begin, line.last_end, line.records,
                   '{cost,plan}' && price.rules, price.rules, line.since
              from line
              join tenant t on t.id = line.tenant
              join term d on d.id = line.datacenter
              join term m on m.id = line.meter
              join term p on p.id = line.product
              join term r on r.id = line.resource
              join term i on i.id = line.identity
              join term u on u.id = line.unit
              join price on price.id = line.price_id
             where not exists (select from month c
                                where c.tenant = line.tenant and c.month = ? and c.state = 'closed')
             order by t.realm collate "C", t.name collate "C", t.id
            """;

    /** What was last told of each resource before the month's end; %s narrows to tenants. */
    private static final String RESOURCES =
            """
            select s.tenant, t.realm, t.name, d.value, r.value, m.value, s.metadata
              from (select distinct on (tenant, datacenter, resource, meter)
                           tenant, datacenter, resource, meter, metadata
                      from resource where since < ? %s
                     order by tenant, datacenter, resource, meter, since desc, batch desc) as s
              join tenant t on t.id = s.tenant
              join term d on d.id = s.datacenter
              join term r on r.id = s.resource
              join term m on m.id = s.meter
             order by t.realm collate "C", t.name collate "C", t.id
            """;

    private final DataSource dataSource;

    public MonthReader(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** Chooses tenants by what the snapshot says that they are read from; it must only read. */
    public interface Chooser {
        TenantChoice choose(Connection snapshot) throws SQLException;

        /** Where sums of tenants are cut; asked after {@link #choose}. */
        default Cuts cuts() {
            return Cuts.none();
        }
    }

    /** As {@link #openTenants(YearMonth, Chooser, Consumer)}, all of them. */
    public void openTenants(YearMonth month, Consumer<TenantMonth> consumer) throws SQLException {
        openTenants(month, snapshot -> TenantChoice.all(), consumer);
    }

    /**
     * Streams the chosen tenants with entries in the month whose month is not closed, in order of realm and name, from one
     * snapshot and in flat memory (one tenant at a time).
     */
    public void openTenants(YearMonth month, Chooser chooser, Consumer<TenantMonth> consumer) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            boolean autoCommit = connection.getAutoCommit();
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            connection.setReadOnly(true);
            try {
                TenantChoice choice = chooser.choose(connection);
                if (!choice.isNone()) {
                    stream(connection, month, choice, chooser.cuts(), consumer);
                }
                connection.commit();
            } catch (SQLException | RuntimeException | Error e) {
                try {
                    connection.rollback();
                    restore(connection, autoCommit);
                } catch (SQLException gone) {
                    // a dead connection must not hide why it was given up
                    e.addSuppressed(gone);
                }
                throw e;
            }
            restore(connection, autoCommit);
        }
    }

    private static void restore(Connection connection, boolean autoCommit) throws SQLException {
        connection.setReadOnly(false);
        connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
        connection.setAutoCommit(autoCommit);
    }

    /**
     * Reads one tenant within the caller's transaction, which holds the tenant's bucket if it is going to issue what it
     * reads. Never null; {@code sums} may be empty.
     */
    public TenantMonth tenant(Connection connection, TenantRef tenant, YearMonth month) throws SQLException {
        return tenant(connection, tenant, month, Cuts.none());
    }

    /** The same, cut. */
    public TenantMonth tenant(Connection connection, TenantRef tenant, YearMonth month, Cuts cuts) throws SQLException {
        List<TenantMonth> found = new ArrayList<>();
        stream(connection, month, TenantChoice.only(List.of(tenant.id())), cuts, found::add);
        if (!found.isEmpty()) {
            return found.get(0);
        }
        return new TenantMonth(tenant, month, epochs(connection)[tenant.bucket()], List.of(), List.of());
    }

    private void stream(
            Connection connection, YearMonth month, TenantChoice tenants, Cuts cuts, Consumer<TenantMonth> consumer)
            throws SQLException {
        long[] epochs = epochs(connection);
        String narrow = tenants.condition("tenant");
        String source = (isRerated(connection) ? SOURCE_BY_DAY : SOURCE).formatted(narrow, EntryKind.LINE_KIND);
        try (PreparedStatement sums = connection.prepareStatement(SUMS.formatted(source, cuts.column(), cuts.join()));
                PreparedStatement told = connection.prepareStatement(RESOURCES.formatted(narrow))) {
            Date first = MonthStates.date(month);
            sums.setFetchSize(FETCH_ROWS);
            sums.setDate(1, first);
            sums.setDate(2, first);
            sums.setDate(3, first);
            told.setFetchSize(FETCH_ROWS);
            told.setObject(1, month.plusMonths(1).atDay(1).atStartOfDay().atOffset(ZoneOffset.UTC));
            try (ResultSet sum = sums.executeQuery();
                    ResultSet resource = told.executeQuery()) {
                ResourceCursor resources = new ResourceCursor(resource);
                TenantRef tenant = null;
                List<UsageSum> collected = new ArrayList<>();
                while (sum.next()) {
                    int id = sum.getInt(1);
                    if (tenant != null && tenant.id() != id) {
                        emit(tenant, month, epochs, collected, resources, consumer);
                        collected = new ArrayList<>();
                        tenant = null;
                    }
                    if (tenant == null) {
                        tenant = new TenantRef(id, sum.getString(2), sum.getString(3), sum.getInt(4));
                    }
                    collected.add(sum(sum));
                }
                if (tenant != null) {
                    emit(tenant, month, epochs, collected, resources, consumer);
                }
            }
        }
    }

    /** True if anything was ever re-rated; only then sums by day are worth their time. */
    private static boolean isRerated(Connection connection) throws SQLException {
        try (Statement select = connection.createStatement();
                ResultSet row = select.executeQuery("select exists (select from batch where rerating is not null)")) {
            row.next();
            return row.getBoolean(1);
        }
    }

    private static void emit(
            TenantRef tenant,
            YearMonth month,
            long[] epochs,
            List<UsageSum> sums,
            ResourceCursor resources,
            Consumer<TenantMonth> consumer)
            throws SQLException {
        sums.sort(ORDER);
        consumer.accept(
                new TenantMonth(tenant, month, epochs[tenant.bucket()], List.copyOf(sums), resources.of(tenant)));
    }

    private static UsageSum sum(ResultSet row) throws SQLException {
        BigDecimal unitPrice = row.getBigDecimal(11);
        return new UsageSum(
                row.getString(5),
                row.getString(6),
                row.getString(7),
                row.getString(8),
                row.getString(9),
                row.getString(10),
                unitPrice == null ? null : plain(unitPrice),
                row.getBoolean(12),
                EntryKind.of(row.getInt(13)),
                YearMonth.from(row.getDate(14).toLocalDate()),
                plain(row.getBigDecimal(15)),
                plain(row.getBigDecimal(16)),
                plain(row.getBigDecimal(17)),
                instant(row, 18),
                instant(row, 19),
                row.getLong(20),
                row.getBoolean(21) ? later(row.getArray(22)) : Set.of(),
                row.getObject(23, LocalDate.class));
    }

    private static Set<String> later(Array rules) throws SQLException {
        Set<String> later = new HashSet<>(LATER);
        later.retainAll(List.of((String[]) rules.getArray()));
        return later;
    }

    /** Trailing zeros say nothing in an exact number; without them equal numbers look equal. */
    private static BigDecimal plain(BigDecimal value) {
        return new BigDecimal(Decimals.plain(value));
    }

    private static Instant instant(ResultSet row, int column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    private static long[] epochs(Connection connection) throws SQLException {
        long[] epochs = new long[UsageKey.BUCKETS];
        try (Statement select = connection.createStatement();
                ResultSet row = select.executeQuery("select id, epoch from bucket")) {
            while (row.next()) {
                epochs[row.getInt(1)] = row.getLong(2);
            }
        }
        return epochs;
    }

    /** Walks the resources beside the sums: both are in order of tenant. */
    private static final class ResourceCursor {
        private final ResultSet rows;
        private boolean more;

        ResourceCursor(ResultSet rows) throws SQLException {
            this.rows = rows;
            this.more = rows.next();
        }

        List<ResourceInfo> of(TenantRef tenant) throws SQLException {
            List<ResourceInfo> found = new ArrayList<>();
            while (more && before(tenant)) {
                more = rows.next();
            }
            while (more && rows.getInt(1) == tenant.id()) {
                found.add(new ResourceInfo(rows.getString(4), rows.getString(5), rows.getString(6), rows.getString(7)));
                more = rows.next();
            }
            return List.copyOf(found);
        }

        private boolean before(TenantRef tenant) throws SQLException {
            int byRealm = compare(rows.getString(2), tenant.realm());
            return byRealm < 0 || byRealm == 0 && compare(rows.getString(3), tenant.name()) < 0;
        }

        /** The order of collation "C": by UTF-8 bytes, which differs from Java's for characters beyond the BMP. */
        private static int compare(String a, String b) {
            return Arrays.compareUnsigned(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
        }
    }
}
