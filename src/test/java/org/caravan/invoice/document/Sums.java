package org.caravan.invoice.document;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.caravan.common.Json;
import org.caravan.ledger.EntryKind;
import org.caravan.ledger.ResourceInfo;
import org.caravan.ledger.TenantMonth;
import org.caravan.ledger.TenantRef;
import org.caravan.ledger.UsageSum;

/** Usage sums for tests, as the ledger gives them, and documents built from them, each checked against the schema. */
public final class Sums {
    public static final YearMonth MONTH = YearMonth.of(2026, 10);

    private static final Instant BEGIN = Instant.parse("2026-10-01T00:00:00Z");
    private static final JsonSchema SCHEMA = schema();

    private final List<UsageSum> sums = new ArrayList<>();
    private final List<ResourceInfo> resources = new ArrayList<>();
    private String datacenter = "por";

    public static Sums of() {
        return new Sums();
    }

    public Sums in(String name) {
        datacenter = name;
        return this;
    }

    /** Usage of a resource at a unit price, or of no price at all where that is null. */
    public Sums use(String resource, String product, String unit, String quantity, String unitPrice) {
        BigDecimal price = unitPrice == null ? null : new BigDecimal(unitPrice);
        BigDecimal amount = price == null ? BigDecimal.ZERO : price.multiply(new BigDecimal(quantity));
        return add(resource, product, unit, quantity, price, price != null, EntryKind.USAGE, MONTH, amount);
    }

    /** Usage whose amount is not linear in the quantity. */
    public Sums useFor(String resource, String product, String unit, String quantity, String amount) {
        return add(resource, product, unit, quantity, null, true, EntryKind.USAGE, MONTH, new BigDecimal(amount));
    }

    public Sums late(EntryKind kind, YearMonth month, String resource, String product, String quantity, String price) {
        BigDecimal unitPrice = new BigDecimal(price);
        BigDecimal amount = unitPrice.multiply(new BigDecimal(quantity));
        return add(resource, product, "hour", quantity, unitPrice, true, kind, month, amount);
    }

    public Sums told(String resource, String product, String metadata) {
        resources.add(new ResourceInfo(datacenter, resource, "meter." + product, metadata));
        return this;
    }

    private Sums add(
            String resource,
            String product,
            String unit,
            String quantity,
            BigDecimal unitPrice,
            boolean priced,
            EntryKind kind,
            YearMonth month,
            BigDecimal amount) {
        sums.add(new UsageSum(
                datacenter,
                "meter." + product,
                product,
                resource,
                "",
                unit,
                unitPrice,
                priced,
                kind,
                month,
                new BigDecimal(quantity),
                amount,
                new BigDecimal(3600),
                BEGIN.plusSeconds(sums.size()),
                BEGIN.plusSeconds(3600 + sums.size()),
                1));
        return this;
    }

    public List<UsageSum> sums() {
        return sums;
    }

    public TenantMonth month(String tenant) {
        return month("default", tenant);
    }

    public TenantMonth month(String realm, String tenant) {
        return new TenantMonth(new TenantRef(1, realm, tenant, 7), MONTH, 1, List.copyOf(sums), List.copyOf(resources));
    }

    public Document document(AccountProfile profile) {
        return document(profile, List.of(month("acme")));
    }

    public static Document document(AccountProfile profile, List<TenantMonth> usage) {
        return document(head("acme", "2026-0001"), profile, usage);
    }

    public static Document document(DocumentHead head, AccountProfile profile, List<TenantMonth> usage) {
        Document document = DocumentBuilder.build(head, profile, usage);
        assertMatchesSchema(document);
        return document;
    }

    public static DocumentHead head(String account, String number) {
        return DocumentHead.invoice("hub", account, MONTH, 1, number, false, "NZD", Map.of());
    }

    /** A profile of a policy alone. */
    public static AccountProfile profile(Rounding rounding) {
        return new Profile().rounding(rounding).build();
    }

    static void assertMatchesSchema(Document document) {
        String json = new String(DocumentJson.write(document), StandardCharsets.UTF_8);
        assertThat(violations(json))
                .as("violations of the published schema in %s", json)
                .isEmpty();
    }

    static Collection<?> violations(String json) {
        try {
            return SCHEMA.validate(Json.mapper().readTree(json));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonSchema schema() {
        return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                .getSchema(Sums.class.getResourceAsStream("/schema/caravan-document-1.json"));
    }

    /** An account profile with a few things said. */
    public static final class Profile {
        private String currency;
        private BigDecimal rate;
        private final List<AccountProfile.TaxRate> taxes = new ArrayList<>();
        private BigDecimal percentage = BigDecimal.ZERO;
        private BigDecimal flat = BigDecimal.ZERO;
        private Rounding rounding = Rounding.currency();
        private AccountProfile.Lines lines = AccountProfile.Lines.PRICE;

        public Profile currency(String code, String rateText) {
            currency = code;
            rate = rateText == null ? null : new BigDecimal(rateText);
            return this;
        }

        public Profile tax(String name, String percent) {
            taxes.add(new AccountProfile.TaxRate(name, new BigDecimal(percent)));
            return this;
        }

        public Profile discount(String percent, String flatAmount) {
            percentage = new BigDecimal(percent);
            flat = new BigDecimal(flatAmount);
            return this;
        }

        public Profile rounding(Rounding policy) {
            rounding = policy;
            return this;
        }

        public Profile lines(AccountProfile.Lines grouping) {
            lines = grouping;
            return this;
        }

        public AccountProfile build() {
            return new AccountProfile(
                    "acme",
                    List.of(),
                    true,
                    null,
                    currency,
                    rate,
                    taxes,
                    percentage,
                    flat,
                    rounding,
                    lines,
                    List.of("csv-directory"));
        }
    }
}
