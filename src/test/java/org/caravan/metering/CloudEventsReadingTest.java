package org.caravan.metering;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CloudEventsReadingTest {
    private static final PositionRange RANGE = new PositionRange("kafka", "c/t/0", 0, 9, false);
    private static final String ENVELOPE =
            "{\"specversion\":\"1.0\",\"id\":\"e-1\",\"source\":\"/nova\",\"type\":\"instance\",";
    private static final String DATA =
            """
            {"tenant":"acme","datacenter":"nz-1","resource":"vm-1","meter":"instance","quantity":1.50,"unit":"hour",\
            "begin":"2026-10-01T00:00:00Z","end":"2026-10-01T01:00:00Z","metadata":{"flavor":"m1","vcpus":2}}""";

    @Test
    void dataHoldsTheFieldsOfAUsageRecord() {
        // given
        String event =
                ENVELOPE + "\"subject\":\"other\",\"datacontenttype\":\"application/json\",\"data\":" + DATA + "}";

        // when
        UsageRecord record = one(new Messages(RANGE).add(0, 0, event));

        // then: the id is unique within its source only
        assertThat(record.id()).isEqualTo("/nova e-1");
        assertThat(record.tenant()).isEqualTo("acme");
        assertThat(record.datacenter()).isEqualTo("nz-1");
        assertThat(record.resource()).isEqualTo("vm-1");
        assertThat(record.quantity()).isEqualByComparingTo("1.5");
        assertThat(record.begin()).isEqualTo(Instant.parse("2026-10-01T00:00:00Z"));
        assertThat(record.end()).isEqualTo(Instant.parse("2026-10-01T01:00:00Z"));
        assertThat(record.metadata()).containsEntry("flavor", "m1").containsKey("vcpus");
    }

    @Test
    void whatDataLeavesOpenIsTakenFromTheAttributes() {
        // given: data before the attributes, extension attributes, a time with more digits than microseconds
        String event =
                """
                {"data":{"quantity":"3","unit":"call","metadata":{"path":"/v1"}},"specversion":"1.0","id":"7",\
                "source":"https://api.example","type":"api-calls","subject":"acme","resource":"gateway","realm":"west",\
                "traceparent":"00-abc","time":"2026-10-31T23:59:59.123456789+00:00"}""";

        // when
        UsageRecord record = one(new Messages(RANGE).add(0, 0, event));

        // then
        assertThat(record.id()).isEqualTo("https://api.example 7");
        assertThat(record.realm()).isEqualTo("west");
        assertThat(record.tenant()).isEqualTo("acme");
        assertThat(record.meter()).isEqualTo("api-calls");
        assertThat(record.resource()).isEqualTo("gateway");
        assertThat(record.begin()).isEqualTo(Instant.parse("2026-10-31T23:59:59.123456Z"));
        assertThat(record.end()).isEqualTo(Instant.parse("2026-10-31T23:59:59.123457Z"));
    }

    @Test
    void anEventInBinaryModeHasItsAttributesInHeaders() {
        // given
        Map<String, String> headers = Map.of(
                "ce_specversion", "1.0",
                "ce_id", "7",
                "ce_source", "/gw",
                "ce_type", "api-calls",
                "ce_subject", "acme",
                "ce_resource", "gateway",
                "ce_time", "2026-10-05T10:00:00Z",
                "content-type", "application/json; charset=utf-8");

        // when
        UsageRecord record = one(new Messages(RANGE).add(0, 0, "{\"quantity\":3,\"unit\":\"call\"}", headers));

        // then
        assertThat(record.id()).isEqualTo("/gw 7");
        assertThat(record.meter()).isEqualTo("api-calls");
        assertThat(record.tenant()).isEqualTo("acme");
        assertThat(record.begin()).isEqualTo(Instant.parse("2026-10-05T10:00:00Z"));
    }

    @Test
    void anUnusableEventInBinaryModeIsKeptAsTheStructuredOneThatSaysTheSame() {
        // given
        Map<String, String> headers = Map.of(
                "ce_specversion",
                "1.0",
                "ce_id",
                "7",
                "ce_source",
                "/gw",
                "ce_type",
                "api-calls",
                "ce_subject",
                "acme");
        String data = "{\"quantity\": 3.10, \"unit\": \"call\", \"resource\":\"gw\"}";

        // when
        Rejected rejected = rejected(new Messages(RANGE).add(0, 5, data, headers));

        // then
        assertThat(rejected.reason()).isEqualTo("no begin");
        assertThat(rejected.format()).isEqualTo("caravan-cloudevents");
        assertThat(rejected.complete()).isTrue();
        assertThat(rejected.tenant()).isEqualTo("acme");
        assertThat(rejected.raw()).contains("\"data\":" + data);

        // when: it is mended and read again, as a line
        String mended = rejected.raw().replaceFirst("[{]", "{\"time\":\"2026-10-05T10:00:00Z\",");
        List<UsageRecord> records = Reading.records(Reading.all(UsageBatches.cloudEvents(
                Reading.input(mended + "\n"), Reading.SETTINGS, MeterCatalog.empty(), Reading.NOW)));

        // then
        assertThat(records).singleElement().satisfies(record -> {
            assertThat(record.id()).isEqualTo("/gw 7");
            assertThat(record.quantity()).isEqualByComparingTo("3.1");
        });
    }

    @Test
    void binaryDataThatIsNoJsonIsKeptAsItIsAndNeverReadAgain() {
        // given: text that would read as another event if it were put into an envelope
        Map<String, String> headers = Map.of("ce_specversion", "1.0", "ce_id", "7", "ce_source", "/gw", "ce_type", "t");

        // when
        Rejected rejected = rejected(new Messages(RANGE).add(0, 5, "{},\"tenant\":\"acme\"", headers));

        // then
        assertThat(rejected.complete()).isFalse();
        assertThat(rejected.raw()).isEqualTo("{},\"tenant\":\"acme\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "[]|no JSON object",
                "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/s\",\"type\":\"t\"}|no data",
                "{\"id\":\"1\",\"source\":\"/s\",\"type\":\"t\",\"data\":{}}|no attribute specversion, which a CloudEvent must have",
                "{\"specversion\":\"1.0\",\"source\":\"/s\",\"type\":\"t\",\"data\":{}}|no attribute id, which a CloudEvent must have",
                "{\"specversion\":\"0.3\",\"id\":\"1\",\"source\":\"/s\",\"type\":\"t\",\"data\":{}}|specversion '0.3' is not 1.0",
                "{\"specversion\":\"1.0\",\"id\":\"1\",\"id\":\"2\",\"data\":{}}|attribute 'id' stands here twice",
                "{\"specversion\":\"1.0\",\"data\":{},\"data\":{}}|attribute 'data' stands here twice",
                "{\"specversion\":\"1.0\",\"id\":{},\"data\":{}}|attribute 'id': expected a plain value, found an object",
                "{\"specversion\":\"1.0\",\"data_base64\":\"e30=\"}|data_base64: the data must be JSON",
                "{\"specversion\":\"1.0\",\"data\":[1]}|data: no JSON object",
                "{\"specversion\":\"1.0\",\"data\":{\"tenent\":\"x\"}}|data: unknown key 'tenent'; did you mean 'tenant'?; further fields belong into metadata",
                "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/s\",\"type\":\"t\",\"datacontenttype\":\"application/xml\",\"data\":{}}|datacontenttype 'application/xml': the data must be JSON",
                "{\"specversion\":\"1.0\",\"data\":{}} {}|more than one JSON value in the message"
            })
    void whatIsNoUsableEventSaysWhy(String event, String reason) {
        // given
        Messages messages = new Messages(RANGE).add(0, 5, event);

        // when
        Rejected rejected = rejected(messages);

        // then
        assertThat(rejected.reason()).isEqualTo(reason);
        assertThat(rejected.position()).isEqualTo(5);
    }

    @ParameterizedTest
    @CsvSource({
        "application/cloudevents-batch+json, content type 'application/cloudevents-batch+json': send one event a message",
        "application/avro, content type 'application/avro': the data must be JSON"
    })
    void contentThatIsNotOneJsonEventIsNamed(String contentType, String reason) {
        // given
        Map<String, String> headers = Map.of("ce_specversion", "1.0", "content-type", contentType);

        // when, then
        assertThat(rejected(new Messages(RANGE).add(0, 5, DATA, headers)).reason())
                .isEqualTo(reason);
    }

    private static UsageRecord one(Messages messages) {
        UsageBatch batch = read(messages);
        assertThat(batch.rejected()).isEmpty();
        assertThat(batch.size()).isOne();
        return batch.record(0);
    }

    private static Rejected rejected(Messages messages) {
        UsageBatch batch = read(messages);
        assertThat(batch.size()).isZero();
        assertThat(batch.rejected()).hasSize(1);
        return batch.rejected().get(0);
    }

    private static UsageBatch read(Messages messages) {
        return new MessageReader(
                        new CloudEventRow(Reading.SETTINGS), Reading.SETTINGS, MeterCatalog.empty(), Reading.NOW)
                .read(messages);
    }
}
