/**
 * An ERP connector as a Java class of one's own.
 *
 * <p><b>Owns:</b> the interface that such a class implements, how it is found, and the step of {@code
 * connectors/adapter-sink.kamelet.yaml} that drives it.
 *
 * <p><b>Does not own:</b> what a document says (invoice.document), attempts and doubt (invoice).
 *
 * <p><b>Invariants:</b> one adapter per invoice, used by one thread, closed at its end; commit is called once, after all
 * lines; settings reach it unchanged.
 *
 * <p><b>Meanings of time:</b> an invoice's period is [from, to) in UTC.
 *
 * <p><b>Failure states:</b> what an adapter throws, as for every connector; no reference is doubt.
 */
package org.caravan.invoice.adapter;
