package org.caravan.api.reseller;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.caravan.api.auth.ResellerLogins;
import org.caravan.testing.openapi.AnyRequests;
import org.caravan.testing.openapi.Contract;
import org.caravan.testing.openapi.Known;
import org.junit.jupiter.api.Test;

/**
 * Requests made from the contract's file, most nearly right, half of them for another reseller's things: whatever is sent, the
 * answer is as the file says, no 500, and nothing of the other.
 */
class ResellerFuzzTest {
    private static final int REQUESTS = Integer.getInteger("caravan.fuzz.requests", 2_000);
    private static final int SERVER_ERROR = 500;

    @Test
    void noRequestIsAnswered500OrWithAnothersThing() throws Exception {
        // given
        TwoResellers both = new TwoResellers();
        Resale resale = both.my.resale.as(both.my.reseller);
        String user = Resale.fresh("user");
        new ResellerLogins(resale.shop.dataSource, resale.shop.clock, 1_000)
                .set(new ResellerLogins.Login(user, both.my.reseller, false), "a long password".toCharArray());
        Known known = new Known()
                .add("username", user)
                .add("password", "a long password")
                .add("iso_code", "CAD", "GBP", "usd", "JPY")
                .add("exchange_rate", "1.08")
                .add("start_date", "2026-10-01", "2026-11-01", "2026-09-30")
                .add("end_date", "2026-10-31", "2026-12-01")
                .add("marker", both.mine.get("client_id"), both.mine.get("product_id"), both.theirs.get("client_id"));
        both.mine.forEach((name, id) -> known.add(name, both.theirs.get(name), id, id, id));
        AnyRequests requests = new AnyRequests(Contract.reseller(), new Random(9), known);
        Map<String, Integer> done = new TreeMap<>();
        for (int i = 0; i < REQUESTS; i++) {
            AnyRequests.Sample sample = requests.next();
            // when
            Resale.Reply reply =
                    resale.send(sample.method(), sample.target(), new String(sample.body(), StandardCharsets.UTF_8));
            // then
            String said = sample + " was answered " + reply.body();
            assertThat(reply.status()).as(said).isLessThan(SERVER_ERROR);
            // what was sent comes back in answers; the other's things do not
            assertThat(reply.body()).as(said).doesNotContain(both.their.reseller);
            if (reply.status() < 300 && sample.operation() != null) {
                assertThat(reply.body()).as(said).doesNotContain(TwoResellers.SECRET);
                done.merge(sample.operation().toString(), 1, Integer::sum);
            }
        }
        if (REQUESTS >= 2_000) {
            // each call was answered, not only refused
            assertThat(done.keySet())
                    .containsAll(Contract.reseller().operations().stream()
                            .map(Object::toString)
                            .filter(name -> !name.contains("api_key"))
                            .toList());
        }
        assertThat(resale.shop.rows("select metadata from product where merchant_id = '" + both.their.reseller
                        + "' and metadata is not null"))
                .isEmpty();
        assertThat(resale.shop.rows(
                        "select metadata from resource_metadata where merchant_id = '" + both.their.reseller + "'"))
                .containsExactly("{\"" + TwoResellers.SECRET + "\": 1}");
        assertThat(resale.shop.rows(
                        "select exchange_rate from reseller_currency where iso_code = 'USD' and merchant_id = '"
                                + both.their.reseller + "'"))
                .containsExactly("1.08000000");
    }
}
