package org.caravan.subscription.billing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.caravan.invoice.CloseOrder;
import org.caravan.invoice.Closer;
import org.caravan.invoice.document.AccountProfile;
import org.caravan.invoice.document.AccountProfiles;
import org.caravan.invoice.document.Document;
import org.caravan.subscription.Shop;
import org.junit.jupiter.api.Test;

/** What one customer is told it would be billed is what the next close bills it. */
class CustomerPayerTest {
    private static final YearMonth MONTH = YearMonth.of(2026, 10);
    private static final String VOLUME =
            "[{\"type\":\"volume\",\"tiers\":[{\"from\":null,\"to\":\"100\",\"price\":\"0.05\"},{\"from\":\"100\",\"to\":null,"
                    + "\"price\":\"0.04\"}]}]";
    private static final String GRADUATED = VOLUME.replace("\"tiers\"", "\"mode\":\"graduated\",\"tiers\"");
    private static final String FIXED = "[{\"type\":\"fixed\",\"price\":\"9.90\"}]";

    /** A shop in which tenants move, are shared by name and have nothing but fixed prices. */
    private static Shop busy() {
        Shop shop = new Shop();
        shop.plan("gold", "base", FIXED, "disk", GRADUATED, "instance", VOLUME);
        shop.execute("insert into api_key (name, kind, subject, digest, created_at, revoked_at)"
                + " values ('k', 'reseller', 'm1', '\\x00', now(), now())");
        for (String customer : List.of("ann", "bob", "cat", "dan")) {
            shop.customer(customer, customer.equals("cat") ? "usd" : "eur");
        }
        shop.subscription("s1", "ann", "gold", "2026-10-05T10:00:00Z");
        shop.tie("s1", "t1");
        shop.subscription("s2", "ann", "gold", "2026-09-01T10:00:00Z");
        shop.tie("s2", "t2");
        shop.subscription("s3", "bob", "gold", "2026-10-01T00:00:00Z");
        shop.tie("s3", "t3");
        shop.subscription("s5", "cat", "gold", "2026-10-09T00:00:00Z");
        shop.tie("s5", "t5");
        shop.subscription("s6", "dan", "gold", "2026-10-20T00:00:00Z");
        shop.clock.at("2026-10-31T23:30:00Z");
        for (String tenant : List.of("t1", "t2", "t3", "t5")) {
            shop.use(tenant, "instance", "2026-10-21T00:00:00Z", "70");
            shop.use(tenant, "disk", "2026-10-22T00:00:00Z", "130");
            shop.usePriced(tenant, "traffic", "2026-10-23T00:00:00Z", "7", "0.0033");
        }
        shop.use("t2", "disk", "2026-09-22T00:00:00Z", "33");
        // t3 was bob's and is ann's now
        shop.end("s3", "2026-10-25T00:00:00Z");
        shop.subscription("s4", "ann", "gold", "2026-10-26T00:00:00Z");
        return shop;
    }

    private static List<Document> proforma(
            Closer closer, BillingSettings settings, AccountProfiles file, String customer) throws Exception {
        return closer.proforma(MONTH, new CustomerPayer(file, settings, "EUR", customer));
    }

    /** All but its name. */
    private static String body(Document document) {
        return document.account()
                + document.tenants()
                + document.sections()
                + document.subtotal()
                + document.discount()
                + document.taxes()
                + document.total()
                + document.rounding()
                + document.currency()
                + document.rate()
                + document.customer();
    }

    private static void whatIsToldIsIssued(boolean perTenant, AccountProfiles file) throws Exception {
        // given
        Shop shop = busy();
        BillingSettings settings = new BillingSettings(
                perTenant, false, Map.of("USD", new java.math.BigDecimal("1.08")), Duration.ofDays(14));
        Closer closer = shop.closer(settings, file);
        shop.clock.at("2026-11-02T00:00:00Z");
        closer.close(CloseOrder.of(YearMonth.of(2026, 9)).forced(), issued -> {});
        // of a month that is issued, up to the next tier and below 100 hours, where each has another price
        shop.use("t2", "disk", "2026-09-25T00:00:00Z", "120");
        shop.use("t2", "instance", "2026-09-25T00:00:00Z", "20");
        for (AccountProfile tying : file.named()) {
            for (String tenant : tying.tenants()) {
                shop.usePriced(tenant, "traffic", "2026-10-24T00:00:00Z", "9", "0.0033");
            }
        }
        // when
        List<String> told = new ArrayList<>();
        for (String customer : List.of("ann", "bob", "cat", "dan")) {
            for (Document document : proforma(closer, settings, file, customer)) {
                told.add(body(document));
            }
        }
        closer.close(CloseOrder.of(MONTH).forced(), issued -> {});
        // then
        List<String> issued =
                shop.rows("select account from document where month = '2026-10-01' order by account").stream()
                        .distinct()
                        .flatMap(account -> shop.documents(account).stream())
                        .filter(document -> document.month().equals(MONTH))
                        .map(CustomerPayerTest::body)
                        .toList();
        assertThat(told).containsExactlyInAnyOrderElementsOf(issued);
        assertThat(issued).hasSizeGreaterThan(perTenant ? 4 : 3).allSatisfy(body -> assertThat(body)
                .contains("reseller"));
    }

    @Test
    void ofCustomers() throws Exception {
        whatIsToldIsIssued(false, AccountProfiles.none());
    }

    @Test
    void ofCustomersToWhoseAccountsTheFileTiesTenants() throws Exception {
        whatIsToldIsIssued(
                false,
                AccountProfiles.parse(
                        """
                        defaults: {rounding: reseller}
                        accounts:
                          m1/ann: {tenants: [t7, t8], taxes: [{name: GST, rate: "15"}], discount: {flat: "0.35"}}
                          m1/bob: {tenants: [t2]}
                        """,
                        "accounts.yaml"));
    }

    @Test
    void ofTenants() throws Exception {
        whatIsToldIsIssued(true, AccountProfiles.none());
    }

    @Test
    void aCustomerWithoutSubscriptionIsToldOfAnEmptyDocument() throws Exception {
        // given
        Shop shop = new Shop();
        shop.customer("new", "eur");
        // when
        List<Document> documents = proforma(shop.closer(), BillingSettings.defaults(), AccountProfiles.none(), "new");
        // then
        assertThat(documents).hasSize(1);
        assertThat(documents.get(0).account()).isEqualTo("m1/new");
        assertThat(documents.get(0).total()).isZero();
        assertThat(shop.rows("select count(*) from document")).containsExactly("0");
    }
}
