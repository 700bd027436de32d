/**
 * What a tenant gets to pay, and how it reaches the ERP.
 *
 * <p><b>Owns:</b> closing of months, credit notes, numbers, fan-out, deliveries and their states, what a restored ledger
 * must know before it issues again ({@code Recovery}), the figures by which they are watched, the component {@code
 * caravan-invoice}.
 *
 * <p><b>Does not own:</b> what a document says (invoice.document), entries and months (ledger; written only through its
 * calls), unit prices at ingest (rating), the ERP's protocols (one package each below {@code erp}), reasons
 * that hold a month (invoice.hold).
 *
 * <p><b>Invariants:</b> an issued document never changes; numbers have no gap; document, number, outbox row and closed
 * months are one transaction; a tenant's months close in calendar order, and only when they are over; a delivery's
 * updates name their attempt; what may have reached an ERP is sent again only where that is safe or a person is certain;
 * total = sum of rounded lines - discount + taxes; a line is credited once, all credits of an invoice are at most the
 * invoice, and a credit changes no entry and no month; a restored ledger gives out no number and delivers nothing before it
 * is recovered, and a document found at a connector is issued again under its own number and key or not at all.
 *
 * <p><b>Meanings of time:</b> a document's period is [from, to) in UTC; it is issued at the ledger's clock; leases are the
 * database's clock's. An invoice's number is of its month's year, a credit note's of the year it is issued in.
 *
 * <p><b>Failure states:</b> an account that can't be billed stays open, a document without connector is parked, a delivery
 * is retrying, in doubt, parked or held behind its invoice's: each with a reason.
 */
package org.caravan.invoice;
