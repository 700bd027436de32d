package org.caravan.api.auth;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.caravan.api.http.Caller;
import org.caravan.common.keystone.KeystoneToken;

/**
 * What a token of Keystone means here, and for how long.
 *
 * @param adminRoles in lower case; one of them makes an administrator
 * @param readerRoles in lower case; one of them lets read what is the token's project's
 * @param known how long a valid token is taken to stay valid; it may have been revoked meanwhile
 * @param refused how long a token that was not valid is taken to stay so
 * @param maxTokens most tokens remembered, of the valid ones and of the others
 */
public record KeystoneRules(
        Set<String> adminRoles, Set<String> readerRoles, Duration known, Duration refused, int maxTokens) {
    public KeystoneRules {
        adminRoles = Set.copyOf(adminRoles);
        readerRoles = Set.copyOf(readerRoles);
    }

    /** What holds where nothing else is said. */
    public static KeystoneRules defaults() {
        return new KeystoneRules(
                Set.of("admin"), Set.of("reader", "member"), Duration.ofMinutes(5), Duration.ofSeconds(10), 10_000);
    }

    Caller caller(KeystoneToken token) {
        Set<String> roles = new HashSet<>(token.roles());
        // which roles mean so is said by the settings alone
        roles.remove(Caller.ADMIN);
        roles.remove(Caller.READER);
        // nobody is a source, merchant or customer of ours by what Keystone calls a role
        roles.remove(Caller.SOURCE);
        roles.remove(Caller.MERCHANT);
        roles.remove(Caller.CUSTOMER);
        roles.remove(Caller.RESELLER);
        roles.remove(Caller.ALL_RESELLERS);
        if (token.roles().stream().anyMatch(adminRoles::contains)) {
            roles.add(Caller.ADMIN);
        }
        if (token.roles().stream().anyMatch(readerRoles::contains)) {
            roles.add(Caller.READER);
        }
        return new Caller(token.user(), token.project(), roles, Caller.Kind.KEYSTONE);
    }
}
