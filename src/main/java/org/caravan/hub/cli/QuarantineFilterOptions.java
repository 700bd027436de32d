package org.caravan.hub.cli;

import org.caravan.common.UserError;
import org.caravan.ledger.QuarantineFilter;
import picocli.CommandLine.Option;

/** Which records of the quarantine are meant. */
final class QuarantineFilterOptions {
    /** The kinds of records, as an option names them. */
    enum Kind {
        unusable,
        conflict
    }

    @Option(names = "--month", paramLabel = "YYYY-MM", description = "Only records whose usage began in this month.")
    private String month;

    @Option(names = "--source", paramLabel = "NAME", description = "Only records of this source.")
    private String source;

    @Option(names = "--kind", paramLabel = "KIND", description = "Only ${COMPLETION-CANDIDATES} ones.")
    private Kind kind;

    @Option(names = "--tenant", paramLabel = "TENANT", description = "Only records of this tenant.")
    private String tenant;

    boolean isSaid() {
        return month != null || source != null || kind != null || tenant != null;
    }

    /** @param state held, retried, accepted, dropped, or null for all */
    QuarantineFilter filter(String state) {
        return filter(state, null);
    }

    /**
     * As {@link #filter(String)}, for a command that means one kind only.
     *
     * @throws UserError if another kind is asked for
     */
    QuarantineFilter filter(String state, Kind only) {
        if (only != null && kind != null && kind != only) {
            throw new UserError("--kind " + kind + ": only records of kind " + only + " can be dealt with here");
        }
        Kind meant = only != null ? only : kind;
        return new QuarantineFilter(
                state,
                month == null ? null : Arguments.month(month),
                source,
                meant == null ? null : meant.name(),
                tenant);
    }
}
