/**
 * What the hub serves over HTTP.
 *
 * <p><b>Owns:</b> one package per served contract ({@code rating}: CloudKitty's, {@code push}: ours for usage), the plumbing they share ({@code http})
 * and who may ({@code auth}).
 *
 * <p><b>Does not own:</b> any business rule; what is asked for is done by rating, ledger and invoice.
 *
 * <p><b>Invariants:</b> one routing table per contract, and nothing outside it answers; a bad request is a 4xx that names
 * what is wrong; another tenant's object is a 404; every list and every body has a limit.
 *
 * <p><b>Meanings of time:</b> as each contract says; what it leaves open is UTC.
 *
 * <p><b>Failure states:</b> the ledger can't be reached: 503; anything unforeseen: 500 with the request's id, which the log
 * explains.
 */
package org.caravan.api;
