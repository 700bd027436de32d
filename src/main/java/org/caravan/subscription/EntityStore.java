package org.caravan.subscription;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.caravan.invoice.Transactions;

/** The things of one kind, in a table: each call is a transaction. What is special about a kind is in its own class. */
abstract class EntityStore implements Store {
    private static final String UNIQUE = "23505";
    private static final String REFERENCED = "23503";

    protected final DataSource dataSource;
    protected final Clock clock;
    private final Entity entity;
    private final EntityRows rows;

    EntityStore(Entity entity, DataSource dataSource, Clock clock) {
        this.entity = entity;
        this.dataSource = dataSource;
        this.clock = clock;
        this.rows = new EntityRows(entity);
    }

    /** Refuses to list what is a part of something that is not there. */
    protected void parent(Connection connection, Scope scope) throws SQLException {}

    /** What a caller may see of it. */
    protected Entry shown(Entry entry) {
        return entry;
    }

    /** What is seen within a scope, the table being {@code t}. */
    protected abstract Condition within(Scope scope);

    /**
     * Completes what a caller gave: defaults, checks of what it refers to. What it puts under names that are no fields is
     * written to columns called so.
     */
    protected void fill(Connection connection, Scope scope, Entry given) throws SQLException {}

    /** What belongs to it in other tables; runs after it was written. */
    protected void written(Connection connection, Scope scope, Entry given, boolean isNew) throws SQLException {}

    /** Checks changes, and completes them as {@link #fill}. */
    protected void change(Connection connection, Scope scope, Entry now, Entry changes) throws SQLException {}

    /** Takes it away; what stands against that is refused. */
    protected abstract void remove(Connection connection, Scope scope, Entry now) throws SQLException;

    @Override
    public final Entity entity() {
        return entity;
    }

    @Override
    public List<Entry> list(Scope scope, ListQuery query) throws SQLException {
        return Transactions.single(dataSource, connection -> {
            parent(connection, scope);
            return rows.list(connection, within(scope), query).stream()
                    .map(this::shown)
                    .toList();
        });
    }

    @Override
    public Entry one(Scope scope, String key) throws SQLException {
        return Transactions.single(dataSource, connection -> shown(get(connection, scope, key, false)));
    }

    /** @param lock see {@link EntityRows#find} */
    protected final Entry get(Connection connection, Scope scope, String key, boolean lock) throws SQLException {
        return rows.find(connection, within(scope), key, lock).orElseThrow(() -> Refusal.notFound(entity.word()));
    }

    @Override
    public Entry create(Scope scope, Entry given) throws SQLException {
        return changing(connection -> create(connection, scope, given));
    }

    /** As {@link #create(Scope, Entry)}, within a transaction. */
    protected final Entry create(Connection connection, Scope scope, Entry given) throws SQLException {
        Entry entry = given.copy();
        if (entity.key().equals("id")) {
            entry.put("id", UUID.randomUUID().toString());
        }
        fill(connection, scope, entry);
        Map<String, Object> columns = columns(entry);
        if (entity.isTimed()) {
            columns.put("created_at", now());
            columns.put("updated_at", now());
        }
        EntityRows.insert(connection, entity.table(), columns);
        written(connection, scope, entry, true);
        return shown(get(connection, scope, entry.text(entity.key()), false));
    }

    @Override
    public Entry update(Scope scope, String key, Entry changes) throws SQLException {
        return changing(connection -> update(connection, scope, key, changes));
    }

    /** As {@link #update(Scope, String, Entry)}, within a transaction. */
    protected final Entry update(Connection connection, Scope scope, String key, Entry given) throws SQLException {
        Entry now = get(connection, scope, key, true);
        Entry changes = changes(now, given);
        change(connection, scope, now, changes);
        Map<String, Object> columns = columns(changes);
        if (entity.isTimed()) {
            columns.put("updated_at", now());
        }
        if (!columns.isEmpty()) {
            EntityRows.update(
                    connection,
                    entity.table(),
                    columns,
                    own(scope, now).and(keyColumn() + " = ?", now.text(entity.key())));
        }
        Entry all = changes.copy();
        all.put(entity.key(), now.text(entity.key()));
        written(connection, scope, all, false);
        return shown(get(connection, scope, key, false));
    }

    /** What tells its row apart where the key alone does not. */
    protected Condition own(Scope scope, Entry now) {
        return Condition.of("true");
    }

    private String keyColumn() {
        Field key = entity.field(entity.key());
        return key.column() == null ? entity.key() : key.column();
    }

    /** What changes in truth: a field that only the hub or the first call says may be sent back as it is. */
    protected final Entry changes(Entry now, Entry given) {
        Entry changes = given.copy();
        for (Field field : entity.fields()) {
            String name = field.name();
            if (!given.has(name)) {
                continue;
            }
            if (name.equals(entity.key())) {
                if (!now.get(name).equals(given.get(name))) {
                    throw Refusal.of(Refusal.Kind.BAD_REQUEST, "Not allowed to change " + name);
                }
                changes.take(name);
            } else if (field.access() != Field.Access.WRITE) {
                if (!isStamp(name)
                        && !Same.values(now.get(name), given.get(name))
                        && !Same.values(shown(now).get(name), given.get(name))) {
                    throw Refusal.invalid(
                            name,
                            field.access() == Field.Access.READ ? "is read-only" : "is said once and never changes");
                }
                changes.take(name);
            } else if (field.type() == FieldType.PROPERTIES && given.get(name) != null) {
                changes.put(name, Properties.merged((ObjectNode) now.json(name), (ObjectNode) given.json(name)));
            }
        }
        return changes;
    }

    /** Whoever sends back what it was shown need not send the newest of these. */
    private static boolean isStamp(String name) {
        return name.equals("created_at") || name.equals("updated_at");
    }

    private Map<String, Object> columns(Entry entry) {
        Map<String, Object> columns = new LinkedHashMap<>();
        for (String name : entry.names()) {
            Field field = entity.field(name);
            if (field == null) {
                columns.put(name, entry.get(name));
            } else if (field.column() != null) {
                columns.put(field.column(), entry.get(name));
            }
        }
        return columns;
    }

    @Override
    public void delete(Scope scope, String key) throws SQLException {
        changing(connection -> {
            remove(connection, scope, get(connection, scope, key, true));
            return null;
        });
    }

    /** Hides a row that others are still billed by. */
    protected final void hide(Connection connection, Entry now) throws SQLException {
        EntityRows.run(
                connection,
                "update " + entity.table() + " set deleted_at = ?, updated_at = ? where id = ?",
                now(),
                now(),
                now.text("id"));
    }

    protected final Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    /** A transaction whose broken constraints are told to the caller: two callers at once may both have passed the checks. */
    protected final <T> T changing(Transactions.Body<T> body) throws SQLException {
        try {
            return Transactions.call(dataSource, body);
        } catch (SQLException e) {
            if (UNIQUE.equals(e.getSQLState())) {
                throw duplicate();
            }
            if (REFERENCED.equals(e.getSQLState())) {
                throw Refusal.inUse(entity.word() + " refers to something that is gone, or is referred to; try again.");
            }
            throw e;
        }
    }

    /** What a broken unique key means. */
    protected Refusal duplicate() {
        return Refusal.of(Refusal.Kind.DUPLICATE, entity.word() + " of this name exists already.");
    }
}
