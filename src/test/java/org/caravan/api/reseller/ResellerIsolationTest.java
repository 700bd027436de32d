package org.caravan.api.reseller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.caravan.api.http.RoutingTable.Route;
import org.caravan.api.reseller.Resale.Reply;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * One test for each route of the table, so that none is forgotten: another reseller's thing is answered as one that never was,
 * and nothing of it changes.
 */
class ResellerIsolationTest {
    private static final Set<ResellerCall> OPEN = Set.of(ResellerCall.CREATE_KEY, ResellerCall.REPLACE_KEY);

    private static TwoResellers both;
    private static Resale resale;

    @BeforeAll
    static void make() {
        both = new TwoResellers();
        resale = both.my.resale;
    }

    private static String path(Route route, Map<String, String> ids) {
        String path = route.template();
        for (Map.Entry<String, String> id : ids.entrySet()) {
            path = path.replace("{" + id.getKey() + "}", id.getValue());
        }
        return route.template().endsWith("/report") ? path + "?start_date=2026-01-01" : path;
    }

    private static String body(Route route) {
        if (route.template().endsWith("/metadata")) {
            return "{\"metadata\":{\"taken\":\"over\"}}";
        }
        if (route.template().endsWith("/{currency_id}")) {
            return "{\"exchange_rate\":2}";
        }
        return route.template().endsWith("/report") && route.method().equals("POST")
                ? "{\"start_date\":\"2026-01-01\"}"
                : null;
    }

    /** What the tables hold. */
    private static List<String> all() {
        return Stream.of("reseller_currency", "product", "resource_metadata", "api_key", "invoice_status", "customer")
                .flatMap(table -> resale.shop.rows("select t::text from " + table + " t order by 1").stream())
                .toList();
    }

    /** Each of the things in a path alone another's, and all of them. */
    private static List<Map<String, String>> foreign(Route route) {
        List<Map<String, String>> all = new ArrayList<>();
        for (String name : both.mine.keySet()) {
            if (route.template().contains("{" + name + "}")) {
                Map<String, String> ids = new LinkedHashMap<>(both.mine);
                ids.put(name, both.theirs.get(name));
                all.add(ids);
            }
        }
        if (!all.isEmpty()) {
            all.add(both.theirs);
        }
        return all;
    }

    @TestFactory
    Stream<DynamicTest> noRouteShowsOrChangesAnythingOfAnotherReseller() {
        return resale.table().routes().stream()
                .map(route -> dynamicTest(route.method() + " " + route.template(), () -> isolated(route)));
    }

    private static void isolated(Route route) {
        // given: each as if it never was
        Map<String, String> nothing = new LinkedHashMap<>();
        both.mine.keySet().forEach(name -> nothing.put(name, "never-was"));
        String mine = both.my.reseller;
        // when / then: whoever shows no key, or a wrong one
        if (OPEN.stream().noneMatch(call -> call.path().equals(route.template()))) {
            for (String key : new String[] {null, "caravan_1_" + "x".repeat(43), "x"}) {
                assertThat(resale.show(key)
                                .send(route.method(), path(route, both.theirs), body(route))
                                .status())
                        .isEqualTo(401);
            }
            // an address with too many wrong keys waits a minute
            resale.shop.clock.at(resale.shop.clock.instant().plusSeconds(61).toString());
        }
        // another reseller
        resale.as(mine);
        List<String> before = all();
        for (Map<String, String> ids : foreign(route)) {
            Reply reply = resale.send(route.method(), path(route, ids), body(route));
            assertThat(reply.status()).as(path(route, ids) + reply.body()).isEqualTo(404);
            assertThat(reply.body()).doesNotContain(TwoResellers.SECRET);
            Map<String, String> unknown = new LinkedHashMap<>(ids);
            unknown.replaceAll((name, id) -> id.equals(both.theirs.get(name)) ? nothing.get(name) : id);
            assertThat(reply.body())
                    .isEqualTo(resale.send(route.method(), path(route, unknown), body(route))
                            .body());
        }
        if (foreign(route).isEmpty() && route.method().equals("GET")) {
            assertThat(resale.send("GET", path(route, Map.of()), null).is(200).body())
                    .doesNotContain(TwoResellers.SECRET)
                    .doesNotContain(both.their.reseller)
                    .doesNotContain(both.their.client);
        }
        assertThat(all()).as("after " + route.method() + " " + route.template()).isEqualTo(before);
    }

    /** The other test would pass on a hub that shows nobody anything. */
    @Test
    void eachSeesItsOwn() {
        resale.as(both.their.reseller);
        for (Route route : resale.table().routes()) {
            if (route.method().equals("GET")) {
                // given / when / then
                Reply reply = resale.get(path(route, both.theirs));
                assertThat(reply.status()).as(route.template() + reply.body()).isEqualTo(200);
                assertThat(reply.body()).as(route.template()).contains(TwoResellers.SECRET);
            }
        }
        // a client that moves to another reseller's hands does so with its tenant, not with its name
        assertThat(resale.get(Resale.ACCOUNT + "/clients?provider_id=" + both.theirs.get("provider_id"))
                        .is(200)
                        .each("id"))
                .containsExactly(both.their.client);
    }

    @Test
    void anotherResellersKeyOpensItsOwnAlone() {
        // given
        resale.asAdmin(both.my.reseller);
        // when / then: who may see all in the report sees no more anywhere else
        resale.get(Resale.BILLING + "/clients/" + both.their.client + "/invoices")
                .is(404);
        assertThat(resale.get(Resale.ACCOUNT + "/clients").is(200).each("id")).containsExactly(both.my.client);
    }
}
