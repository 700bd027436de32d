package org.caravan.hub.check;

import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.camel.PropertyBindingException;
import org.apache.camel.main.Main;
import org.caravan.common.UserError;
import org.caravan.hub.check.CheckFinding.Level;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.connector.ConnectorCamel;
import org.caravan.hub.connector.ConnectorProperties;
import org.caravan.hub.connector.HubConnectors;

/** Settings of Camel's own, tried in a context that is thrown away. Camel names the first that it does not know; it is left out then, and the others are tried again. */
public final class CamelLook {
    /** Of these the hub says more itself. */
    private static final Set<String> ELSEWHERE =
            Set.of(HubConnectors.PREFIX, "camel.server.", "camel.management.", "camel.main.routes");

    private static final int MAX_TRIES = 100;

    private CamelLook() {}

    /**
     * Adds what is wrong.
     *
     * @return the keys that Camel does not take
     */
    public static Set<String> look(HubConfig config, CheckReport report) {
        Set<String> wrong = new HashSet<>();
        Set<String> left = new HashSet<>();
        config.camel().keySet().stream()
                .filter(key -> ELSEWHERE.stream().anyMatch(key::startsWith))
                .forEach(left::add);
        for (int i = 0; i < MAX_TRIES && left.size() < config.camel().size(); i++) {
            HubConfig tried = config.without(left);
            Main main = ConnectorCamel.main(tried, new ConnectorProperties(Map.of()));
            main.configure().withName("caravan-check").withAutoStartup(false);
            try {
                main.start();
                return wrong;
            } catch (RuntimeException | LinkageError e) {
                Optional<String> key = key(e, tried);
                if (key.isEmpty()) {
                    report.look(Level.WRONG, "settings", "camel", () -> {
                        throw e;
                    });
                    return wrong;
                }
                report.add(
                        Level.WRONG,
                        "settings",
                        key.get(),
                        new UserError(config.where(key.get())
                                + "Camel has no such setting, or it does not take this value; correct it"));
                left.add(key.get());
                wrong.add(key.get());
            } finally {
                main.stop();
            }
        }
        return wrong;
    }

    /** As it was said, of what Camel calls it. */
    private static Optional<String> key(Throwable error, HubConfig config) {
        for (Throwable cause = error; cause != null && cause.getCause() != cause; cause = cause.getCause()) {
            if (cause instanceof PropertyBindingException binding && binding.getOptionPrefix() != null) {
                String name = plain(binding.getOptionPrefix() + "." + binding.getPropertyName());
                return config.camel().keySet().stream()
                        .filter(key -> plain(key).equals(name))
                        .findFirst();
            }
        }
        return Optional.empty();
    }

    private static String plain(String key) {
        return key.replaceAll("[.-]", "").toLowerCase(Locale.ROOT);
    }
}
