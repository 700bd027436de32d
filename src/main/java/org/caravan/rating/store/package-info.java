/**
 * HashMap rules in the tables of a ledger's database, for all hubs that share it.
 *
 * <p><b>Owns:</b> the tables {@code rule_*}, how they are read ({@link org.caravan.rating.store.RuleStore}), what an
 * import changes in them ({@link org.caravan.rating.store.ImportPlan}), what may be changed of them one by one ({@link
 * org.caravan.rating.store.Services}, Fields, Groups, Mappings, Thresholds), which modules rate ({@link
 * org.caravan.rating.store.Modules}), the tariff in use that follows them ({@link
 * org.caravan.rating.store.StoredTariff}).
 *
 * <p><b>Does not own:</b> what rules mean (hashmap), the tariff file, usage that is rated, the schema's migration.
 *
 * <p><b>Invariants:</b> a change holds the row {@code rule_state} before it reads what it changes, and raises its version
 * in the same transaction (a trigger sees to it, whoever changes); rules are read in one snapshot with their version; an
 * import changes nothing that was in force before its moment, and the same import again changes nothing at all.
 *
 * <p><b>Meanings of time:</b> a mapping is in force in [start, end), judged by the begin of the usage; an import holds
 * from a moment on, now unless said otherwise; thresholds, services, fields and groups have no dates and change at once.
 *
 * <p><b>Failure states:</b> the rules can't be asked for: nothing is rated, never by a tariff that may be old; a change
 * fails: nothing was changed.
 */
package org.caravan.rating.store;
