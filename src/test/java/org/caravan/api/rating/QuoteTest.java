package org.caravan.api.rating;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A quote is exact, of the rules for every tenant that are in force now. */
class QuoteTest {
    private final Calls calls = new Calls();
    private String service;

    @BeforeEach
    void rules() {
        service = calls.service("quoted");
        String flavor = calls.field(service, "flavor");
        calls.mapping("service_id", service, "cost", "0.1");
        calls.mapping("field_id", flavor, "value", "small", "cost", "1.5", "type", "rate");
        calls.mapping("field_id", flavor, "value", "True", "cost", "2", "type", "rate");
        calls.mapping("field_id", flavor, "value", "1.0", "cost", "3", "type", "rate");
        calls.mapping("service_id", service, "cost", "1000", "tenant_id", "acme");
        calls.mapping("field_id", flavor, "value", "later", "cost", "9", "type", "rate", "start", "2027-01-01");
    }

    private Calls.Reply ask(String resources) {
        return calls.post("/v1/rating/quote/", "{\"resources\": [" + resources + "]}");
    }

    private String quote(String resources) {
        Calls.Reply reply = ask(resources);
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        return reply.body();
    }

    private static String resource(String volume, String desc) {
        return "{\"service\": \"quoted\", \"volume\": " + volume + ", \"desc\": " + desc + "}";
    }

    @Test
    void theSumIsATextOfTwentyEightPlacesAndNothingIsZero() {
        // given / when / then
        assertThat(quote(resource("\"2\"", "{}"))).isEqualTo("\"0.2000000000000000000000000000\"");
        assertThat(quote(resource("\"2\"", "{\"groupby\":{\"flavor\":\"small\"},\"metadata\":{}}")))
                .isEqualTo("\"0.3000000000000000000000000000\"");
        assertThat(quote(resource("2", "{\"groupby\":{},\"metadata\":{\"flavor\":\"small\"}}")))
                .isEqualTo("\"0.3000000000000000000000000000\"");
        assertThat(quote(resource("2", "{}") + "," + resource("0.3", "null")))
                .isEqualTo("\"0.2300000000000000000000000000\"");
        assertThat(quote("{\"service\": \"nosuch\", \"volume\": \"2\", \"desc\": {}}"))
                .isEqualTo("\"0\"");
        assertThat(quote("")).isEqualTo("\"0\"");
        assertThat(quote(resource("0", "{}"))).isEqualTo("\"0.0000000000000000000000000000\"");
        // nothing is cut: a factor below 28 places
        assertThat(quote(resource("1e-30", "{}"))).isEqualTo("\"0.0000000000000000000000000000001\"");
    }

    @Test
    void aFlatDescriptionIsWhatIsGroupedByAndValuesAreComparedAsPythonPrintsThem() {
        // given / when / then
        assertThat(quote(resource("2", "{\"flavor\":\"small\"}"))).isEqualTo("\"0.3000000000000000000000000000\"");
        assertThat(quote(resource("1", "{\"flavor\":true}"))).isEqualTo("\"0.2000000000000000000000000000\"");
        assertThat(quote(resource("1", "{\"flavor\":1.00}"))).isEqualTo("\"0.3000000000000000000000000000\"");
        assertThat(quote(resource("1", "{\"flavor\":1}"))).isEqualTo("\"0.1000000000000000000000000000\"");
        // what is grouped by wins
        assertThat(quote(resource("2", "{\"groupby\":{\"flavor\":\"large\"},\"metadata\":{\"flavor\":\"small\"}}")))
                .isEqualTo("\"0.2000000000000000000000000000\"");
        // a text named so is no part of today's form
        assertThat(quote(resource("2", "{\"flavor\":\"small\",\"metadata\":\"x\"}")))
                .isEqualTo("\"0.3000000000000000000000000000\"");
    }

    @Test
    void itIsOfThePresentAndOfNoTenant() {
        // given / when / then
        assertThat(quote(resource("1", "{\"flavor\":\"later\"}"))).isEqualTo("\"0.1000000000000000000000000000\"");
        calls.now = java.time.Instant.parse("2027-01-01T00:00:00Z");
        assertThat(quote(resource("1", "{\"flavor\":\"later\"}"))).isEqualTo("\"0.9000000000000000000000000000\"");
    }

    @Test
    void anybodyWhoIsKnownMayAsk() {
        // given
        calls.asUser("acme");
        // when / then
        assertThat(quote(resource("1", "{}"))).isEqualTo("\"0.1000000000000000000000000000\"");
        calls.caller = null;
        assertThat(ask(resource("1", "{}")).status()).isEqualTo(401);
    }

    @Test
    void whatIsSaidWronglyIsRefused() {
        // given
        String disk = calls.field(service, "disk");
        calls.threshold("field_id", disk, "level", "1", "cost", "1");
        // when / then
        assertThat(ask(resource("\"2\"", "[]")).fault())
                .startsWith("Invalid input for field/attribute res_data. Value: '{")
                .endsWith("Value not a valid dict: []");
        assertThat(calls.post("/v1/rating/quote", "{}").fault())
                .isEqualTo("Invalid input for field/attribute resources. Value: 'None'. Mandatory field missing.");
        assertThat(calls.post("/v1/rating/quote", "{\"resources\": 5}").status())
                .isEqualTo(400);
        assertThat(calls.post("/v1/rating/quote", "{\"resources\": [5]}").status())
                .isEqualTo(400);
        assertThat(calls.post("/v1/rating/quote", "{\"bogus\": []}").status()).isEqualTo(400);
        assertThat(calls.post("/v1/rating/quote", null).status()).isEqualTo(400);
        for (String volume : new String[] {"\"much\"", "null", "-1", "true", "[]", "1e999999", "\"\""}) {
            assertThat(ask(resource(volume, "{}")).status()).as(volume).isEqualTo(400);
        }
        assertThat(ask("{\"volume\": 1}").status()).isEqualTo(400);
        assertThat(ask("{\"service\": 1, \"volume\": 1}").status()).isEqualTo(400);
        assertThat(ask("{\"service\": \"quoted\", \"volume\": 1, \"more\": 1}").status())
                .isEqualTo(400);
        assertThat(ask(resource("1", "{\"flavor\":{}}")).status()).isEqualTo(400);
        // the original answers 500 here
        assertThat(ask(resource("1", "{\"disk\":\"big\"}")).fault())
                .contains("has thresholds, but its value 'big' is no number");
    }
}
