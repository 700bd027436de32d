/**
 * Usage that is pushed: {@code POST /caravan/v1/usage}.
 *
 * <p><b>Owns:</b> the path, what a body may be (JSON array, JSON lines, CloudEvents batch, each also packed), the limits of a
 * push, the answer with a result per record, {@code Idempotency-Key}.
 *
 * <p><b>Does not own:</b> the way of the records (the route {@code metering-push}), what becomes of them (ledger), who may
 * push (auth).
 *
 * <p><b>Invariants:</b> what is answered 200 is committed; an answer to a key is kept in the transaction of its usage, so
 * that whatever is killed the key has one effect and one answer; a record that a key may not bring is refused alone and kept
 * nowhere: it can hold no other tenant's month.
 *
 * <p><b>Meanings of time:</b> an answer is known for {@code caravan.push.answers} by the hub's clock.
 *
 * <p><b>Failure states:</b> nothing was taken in: 400 to 429, which say what to do, or 503, which says to send it again.
 */
package org.caravan.api.push;
