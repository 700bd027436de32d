package org.caravan.reseller;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.caravan.common.Json;
import org.caravan.invoice.Transactions;
import org.caravan.invoice.document.AccountProfiles;

/** What a reseller wrote beside resources that are shown together. */
public final class ResourceNotes {
    private final Map<Key, JsonNode> notes = new HashMap<>();

    private record Key(String project, String resource) {}

    private ResourceNotes() {}

    /** Those of the resources of some projects. */
    public static ResourceNotes of(DataSource dataSource, Reseller reseller, Collection<BilledProject> projects)
            throws SQLException {
        ResourceNotes found = new ResourceNotes();
        Set<String> resources = projects.stream()
                .flatMap(project -> project.billables().stream())
                .filter(ResourceNotes::mayHaveOne)
                .map(Billable::id)
                .collect(Collectors.toSet());
        if (resources.isEmpty()) {
            return found;
        }
        return Transactions.single(dataSource, connection -> {
            try (PreparedStatement select =
                    connection.prepareStatement("select realm, tenant, resource, metadata from resource_metadata"
                            + " where merchant_id = ? and resource = any (?)")) {
                select.setString(1, reseller.id());
                select.setArray(2, connection.createArrayOf("text", resources.toArray()));
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        found.notes.put(
                                new Key(
                                        AccountProfiles.tenantName(row.getString(1), row.getString(2)),
                                        row.getString(3)),
                                json(row.getString(4)));
                    }
                }
            }
            return found;
        });
    }

    /** Whatever is a resource may; object storage is none. */
    private static boolean mayHaveOne(Billable billable) {
        return billable.resourceId() != null;
    }

    private static JsonNode json(String text) {
        try {
            return Json.mapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("stored metadata is no JSON", e);
        }
    }

    /** What is written beside a project's resource; null if nothing is. */
    public JsonNode of(String project, Billable billable) {
        return mayHaveOne(billable) ? notes.get(new Key(project, billable.id())) : null;
    }
}
