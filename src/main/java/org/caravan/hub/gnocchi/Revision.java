package org.caravan.hub.gnocchi;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;

/**
 * What a resource was from a moment on.
 *
 * @param start when Gnocchi was told
 * @param project id of the project that it belonged to, or null
 * @param metadata the attributes that are kept
 */
record Revision(Instant start, String project, ObjectNode metadata) {
    /** True if nothing that is kept differs. */
    boolean isSameAs(Revision other) {
        return metadata.equals(other.metadata)
                && (project == null ? other.project == null : project.equals(other.project));
    }
}
