package org.caravan.invoice.document;

import java.nio.file.Path;
import java.sql.Connection;
import java.time.YearMonth;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.caravan.common.ConfigNode;
import org.caravan.common.UserError;
import org.caravan.ledger.TenantRef;
import org.caravan.metering.UsageKey;

/**
 * All account profiles: {@code config/accounts.yaml}. Immutable.
 *
 * <p>An account is a tenant, unless an account of the file names the tenants it ties.
 */
public final class AccountProfiles implements Accounts {
    private static final String WHAT = "accounts file";

    private final AccountProfile defaults;
    private final Map<String, AccountProfile> named;
    private final Map<String, String> accountByTenant = new LinkedHashMap<>();
    private final Map<String, String> places;

    /** @param places where each account stands in the file, for messages; the defaults' under {@code ""} */
    AccountProfiles(AccountProfile defaults, Map<String, AccountProfile> named, Map<String, String> places) {
        this.defaults = defaults;
        this.named = new LinkedHashMap<>(named);
        this.places = Map.copyOf(places);
        for (AccountProfile profile : named.values()) {
            for (String tenant : profile.tenants()) {
                String other = accountByTenant.put(tenant, profile.account());
                if (other != null) {
                    throw new UserError(place(profile.account()) + "tenant '" + tenant + "' is tied to account '"
                            + other + "' already; a tenant has one account");
                }
            }
        }
    }

    /**
     * Reads the file.
     *
     * @throws UserError naming file, line and key
     */
    public static AccountProfiles read(Path file) {
        return AccountProfilesReader.read(ConfigNode.read(file, WHAT));
    }

    /** As {@link #read}, from a text; {@code file} is the name used in messages. */
    public static AccountProfiles parse(String text, String file) {
        return AccountProfilesReader.read(ConfigNode.parse(text, file, WHAT));
    }

    @Override
    public AccountProfiles at(Connection connection, YearMonth month) {
        return this;
    }

    @Override
    public AccountProfiles file() {
        return this;
    }

    /**
     * These profiles and further ones, which take the place of those with their names. A tenant that they tie is tied by
     * nobody else.
     *
     * @param more by account
     * @param accountByTenant who pays for tenants, by {@link #tenantName}
     */
    public AccountProfiles with(Map<String, AccountProfile> more, Map<String, String> accountByTenant) {
        Map<String, AccountProfile> all = new LinkedHashMap<>(named);
        more.forEach(all::put);
        AccountProfiles extended = new AccountProfiles(defaults, Map.of(), places);
        extended.named.putAll(all);
        extended.accountByTenant.putAll(this.accountByTenant);
        extended.accountByTenant.putAll(accountByTenant);
        return extended;
    }

    /** Every tenant an account of its own, billed plainly. */
    public static AccountProfiles none() {
        return new AccountProfiles(AccountProfile.plain(""), Map.of(), Map.of());
    }

    /**
     * Refuses profiles that can't bill what a ledger rates: another currency without a rate, or a rate other than 1 for
     * the ledger's own.
     *
     * @throws UserError naming the account and its place
     */
    public void check(String ratingCurrency) {
        String problem = defaults.rateProblem(ratingCurrency);
        if (problem != null) {
            throw new UserError(place("") + problem);
        }
        for (AccountProfile profile : named.values()) {
            problem = profile.rateProblem(ratingCurrency);
            if (problem != null) {
                throw new UserError(place(profile.account()) + problem);
            }
        }
    }

    /**
     * A tenant's name in accounts and documents: its own, with its realm before it ({@code @realm/name}) where the realm
     * is not the default one. No two tenants share a name.
     */
    public static String tenantName(TenantRef tenant) {
        return tenantName(tenant.realm(), tenant.name());
    }

    /** As {@link #tenantName(TenantRef)}. */
    public static String tenantName(String realm, String name) {
        // a name that begins with the mark bears its realm always, or it could be read as @realm/name
        if (realm.equals(UsageKey.DEFAULT_REALM) && !name.startsWith("@")) {
            return name;
        }
        return "@" + realm.replace("%", "%25").replace("/", "%2F") + "/" + name;
    }

    /**
     * The account that pays for a tenant.
     *
     * @throws UserError if an account that ties other tenants bears this tenant's name
     */
    public String accountOf(TenantRef tenant) {
        String name = tenantName(tenant);
        String account = accountByTenant.get(name);
        if (account != null) {
            return account;
        }
        AccountProfile namesake = named.get(name);
        if (namesake != null && !namesake.tenants().isEmpty()) {
            throw new UserError(place(name) + "account '" + name + "' ties other tenants, yet tenant '" + name
                    + "' has usage of its own; add it to 'tenants' or rename the account");
        }
        return name;
    }

    /** How an account is billed; the defaults if the file does not name it. Never null. */
    public AccountProfile profile(String account) {
        AccountProfile profile = named.get(account);
        return profile != null ? profile : defaults.of(account);
    }

    /** Every account that the file names, in its order. */
    public Collection<AccountProfile> named() {
        return Collections.unmodifiableCollection(named.values());
    }

    private String place(String account) {
        return places.getOrDefault(account, "");
    }
}
