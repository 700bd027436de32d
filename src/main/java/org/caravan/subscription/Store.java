package org.caravan.subscription;

import java.sql.SQLException;
import java.util.List;

/** The things of one kind. Whatever is not within the scope is not there: {@link Refusal.Kind#NOT_FOUND}. */
public interface Store {
    Entity entity();

    /** What matches, in the order in which it was made, at most as many as the query says. */
    List<Entry> list(Scope scope, ListQuery query) throws SQLException;

    Entry one(Scope scope, String key) throws SQLException;

    /** @param given values that {@link EntryReader} let through */
    Entry create(Scope scope, Entry given) throws SQLException;

    /** @param changes values that {@link EntryReader} let through */
    Entry update(Scope scope, String key, Entry changes) throws SQLException;

    void delete(Scope scope, String key) throws SQLException;
}
