package org.caravan.subscription.tie;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;
import org.caravan.common.keystone.Identity;
import org.caravan.common.keystone.KeystoneException;
import org.caravan.invoice.Transactions;
import org.caravan.invoice.document.AccountProfiles;
import org.caravan.metering.UsageKey;

/**
 * Compares what is subscribed with what there is, in both directions: against the tenants of the ledger, and against the
 * projects of Keystone. Changes nothing.
 */
public final class Mediator {
    /** Projects that stand for customers and are used by nobody. */
    private static final String OF_CUSTOMERS = "bs-customer-";

    private final DataSource dataSource;

    public Mediator(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** A project or tenant: its id, and a name for people. */
    public record Place(String id, String name) {}

    /** A subscription without what it needs, and why. */
    public record Missing(String subscription, String customer, String resource, String reason) {}

    /**
     * What is missing.
     *
     * @param tenants of the ledger that no subscription is tied to now
     * @param withoutUsage subscriptions whose tenant the ledger knows not
     * @param projects of Keystone, enabled, that no subscription is tied to now; null if Keystone was not asked
     * @param withoutProject subscriptions that are not tied, or whose project is not there or disabled
     */
    public record Report(
            List<Place> tenants, List<Missing> withoutUsage, List<Place> projects, List<Missing> withoutProject) {
        /** True if nothing is missing. */
        public boolean isComplete() {
            return tenants.isEmpty()
                    && withoutUsage.isEmpty()
                    && (projects == null || projects.isEmpty())
                    && withoutProject.isEmpty();
        }
    }

    private record Active(String id, String customer, String realm, String resource) {}

    /** @param identity Keystone, or null to compare with the ledger alone */
    public Report report(Identity identity) throws SQLException, KeystoneException {
        List<Active> active = Transactions.single(dataSource, Mediator::active);
        List<Place> known = Transactions.single(dataSource, Mediator::tenants);
        Set<String> tied = new HashSet<>();
        active.stream()
                .filter(one -> one.resource() != null)
                .forEach(one -> tied.add(AccountProfiles.tenantName(one.realm(), one.resource())));
        Set<String> names = new HashSet<>();
        known.forEach(tenant -> names.add(tenant.name()));
        List<Place> tenants =
                known.stream().filter(tenant -> !tied.contains(tenant.name())).toList();
        List<Missing> withoutUsage = new ArrayList<>();
        List<Missing> withoutProject = new ArrayList<>();
        Map<String, Identity.Project> projects = identity == null ? null : projects(identity);
        for (Active one : active) {
            if (one.resource() == null) {
                withoutProject.add(missing(one, "is not tied"));
                continue;
            }
            if (!names.contains(AccountProfiles.tenantName(one.realm(), one.resource()))) {
                withoutUsage.add(missing(one, "the ledger has no usage of it"));
            }
            if (projects != null && one.realm().equals(UsageKey.DEFAULT_REALM)) {
                Identity.Project project = projects.get(one.resource());
                if (project == null || !project.enabled()) {
                    withoutProject.add(
                            missing(one, project == null ? "Keystone has no such project" : "its project is disabled"));
                }
            }
        }
        return new Report(
                tenants, withoutUsage, projects == null ? null : untied(projects, tied), List.copyOf(withoutProject));
    }

    private static List<Place> untied(Map<String, Identity.Project> projects, Set<String> tied) {
        return projects.values().stream()
                .filter(project -> project.enabled()
                        && !project.name().startsWith(OF_CUSTOMERS)
                        && !tied.contains(AccountProfiles.tenantName(UsageKey.DEFAULT_REALM, project.id())))
                .map(project -> new Place(project.id(), project.name()))
                .sorted(java.util.Comparator.comparing(Place::name).thenComparing(Place::id))
                .toList();
    }

    private static Map<String, Identity.Project> projects(Identity identity) throws KeystoneException {
        Map<String, Identity.Project> projects = new HashMap<>();
        identity.projects().forEach(project -> projects.put(project.id(), project));
        return projects;
    }

    private static Missing missing(Active one, String reason) {
        return new Missing(one.id(), one.customer(), one.resource(), reason);
    }

    private static List<Active> active(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                        "select s.id, c.name, s.realm,"
                                + " case when s.resource_type = 'tenant' then s.resource_id end from subscription s"
                                + " join customer c on c.id = s.customer_id where s.ended_at is null order by s.created_at, s.id");
                ResultSet row = select.executeQuery()) {
            List<Active> active = new ArrayList<>();
            while (row.next()) {
                active.add(new Active(row.getString(1), row.getString(2), row.getString(3), row.getString(4)));
            }
            return active;
        }
    }

    private static List<Place> tenants(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                        "select realm, name from tenant order by realm collate \"C\", name collate \"C\"");
                ResultSet row = select.executeQuery()) {
            List<Place> tenants = new ArrayList<>();
            while (row.next()) {
                tenants.add(
                        new Place(row.getString(2), AccountProfiles.tenantName(row.getString(1), row.getString(2))));
            }
            return tenants;
        }
    }
}
