package org.caravan.hub.config;

/**
 * One setting.
 *
 * @param key full name, below {@code caravan.}
 * @param type what its text means
 * @param otherwise text that holds where nothing is said, or null: then there is no value
 * @param secret true if its value is never shown
 * @param sentence what it does, one sentence for the reference table
 */
public record Setting<T>(String key, ValueType<T> type, String otherwise, boolean secret, String sentence) {}
