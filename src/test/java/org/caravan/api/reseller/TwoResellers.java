package org.caravan.api.reseller;

import java.util.LinkedHashMap;
import java.util.Map;

/** Two resellers with a thing of each kind that paths name; what is the second one's bears a word that nobody else has. */
final class TwoResellers {
    static final String SECRET = "very-secret-name";

    /** Of the first, by variable of the paths. */
    final Map<String, String> mine;

    /** Of the second. */
    final Map<String, String> theirs;

    final ResaleMonth my = new ResaleMonth();
    final ResaleMonth their = new ResaleMonth();

    TwoResellers() {
        mine = things(my, "open");
        theirs = things(their, SECRET);
        my.resale.shop.clock.at("2026-11-20T00:00:00Z");
    }

    private static Map<String, String> things(ResaleMonth month, String word) {
        Resale resale = month.resale;
        resale.shop.execute("update customer set title = ? where id = ?", word, month.client);
        String product = Resale.fresh(word + "-product");
        resale.shop.planOf(
                month.reseller,
                month.reseller + ".plan",
                product,
                "[{\"type\": \"volume\", \"tiers\": [{\"price\": \"0.05\"}]}]");
        String project = month.project(month.reseller + ".plan");
        String server = Resale.fresh(word + "-server");
        String place = Resale.fresh(word + "-cloud");
        resale.shop.clock.at("2026-11-02T00:00:00Z");
        for (String begin : new String[] {"2026-10-02T00:00:00Z", "2026-11-01T00:00:00Z"}) {
            month.metered
                    .price("instance", "0.1")
                    .in(place)
                    .use(project, server, "instance", "", "1", begin, 3_600, "\"name\":\"" + word + "\"")
                    .commit();
        }
        month.close();
        Map<String, String> things = new LinkedHashMap<>();
        things.put("client_id", month.client);
        things.put("project_id", project);
        things.put("provider_id", place);
        things.put("invoice_id", month.invoice().get("id").asText());
        things.put("product_id", month.reseller + "." + product);
        things.put("resource_id", server);
        things.put(
                "currency_id",
                resale.post(
                                Resale.BILLING + "/currencies",
                                "{\"iso_code\":\"USD\",\"label\":\"" + word
                                        + "\",\"plural_label\":\"x\",\"symbol\":\"$\",\"exchange_rate\":1.08}")
                        .is(200)
                        .text("uuid"));
        resale.put(Resale.BILLING + "/resources/" + server + "/metadata", "{\"metadata\":{\"" + word + "\":1}}")
                .is(200);
        return things;
    }
}
