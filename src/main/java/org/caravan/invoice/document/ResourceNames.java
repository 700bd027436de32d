package org.caravan.invoice.document;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.caravan.common.Json;
import org.caravan.ledger.ResourceInfo;
import org.caravan.ledger.TenantMonth;

/** What the ledger was last told of the resources of a document. */
final class ResourceNames {
    private static final List<String> NAME_FIELDS = List.of("name", "display_name");
    private static final Known UNKNOWN = new Known(null, Map.of());

    private final Map<Id, Known> known = new HashMap<>();

    private ResourceNames() {}

    static ResourceNames of(List<TenantMonth> usage) {
        ResourceNames names = new ResourceNames();
        for (TenantMonth month : usage) {
            String tenant = AccountProfiles.tenantName(month.tenant());
            Map<Id, String> texts = new HashMap<>();
            for (ResourceInfo info : month.resources()) {
                // where a resource was told of twice, one is taken that does not depend on the order
                texts.merge(
                        new Id(tenant, info.datacenter(), info.resource(), info.meter()),
                        info.metadata(),
                        (a, b) -> a.compareTo(b) >= 0 ? a : b);
            }
            texts.forEach((id, text) -> names.known.put(id, parse(id, text)));
        }
        return names;
    }

    Known get(Piece.Key key) {
        return known.getOrDefault(new Id(key.tenant(), key.datacenter(), key.resource(), key.meter()), UNKNOWN);
    }

    private static Known parse(Id id, String text) {
        try {
            Map<String, Object> metadata = Json.mapper().readValue(text, new TypeReference<>() {});
            for (String field : NAME_FIELDS) {
                if (metadata.get(field) instanceof String name && !name.isEmpty()) {
                    return new Known(name, metadata);
                }
            }
            return new Known(null, metadata);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the ledger's metadata of " + id + " is no JSON object", e);
        }
    }

    /** @param name null if the metadata holds none */
    record Known(String name, Map<String, Object> metadata) {}

    private record Id(String tenant, String datacenter, String resource, String meter) {}
}
