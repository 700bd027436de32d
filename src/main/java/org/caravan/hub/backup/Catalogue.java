package org.caravan.hub.backup;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.caravan.ledger.UnfinishedRestore;

/** What a ledger is made of, asked of PostgreSQL's catalogue: a table of a later migration is there by itself. */
final class Catalogue {
    private static final String HISTORY = "flyway_schema_history";
    private static final Pattern NAME = Pattern.compile("[a-z_][a-z0-9_]{0,62}");
    private static final Pattern ONE_DAY = Pattern.compile("FOR VALUES IN \\('(\\d{4}-\\d{2}-\\d{2})'\\)");
    private static final String HERE = "(select oid from pg_namespace where nspname = current_schema())";

    private final Connection connection;

    Catalogue(Connection connection) {
        this.connection = connection;
    }

    /** A name as it may stand in SQL. The pattern leaves nothing to escape. */
    static String quoted(String name) {
        if (!isName(name)) {
            throw new IllegalArgumentException("not a name: " + name);
        }
        return '"' + name + '"';
    }

    static boolean isName(String name) {
        return name != null && NAME.matcher(name).matches();
    }

    /** True if nothing at all is in the schema but the mark of a restore. */
    boolean isEmpty() throws SQLException {
        return texts("select relname from pg_class where relnamespace = " + HERE
                        + " and relkind in ('r','p','v','m','S','f')")
                .stream()
                .allMatch(UnfinishedRestore.TABLE::equals);
    }

    /** The tables in order of name with their columns in order and their partitions; partitions are no tables of their own. */
    Map<String, BackupManifest.Layout> tables() throws SQLException {
        Map<String, List<String>> columns = new TreeMap<>();
        each(
                """
                select c.relname, a.attname from pg_class c
                  left join pg_attribute a
                    on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
                 where c.relkind in ('r', 'p') and not c.relispartition and c.relnamespace =
                """
                        + HERE + " order by c.relname, a.attnum",
                row -> {
                    List<String> of = columns.computeIfAbsent(row.getString(1), name -> new ArrayList<>());
                    if (row.getString(2) != null) {
                        of.add(row.getString(2));
                    }
                });
        columns.keySet().removeAll(Set.of(HISTORY, UnfinishedRestore.TABLE));
        Map<String, List<BackupManifest.Partition>> partitions = new TreeMap<>();
        each(
                """
                select p.relname, c.relname, pg_get_expr(c.relpartbound, c.oid)
                  from pg_inherits i join pg_class p on p.oid = i.inhparent join pg_class c on c.oid = i.inhrelid
                 where p.relkind = 'p' and p.relnamespace =
                """
                        + HERE + " order by p.relname, c.relname",
                row -> partitions
                        .computeIfAbsent(row.getString(1), name -> new ArrayList<>())
                        .add(new BackupManifest.Partition(row.getString(2), day(row.getString(2), row.getString(3)))));
        Map<String, BackupManifest.Layout> tables = new TreeMap<>();
        columns.forEach((name, of) ->
                tables.put(name, new BackupManifest.Layout(of, partitions.getOrDefault(name, List.of()))));
        return tables;
    }

    private static String day(String partition, String bound) {
        Matcher matcher = ONE_DAY.matcher(String.valueOf(bound));
        if (!matcher.matches()) {
            throw new IllegalStateException("partition " + partition + " is not for one month, but " + bound
                    + ": backups have to learn that first");
        }
        return matcher.group(1);
    }

    /**
     * The names of tables in an order that satisfies their foreign keys. One to a table itself counts for nothing: it is
     * checked when all of the table's rows are there.
     */
    List<String> inOrder(Set<String> tables) throws SQLException {
        Map<String, Set<String>> needs = new TreeMap<>();
        tables.forEach(table -> needs.put(table, new TreeSet<>()));
        each(
                """
                select f.relname, t.relname from pg_constraint k
                  join pg_class f on f.oid = k.conrelid join pg_class t on t.oid = k.confrelid
                 where k.contype = 'f' and k.connamespace =
                """
                        + HERE,
                row -> {
                    String from = row.getString(1);
                    String to = row.getString(2);
                    if (!from.equals(to) && needs.containsKey(from) && needs.containsKey(to)) {
                        needs.get(from).add(to);
                    }
                });
        Set<String> ordered = new LinkedHashSet<>();
        while (ordered.size() < needs.size()) {
            List<String> next = needs.keySet().stream()
                    .filter(table -> !ordered.contains(table) && ordered.containsAll(needs.get(table)))
                    .toList();
            if (next.isEmpty()) {
                throw new IllegalStateException("foreign keys in a circle: " + needs);
            }
            ordered.addAll(next);
        }
        return List.copyOf(ordered);
    }

    /** Every sequence with what it stands at. It may be ahead of the snapshot, never behind it. */
    List<BackupManifest.Sequence> sequences() throws SQLException {
        List<BackupManifest.Sequence> sequences = new ArrayList<>();
        for (String name : sequenceNames()) {
            each(
                    "select last_value, is_called from " + quoted(name),
                    row -> sequences.add(new BackupManifest.Sequence(name, row.getLong(1), row.getBoolean(2))));
        }
        return sequences;
    }

    List<String> sequenceNames() throws SQLException {
        return texts("select relname from pg_class where relkind = 'S' and relnamespace = " + HERE + " order by 1");
    }

    /** Tables with triggers of their own, which keep something up to date when rows change; foreign keys are none. */
    List<String> triggered() throws SQLException {
        return texts("select distinct c.relname from pg_trigger t join pg_class c on c.oid = t.tgrelid"
                + " where not t.tgisinternal and not c.relispartition and c.relnamespace = " + HERE + " order by 1");
    }

    /** Removes what a restore that was killed left behind; all but the mark, in the caller's transaction. */
    void dropAll() throws SQLException {
        List<String> drops = texts(
                """
                select 'drop ' || case c.relkind when 'v' then 'view' when 'm' then 'materialized view'
                                   when 'S' then 'sequence' else 'table' end || ' if exists ' || c.oid::regclass || ' cascade'
                  from pg_class c
                 where c.relkind in ('r', 'p', 'v', 'm', 'S') and not c.relispartition and c.relname <> '%s'
                   and (c.relkind <> 'S' or not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'i'))
                   and c.relnamespace = %s
                union all
                select 'drop routine if exists ' || p.oid::regprocedure || ' cascade' from pg_proc p
                 where p.pronamespace = %s
                union all
                select 'drop type if exists ' || t.oid::regtype || ' cascade' from pg_type t
                 where t.typtype in ('e', 'd') and t.typnamespace = %s
                """
                        .formatted(UnfinishedRestore.TABLE, HERE, HERE, HERE));
        try (Statement statement = connection.createStatement()) {
            for (String drop : drops) {
                statement.execute(drop);
            }
        }
    }

    private interface Row {
        void take(ResultSet row) throws SQLException;
    }

    private List<String> texts(String sql) throws SQLException {
        List<String> texts = new ArrayList<>();
        each(sql, row -> texts.add(row.getString(1)));
        return texts;
    }

    private void each(String sql, Row take) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(sql);
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                take.take(row);
            }
        }
    }
}
