package org.caravan.api.rating;

import org.caravan.api.http.ApiError;
import org.caravan.api.http.Caller;

/**
 * Whose usage a caller may see: an administrator everybody's, anybody else that of the project it speaks for.
 *
 * @param all true if everybody's
 * @param project the caller's; null if it speaks for none
 */
record Visibility(boolean all, String project) {
    static Visibility of(Caller caller) {
        return new Visibility(caller.isAdmin(), caller.project());
    }

    /** True if the caller may see nobody's. */
    boolean isNothing() {
        return !all && project == null;
    }

    /**
     * The tenant that a v1 report is about; null for all of them.
     *
     * @param asked the tenant that was named, or null
     * @param allTenants true if all were asked for
     * @param rule the contract's name for what it takes to see others'
     * @throws ApiError 403 if they may not be seen
     */
    String tenant(String asked, boolean allTenants, String rule) {
        String wanted = allTenants ? null : asked != null ? asked : project;
        if (!all && (wanted == null || !wanted.equals(project))) {
            throw new ApiError(403, "Policy doesn't allow " + rule + " to be performed.");
        }
        return wanted;
    }
}
