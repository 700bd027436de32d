package org.caravan.hub.check.security;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.caravan.common.ConfigNode;

/**
 * The advisories that are kept with the code.
 *
 * @param date the day on which the list was made
 */
record Advisories(LocalDate date, List<Advisory> all) {
    private static final String FILE = "security/advisories.yaml";
    private static final String NONE = "none";

    /** Versions from one, included, and before another. */
    record Range(Version from, Version before) {}

    /**
     * An advisory.
     *
     * @param what it is about, in a sentence
     * @param mitigation what keeps it from mattering here; null if nothing does
     */
    record Advisory(String id, String artifact, List<Range> affected, String what, String mitigation) {
        boolean holds(Shipped.Artifact shipped) {
            Version version = new Version(shipped.version());
            return artifact.equals(shipped.name())
                    && affected.stream()
                            .anyMatch(range ->
                                    range.from().compareTo(version) <= 0 && version.compareTo(range.before()) < 0);
        }
    }

    static Advisories kept() throws IOException {
        try (InputStream in = Advisories.class.getClassLoader().getResourceAsStream(FILE)) {
            if (in == null) {
                throw new IOException("resource " + FILE + " is missing");
            }
            return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    static Advisories parse(String text) {
        ConfigNode top = ConfigNode.parse(text, FILE, "list of advisories");
        LocalDate date;
        try {
            date = LocalDate.parse(top.require("date").text());
        } catch (DateTimeException e) {
            throw top.require("date").error("expected a day such as 2026-11-30");
        }
        List<Advisory> all = new ArrayList<>();
        for (ConfigNode node : top.list("advisories")) {
            List<Range> affected = new ArrayList<>();
            for (ConfigNode range : node.require("affected").list()) {
                affected.add(new Range(
                        new Version(range.require("from").text()),
                        new Version(range.require("before").text())));
                range.noOtherKeys();
            }
            String mitigation = node.require("mitigation").text();
            all.add(new Advisory(
                    node.require("id").text(),
                    node.require("artifact").text(),
                    affected,
                    node.require("what").text(),
                    mitigation.equals(NONE) ? null : mitigation));
            node.noOtherKeys();
        }
        top.noOtherKeys();
        return new Advisories(date, List.copyOf(all));
    }
}
