package org.caravan.ledger;

import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Which tenants a question is about.
 *
 * @param except true for all but {@code ids}
 * @param ids tenant ids
 */
public record TenantChoice(boolean except, Collection<Integer> ids) {
    public static TenantChoice all() {
        return without(List.of());
    }

    public static TenantChoice only(Collection<Integer> ids) {
        return new TenantChoice(false, ids);
    }

    public static TenantChoice without(Collection<Integer> ids) {
        return new TenantChoice(true, ids);
    }

    /** True if no tenant is meant. */
    public boolean isNone() {
        return !except && ids.isEmpty();
    }

    /** As a condition on a column, {@code and …}; empty for all. */
    public String condition(String column) {
        if (except && ids.isEmpty()) {
            return "";
        }
        String array = ids.stream().map(String::valueOf).collect(Collectors.joining(",", "'{", "}'::int[]"));
        return "and " + column + (except ? " <> all (" : " = any (") + array + ")";
    }
}
