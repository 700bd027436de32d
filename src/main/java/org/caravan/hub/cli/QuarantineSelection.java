package org.caravan.hub.cli;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.caravan.common.UserError;
import org.caravan.ledger.Quarantine;
import org.caravan.ledger.QuarantineEntry;
import org.caravan.ledger.QuarantineFilter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The records that a command is to decide: by id, or all held ones that match. */
final class QuarantineSelection {
    /** Records decided at a time. */
    static final int PART = 1_000;

    @Parameters(paramLabel = "ID", arity = "0..*", description = "Ids as caravan quarantine list shows them.")
    private List<Long> ids = new ArrayList<>();

    @Option(names = "--all", description = "All held records, or all of them that match the options below.")
    private boolean all;

    @Mixin
    private QuarantineFilterOptions options = new QuarantineFilterOptions();

    /** Does something with records; called for one part after the other. */
    interface Decide {
        void part(List<Long> ids) throws SQLException;
    }

    /** @throws UserError if the selection contradicts itself, or there is no such record */
    void check(Quarantine quarantine) throws SQLException {
        if (ids.isEmpty() && !all) {
            throw new UserError("which records? give their ids, or --all");
        }
        if (!ids.isEmpty() && (all || options.isSaid())) {
            throw new UserError("ids and " + (all ? "--all" : "a filter")
                    + " exclude each other: give ids, or --all with or without a filter");
        }
        TreeSet<Long> unknown = new TreeSet<>(ids);
        for (QuarantineEntry record : quarantine.find(ids)) {
            unknown.remove(record.id());
        }
        if (!unknown.isEmpty()) {
            throw new UserError("quarantine " + unknown.first() + ": there is no such record");
        }
    }

    /** The ids that were given; empty with {@code --all}. */
    List<Long> ids() {
        return ids;
    }

    /**
     * How many records are meant.
     *
     * @param kind the only kind that {@code --all} means, or null
     */
    long count(Quarantine quarantine, QuarantineFilterOptions.Kind kind) throws SQLException {
        return all ? quarantine.size(filter(kind)).records() : new TreeSet<>(ids).size();
    }

    /** Goes through them in order of id, each once, also where they stay held; {@code kind} as for {@link #count}. */
    void each(Quarantine quarantine, QuarantineFilterOptions.Kind kind, Decide decide) throws SQLException {
        if (!all) {
            List<Long> sorted = List.copyOf(new TreeSet<>(ids));
            for (int from = 0; from < sorted.size(); from += PART) {
                decide.part(sorted.subList(from, Math.min(sorted.size(), from + PART)));
            }
            return;
        }
        long after = 0;
        while (true) {
            List<Long> part = quarantine.ids(filter(kind), after, PART);
            if (part.isEmpty()) {
                return;
            }
            decide.part(part);
            after = part.get(part.size() - 1);
        }
    }

    private QuarantineFilter filter(QuarantineFilterOptions.Kind kind) {
        return options.filter("held", kind);
    }
}
