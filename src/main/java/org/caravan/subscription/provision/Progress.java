package org.caravan.subscription.provision;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * A row of work.
 *
 * @param customerProject id, or null
 * @param project id, or null
 * @param granted roles that this run gave or was about to give: {@code project/role}
 * @param run mark of the projects that it made
 * @param compensating true if it is being taken back
 */
record Progress(
        String subscription,
        String customer,
        String description,
        ProvisioningState state,
        String user,
        String customerProject,
        boolean customerProjectMade,
        String project,
        boolean projectMade,
        List<String> granted,
        String run,
        int attempts,
        boolean compensating,
        String reason,
        boolean ended) {
    static final String COLUMNS =
            """
            p.subscription_id, s.customer_id, m.name || '-' || c.name || '-' || l.name as description, p.state, p.user_id,
            p.customer_project, p.customer_project_made, p.project, p.project_made, p.granted, p.run, p.attempts,
            p.compensating, p.reason, s.ended_at is not null as ended
            """;

    static final String FROM =
            """
            provisioning p join subscription s on s.id = p.subscription_id join customer c on c.id = s.customer_id
              join merchant m on m.id = s.merchant_id join plan l on l.id = s.plan_id
            """;

    static Progress of(ResultSet row) throws SQLException {
        return new Progress(
                row.getString("subscription_id"),
                row.getString("customer_id"),
                row.getString("description"),
                ProvisioningState.of(row.getString("state")),
                row.getString("user_id"),
                row.getString("customer_project"),
                row.getBoolean("customer_project_made"),
                row.getString("project"),
                row.getBoolean("project_made"),
                new ArrayList<>(List.of((String[]) row.getArray("granted").getArray())),
                row.getString("run"),
                row.getInt("attempts"),
                row.getBoolean("compensating"),
                row.getString("reason"),
                row.getBoolean("ended"));
    }
}
