package org.caravan.ledger.report;

import java.time.Duration;

/**
 * The limits of reports.
 *
 * @param maxWindow longest time that hours and single records are asked for at once; a day or more
 * @param maxRecords most archived records that are looked through for one answer
 * @param maxRows most rows of one answer, and most groups that are summed in memory
 * @param timeout longest that one answer may take
 * @param atOnce answers that read archives at the same time; others wait
 */
public record ReportSettings(Duration maxWindow, long maxRecords, int maxRows, Duration timeout, int atOnce) {
    public ReportSettings {
        if (maxWindow.compareTo(Duration.ofDays(1)) < 0) {
            // a report of days may begin and end within one
            throw new IllegalArgumentException("maxWindow must be a day or more, is " + maxWindow);
        }
        if (maxRecords < 1 || maxRows < 1 || atOnce < 1 || timeout.toMillis() < 1) {
            throw new IllegalArgumentException("maxRecords, maxRows, timeout and atOnce must be positive");
        }
    }

    /** What holds where nothing else is said. */
    public static ReportSettings defaults() {
        return new ReportSettings(Duration.ofDays(31), 10_000_000, 100_000, Duration.ofSeconds(30), 2);
    }
}
