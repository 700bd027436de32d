package org.caravan.hub.kafka;

import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.caravan.ledger.Sources;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this hub can't do with the source just now, by who found it; told to the ledger, where other hubs' problems with the
 * same source are told, too. Safe for concurrent use.
 */
final class Problems {
    private static final Logger LOG = LoggerFactory.getLogger(Problems.class);

    private final String source;
    private final Sources sources;
    private final Map<Object, String> problems = new ConcurrentHashMap<>();
    private boolean told;

    Problems(String source, Sources sources) {
        this.source = source;
        this.sources = sources;
    }

    /** Keeps what someone found, in place of what the same one found before. */
    void found(Object who, String problem) {
        String before = problems.put(who, problem);
        if (!problem.equals(before)) {
            LOG.warn("source {}: {}", source, problem);
        }
    }

    /** Forgets what someone found. */
    void gone(Object who) {
        if (problems.remove(who) != null) {
            LOG.info("source {}: goes on", source);
        }
    }

    /** Tells the ledger: what is wrong, again and again as others may have taken it away; that nothing is, once. */
    synchronized void tell() throws SQLException {
        String problem = problems.values().stream().sorted().findFirst().orElse(null);
        if (problem != null) {
            sources.failed(source, problem);
            told = true;
        } else if (told) {
            sources.succeeded(source);
            told = false;
        }
    }
}
