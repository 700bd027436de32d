/**
 * Unit prices that are kept elsewhere, in an ERP or a rates file, and price usage when its month closes.
 *
 * <p><b>Owns:</b> what a source of prices answers, the rates file, how a quantity becomes one of a price's unit.
 *
 * <p><b>Does not own:</b> when prices are read and what they are frozen in (invoice.cost), how an ERP is asked (invoice.erp).
 *
 * <p><b>Invariants:</b> a price is a decimal as it was written; a quantity is rounded only where seconds become begun hours;
 * a price whose unit the quantity can't be told in is no price.
 *
 * <p><b>Meanings of time:</b> prices are those of a month; a source that keeps no history answers today's.
 *
 * <p><b>Failure states:</b> a source that can't be read says so as a user error; a malformed rates file ends the start.
 */
package org.caravan.rating.cost;
