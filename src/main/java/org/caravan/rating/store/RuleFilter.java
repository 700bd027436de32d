package org.caravan.rating.store;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Which rules a list is to hold; a null means that nothing is asked for. A text that is no id is the id of nothing.
 *
 * @param service id of the service that they belong to themselves; goes before {@code field}
 * @param noGroup true: those without a group; not looked at where {@code group} is given
 * @param byTenant true: those of {@code tenant}, or, where that is null, those for every tenant
 */
public record RuleFilter(String service, String field, String group, boolean noGroup, String tenant, boolean byTenant) {
    /** Everything. */
    public static final RuleFilter ALL = new RuleFilter(null, null, null, false, null, false);

    private static final String NO_PARENT = "You must specify either service_uuid, field_uuid or group_uuid.";

    /** @throws RuleRefusal unless a service, a field or a group is named */
    public RuleFilter checkParent() {
        if (service == null && field == null && group == null) {
            throw RuleRefusal.wrong(NO_PARENT);
        }
        return this;
    }

    /** Conditions on mappings alone; a null asks for nothing. */
    public record Dated(
            boolean deleted,
            Instant start,
            Instant end,
            String createdBy,
            String updatedBy,
            String deletedBy,
            String description,
            Instant activeAt) {
        /** Whatever is not deleted. */
        public static final Dated CURRENT = new Dated(false, null, null, null, null, null, null, null);
    }

    /** A condition of SQL, with its parameters. */
    static final class Where {
        final StringBuilder sql = new StringBuilder();
        final List<Object> parameters = new ArrayList<>();

        Where and(String condition, Object... values) {
            sql.append(" and ").append(condition);
            parameters.addAll(List.of(values));
            return this;
        }

        /** Nothing is asked for where the value is null. */
        Where given(String condition, Object value) {
            return value == null ? this : and(condition, value);
        }
    }

    /** Over the aliases r (the rules), s, f and g. */
    Where where() {
        Where where = new Where();
        if (service != null) {
            where.and("s.uuid = ? and r.field is null", Rows.uuid(service));
        } else if (field != null) {
            where.and("f.uuid = ?", Rows.uuid(field));
        }
        if (group != null) {
            where.and("g.uuid = ?", Rows.uuid(group));
        } else if (noGroup) {
            where.and("g.id is null");
        }
        if (byTenant) {
            if (tenant == null) {
                where.and("r.tenant is null");
            } else {
                where.and("r.tenant = ?", tenant);
            }
        }
        return where;
    }
}
