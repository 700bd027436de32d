package org.caravan.hub.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.caravan.common.Nearest;
import org.caravan.common.UserError;
import org.caravan.invoice.SecretFile;

/**
 * What holds for this run: each setting with its value and the place where it was said. Immutable.
 *
 * <p>Later sources override earlier ones: the defaults, {@code config/application.properties}, the environment, {@code
 * --set}, the command's options. A relative path belongs to the hub's home if it is a default or stands in the file,
 * else to the current directory.
 */
public final class HubConfig {
    private static final String ENVIRONMENT_PREFIX = "CARAVAN_";
    /** Variables of the launcher, not settings. */
    private static final List<String> LAUNCHER_VARIABLES = List.of("CARAVAN_HOME", "CARAVAN_OPTS");
    /** What is passed to the adapter unchanged, whatever its name. */
    private static final String OBJECT = "caravan.invoice.object.";

    private static final String OBJECT_ENVIRONMENT = "CARAVAN_INVOICE_OBJECT_";

    /** Kubernetes sets these in every pod beside a service named caravan. */
    private static final String SERVICE_LINK = "CARAVAN_(SERVICE_(HOST|PORT)|PORT)(_.*)?";

    private static final Pattern KEY_AND_VALUE = Pattern.compile("\\s*([A-Za-z0-9_.-]+)\\s*[:=]\\s*(.+?)\\s*");

    private static final Pattern ELSEWHERE = Pattern.compile("\\{\\{(env|file):([^{}]+)}}");

    private final Path home;
    private final Map<String, Entry> entries;
    private final DataSource opened;

    private HubConfig(Path home, Map<String, Entry> entries, DataSource opened) {
        this.home = home;
        this.entries = entries;
        this.opened = opened;
    }

    /** A text with the place where it was said, and the directory its relative paths belong to. */
    private record Entry(String text, String place, Path base) {}

    /** Collects the sources in the order in which they override each other. */
    public static final class Builder {
        private final Path home;
        private final Path current;
        private final Map<String, Entry> entries = new LinkedHashMap<>();
        private Consumer<UserError> refused = error -> {
            throw error;
        };
        private DataSource opened;

        /**
         * @param home where the hub is installed
         * @param current directory that relative paths of the user belong to
         */
        public Builder(Path home, Path current) {
            this.home = home.toAbsolutePath().normalize();
            this.current = current.toAbsolutePath().normalize();
        }

        /** From here on what is wrong is told, and left out of the configuration; it does not end the reading. */
        public Builder collecting(Consumer<UserError> wrong) {
            refused = wrong;
            return this;
        }

        /** Begins with all that holds already, for an order that is given to a hub that runs. */
        public static Builder of(HubConfig standing) {
            Builder builder = new Builder(standing.home, standing.home);
            builder.entries.putAll(standing.entries);
            builder.opened = standing.opened;
            return builder;
        }

        /** Adds {@code config/application.properties} of the hub's home, if it is there. */
        public Builder file() {
            Path file = home.resolve("config/application.properties");
            if (Files.exists(file)) {
                PropertiesFile.read(file, refused)
                        .forEach((key, line) ->
                                put(key, new Entry(line.value(), file + ":" + line.number() + ": ", home)));
            }
            return this;
        }

        /** Adds variables such as {@code CARAVAN_LEDGER_URL}. */
        public Builder environment(Map<String, String> environment) {
            Map<String, String> keys = new HashMap<>();
            Settings.keys().forEach(key -> keys.put(plain(key), key));
            new TreeMap<>(environment).forEach((name, value) -> {
                if (!name.startsWith(ENVIRONMENT_PREFIX)
                        || LAUNCHER_VARIABLES.contains(name)
                        || name.matches(SERVICE_LINK)) {
                    return;
                }
                if (name.startsWith(OBJECT_ENVIRONMENT)) {
                    String passed = name.substring(OBJECT_ENVIRONMENT.length()).toLowerCase(Locale.ROOT);
                    put(OBJECT + passed, new Entry(value, "environment variable " + name + ": ", current));
                    return;
                }
                String key = keys.get(plain(name));
                if (key == null) {
                    List<String> known = Settings.keys().stream()
                            .map(k -> k.replaceAll("([a-z])([A-Z])", "$1_$2")
                                    .replace('.', '_')
                                    .toUpperCase(Locale.ROOT))
                            .toList();
                    refused.accept(new UserError("environment variable " + name + ": no such setting"
                            + Nearest.hint(name, known) + "; docs/settings.md lists them"));
                    return;
                }
                put(key, new Entry(value, "environment variable " + name + ": ", current));
            });
            return this;
        }

        /** Adds {@code key=value} as given to {@code --set}. */
        public Builder set(List<String> assignments) {
            for (String assignment : assignments) {
                int equals = assignment.indexOf('=');
                if (equals < 1) {
                    // not as it was given: a password may stand in it
                    String begin = assignment.split("[^A-Za-z0-9._-]", 2)[0];
                    refused.accept(new UserError("--set " + begin + (begin.length() < assignment.length() ? "…" : "")
                            + ": expected key=value"));
                    continue;
                }
                put(
                        assignment.substring(0, equals).strip(),
                        new Entry(assignment.substring(equals + 1).strip(), "--set ", current));
            }
            return this;
        }

        /** Adds the value of a command's option; null says nothing. */
        public Builder option(String option, Setting<?> setting, Object value) {
            if (value != null) {
                put(setting.key(), new Entry(value.toString(), option + ": ", current));
            }
            return this;
        }

        /** Adds what holds for this command where nobody says anything; a relative path belongs to the hub's home. */
        public Builder otherwise(Setting<?> setting, String text) {
            entries.putIfAbsent(setting.key(), new Entry(text, "", home));
            return this;
        }

        /** @throws UserError if a key is unknown or a value is not what its setting expects */
        public HubConfig build() {
            for (Setting<?> setting : Settings.all()) {
                if (setting.otherwise() != null) {
                    entries.putIfAbsent(setting.key(), new Entry(setting.otherwise(), "", home));
                }
            }
            HubConfig config = new HubConfig(home, Collections.unmodifiableMap(entries), opened);
            // Every value is tried now, so that a mistake stops the run before it has begun.
            for (Setting<?> setting : Settings.all()) {
                try {
                    config.find(setting);
                } catch (UserError e) {
                    refused.accept(e);
                    entries.remove(setting.key());
                    if (setting.otherwise() != null) {
                        entries.put(setting.key(), new Entry(setting.otherwise(), "", home));
                    }
                }
            }
            return config;
        }

        private void put(String said, Entry entry) {
            // the old spelling
            String key =
                    said.equals("invoice.object") || said.startsWith("invoice.object.") ? Settings.PREFIX + said : said;
            if (key.startsWith(OBJECT) && key.length() > OBJECT.length()) {
                entries.put(key, entry);
                return;
            }
            if (key.startsWith(Settings.PREFIX) && Settings.of(key) == null) {
                refused.accept(new UserError(entry.place + key + ": no such setting"
                        + Nearest.hint(key, Settings.keys()) + "; docs/settings.md lists them"));
                return;
            }
            if (!key.startsWith(Settings.PREFIX) && !key.startsWith("camel.")) {
                List<String> prefixes = List.of("caravan", "camel");
                refused.accept(new UserError(entry.place + key + ": no such setting"
                        + Nearest.hint(key.split("\\.", 2)[0], prefixes)
                        + "; keys begin with caravan. or camel."));
                return;
            }
            entries.put(key, entry);
        }

        private static String plain(String name) {
            return name.replaceAll("[._-]", "").toLowerCase(Locale.ROOT);
        }
    }

    /** The same without what is said under some keys, for which nothing holds then. */
    public HubConfig without(Set<String> keys) {
        Map<String, Entry> others = new LinkedHashMap<>(entries);
        others.keySet().removeAll(keys);
        return new HubConfig(home, others, opened);
    }

    /** The names of all that somebody said. */
    public Set<String> said() {
        Set<String> said = new TreeSet<>();
        entries.forEach((key, entry) -> {
            if (!entry.place.isEmpty()) {
                said.add(key);
            }
        });
        return said;
    }

    /** Where the hub is installed. */
    public Path home() {
        return home;
    }

    /** The same for orders that are carried out within a running hub, on the connections that it has. */
    public HubConfig within(DataSource ledger) {
        return new HubConfig(home, entries, ledger);
    }

    /** The ledger, where it is open in this very process; empty for a command of its own. */
    public Optional<DataSource> opened() {
        return Optional.ofNullable(opened);
    }

    /** The value of a setting that has a default, or that the caller has made sure of. */
    public <T> T get(Setting<T> setting) {
        return find(setting).orElseThrow(() -> new UserError(setting.key() + " is not set: " + setting.sentence()));
    }

    /** As {@link #get}, for settings that are counts. */
    public int integer(Setting<Long> setting) {
        return Math.toIntExact(get(setting));
    }

    /** The value of a setting, empty where nothing is said. */
    public <T> Optional<T> find(Setting<T> setting) {
        Entry entry = entries.get(setting.key());
        if (entry == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(setting.type().parser().parse(entry.text, entry.base));
        } catch (IllegalArgumentException e) {
            String shown = setting.secret() ? "" : ", found '" + entry.text + "'";
            throw new UserError(entry.place + setting.key() + ": " + e.getMessage() + shown, e);
        }
    }

    /** True if someone said it, false where a default holds or nothing. */
    public boolean isSaid(Setting<?> setting) {
        Entry entry = entries.get(setting.key());
        return entry != null && !entry.place.isEmpty();
    }

    /** True if this command said it, by an option or by {@code --set}. */
    public boolean isOption(Setting<?> setting) {
        Entry entry = entries.get(setting.key());
        return entry != null && entry.place.startsWith("--");
    }

    /** {@code place: key: }, where the key was said, for messages about its value. */
    public String where(String key) {
        Entry entry = entries.get(key);
        return (entry == null ? "" : entry.place) + key + ": ";
    }

    /** Where a setting was said, for people: a file and line, a variable, an option; empty for a default. */
    public String place(Setting<?> setting) {
        Entry entry = entries.get(setting.key());
        return entry == null ? "" : entry.place.strip().replaceFirst(":$", "");
    }

    /** Camel's own settings, as they were said. */
    public Map<String, String> camel() {
        Map<String, String> camel = new LinkedHashMap<>();
        entries.forEach((key, entry) -> {
            if (!key.startsWith(Settings.PREFIX)) {
                camel.put(key, entry.text);
            }
        });
        return camel;
    }

    /** What is passed to the adapter, without {@code caravan.invoice.object.} before its keys. */
    public Map<String, String> object() {
        Map<String, String> object = new LinkedHashMap<>();
        entries.forEach((key, entry) -> {
            if (key.startsWith(OBJECT)) {
                object.put(key.substring(OBJECT.length()), entry.text);
            }
        });
        return object;
    }

    /** All that holds, secrets masked, for {@code --verbose}. */
    public Map<String, String> shown() {
        Map<String, String> shown = new TreeMap<>();
        entries.forEach((key, entry) -> shown.put(key, isSecret(key) ? "***" : InUrl.masked(entry.text)));
        return shown;
    }

    /** The values of all secrets, those in files included where they can be read: what must never be shown. */
    public Collection<String> secrets() {
        List<String> secrets = new ArrayList<>();
        entries.forEach((key, entry) -> {
            if (isSecret(key)) {
                secrets.add(entry.text);
            }
            elsewhere(entry.text, secrets);
            secrets.addAll(InUrl.secrets(entry.text));
        });
        for (Setting<Path> setting : secretFiles()) {
            find(setting).ifPresent(file -> {
                try {
                    secrets.add(SecretFile.read(file.toString()));
                } catch (UserError e) {
                    // who needs the password says so
                }
            });
        }
        find(Settings.INVOICE_FILE).ifPresent(file -> adapterFile(file, secrets));
        return secrets;
    }

    /** The settings that name a file with a secret in it. */
    @SuppressWarnings("unchecked")
    public static List<Setting<Path>> secretFiles() {
        return Settings.all().stream()
                .filter(setting -> setting.key().matches(".*[.](password|secret)File"))
                .map(setting -> (Setting<Path>) setting)
                .toList();
    }

    /** The settings said as they stand, whose value is a secret, by key; with what they say in the place of a value. */
    public Map<String, String> saidSecrets() {
        Map<String, String> said = new TreeMap<>();
        entries.forEach((key, entry) -> {
            if (!entry.place.isEmpty()
                    && (isSecret(key) || !InUrl.secrets(entry.text).isEmpty())) {
                said.put(key, entry.text);
            }
        });
        return said;
    }

    /** What an adapter's own file says of secrets, whichever form it has: a line, a key, its value. */
    private static void adapterFile(Path file, List<String> secrets) {
        try {
            for (String line : SecretFile.read(file.toString()).split("\\R")) {
                Matcher pair = KEY_AND_VALUE.matcher(line);
                if (pair.matches() && isSecret(pair.group(1))) {
                    secrets.add(pair.group(2).replaceAll("^[\"']|[\"']$", ""));
                }
            }
        } catch (UserError e) {
            // who needs the file says so
            return;
        }
    }

    /** What a secret says as {{file:...}} or {{env:...}}, where it can be read. */
    private static void elsewhere(String text, List<String> secrets) {
        for (Matcher named = ELSEWHERE.matcher(text); named.find(); ) {
            String value;
            try {
                value = named.group(1).equals("env") ? System.getenv(named.group(2)) : SecretFile.read(named.group(2));
            } catch (UserError e) {
                // who needs it says so
                value = null;
            }
            if (value != null) {
                secrets.add(value);
            }
        }
    }

    private static boolean isSecret(String key) {
        Setting<?> setting = Settings.of(key);
        if (setting != null) {
            return setting.secret();
        }
        // Camel's own keys do not say; better one masked too many.
        return key.toLowerCase(Locale.ROOT)
                .matches(".*(password|passwd|pwd|secret|token|passphrase|key|credential|authorization|cookie|jaas).*");
    }
}
