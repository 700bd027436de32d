package org.caravan.reseller;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.caravan.invoice.Closer;
import org.caravan.invoice.document.AccountProfiles;
import org.caravan.subscription.Metered;
import org.caravan.subscription.Shop;
import org.caravan.subscription.billing.BillingSettings;
import org.caravan.subscription.billing.CustomerPayer;
import org.junit.jupiter.api.Test;

/** Usage of a client where each tenant gets a document of its own. */
class ClientUsageTest {
    private static final BillingSettings PER_TENANT =
            new BillingSettings(true, false, Map.of(), Duration.ofDays(14), BigDecimal.ZERO);

    @Test
    void documentsOfTenantsAddUpToTheClientsUsage() throws Exception {
        // given
        Shop shop = new Shop();
        shop.customer("ann", "eur");
        shop.execute("update customer set taxes = '[{\"name\":\"GST\",\"rate\":\"10\"}]', discount_percentage = 50");
        shop.plan("none");
        for (String tenant : new String[] {"a", "b"}) {
            shop.subscription("s-" + tenant, "ann", "none", "2026-09-02T00:00:00Z");
            shop.tie("s-" + tenant, tenant);
        }
        shop.clock.at("2026-10-31T23:30:00Z");
        new Metered(shop)
                .price("ip.floating", "1.03")
                .use("a", "ip-1", "ip.floating", "", "1", "2026-10-01T00:00:00Z", 3_600)
                .use("b", "ip-2", "ip.floating", "", "1", "2026-10-01T00:00:00Z", 3_600)
                .commit();
        Closer closer = shop.closer(PER_TENANT, AccountProfiles.none());
        OpenBill bill = (client, month) ->
                closer.proforma(month, new CustomerPayer(AccountProfiles.none(), PER_TENANT, "EUR", client.id()));
        Client ann = new Client("ann", "m1", "Ann", null, "m1/ann", "EUR", Instant.EPOCH, null);
        // when
        Usage usage = new ClientUsage(shop.dataSource, bill, Kinds.shipped(), shop.clock).of(ann);
        // then: 1.03 - 0.52 + 0.05, twice
        assertThat(usage.bills()).hasSize(2);
        UsageTotals all = usage.totals(project -> true);
        assertThat(all.subtotal()).isEqualByComparingTo("2.06");
        assertThat(all.discount()).isEqualByComparingTo("1.04");
        assertThat(all.taxes()).hasSize(1).first().satisfies(tax -> assertThat(tax.amount())
                .isEqualByComparingTo("0.1"));
        assertThat(all.total()).isEqualByComparingTo("1.12");
        assertThat(usage.totals(project -> project.id().equals("a")).total()).isEqualByComparingTo("0.56");
        assertThat(usage.projects(project -> true))
                .extracting(BilledProject::id)
                .containsExactly("a", "b");
    }
}
