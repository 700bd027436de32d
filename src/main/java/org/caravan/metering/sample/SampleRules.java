package org.caravan.metering.sample;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.caravan.common.UserError;

/**
 * Which samples count. Bind one in the Camel registry to change it for a context.
 *
 * @param realm the cloud that they are of
 * @param datacenter the region that they are of; may be empty
 * @param trusted a sample's source must begin with what one of these matches
 * @param include tenants that are billed; empty = all that are not ignored
 * @param ignore tenants that are not billed; counts where none is included
 * @param secret what senders sign with ({@code telemetry_secret}); null = signatures are not looked at
 */
public record SampleRules(
        String realm,
        String datacenter,
        List<Pattern> trusted,
        Set<String> include,
        Set<String> ignore,
        String secret) {
    /** Ceilometer's own name for the source of what it measured itself. */
    public static final String OPENSTACK = "openstack";

    public SampleRules {
        trusted = List.copyOf(trusted);
        include = Set.copyOf(include);
        ignore = Set.copyOf(ignore);
    }

    /** What holds where nothing else is said. */
    public static SampleRules defaults() {
        return new SampleRules("default", "", List.of(Pattern.compile(OPENSTACK)), Set.of(), Set.of(), null);
    }

    /**
     * From lists as a person writes them, separated by commas.
     *
     * @throws UserError if a pattern is none, or a tenant is both included and ignored
     */
    public static SampleRules of(
            String realm, String datacenter, String trusted, String include, String ignore, String secret) {
        Set<String> included = words(include);
        Set<String> ignored = words(ignore);
        for (String tenant : included) {
            if (ignored.contains(tenant)) {
                throw new UserError(
                        "tenant '" + tenant + "' is both included and ignored; take it out of one of the lists");
            }
        }
        return new SampleRules(
                realm,
                datacenter,
                words(trusted).stream().map(SampleRules::pattern).toList(),
                included,
                ignored,
                secret == null || secret.isEmpty() ? null : secret);
    }

    boolean isTrusted(String source) {
        return trusted.stream().anyMatch(pattern -> pattern.matcher(source).lookingAt());
    }

    /** Whether a tenant is billed. */
    public boolean isChosen(String tenant) {
        return include.isEmpty() ? !ignore.contains(tenant) : include.contains(tenant);
    }

    private static Set<String> words(String list) {
        Set<String> words = new LinkedHashSet<>();
        for (String word : list == null ? new String[0] : list.split(",")) {
            if (!word.isBlank()) {
                words.add(word.strip());
            }
        }
        return words;
    }

    private static Pattern pattern(String regex) {
        try {
            return Pattern.compile(regex);
        } catch (PatternSyntaxException e) {
            throw new UserError("trusted source '" + regex + "' is no regular expression: " + e.getDescription(), e);
        }
    }
}
