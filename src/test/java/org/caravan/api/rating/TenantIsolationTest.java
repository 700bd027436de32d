package org.caravan.api.rating;

import static org.assertj.core.api.Assertions.assertThat;
import static org.caravan.testing.UsageLedger.line;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.caravan.api.rating.ReportApi.Reply;
import org.caravan.hub.db.HubDatabase;
import org.caravan.testing.Database;
import org.caravan.testing.UsageLedger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Many tenants, names that resemble each other among them, with usage in the same batches, the same buckets and under the same
 * resource names: each asks everything it may and must find its own figures and nobody else's.
 */
class TenantIsolationTest {
    private static final String PERIOD = "begin=2026-10-01T00:00:00Z&end=2026-11-01T00:00:00Z";

    private static final Map<String, BigDecimal> QUANTITIES = new TreeMap<>();
    private static final List<String> TENANTS = new ArrayList<>(List.of(
            "a.b",
            "a_b",
            "A.B",
            "a.b ",
            "a,b",
            "a:b",
            "a%b",
            "a'b",
            "ü",
            "🍅",
            "%",
            "ALL",
            "null",
            "project_id",
            "../a"));

    /** Ways to ask for one's sum; each tenant asks in some of them. */
    private static final List<String> WAYS = List.of(
            "", "&groupby=project_id", "&groupby=owner", "&groupby=time-m,id", "&groupby=type&filters=id:shared");

    private static final HubDatabase POOL = HubDatabase.open(Database.freshAccess(), 4);

    private static ReportApi api;

    @AfterAll
    static void close() {
        POOL.close();
    }

    @BeforeAll
    static void fill() throws Exception {
        UsageLedger ledger = new UsageLedger(POOL.dataSource());
        Random random = new Random(42);
        for (int i = 0; i < 10; i++) {
            TENANTS.add("tenant-" + i);
        }
        for (int day = 1; day <= 3; day++) {
            List<String> lines = new ArrayList<>();
            for (String tenant : TENANTS) {
                BigDecimal quantity = BigDecimal.valueOf(1 + random.nextInt(1_000_000), 3);
                QUANTITIES.merge(tenant, quantity, BigDecimal::add);
                lines.add(line(
                        tenant,
                        "shared",
                        "cpu",
                        quantity.toPlainString(),
                        "2026-10-0" + day + "T12:00:00Z",
                        "\"owner\":\"" + tenant + "\""));
            }
            ledger.read(lines);
            if (day == 2) {
                ledger.rollUp();
            }
        }
        // the same names in another realm are other tenants
        ledger.read(TENANTS.stream()
                .map(tenant -> line(tenant, "shared", "cpu", "999999", "2026-10-05T12:00:00Z", "")
                        .replace("{\"tenant\"", "{\"realm\":\"elsewhere\",\"tenant\""))
                .toList());
        api = new ReportApi(ledger);
    }

    private static String plain(BigDecimal value) {
        return value.stripTrailingZeros().toPlainString();
    }

    private static String rate(String tenant) {
        return plain(QUANTITIES.get(tenant).multiply(new BigDecimal("0.0481")));
    }

    @Test
    void sumsAreOnesOwn() {
        for (int i = 0; i < TENANTS.size(); i++) {
            String tenant = TENANTS.get(i);
            for (String more : List.of(WAYS.get(i % WAYS.size()), WAYS.get((i + 2) % WAYS.size()))) {
                // given / when
                Reply reply = api.get("/v2/summary?" + PERIOD + more, tenant);
                // then
                assertThat(reply.json().get("total").asInt()).as(tenant + more).isOne();
                assertThat(plain(reply.json().at("/results/0/2").decimalValue()))
                        .as(tenant + more)
                        .isEqualTo(plain(QUANTITIES.get(tenant)));
                assertThat(plain(reply.json().at("/results/0/3").decimalValue()))
                        .isEqualTo(rate(tenant));
            }
            assertThat(api.get("/v2/summary?" + PERIOD + "&groupby=time,project_id", tenant)
                            .json()
                            .get("results"))
                    .hasSize(3)
                    .allSatisfy(row -> assertThat(row.get(4).asText()).isEqualTo(tenant));
            assertThat(api.get("/v1/report/total?" + PERIOD, tenant).json().asText())
                    .isEqualTo(rate(tenant));
            assertThat(api.get("/v1/report/summary?" + PERIOD + "&groupby=tenant_id", tenant)
                            .json()
                            .findValuesAsText("tenant_id"))
                    .containsExactly(tenant);
        }
    }

    @Test
    void recordsAreOnesOwn() {
        for (String tenant : TENANTS) {
            // given / when
            Reply v1 = api.get("/v1/storage/dataframes?" + PERIOD, tenant);
            Reply v2 = api.get("/v2/dataframes?" + PERIOD, tenant);
            // then
            assertThat(v1.json().findValuesAsText("owner")).containsExactly(tenant, tenant, tenant);
            assertThat(v2.json().findValuesAsText("owner")).containsExactly(tenant, tenant, tenant);
            BigDecimal sum = BigDecimal.ZERO;
            for (JsonNode price : v2.json().findValues("price")) {
                sum = sum.add(price.decimalValue());
            }
            assertThat(plain(sum)).isEqualTo(rate(tenant));
        }
    }

    @Test
    void noFilterLeadsToAnothersUsage() {
        for (int i = 0; i < TENANTS.size(); i++) {
            // given
            String tenant = TENANTS.get(i);
            String other = TENANTS.get((i + 1) % TENANTS.size());
            String asked = URLEncoder.encode(other, StandardCharsets.UTF_8);
            // when / then: a filter by metadata that is another's finds nothing, one by tenant is not heard
            if (!other.contains(",")) {
                assertThat(api.get("/v2/summary?" + PERIOD + "&filters=owner:" + asked, tenant)
                                .json()
                                .get("total")
                                .asInt())
                        .as(tenant + " asks for " + other)
                        .isZero();
                assertThat(api.get("/v2/dataframes?" + PERIOD + "&filters=owner:" + asked, tenant)
                                .status())
                        .isEqualTo(404);
                assertThat(api.get("/v2/summary?" + PERIOD + "&groupby=project_id&filters=project_id:" + asked, tenant)
                                .json()
                                .at("/results/0/4")
                                .asText())
                        .isEqualTo(tenant);
            }
            for (String path : List.of("/v1/report/summary", "/v1/report/total", "/v1/storage/dataframes")) {
                assertThat(api.get(path + "?" + PERIOD + "&tenant_id=" + asked, tenant)
                                .status())
                        .isEqualTo(403);
            }
            for (String path : List.of("/v1/report/tenants", "/v2/scope")) {
                assertThat(api.get(path, tenant).status()).isEqualTo(403);
            }
        }
    }

    @Test
    void anAdministratorSeesAllOfTheRealmAndNothingOfAnother() {
        // given
        BigDecimal all = QUANTITIES.values().stream().reduce(BigDecimal.ZERO, BigDecimal::add);
        // when / then
        assertThat(plain(api.get("/v2/summary?" + PERIOD)
                        .json()
                        .at("/results/0/2")
                        .decimalValue()))
                .isEqualTo(plain(all));
        assertThat(plain(api.get("/v2/summary?begin=2026-10-01T00:00:01Z&end=2026-10-31T00:00:01Z")
                        .json()
                        .at("/results/0/2")
                        .decimalValue()))
                .isEqualTo(plain(all));
        assertThat(api.get("/v1/report/tenants?" + PERIOD).json()).hasSize(TENANTS.size());
        assertThat(api.get("/v2/dataframes?" + PERIOD).json().get("total").asInt())
                .isEqualTo(3 * TENANTS.size());
        for (String tenant : TENANTS) {
            String asked = URLEncoder.encode(tenant, StandardCharsets.UTF_8);
            assertThat(api.get("/v1/report/total?" + PERIOD + "&tenant_id=" + asked)
                            .json()
                            .asText())
                    .isEqualTo(rate(tenant));
        }
    }
}
