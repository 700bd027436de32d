package org.caravan.invoice.adapter;

import java.math.BigDecimal;

/**
 * What an invoice says of one product in one datacenter. The first three are all that an adapter needs that prices by
 * itself; the others say what the hub came to.
 *
 * @param name of the product
 * @param value how much of it, in {@code unit}; exact
 * @param unitPrice null if there is none to show
 * @param amount what the document bills for it, rounded
 */
public record InvoiceLine(
        String datacenter, String name, BigDecimal value, String unit, BigDecimal unitPrice, BigDecimal amount) {}
