package org.caravan.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import javax.sql.DataSource;

/**
 * Tenants as scopes of the rating API: each tenant with usage is one, and those that were made known beforehand.
 *
 * <p>An inactive scope is one that nothing is to be fetched or re-rated for. Usage of it that comes in nevertheless is billed:
 * it was used, and a flag must not make it vanish.
 *
 * <p>Each call is a transaction of its own. Safe for concurrent use by any number of hubs.
 */
public final class Scopes {
    /** What is answered where nothing was said. */
    public static final String SCOPE_KEY = "project_id";

    /** As {@link #SCOPE_KEY}. */
    public static final String FETCHER = "caravan";

    /** As {@link #SCOPE_KEY}. */
    public static final String COLLECTOR = "caravan";

    private static final String COLUMNS =
            """
            select n.name, coalesce(s.scope_key, ?), coalesce(s.fetcher, ?), coalesce(s.collector, ?),
                   coalesce(s.active, true), s.toggled_at, s.processed_to, t.id
              from (select name from tenant where realm = ? union select name from scope where realm = ?) as n
              left join scope s on s.realm = ? and s.name = n.name
              left join tenant t on t.realm = ? and t.name = n.name
             where true
            """;

    /** The latest usage of tenants: in the newest month that any of it is billed in as usage. */
    private static final String LAST_END =
            """
            select id, greatest(
                     (select max(r.last_end) from rollup r
                       where r.tenant = wanted.id and r.kind = 1
                         and r.billing_month = (select max(m.billing_month) from rollup m
                                                 where m.tenant = wanted.id and m.kind = 1)),
                     fresh.last_end)
              from unnest(?) as wanted (id)
              left join (select e.tenant, max(e.last_end) as last_end from entry e
                          where e.tenant = any (?) and e.kind = 1
                            and e.batch = any (array (select b.id from batch b where b.rolled_at is null))
                          group by e.tenant) as fresh on fresh.tenant = wanted.id
            """;

    private final DataSource dataSource;
    private final Clock clock;

    public Scopes(DataSource dataSource, Clock clock) {
        this.dataSource = dataSource;
        this.clock = clock;
    }

    /**
     * A scope.
     *
     * @param id the tenant's name
     * @param processedTo usage before it is in the ledger, as far as is known: what all configured sources are rated until; where
     *     one never reported, or none is configured, the end of the latest usage; null if there is none
     * @param toggledAt when it was last said whether it is active; null if that was never said
     */
    public record Scope(
            String id,
            String scopeKey,
            String fetcher,
            String collector,
            Instant processedTo,
            boolean active,
            Instant toggledAt) {}

    /**
     * Which scopes are meant; an empty set means any.
     *
     * @param active true or false only; null for both
     */
    public record Choice(
            Set<String> ids, Set<String> scopeKeys, Set<String> fetchers, Set<String> collectors, Boolean active) {
        public static Choice all() {
            return new Choice(Set.of(), Set.of(), Set.of(), Set.of(), null);
        }

        public static Choice only(String id) {
            return new Choice(Set.of(id), Set.of(), Set.of(), Set.of(), null);
        }
    }

    /**
     * What is said of a scope; null leaves it as it is.
     *
     * @param id the tenant's name, 1 to 255 characters; so the others
     */
    public record Said(String id, String scopeKey, String fetcher, String collector, Boolean active) {}

    /** Scopes in order of id. */
    public List<Scope> list(String realm, Choice choice, long offset, int limit) throws SQLException {
        StringBuilder sql = new StringBuilder(COLUMNS);
        List<Object> values = new ArrayList<>(List.of(SCOPE_KEY, FETCHER, COLLECTOR, realm, realm, realm, realm));
        narrow(sql, values, "n.name", choice.ids());
        narrow(sql, values, "coalesce(s.scope_key, '" + SCOPE_KEY + "')", choice.scopeKeys());
        narrow(sql, values, "coalesce(s.fetcher, '" + FETCHER + "')", choice.fetchers());
        narrow(sql, values, "coalesce(s.collector, '" + COLLECTOR + "')", choice.collectors());
        if (choice.active() != null) {
            sql.append(" and coalesce(s.active, true) = ?");
            values.add(choice.active());
        }
        sql.append(" order by n.name collate \"C\" limit ? offset ?");
        values.add(limit);
        values.add(offset);
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = prepare(connection, sql.toString(), values)) {
            List<Row> rows = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    rows.add(Row.of(row));
                }
            }
            return withProcessed(connection, rows);
        }
    }

    /** One scope by id. */
    public Optional<Scope> find(String realm, String id) throws SQLException {
        return list(realm, Choice.only(id), 0, 1).stream().findFirst();
    }

    /** Ids of the scopes for which nothing is to be fetched or re-rated. */
    public Set<String> inactive(String realm) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select =
                        connection.prepareStatement("select name from scope where realm = ? and not active")) {
            select.setString(1, realm);
            Set<String> found = new TreeSet<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    found.add(row.getString(1));
                }
            }
            return found;
        }
    }

    /**
     * Makes a scope known.
     *
     * @param processedTo up to where it counts as processed while there is no usage of it, or null
     * @return false if there is one already
     */
    public boolean create(String realm, Said said, Instant processedTo) throws SQLException {
        OffsetDateTime now = now();
        return update(
                        """
                        insert into scope (realm, name, scope_key, fetcher, collector, active, toggled_at, processed_to,
                                           created_at, updated_at)
                        select ?, ?, ?, ?, ?, ?, ?, ?, ?, ?
                         where not exists (select from tenant where realm = ? and name = ?)
                        on conflict do nothing
                        """,
                        realm,
                        said.id(),
                        otherwise(said.scopeKey(), SCOPE_KEY),
                        otherwise(said.fetcher(), FETCHER),
                        otherwise(said.collector(), COLLECTOR),
                        said.active() == null || said.active(),
                        now,
                        processedTo == null ? null : processedTo.atOffset(ZoneOffset.UTC),
                        now,
                        now,
                        realm,
                        said.id())
                == 1;
    }

    /**
     * Changes what is said of a scope.
     *
     * @return false if there is no such scope
     */
    public boolean change(String realm, Said said) throws SQLException {
        OffsetDateTime now = now();
        return update(
                        """
                        insert into scope as s (realm, name, scope_key, fetcher, collector, active, toggled_at, created_at,
                                                updated_at)
                        select ?, ?, ?, ?, ?, ?, ?, ?, ?
                         where exists (select from tenant where realm = ? and name = ?)
                            or exists (select from scope where realm = ? and name = ?)
                        on conflict (realm, name) do update
                           set scope_key = coalesce(?, s.scope_key), fetcher = coalesce(?, s.fetcher),
                               collector = coalesce(?, s.collector), active = coalesce(?, s.active),
                               toggled_at = case when s.active = coalesce(?, s.active) then s.toggled_at
                                                 else excluded.toggled_at end,
                               updated_at = excluded.updated_at
                        """,
                        realm,
                        said.id(),
                        otherwise(said.scopeKey(), SCOPE_KEY),
                        otherwise(said.fetcher(), FETCHER),
                        otherwise(said.collector(), COLLECTOR),
                        said.active() == null || said.active(),
                        now,
                        now,
                        now,
                        realm,
                        said.id(),
                        realm,
                        said.id(),
                        said.scopeKey(),
                        said.fetcher(),
                        said.collector(),
                        said.active(),
                        said.active())
                == 1;
    }

    // ---- reading -------------------------------------------------------------------------------------------------

    /** A scope, and its tenant's id if it has usage. */
    private record Row(Scope scope, Instant said, Integer tenant) {
        static Row of(ResultSet row) throws SQLException {
            return new Row(
                    new Scope(
                            row.getString(1),
                            row.getString(2),
                            row.getString(3),
                            row.getString(4),
                            null,
                            row.getBoolean(5),
                            instant(row, 6)),
                    instant(row, 7),
                    row.getObject(8, Integer.class));
        }

        Scope processed(Instant to) {
            return new Scope(
                    scope.id(),
                    scope.scopeKey(),
                    scope.fetcher(),
                    scope.collector(),
                    to,
                    scope.active(),
                    scope.toggledAt());
        }
    }

    private static List<Scope> withProcessed(Connection connection, List<Row> rows) throws SQLException {
        Instant all = ratedUntil(Sources.list(connection));
        Map<Integer, Instant> lastEnds = all == null ? lastEnds(connection, rows) : Map.of();
        return rows.stream()
                .map(row -> row.processed(
                        row.tenant() == null ? row.said() : all != null ? all : lastEnds.get(row.tenant())))
                .toList();
    }

    /** What all configured sources are rated until; null if there is none, or one never reported. */
    private static Instant ratedUntil(List<Sources.Source> sources) {
        Instant least = null;
        for (Sources.Source source : sources) {
            if (source.configured()) {
                if (source.ratedUntil() == null) {
                    return null;
                }
                least = least == null || source.ratedUntil().isBefore(least) ? source.ratedUntil() : least;
            }
        }
        return least;
    }

    private static Map<Integer, Instant> lastEnds(Connection connection, List<Row> rows) throws SQLException {
        Object[] tenants =
                rows.stream().map(Row::tenant).filter(id -> id != null).toArray();
        Map<Integer, Instant> found = new HashMap<>();
        if (tenants.length == 0) {
            return found;
        }
        try (PreparedStatement select = connection.prepareStatement(LAST_END)) {
            select.setArray(1, connection.createArrayOf("int4", tenants));
            select.setArray(2, connection.createArrayOf("int4", tenants));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    found.put(row.getInt(1), instant(row, 2));
                }
            }
        }
        return found;
    }

    private static Instant instant(ResultSet row, int column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    // ---- statements ----------------------------------------------------------------------------------------------

    private static void narrow(StringBuilder sql, List<Object> values, String column, Collection<String> wanted) {
        if (!wanted.isEmpty()) {
            sql.append(" and ").append(column).append(" = any (?)");
            values.add(wanted.toArray(String[]::new));
        }
    }

    private static PreparedStatement prepare(Connection connection, String sql, List<Object> values)
            throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < values.size(); i++) {
            if (values.get(i) instanceof String[] many) {
                statement.setArray(i + 1, connection.createArrayOf("text", many));
            } else if (values.get(i) == null) {
                statement.setNull(i + 1, java.sql.Types.NULL);
            } else {
                statement.setObject(i + 1, values.get(i));
            }
        }
        return statement;
    }

    private int update(String sql, Object... values) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement update = prepare(connection, sql, java.util.Arrays.asList(values))) {
            int count = update.executeUpdate();
            if (!connection.getAutoCommit()) {
                connection.commit();
            }
            return count;
        }
    }

    private OffsetDateTime now() {
        return clock.instant().atOffset(ZoneOffset.UTC);
    }

    private static String otherwise(String said, String otherwise) {
        return said == null ? otherwise : said;
    }
}
