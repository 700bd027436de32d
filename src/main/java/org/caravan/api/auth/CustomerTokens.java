package org.caravan.api.auth;

import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import org.caravan.api.http.Caller;
import org.caravan.common.keystone.KeystoneToken;

/**
 * Takes a token scoped to a customer's project for that customer, whatever else it may do: in the process that makes these
 * projects customers may have been given the role {@code admin} there. All other tokens mean what they mean elsewhere.
 *
 * <p>Names of projects are unique within a domain alone. A project that somebody calls so in another domain is nobody's here.
 */
public final class CustomerTokens implements Function<KeystoneToken, Caller> {
    private static final String PROJECT = "bs-customer-";

    private final String role;
    private final String domain;
    private final Function<KeystoneToken, Caller> others;

    /**
     * @param role that a customer's token must have
     * @param domain id of the domain that customers' projects are in
     * @param others whom other tokens are taken for
     */
    public CustomerTokens(String role, String domain, Function<KeystoneToken, Caller> others) {
        this.role = role.toLowerCase(Locale.ROOT);
        this.domain = domain;
        this.others = others;
    }

    /** As above, on top of what rules say. */
    public static CustomerTokens of(String role, String domain, KeystoneRules rules) {
        return new CustomerTokens(role, domain, rules::caller);
    }

    /** As above, where no other token means anything. */
    public static CustomerTokens alone(String role, String domain) {
        return new CustomerTokens(
                role, domain, token -> new Caller(token.user(), token.project(), Set.of(), Caller.Kind.KEYSTONE));
    }

    @Override
    public Caller apply(KeystoneToken token) {
        String name = token.projectName();
        if (name == null || !name.startsWith(PROJECT)) {
            return others.apply(token);
        }
        boolean its = token.roles().contains(role) && domain.equals(token.projectDomain());
        return its
                ? new Caller(
                        token.user(),
                        token.project(),
                        Set.of(Caller.CUSTOMER),
                        Caller.Kind.KEYSTONE,
                        new Caller.Grant(name.substring(PROJECT.length()), Set.of(), false))
                : new Caller(token.user(), token.project(), Set.of(), Caller.Kind.KEYSTONE);
    }
}
