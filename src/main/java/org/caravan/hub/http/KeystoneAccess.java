package org.caravan.hub.http;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.time.Clock;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.caravan.api.auth.CustomerTokens;
import org.caravan.api.auth.FailedKeys;
import org.caravan.api.auth.KeystoneAuthenticator;
import org.caravan.api.auth.KeystoneRules;
import org.caravan.common.UserError;
import org.caravan.common.keystone.KeystoneClient;
import org.caravan.common.keystone.KeystoneLogin;
import org.caravan.common.keystone.KeystoneSettings;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.config.KeystoneOptions;
import org.caravan.hub.config.Setting;
import org.caravan.hub.config.SubscriptionOptions;

/** Keystone as it is configured. */
public final class KeystoneAccess {
    private KeystoneAccess() {}

    /** @throws UserError if something that is needed is not said, or is not what is expected */
    static KeystoneAuthenticator authenticator(HubConfig config, FailedKeys failed, Clock clock) {
        return new KeystoneAuthenticator(new KeystoneClient(settings(config), clock), rules(config), clock, failed);
    }

    /**
     * As {@link #authenticator}, which takes tokens of customers' projects for the customers.
     *
     * @param alone true if no other token means anything
     */
    static KeystoneAuthenticator customers(HubConfig config, FailedKeys failed, Clock clock, boolean alone) {
        KeystoneRules rules = rules(config);
        String role = config.get(SubscriptionOptions.CUSTOMER_ROLE);
        String domain = config.get(SubscriptionOptions.DOMAIN);
        return new KeystoneAuthenticator(
                new KeystoneClient(settings(config), clock),
                rules,
                clock,
                alone ? CustomerTokens.alone(role, domain) : CustomerTokens.of(role, domain, rules),
                failed);
    }

    private static KeystoneRules rules(HubConfig config) {
        return new KeystoneRules(
                words(config.get(KeystoneOptions.ADMIN_ROLES)),
                words(config.get(KeystoneOptions.READER_ROLES)),
                config.get(KeystoneOptions.KNOWN),
                config.get(KeystoneOptions.REFUSED),
                config.integer(KeystoneOptions.MAX_TOKENS));
    }

    /** @throws UserError if something that is needed is not said, or is not what is expected */
    public static KeystoneSettings settings(HubConfig config) {
        return new KeystoneSettings(
                url(config),
                login(config),
                config.get(KeystoneOptions.TIMEOUT),
                config.integer(KeystoneOptions.CONNECTIONS));
    }

    private static URI url(HubConfig config) {
        try {
            return KeystoneSettings.url(config.get(KeystoneOptions.URL));
        } catch (IllegalArgumentException e) {
            throw new UserError(config.where(KeystoneOptions.URL.key()) + e.getMessage(), e);
        }
    }

    private static KeystoneLogin login(HubConfig config) {
        if (config.find(KeystoneOptions.CREDENTIAL).isPresent()) {
            if (config.isSaid(KeystoneOptions.USER)) {
                throw new UserError(config.where(KeystoneOptions.CREDENTIAL.key())
                        + "an application credential stands in place of " + KeystoneOptions.USER.key()
                        + "; say one of the two");
            }
            return new KeystoneLogin.ApplicationCredential(config.get(KeystoneOptions.CREDENTIAL), password(config));
        }
        return new KeystoneLogin.Password(
                config.get(KeystoneOptions.USER),
                config.get(KeystoneOptions.USER_DOMAIN),
                config.get(KeystoneOptions.PROJECT),
                config.get(KeystoneOptions.PROJECT_DOMAIN),
                password(config));
    }

    private static String password(HubConfig config) {
        return config.find(KeystoneOptions.PASSWORD)
                .or(() -> config.find(KeystoneOptions.PASSWORD_FILE).map(file -> {
                    try {
                        return Files.readString(file).strip();
                    } catch (IOException e) {
                        throw new UserError(
                                config.where(KeystoneOptions.PASSWORD_FILE.key()) + file + " can't be read", e);
                    }
                }))
                .orElseThrow(() -> missing(KeystoneOptions.PASSWORD_FILE));
    }

    private static UserError missing(Setting<?> setting) {
        return new UserError(setting.key() + " is not set: " + setting.sentence());
    }

    private static Set<String> words(String list) {
        return Arrays.stream(list.toLowerCase(Locale.ROOT).split(","))
                .map(String::strip)
                .filter(word -> !word.isEmpty())
                .collect(Collectors.toSet());
    }
}
