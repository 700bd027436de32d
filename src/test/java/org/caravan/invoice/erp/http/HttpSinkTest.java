package org.caravan.invoice.erp.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.caravan.testing.InvoiceServer.answer;
import static org.caravan.testing.InvoiceServer.answerAfterCommit;
import static org.caravan.testing.InvoiceServer.hangingAfterCommit;
import static org.caravan.testing.InvoiceServer.lostAfterCommit;
import static org.caravan.testing.InvoiceServer.lostBeforeCommit;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.caravan.common.UserError;
import org.caravan.invoice.NotSentException;
import org.caravan.invoice.RefusedException;
import org.caravan.invoice.document.Document;
import org.caravan.invoice.document.Sums;
import org.caravan.testing.Connector;
import org.caravan.testing.Connector.Answer;
import org.caravan.testing.InvoiceServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The connector as the hub uses it: loaded from its file, before a server that fails before and after its commits. */
class HttpSinkTest {
    private final InvoiceServer server = new InvoiceServer();
    private final List<Connector> connectors = new ArrayList<>();
    private final Document document = Sums.of()
            .use("vm1", "m1.small", "hour", "744", "0.048")
            .document(new Sums.Profile().tax("GST", "15").build());

    @AfterEach
    void stop() {
        connectors.forEach(Connector::close);
        server.close();
    }

    @Test
    void aDocumentIsPostedAndReferenceTotalAndCurrencyAreTheServers() {
        // given
        Connector connector = connector();
        // when
        Answer answer = connector.commit(document);
        // then
        assertThat(answer).isEqualTo(new Answer(null, "I-1000", "41.07", "NZD", null, null));
        assertThat(server.invoices()).singleElement().satisfies(invoice -> {
            assertThat(invoice.key()).isEqualTo(document.key());
            assertThat(invoice.document().get("number").asText()).isEqualTo(document.number());
        });
        assertThat(server.lastHeaders()).containsEntry("content-type", List.of("application/json; charset=utf-8"));
    }

    @Test
    void nothingOfOursCrossesTheWire() {
        // given
        Connector connector = connector("auth", "bearer", "token", "s3cret/${body}+&?'x");
        server.authorization("Bearer s3cret/${body}+&?'x");
        // when
        Answer answer = connector.commit(document);
        // then
        assertThat(answer.reference()).isEqualTo("I-1000");
        assertThat(server.lastHeaders().keySet())
                .noneMatch(name -> name.startsWith("camel"))
                .contains("idempotency-key", "authorization");
    }

    @Test
    void basicAuthenticationIsSentAtOnceWhateverItsCharacters() {
        // given
        server.authorization("Basic am86cGFzczo/JsO8");
        // when
        Answer answer = connector("auth", "basic", "username", "jo", "password", "pass:?&\u00fc")
                .commit(document);
        // then
        assertThat(answer.reference()).isEqualTo("I-1000");
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void theSameKeyTwiceIsOneInvoiceAndTheSameReference() {
        // given
        Connector connector = connector();
        server.then(lostAfterCommit());
        // when
        Answer lost = connector.commit(document);
        Answer again = connector.commit(document);
        // then: what was lost is not said to be undone
        assertThat(lost.error()).isNotNull().isNotInstanceOfAny(UserError.class, NotSentException.class);
        assertThat(lost.reference()).isNull();
        assertThat(again.reference()).isEqualTo("I-1000");
        assertThat(server.invoices()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void afterALostAnswerTheServerIsAsked(boolean asList) {
        // given
        Connector connector = asList
                ? connector(
                        "lookupUrl",
                        server.url() + "?key={key}",
                        "lookupListPath",
                        "$.data",
                        "lookupReferencePath",
                        "$.data[0].id",
                        "lookupTotalPath",
                        "$.data[0].total")
                : connector("lookupUrl", server.url() + "/{key}");
        server.withoutIdempotency().then(lostAfterCommit());
        String key = document.key();
        // when
        Answer before = connector.ask(key, document.number());
        connector.commit(document);
        Answer after = connector.ask(key, document.number());
        Answer other = connector.ask(key.replace("acme", "caf%C3%A9"), "x");
        // then
        assertThat(before).isEqualTo(new Answer(null, null, null, null, "absent", null));
        assertThat(after).isEqualTo(new Answer(null, "I-1000", "41.07", null, null, null));
        assertThat(other.lookup()).isEqualTo("absent");
        assertThat(server.lastHeaders()).doesNotContainKey("idempotency-key");
    }

    @Test
    void twoInvoicesOfOneKeyAreNoAnswer() {
        // given: a person sent it twice
        Connector connector = connector(
                "lookupUrl",
                server.url() + "?key={key}",
                "lookupListPath",
                "$.data",
                "lookupReferencePath",
                "$.data[0].id");
        server.withoutIdempotency();
        connector.commit(document);
        connector.commit(document);
        // when
        Answer answer = connector.ask(document.key(), document.number());
        // then
        assertThat(answer.error()).hasMessageContaining("2 invoices of one key");
        assertThat(answer.reference()).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        // not about this document: tried again
        "401, NOT_SENT",
        "403, NOT_SENT",
        "404, NOT_SENT",
        "405, NOT_SENT",
        "429, NOT_SENT",
        "302, NOT_SENT",
        // about this document: parked
        "400, REFUSED",
        "410, REFUSED",
        "413, REFUSED",
        "422, REFUSED",
        // nobody knows
        "408, UNKNOWN",
        "409, UNKNOWN",
        "500, UNKNOWN",
        "502, UNKNOWN",
        "503, UNKNOWN",
        "504, UNKNOWN"
    })
    void aStatusSaysWhatMayFollow(int status, String kind) {
        // given
        server.then(answer(
                status,
                "{\"id\":\"I-9\",\"error\":\"because\"}",
                "Retry-After",
                "7",
                "CamelCaravanErpReference",
                "I-6",
                "Location",
                server.url()));
        // when
        Answer answer = connector().commit(document);
        // then: one request, however the server asks for more, and nothing that passes for a reference
        assertThat(server.requests()).hasSize(1);
        assertThat(answer.reference()).isNull();
        assertThat(answer.retryAfter()).isEqualTo("7");
        assertThat(answer.error()).hasMessageContaining("answered " + status).hasMessageContaining("because");
        assertThat(kind(answer.error())).isEqualTo(kind);
    }

    private static String kind(Exception error) {
        return error instanceof RefusedException
                ? "REFUSED"
                : error instanceof NotSentException ? "NOT_SENT" : "UNKNOWN";
    }

    @Test
    void aBrokenConnectionIsNeverCertainty() {
        // given
        Connector connector = connector("responseTimeoutMillis", "300");
        server.then(lostBeforeCommit(), hangingAfterCommit(), answerAfterCommit(504, "<html>gateway"));
        // when
        List<Answer> answers =
                List.of(connector.commit(document), connector.commit(document), connector.commit(document));
        // then: each request is one; the client repeats none by itself
        assertThat(answers).allSatisfy(answer -> {
            assertThat(kind(answer.error())).isEqualTo("UNKNOWN");
            assertThat(answer.reference()).isNull();
        });
        assertThat(server.requests()).hasSize(3);
        assertThat(server.invoices()).hasSize(1);
    }

    @Test
    void aLookupThatFailsIsNoAnswer() {
        // given: asked in an address that nobody serves, and before a server that wants credentials
        server.authorization("Bearer x");
        Connector connector = connector("lookupUrl", server.url() + "/{key}");
        // when
        Answer refused = connector.ask(document.key(), document.number());
        // then
        assertThat(refused.error()).isNotNull();
        assertThat(refused.lookup()).isNull();
    }

    @Test
    void onlyTheConfiguredPathSetsAReference() {
        // given: what an answer brings along
        server.then(answer(
                200,
                "{\"CamelCaravanErpReference\":\"body\",\"other\":{\"nr\":17}}",
                "CamelCaravanErpReference",
                "header",
                "camelcaravanerptotal",
                "1"));
        // when
        Answer none = connector().commit(document);
        server.then(answer(200, "{\"other\":{\"nr\":17}}"));
        Answer deep = connector("referencePath", "$.other.nr").commit(document);
        // then
        assertThat(none.reference()).isNull();
        assertThat(none.total()).isNull();
        assertThat(deep.reference()).isEqualTo("17");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "<html>Welcome", "[", "{\"id\":\"I-1\"} trailing"})
    void aBodyThatIsNoJsonIsNoAnswer(String body) {
        // given
        server.then(answer(200, body));
        // when
        Answer answer = connector().commit(document);
        // then
        assertThat(answer.reference()).isNull();
        assertThat(kind(answer.error())).isEqualTo("UNKNOWN");
    }

    @ParameterizedTest
    @ValueSource(strings = {"90071992547409931.17", "0.10", "1000000.00", "123456789012345678901234567890.123456789"})
    void decimalsStayExact(String total) {
        // given: numbers that a double can't hold
        server.answering(answer -> answer.put("total", new BigDecimal(total)));
        // when
        Answer answer = connector().commit(document);
        // then
        assertThat(answer.total()).isEqualTo(total);
    }

    @Test
    void anEndlessAnswerIsNotRead() {
        // given
        server.then(answer(200, "[" + "1,".repeat(3 << 20) + "1]"));
        // when
        Answer answer = connector().commit(document);
        // then
        assertThat(kind(answer.error())).isEqualTo("UNKNOWN");
        assertThat(answer.error()).hasMessageContaining("more than 4194304 bytes");
    }

    @Test
    void wrongSettingsAreRefusedBeforeAnythingIsSent() {
        // given / when / then
        assertThat(message(connector("auth", "basic", "username", "jo").commit(document)))
                .contains("needs the property 'password'");
        assertThat(message(connector("lookupUrl", "http://x/{kee}").commit(document)))
                .contains("unknown {kee}; did you mean 'key'");
        assertThat(message(connector("lookupUrl", "http://x/").commit(document)))
                .contains("names no document");
        assertThat(server.requests()).isEmpty();
    }

    private static String message(Answer answer) {
        Throwable error = answer.error();
        while (error.getCause() != null) {
            error = error.getCause();
        }
        return error.getMessage();
    }

    private Connector connector(String... told) {
        List<String> all = new ArrayList<>(List.of("url", server.url()));
        all.addAll(List.of(told));
        Connector connector = new Connector("http", all.toArray(String[]::new));
        connectors.add(connector);
        return connector;
    }
}
