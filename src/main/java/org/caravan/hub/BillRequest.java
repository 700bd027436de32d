package org.caravan.hub;

import java.nio.file.Path;
import java.time.YearMonth;
import java.util.List;

/**
 * What is to be billed.
 *
 * @param month the month to close
 * @param usage usage files in the order given
 */
public record BillRequest(YearMonth month, List<UsageFile> usage) {
    /**
     * A usage file.
     *
     * @param given the path as the user wrote it, for messages
     * @param path absolute
     */
    public record UsageFile(String given, Path path) {}

    public BillRequest {
        usage = List.copyOf(usage);
    }
}
