/**
 * The standing program.
 *
 * <p><b>Owns:</b> the command line, configuration, the embedded database, start and stop of the Camel
 * context, and how it is seen (management).
 *
 * <p><b>Does not own:</b> any business rule; everything it does, a Camel context with the plugin can do too.
 *
 * <p><b>Invariants:</b> no setting is read anywhere else; an unknown setting is an error; nothing is written outside the
 * data and output directories.
 *
 * <p><b>Failure states:</b> exit 0 = done, or ended as told; exit 2 = wrong input, nothing written; exit 3 = strict run with quarantined records; exit 1
 * = anything else, said in one line.
 */
package org.caravan.hub;
