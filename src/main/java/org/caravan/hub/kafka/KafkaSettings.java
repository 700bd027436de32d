package org.caravan.hub.kafka;

import java.time.Duration;

/**
 * How a topic is read.
 *
 * @param source name of the source in the ledger
 * @param topic the topic's name
 * @param batchRecords messages that are committed in one transaction, at most
 * @param batchBytes bytes of them, at most; a single message may be larger
 * @param batchWait how long a batch waits for more messages
 * @param maxMessageBytes a longer message is kept only in part
 * @param keptBytes so much of it
 * @param retryDelay longest wait before reading is begun again after a failure; it begins with half a second
 * @param answer how long the brokers may take to answer what they hold
 * @param look how often the topic is looked at
 * @param grace how long after its end a month waits for late usage
 */
public record KafkaSettings(
        String source,
        String topic,
        int batchRecords,
        long batchBytes,
        Duration batchWait,
        int maxMessageBytes,
        int keptBytes,
        Duration retryDelay,
        Duration answer,
        Duration look,
        Duration grace) {}
