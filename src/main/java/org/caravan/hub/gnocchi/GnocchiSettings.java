package org.caravan.hub.gnocchi;

import java.net.URI;
import java.time.Duration;

/**
 * How Gnocchi is read.
 *
 * @param source name of the source in the ledger
 * @param url without a slash and without the version at its end
 * @param datacenter that the records are of, or {@code ""}
 * @param delay how long after its end a period is read
 * @param window longest time of one metric that is read and committed at once
 * @param secondLook how much later a window is read a second time; zero = never
 * @param batchRecords most records of one window; a longer one is read in parts, down to a single period
 * @param pageResources most resources that are asked for at once
 * @param ended a resource that ended longer than this before a window is not asked for
 * @param counterGap longest time between two points of a counter whose difference is billed
 * @param maxBacklog nothing is read while more measures than this wait to be processed by Gnocchi; null = not asked
 * @param timeout longest wait for an answer
 * @param maxAnswerBytes longest answer
 * @param retryDelay longest wait before a failed window is read again; it begins with a second
 */
public record GnocchiSettings(
        String source,
        URI url,
        String datacenter,
        Duration delay,
        Duration window,
        Duration secondLook,
        int batchRecords,
        int pageResources,
        Duration ended,
        Duration counterGap,
        Long maxBacklog,
        Duration timeout,
        int maxAnswerBytes,
        Duration retryDelay) {
    /**
     * Gnocchi's address from what people write: with or without {@code /v1} and slash.
     *
     * @throws IllegalArgumentException if it is no address of http or https, with what is expected
     */
    public static URI url(String text) {
        String expected = "expected an address such as https://metric.example:8041, without user and password in it";
        URI url;
        try {
            url = URI.create(text.strip().replaceFirst("/+$", "").replaceFirst("/v1$", ""));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(expected, e);
        }
        boolean http = "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
        if (!http
                || url.getHost() == null
                || url.getRawQuery() != null
                || url.getRawFragment() != null
                || url.getRawUserInfo() != null) {
            throw new IllegalArgumentException(expected);
        }
        return url;
    }
}
