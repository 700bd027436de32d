package org.caravan.invoice.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.List;
import org.caravan.common.UserError;
import org.caravan.ledger.TenantRef;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccountProfilesTest {
    private static AccountProfiles parse(String yaml) {
        return AccountProfiles.parse(yaml, "accounts.yaml");
    }

    private static TenantRef tenant(String realm, String name) {
        return new TenantRef(1, realm, name, 0);
    }

    @Test
    void theShippedFileBillsEveryTenantPlainly() {
        // given
        AccountProfiles profiles = AccountProfiles.read(Path.of("config/accounts.yaml"));
        // when
        AccountProfile profile = profiles.profile("anyone");
        // then
        assertThat(profile).isEqualTo(AccountProfile.plain("anyone"));
        assertThat(profile).isEqualTo(AccountProfiles.none().profile("anyone"));
    }

    @Test
    void anAccountOverridesTheDefaultsKeyByKey() {
        // given
        AccountProfiles profiles = parse(
                """
                defaults:
                  taxes: [{name: GST, rate: 15}]
                  discount: {percentage: 5, flat: "1.50"}
                  connectors: [csv-directory, openerp]
                accounts:
                  acme:
                    discount: {percentage: 10}
                    customer: {name: Acme, taxId: "12-3"}
                    rounding: reseller
                    minimumCharge: 0
                    lines: resource
                  off: {bill: false}
                """);
        // when
        AccountProfile acme = profiles.profile("acme");
        // then
        assertThat(acme.taxes()).containsExactly(new AccountProfile.TaxRate("GST", new BigDecimal("15")));
        assertThat(acme.discountPercentage()).isEqualByComparingTo("10");
        assertThat(acme.discountFlat()).isZero();
        assertThat(acme.connectors()).containsExactly("csv-directory", "openerp");
        assertThat(acme.customer().taxId()).isEqualTo("12-3");
        assertThat(acme.rounding()).isEqualTo(Rounding.reseller(BigDecimal.ZERO));
        assertThat(acme.lines()).isEqualTo(AccountProfile.Lines.RESOURCE);
        assertThat(profiles.profile("off").bill()).isFalse();
        assertThat(profiles.profile("other").discountFlat()).isEqualByComparingTo("1.5");
    }

    @Test
    void anAccountTiesTenants() {
        // given
        AccountProfiles profiles = parse("accounts: {group: {tenants: [a, '@default/b', '@west/c']}}");
        // when, then
        assertThat(List.of(tenant("default", "a"), tenant("default", "b"), tenant("west", "c")))
                .allSatisfy(t -> assertThat(profiles.accountOf(t)).isEqualTo("group"));
        assertThat(profiles.accountOf(tenant("default", "c"))).isEqualTo("c");
        assertThat(profiles.accountOf(tenant("west", "a"))).isEqualTo("@west/a");
    }

    @Test
    void noTwoTenantsShareAName() {
        // given
        List<TenantRef> tenants = List.of(
                tenant("default", "a/b"),
                tenant("a", "b"),
                tenant("a/b", "c"),
                tenant("a", "b/c"),
                tenant("a%2Fb", "c"),
                tenant("default", "b"),
                tenant("default", "@a/b"));
        // when
        List<String> names = tenants.stream().map(AccountProfiles::tenantName).toList();
        // then
        assertThat(names).doesNotHaveDuplicates().startsWith("a/b", "@a/b");
    }

    @Test
    void aTenantThatBearsTheNameOfAnAccountOfOthersIsAnError() {
        // given
        AccountProfiles profiles = parse("accounts:\n  acme:\n    tenants: [a]\n");
        // when, then
        assertThatThrownBy(() -> profiles.accountOf(tenant("default", "acme")))
                .isInstanceOf(UserError.class)
                .hasMessageStartingWith("accounts.yaml:2: accounts.acme: account 'acme' ties other tenants");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "defaults: {tax: []} | accounts.yaml:1: defaults.tax: unknown key 'tax'; did you mean 'taxes'?",
                "account: {} | accounts.yaml:1: account: unknown key 'account'; did you mean 'accounts'?",
                "accounts: {a: {bill: yes}} | accounts.yaml:1: accounts.a.bill: expected true or false, found 'yes'",
                "accounts: {a: {currency: XYZ}} | accounts.yaml:1: accounts.a.currency: 'XYZ' is no ISO 4217 currency",
                "accounts: {a: {currency: XAU}} | accounts.yaml:1: accounts.a.currency: 'XAU' is no ISO 4217 currency",
                "accounts: {a: {rate: 0}} | accounts.yaml:1: accounts.a.rate: expected a rate above 0, found '0'",
                "accounts: {a: {discount: {percentage: 101}}} | accounts.a.discount.percentage: expected a number from 0 to 100",
                "accounts: {a: {discount: {flat: -1}}} | accounts.a.discount.flat: expected a number of 0 or more, found '-1'",
                "accounts: {a: {taxes: [{name: GST}]}} | accounts.a.taxes[0]: key 'rate' is missing",
                "accounts: {a: {taxes: [{name: GST, rate: x}]}} | accounts.a.taxes[0].rate: expected a decimal number",
                "accounts: {a: {rounding: bank}} | accounts.a.rounding: expected one of currency, reseller, artifice",
                "accounts: {a: {connectors: [x, x]}} | accounts.a.connectors: a connector stands here twice",
                "accounts: {a: {tenants: []}} | accounts.a.tenants: expected at least one tenant",
                "accounts: {a: {tenants: [t]}, b: {tenants: [t]}} | accounts.b: tenant 't' is tied to account 'a' already",
                "accounts: {a: {customer: {phone: 1}}} | accounts.a.customer.phone: unknown key 'phone'",
                "defaults: {customer: {name: x}} | defaults.customer: unknown key 'customer'",
            })
    void whatIsWrongIsNamedWithItsPlace(String yaml, String message) {
        // given the yaml
        // when, then
        assertThatThrownBy(() -> parse(yaml)).isInstanceOf(UserError.class).hasMessageContaining(message);
    }

    @Test
    void aCurrencyNeedsARateOfItsOwn() {
        // given
        AccountProfiles profiles = parse(
                """
                defaults: {currency: USD, rate: "0.61"}
                accounts:
                  acme: {currency: EUR}
                """);
        // when, then
        assertThat(profiles.profile("other").rate()).isEqualByComparingTo("0.61");
        assertThatThrownBy(() -> profiles.check("NZD"))
                .isInstanceOf(UserError.class)
                .hasMessageStartingWith("accounts.yaml:3: accounts.acme: currency EUR without a 'rate'");
        assertThatThrownBy(() -> profiles.check("USD"))
                .isInstanceOf(UserError.class)
                .hasMessageStartingWith("accounts.yaml:1: defaults: rate 0.61 for USD, the ledger's own currency");
    }
}
