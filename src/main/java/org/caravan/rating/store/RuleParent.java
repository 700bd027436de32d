package org.caravan.rating.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;

/**
 * What a rule belongs to: a service, or a field of one.
 *
 * @param field null for a rule of the service itself
 */
record RuleParent(int service, Integer field, UUID id) {
    /**
     * The parent that a new rule names.
     *
     * @param service id of a service, or null
     * @param field id of a field, or null
     * @throws RuleRefusal unless it is one that is there
     */
    static RuleParent of(Connection connection, String service, String field) throws SQLException {
        checkOne(service, field);
        try {
            if (field == null) {
                Services.Row row = Services.find(connection, service);
                return new RuleParent(row.key(), null, row.service().id());
            }
            Fields.Row row = Fields.find(connection, field);
            return new RuleParent(row.service(), row.key(), row.field().id());
        } catch (RuleRefusal e) {
            throw e.ofReference();
        }
    }

    /** @throws RuleRefusal unless exactly one is named */
    static void checkOne(String service, String field) {
        if (service != null && field != null) {
            throw RuleRefusal.wrong("You can only specify one parent.");
        }
        if (service == null && field == null) {
            throw RuleRefusal.wrong("You must specify one parent.");
        }
    }

    /** Key of the group that a rule names, or null where it names none. */
    static Integer group(Connection connection, String id) throws SQLException {
        try {
            return id == null ? null : Groups.find(connection, id).key();
        } catch (RuleRefusal e) {
            throw e.ofReference();
        }
    }

    String word() {
        return field == null ? "service" : "field";
    }
}
