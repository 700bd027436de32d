package org.caravan.api.reseller;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.SQLException;
import java.util.List;
import org.caravan.api.http.Answer;
import org.caravan.api.http.Request;
import org.caravan.reseller.Page;
import org.caravan.reseller.Reseller;
import org.caravan.reseller.ResellerProduct;
import org.caravan.reseller.ResellerProducts;
import org.caravan.reseller.ResourceMetadata;
import org.caravan.reseller.ResourceNote;

/** The price list, and what a reseller writes beside its products and its clients' resources. */
final class ProductRoutes {
    private static final String METADATA = "metadata";

    private final ResellerProducts products;
    private final ResourceMetadata resources;
    private final int max;

    ProductRoutes(ResellerBackend backend) {
        this.products = new ResellerProducts(backend.ledger(), backend.file().kinds(), backend.clock());
        this.resources = new ResourceMetadata(backend.ledger(), backend.clock());
        this.max = backend.maxList();
    }

    void addTo(ResellerRoutes routes) {
        routes.add(ResellerCall.PRODUCTS, this::list)
                .add(ResellerCall.PRODUCT_METADATA, this::product)
                .add(ResellerCall.RESOURCE_METADATA, this::resource);
    }

    private Answer list(Request request, Reseller reseller) throws SQLException {
        Page page = Pages.read(request, max);
        List<ResellerProduct> rows = products.page(reseller, page);
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.set("products", Pages.array(page, rows, ProductRoutes::json));
        return Pages.linked(ResellerJson.answer(body), request, page, rows, ResellerProduct::id);
    }

    private Answer product(Request request, Reseller reseller) throws SQLException {
        ResourceNote note = ResourceNote.of(ResellerBody.object(request).get(METADATA));
        return ResellerJson.answer(json(products.write(reseller, request.variable("product_id"), note)));
    }

    private Answer resource(Request request, Reseller reseller) throws SQLException {
        JsonNode sent = ResellerBody.object(request).get(METADATA);
        String id = request.variable("resource_id");
        resources.write(reseller, id, ResourceNote.of(sent));
        return ResellerJson.answer(JsonNodeFactory.instance
                .objectNode()
                .put("id", id)
                .put("resource_id", id)
                .set("reseller_metadata", sent));
    }

    private static JsonNode json(ResellerProduct product) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("uuid", product.id())
                .put("name", product.name())
                .put("label", product.label())
                .put("product_code", product.code())
                .put("billablecategory_slug", product.category())
                .put("billableunit_slug", product.unit());
        json.set("price_per_unit", ResellerJson.fixed(product.price()));
        json.set(METADATA, product.metadata());
        return json.put("created_date", ResellerJson.rfc1123(product.createdAt()))
                .put("last_updated_date", ResellerJson.rfc1123(product.updatedAt()));
    }
}
