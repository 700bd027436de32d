package org.caravan.api.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.caravan.api.subscription.Portal.Reply;
import org.caravan.common.Json;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Lists: filters as a plain Java filter answers, limits, markers, and what is refused. */
class ListFilterTest {
    private static final List<String> OPERATORS =
            List.of("eq", "==", "=", "ne", "!=", "ge", ">=", "le", "<=", "gt", ">", "lt", "<", "like", "nlike", "EQ");
    private static final List<String> FIELDS = List.of("name", "title", "description", "id", "merchant_id");
    private static final List<String> TEXTS = List.of(
            "a", "A", "ab", "aB", "b", "ba", "%", "_", "a%", "%a", "_b", "\\", "a\\b", "é", "ü", "😀", "Z", "a b", "'",
            "10", "9", "");

    private static Portal portal;
    private static String path;
    private static final List<JsonNode> ALL = new ArrayList<>();

    @BeforeAll
    static void make() {
        portal = new Portal(40);
        path = Portal.m(portal.merchant()) + "/products";
        Random random = new Random(7);
        for (int i = 0; i < 30; i++) {
            ObjectNode product = Json.mapper().createObjectNode();
            product.put("name", any(random) + "-" + i);
            product.put("title", random.nextInt(4) == 0 ? null : any(random));
            product.put("description", random.nextInt(4) == 0 ? null : any(random) + any(random));
            ALL.add(portal.post(path, product.toString()).is(202).json());
            if (random.nextBoolean()) {
                portal.later(Duration.ofSeconds(1));
            }
        }
    }

    private static String any(Random random) {
        return TEXTS.get(random.nextInt(TEXTS.size()));
    }

    private record Asked(String field, String operator, String value) {
        String query() {
            return "q.field=" + encode(field) + "&q.op=" + encode(operator) + "&q.value=" + encode(value);
        }

        boolean lets(JsonNode product) {
            JsonNode own = product.get(field);
            if (own.isNull()) {
                return false;
            }
            int compared = Arrays.compareUnsigned(bytes(own.textValue()), bytes(value));
            return switch (operator.toLowerCase(java.util.Locale.ROOT)) {
                case "eq", "==", "=" -> compared == 0;
                case "ne", "!=" -> compared != 0;
                case "ge", ">=" -> compared >= 0;
                case "le", "<=" -> compared <= 0;
                case "gt", ">" -> compared > 0;
                case "lt", "<" -> compared < 0;
                case "like" -> like(own.textValue(), value);
                default -> !like(own.textValue(), value);
            };
        }

        /** The plain way: the pattern's first part, then whatever may follow. */
        private static boolean like(String text, String pattern) {
            if (pattern.isEmpty()) {
                return text.isEmpty();
            }
            int first = pattern.codePointAt(0);
            String rest = pattern.substring(Character.charCount(first));
            if (first == '%') {
                for (int i = 0; i <= text.length(); i++) {
                    if ((i == text.length() || !Character.isLowSurrogate(text.charAt(i)))
                            && like(text.substring(i), rest)) {
                        return true;
                    }
                }
                return false;
            }
            return !text.isEmpty()
                    && (first == '_' || text.codePointAt(0) == first)
                    && like(text.substring(Character.charCount(text.codePointAt(0))), rest);
        }

        private static byte[] bytes(String text) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Test
    void filtersAnswerAsAPlainJavaFilter() {
        // given
        Random random = new Random(42);
        for (int i = 0; i < 150; i++) {
            List<Asked> asked = new ArrayList<>();
            for (int n = random.nextInt(3); n >= 0; n--) {
                String value = random.nextInt(5) == 0
                        ? ALL.get(random.nextInt(ALL.size())).path("name").asText()
                        : any(random) + (random.nextInt(3) == 0 ? any(random) : "");
                asked.add(new Asked(
                        FIELDS.get(random.nextInt(FIELDS.size())),
                        OPERATORS.get(random.nextInt(OPERATORS.size())),
                        value));
            }
            // when
            Reply reply = portal.get(path + "?"
                            + String.join("&", asked.stream().map(Asked::query).toList()))
                    .is(200);
            // then
            List<String> expected = ALL.stream()
                    .filter(product -> asked.stream().allMatch(one -> one.lets(product)))
                    .map(product -> product.get("id").asText())
                    .toList();
            assertThat(reply.each("id")).as(asked.toString()).containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    @Test
    void timesAndNumbersCompareAsSuch() {
        // given
        String merchant = portal.merchant();
        String plan = portal.plan(merchant);
        String ann = portal.customer(merchant);
        String ben = portal.customer(merchant);
        String first = portal.subscription(merchant, ann, plan, ",\"billing_day\":9");
        portal.later(Duration.ofMinutes(1));
        String then = portal.now.toString();
        String second = portal.subscription(merchant, ben, plan, ",\"billing_day\":10");
        String list = Portal.m(merchant) + "/subscriptions?";
        // when / then
        assertThat(portal.get(list + "q.field=billing_day&q.op=gt&q.value=9").each("id"))
                .containsExactly(second);
        assertThat(portal.get(list + "q.field=created_at&q.op=lt&q.value=" + then)
                        .each("id"))
                .containsExactly(first);
        assertThat(portal.get(list + "q.field=customer&q.value=" + ann).each("id"))
                .containsExactly(first);
        assertThat(portal.get(list + "customer_id=" + ben).each("id")).containsExactly(second);
        assertThat(portal.get(list + "plan_id=" + plan).each("id")).containsExactly(first, second);
        assertThat(portal.get(list + "plan_id=" + plan + "&customer_id=" + ann
                                + "&q.field=billing_day&q.op=ge&q.value=10")
                        .json())
                .isEmpty();
        assertThat(portal.get(list + "q.field=customer_name&q.op=like&q.value=buyer%25")
                        .json())
                .hasSize(2);
    }

    @Test
    void aListGoesOnBehindItsMarker() {
        // given
        List<String> all = portal.get(path).is(200).each("id");
        List<String> paged = new ArrayList<>();
        String next = path + "?limit=7&q.field=name&q.op=like&q.value=%25";
        int pages = 0;
        // when
        while (next != null) {
            Reply page = portal.get(next).is(200);
            paged.addAll(page.each("id"));
            String link = page.headers().get("Link");
            next = link == null
                    ? null
                    : link.replaceFirst("^<" + Portal.HOST, "").replaceFirst(">.*", "");
            pages++;
        }
        // then
        assertThat(paged).isEqualTo(all).hasSize(30);
        assertThat(pages).isEqualTo(5);
        assertThat(portal.get(path + "?limit=100000").json()).hasSize(30);
        portal.get(path + "?marker=nothing").is(400);
    }

    @Test
    void anUnknownFieldOperatorOrArgumentIsRefusedByItsType() {
        // given / when / then
        assertThat(portal.get(path + "?q.field=colour&q.value=red").is(400).type())
                .isEqualTo("invalid_query_field");
        assertThat(portal.get(path + "?q.field=properties&q.value=red").is(400).type())
                .isEqualTo("invalid_query_field");
        assertThat(portal.get(path + "?q.field=name&q.op=near&q.value=x")
                        .is(400)
                        .type())
                .isEqualTo("invalid_operator");
        assertThat(portal.get(path + "?q.field=created_at&q.op=like&q.value=x")
                        .is(400)
                        .type())
                .isEqualTo("invalid_operator");
        assertThat(portal.get(path + "?q.field=created_at&q.value=yesterday")
                        .is(400)
                        .type())
                .isEqualTo("bad_request");
        assertThat(portal.get(path + "?sort_key=name").is(400).type()).isEqualTo("invalid_sort_key");
        for (String wrong : List.of(
                "q.field=name",
                "q.value=x",
                "q.field=name&q.field=title&q.value=a&q.value=b&q.op=eq",
                "limit=0",
                "limit=x",
                "limit=-1",
                "tenant=x",
                "q.field=name&q.value=" + "x&q.field=name&q.value=".repeat(20) + "x",
                "q.field=name&q.value=%00")) {
            assertThat(portal.get(path + "?" + wrong).is(400).type()).as(wrong).isEqualTo("bad_request");
        }
        // nothing that a caller writes becomes SQL
        assertThat(portal.get(path + "?q.field=" + encode("name) or (1") + "&q.value=1")
                        .is(400)
                        .type())
                .isEqualTo("invalid_query_field");
    }
}
