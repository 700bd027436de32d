package org.caravan.hub.gnocchi;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What a resource was in the course of time. Before Gnocchi was told of it, it is taken to be what it was told first: measures
 * may be older than that.
 */
final class History {
    private final List<Revision> revisions = new ArrayList<>();

    /** @param revision not older than those added before */
    void add(Revision revision) {
        if (revisions.isEmpty() || !revisions.get(revisions.size() - 1).isSameAs(revision)) {
            revisions.add(revision);
        }
    }

    /** A stretch of time in which a resource was one thing. */
    record Part(Instant begin, Instant end, Revision revision) {}

    /** The parts of a period, in order. */
    List<Part> parts(Instant begin, Instant end) {
        List<Part> parts = new ArrayList<>();
        Instant from = begin;
        Revision now = revisions.get(0);
        for (Revision next : revisions.subList(1, revisions.size())) {
            if (!next.start().isBefore(end)) {
                break;
            }
            if (next.start().isAfter(from)) {
                parts.add(new Part(from, next.start(), now));
                from = next.start();
            }
            now = next;
        }
        parts.add(new Part(from, end, now));
        return parts;
    }
}
