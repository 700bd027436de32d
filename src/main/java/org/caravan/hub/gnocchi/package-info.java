/**
 * Gnocchi, OpenStack's store of metrics, as a source of the ledger.
 *
 * <p><b>Owns:</b> what the route {@code metering-gnocchi} asks at each window of a metric: which one is due, what Gnocchi
 * answers, and how its aggregates become usage records; which metrics are billed under which meter ({@code
 * config/gnocchi.yaml}); how far the source is rated.
 *
 * <p><b>Does not own:</b> how a record is read, priced and billed (metering, rating, ledger), where reading stands (ledger:
 * a metric's position moves in the transaction of its window's entries, and never otherwise).
 *
 * <p><b>Invariants:</b> a window is read whole or not at all: an answer that is missing, refused, too long or not understood
 * moves nothing. The granularity is always named. Values are decimals from their literal on. A resource's attributes are
 * those that it had at the time, from its revisions: Gnocchi 4.4 groups aggregates by the attributes of today, whatever
 * {@code use_history} says. The pages of a window cover all ids, also of resources that appear while it is read.
 *
 * <p><b>Meanings of time:</b> a point at T of granularity g is the usage in [T, T + g), UTC; it is read once {@code
 * caravan.gnocchi.wait} has passed since its end, and looked at a second time {@code caravan.gnocchi.secondLook} later:
 * what came late is billed then, what changed is a conflict. The source is rated until where all its metrics stand.
 *
 * <p><b>Failure states:</b> Gnocchi or Keystone away (all metrics wait, longer each time); one metric refused (that one
 * waits); a listed metric that Gnocchi was never found to have (nothing is rated until it is, or a person says otherwise).
 */
package org.caravan.hub.gnocchi;
