package org.caravan.metering;

import java.time.Clock;

/** Reads messages into batches; what it learned of their keys stays from batch to batch. For one thread. */
public final class MessageReader {
    private final RecordReader records;
    private final MessageText text;

    /** A reader of messages that are lines of caravan-jsonl. */
    public static MessageReader jsonl(MeteringSettings settings, MeterCatalog meters, Clock clock) {
        return new MessageReader(new JsonRow(settings), settings, meters, clock);
    }

    MessageReader(Row row, MeteringSettings settings, MeterCatalog meters, Clock clock) {
        this.records = new RecordReader(row, settings, meters, clock);
        this.text = new MessageText(settings.maxLineBytes());
    }

    /** One batch of all of them. A message that can't be used is set aside alone. */
    public UsageBatch read(UsageMessages messages) {
        UsageBatch batch = new UsageBatch(messages.size());
        batch.setPositions(messages.positions());
        records.startBatch();
        while (messages.next()) {
            text.set(messages);
            String problem = records.add(text, batch, messages.position());
            if (problem != null) {
                batch.rejectUnread(records.rejected(text, messages.position(), messages.positionIndex(), problem));
            } else if (messages.positionIndex() > 0) {
                batch.lastPositionIndex(messages.positionIndex());
            }
        }
        return batch;
    }
}
