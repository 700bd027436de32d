/**
 * Connectors without code: tried before they go live, brought into a running hub, put to the test.
 *
 * <p><b>Owns:</b> which connectors the configuration speaks of, the throwaway context in which one is tried, orders that
 * reach running hubs, the commit contract as checks.
 *
 * <p><b>Does not own:</b> what a connector declares (invoice.ConnectorInfo), when it is called (invoice).
 *
 * <p><b>Invariants:</b> a file that can't be used never takes the place of one that can; while one is replaced nobody calls
 * it, and no other connector notices; no secret is shown.
 *
 * <p><b>Meanings of time:</b> that a hub is alive is told by the database's clock.
 *
 * <p><b>Failure states:</b> refused, with file, line and reason; a hub that does not answer is named.
 */
package org.caravan.hub.connector;
