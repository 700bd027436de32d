/**
 * Every setting of the hub: what there is, what is said, and where it was said.
 *
 * <p><b>Owns:</b> the one table of settings ({@link org.caravan.hub.config.Settings}), the order in which sources
 * override each other, the errors that name them.
 *
 * <p><b>Does not own:</b> what a setting does; Camel's own settings ({@code camel.*}), which are handed on as they are
 * except that a Kamelet's property must exist.
 *
 * <p><b>Invariants:</b> a key below {@code caravan.} that the table does not have is an error; a secret is never shown.
 */
package org.caravan.hub.config;
