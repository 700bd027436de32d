package org.caravan.reseller;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.caravan.invoice.document.AccountProfiles;

/** On which days a client had which projects. */
final class ProjectDays {
    private final List<Days> all = new ArrayList<>();

    private record Days(String project, LocalDate from, LocalDate until) {}

    private ProjectDays() {}

    static ProjectDays of(Connection connection, Client client) throws SQLException {
        ProjectDays days = new ProjectDays();
        try (PreparedStatement select = connection.prepareStatement(
                "select realm, tenant, from_day, until_day from contract where customer_id = ? and tenant is not null")) {
            select.setString(1, client.id());
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    days.all.add(new Days(
                            AccountProfiles.tenantName(row.getString(1), row.getString(2)),
                            row.getObject(3, LocalDate.class),
                            row.getObject(4, LocalDate.class)));
                }
            }
        }
        return days;
    }

    /** The projects of a month. */
    Set<String> in(YearMonth month) {
        Set<String> projects = new TreeSet<>();
        for (Days days : all) {
            boolean before = days.until() != null && !days.until().isAfter(month.atDay(1));
            if (!before && days.from().isBefore(month.plusMonths(1).atDay(1))) {
                projects.add(days.project());
            }
        }
        return projects;
    }
}
