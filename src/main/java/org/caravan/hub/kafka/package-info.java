/**
 * A Kafka topic as a source of the ledger.
 *
 * <p><b>Owns:</b> what the route {@code metering-kafka} needs beside camel-kafka: consumers that say of each batch which
 * stretch of offsets it covers, where reading goes on (the bean {@code ledgerPositions}), when a partition must stand still,
 * the regular look at the topic, how far it is rated.
 *
 * <p><b>Does not own:</b> polling, groups and reconnecting (camel-kafka), how a message becomes a record (metering), what is
 * billed and where reading stands (ledger: positions decide, the group's offsets are written for Kafka's tools alone).
 *
 * <p><b>Invariants:</b> a batch covers each of its partitions from where the batch before it ended, and the ledger refuses
 * one that begins beyond its position: whatever is lost between poll and commit is read again, never skipped. Reading
 * begins where the ledger stands, never where the group does. The messages of a batch are of the topic that their positions
 * name. A partition whose log does not hold what the ledger wants next is not read until a person decides; the others are.
 *
 * <p><b>Meanings of time:</b> the topic is rated until a month's end (UTC) once all its partitions are read up to where they
 * ended when that and {@code caravan.close.grace} were over.
 *
 * <p><b>Failure states:</b> a batch that can't be committed, a broker or a database that is away: the consumer is made anew,
 * later each time, and reads again from the ledger's position; a partition that stands still.
 */
package org.caravan.hub.kafka;
