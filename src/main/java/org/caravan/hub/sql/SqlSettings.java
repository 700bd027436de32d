package org.caravan.hub.sql;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;

/**
 * What is read, and how.
 *
 * @param source name of the source in the ledger
 * @param query what it selects
 * @param pageRows rows of one page, which is one transaction
 * @param delay how far behind now reading ends
 * @param overlap how far before where it stood reading begins
 * @param start where reading begins the first time
 * @param zone of times without an offset
 * @param longestRetry longest wait after a failure
 * @param grace how long after its end a month waits for late usage
 */
public record SqlSettings(
        String source,
        SqlQuery query,
        int pageRows,
        Duration delay,
        Duration overlap,
        Instant start,
        ZoneId zone,
        Duration longestRetry,
        Duration grace) {}
