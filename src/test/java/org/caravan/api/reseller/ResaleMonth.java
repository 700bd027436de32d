package org.caravan.api.reseller;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.caravan.common.Decimals;
import org.caravan.invoice.CloseResult;
import org.caravan.invoice.Closer;
import org.caravan.subscription.Metered;

/** A reseller with a client whose October is used, billed and read. */
final class ResaleMonth {
    final Resale resale = new Resale();
    final String reseller = resale.reseller();
    final String client = resale.client(reseller);
    final Metered metered = new Metered(resale.shop);
    private final List<String> projects = new ArrayList<>();

    ResaleMonth() {
        resale.as(reseller);
        resale.shop.clock.at("2026-10-31T23:30:00Z");
        resale.shop.execute(
                "update customer set created_at = ? where id = ?",
                org.caravan.subscription.Shop.at("2026-09-01T00:00:00Z"),
                client);
        resale.shop.planOf(reseller, reseller + ".none");
    }

    /** A project of the client's, in a plan. @return its id */
    String project(String plan) {
        return projectOf(client, plan, "2026-09-02T00:00:00Z");
    }

    /** A project in a plan that prices nothing. */
    String project() {
        return project(reseller + ".none");
    }

    String projectOf(String whose, String plan, String created) {
        String project = Resale.fresh("project");
        resale.shop.subscription(reseller, "s-" + project, whose, plan, created, 1);
        resale.shop.tie("s-" + project, project);
        projects.add(project);
        return project;
    }

    ResaleMonth taxes(String json) {
        resale.shop.execute("update customer set taxes = ?::jsonb where id = ?", json, client);
        return this;
    }

    ResaleMonth discount(String percentage, String flat) {
        resale.shop.execute(
                "update customer set discount_percentage = ?, discount_flat = ? where id = ?",
                new BigDecimal(percentage),
                new BigDecimal(flat),
                client);
        return this;
    }

    /** Closes October for the client. */
    ResaleMonth close() {
        return close(resale.shop.closer());
    }

    ResaleMonth close(Closer closer) {
        resale.shop.clock.at("2026-11-02T00:00:00Z");
        CloseResult result = resale.shop.close(closer, "2026-10", account());
        if (result.issued().size() != 1) {
            throw new IllegalStateException("not issued: " + result);
        }
        return this;
    }

    String account() {
        return reseller + "/" + client;
    }

    String path() {
        return Resale.BILLING + "/clients/" + client;
    }

    JsonNode invoice() {
        return resale.get(path() + "/invoices/last/").is(200).json().path("invoice");
    }

    JsonNode data() {
        return invoice().path("data");
    }

    /** Usage of the open month; {@code more} goes before {@code /usage/}. */
    JsonNode usage(String more) {
        return resale.get(path() + more + "/usage/").is(200).json().path("usage");
    }

    /** The only entity of a type. */
    static JsonNode entity(JsonNode data, String type) {
        List<JsonNode> found = new ArrayList<>();
        data.path("invoice_projects")
                .forEach(project -> project.path("entities").forEach(entity -> {
                    if (entity.path("type").asText().equals(type)) {
                        found.add(entity);
                    }
                }));
        if (found.size() != 1) {
            throw new AssertionError(found.size() + " entities of type " + type + " in " + data);
        }
        return found.get(0);
    }

    /** A number as it was printed. */
    static String printed(JsonNode number) {
        return Decimals.plain(number.decimalValue());
    }
}
