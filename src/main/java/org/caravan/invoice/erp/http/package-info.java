/**
 * What {@code connectors/http-sink.kamelet.yaml} needs beside plain Camel; also for HTTP connectors of your own.
 *
 * <p><b>Owns:</b> what an HTTP status says of a delivery, how a document's key gets into an address, how a request proves
 * who sends it, how much of an answer is read.
 *
 * <p><b>Does not own:</b> the call itself (camel-http), where reference and total stand in an answer (the Kamelet), what
 * follows an outcome (invoice).
 *
 * <p><b>Invariants:</b> a status other than 2xx never ends in a reference; what may have been done is never said to be
 * certainly undone; no secret is in an error or in a header that leaves this connector.
 *
 * <p><b>Meanings of time:</b> {@code Retry-After} is taken as the server writes it, seconds or a date.
 *
 * <p><b>Failure states:</b> refused (this document), not sent (settings, or the server asks for time), unknown (all else).
 */
package org.caravan.invoice.erp.http;
