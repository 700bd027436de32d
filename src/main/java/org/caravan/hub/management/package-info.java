/**
 * How a running hub is seen: health, metrics, MBeans, and what a person should do.
 *
 * <p><b>Owns:</b> the regular look at the ledger ({@link org.caravan.hub.management.Watch}), the rules that say what needs
 * attention ({@link org.caravan.hub.management.Findings}), and their three faces over Camel's own parts: health checks,
 * Micrometer, MBeans; the management server and whom it answers.
 *
 * <p><b>Does not own:</b> the figures (ledger and invoice read them), routes and their statistics (Camel's own), any change
 * to the ledger: nothing here writes. What an MBean orders goes to {@link org.caravan.hub.management.Commands}, which is the
 * command line within the hub.
 *
 * <p><b>Invariants:</b> who looks never waits for the database, nor makes it work: all faces answer from the last look and
 * say how old it is; no secret of the configuration is in any answer; no metric is labelled by tenant, document or resource;
 * liveness says only what a restart would cure.
 *
 * <p><b>Meanings of time:</b> an overview holds as of the moment its look began; ages are counted when asked.
 *
 * <p><b>Failure states:</b> no look succeeded for a while = ledger DOWN with the reason, everything else as last known; a
 * port that can't be bound ends the start.
 */
package org.caravan.hub.management;
