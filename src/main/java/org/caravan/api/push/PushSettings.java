package org.caravan.api.push;

/**
 * The limits of pushes.
 *
 * @param source the source of pushes without a key of their own: the operator's
 * @param maxUnpacked longest body after unpacking, in bytes
 * @param maxRecords most records of one push: it is one transaction
 * @param atOnce most pushes at work at once
 * @param perMinute most pushes of one source in a minute
 */
public record PushSettings(String source, int maxUnpacked, int maxRecords, int atOnce, int perMinute) {}
