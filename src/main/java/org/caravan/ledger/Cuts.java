package org.caravan.ledger;

import java.time.LocalDate;
import java.util.Collection;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Days at which the sums of tenants are cut, so that what was used before is told apart from what was used from that day on.
 *
 * @param byTenant days by tenant id
 */
public record Cuts(Map<Integer, SortedSet<LocalDate>> byTenant) {
    private static final Cuts NONE = new Cuts(Map.of());

    public Cuts {
        byTenant = Map.copyOf(byTenant);
    }

    public static Cuts none() {
        return NONE;
    }

    /** Those of some tenants. */
    public Cuts only(Collection<Integer> tenants) {
        Map<Integer, SortedSet<LocalDate>> chosen = new TreeMap<>();
        tenants.forEach(tenant -> {
            SortedSet<LocalDate> days = byTenant.get(tenant);
            if (days != null) {
                chosen.put(tenant, days);
            }
        });
        return new Cuts(chosen);
    }

    /** The last cut on or before a row's day. */
    String column() {
        return byTenant.isEmpty() ? "null::date" : "cut.day";
    }

    /** What brings it: each row meets one cut at most, so no row counts twice. */
    String join() {
        if (byTenant.isEmpty()) {
            return "";
        }
        // ids and days: nothing that anybody wrote
        String tenants = new TreeMap<>(byTenant)
                .entrySet().stream()
                        .flatMap(entry -> entry.getValue().stream().map(day -> String.valueOf(entry.getKey())))
                        .collect(Collectors.joining(","));
        String days = new TreeMap<>(byTenant)
                .values().stream()
                        .flatMap(SortedSet::stream)
                        .map(LocalDate::toString)
                        .collect(Collectors.joining(","));
        return "left join (select c.tenant as cut_tenant, c.day,"
                + " lead(c.day) over (partition by c.tenant order by c.day) as until"
                + " from unnest('{" + tenants + "}'::int[], '{" + days + "}'::date[]) as c (tenant, day)) as cut"
                + " on cut.cut_tenant = source.tenant and usage_day >= cut.day"
                + " and (cut.until is null or usage_day < cut.until)";
    }
}
