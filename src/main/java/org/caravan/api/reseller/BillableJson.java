package org.caravan.api.reseller;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Collection;
import java.util.List;
import org.caravan.invoice.document.Document.Tax;
import org.caravan.reseller.Billable;
import org.caravan.reseller.Rate;
import org.caravan.reseller.ResourceKind;
import org.caravan.reseller.ResourceNotes;
import org.caravan.reseller.Uptime;

/** What is billed, as usage and as entities of invoices write it. */
final class BillableJson {
    /** Digits after the point of a printed quantity, and of a price. */
    static final int PLACES = 12;

    private BillableJson() {}

    /** Every kind with what there is of it. */
    static ObjectNode resources(String project, Collection<Billable> billables, ResourceNotes notes) {
        ObjectNode resources = JsonNodeFactory.instance.objectNode();
        for (ResourceKind kind : ResourceKind.values()) {
            ArrayNode list = resources.putArray(kind.key());
            billables.stream()
                    .filter(billable -> billable.kind() == kind)
                    .forEach(billable -> list.add(resource(billable, notes.of(project, billable))));
        }
        return resources;
    }

    private static ObjectNode resource(Billable billable, JsonNode note) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("id", billable.id())
                .put("name", billable.name())
                .put("description", billable.description())
                .put("resource_id", billable.resourceId())
                .put("unit", billable.unit())
                .put("size", billable.size());
        if (billable.kind() != ResourceKind.OBJECT_STORAGE) {
            json.put("uptime", Uptime.text(billable.seconds()));
        }
        if (billable.kind().isBandwidth() || billable.kind() == ResourceKind.OTHERS) {
            json.set("quantity", quantity(billable.quantity()));
        }
        if (billable.kind() == ResourceKind.VOLUMES) {
            json.put("storage_type", billable.storageType());
        }
        json.set("total", ResellerJson.number(billable.total()));
        if (note != null) {
            json.set("reseller_metadata", note);
        }
        return json;
    }

    static ObjectNode entity(Billable billable) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("id", billable.id())
                .put("name", billable.name())
                .put("description", billable.description())
                .put("type", billable.kind().type())
                .put("resource_id", billable.resourceId());
        json.set("quantity", quantity(billable.quantity()));
        json.set("rate", rate(billable.rate()));
        json.put("rate_system", billable.rate().isTiered() ? "tiered" : "flat");
        json.set("total", ResellerJson.number(billable.total()));
        json.put("unit", billable.unit());
        if (billable.kind() != ResourceKind.OBJECT_STORAGE) {
            json.put("size", billable.size())
                    .put("uptime", Uptime.text(billable.seconds()))
                    .put("active", billable.active());
        }
        if (billable.kind() == ResourceKind.VOLUMES) {
            json.put("storage_type", billable.storageType());
        }
        return json;
    }

    /** A number, or the list of tiers. */
    static JsonNode rate(Rate rate) {
        if (!rate.isTiered()) {
            return quantity(rate.flat());
        }
        ArrayNode tiers = JsonNodeFactory.instance.arrayNode();
        for (Rate.Tier tier : rate.tiers()) {
            ObjectNode json = tiers.addObject();
            json.set("from", quantity(tier.from()));
            json.set("to", tier.to() == null ? JsonNodeFactory.instance.nullNode() : quantity(tier.to()));
            json.set("rate", quantity(tier.rate()));
        }
        return tiers;
    }

    /** Taxes; none where there is nothing to be taxed. */
    static ArrayNode taxes(List<Tax> taxes, BigDecimal subtotal, BigDecimal discount) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        if (subtotal.compareTo(discount) == 0) {
            return list;
        }
        for (Tax tax : taxes) {
            ObjectNode json = list.addObject().put("name", tax.name());
            json.set("rate", ResellerJson.number(tax.rate()));
            json.set("amount", ResellerJson.number(tax.amount()));
            json.put("description", tax.name() + " " + tax.rate().toPlainString() + " %");
        }
        return list;
    }

    /** Exact, or cut to what is printed. */
    private static JsonNode quantity(BigDecimal value) {
        return ResellerJson.number(value.scale() > PLACES ? value.setScale(PLACES, RoundingMode.HALF_UP) : value);
    }
}
