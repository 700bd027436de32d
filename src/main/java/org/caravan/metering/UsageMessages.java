package org.caravan.metering;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * Messages of a broker, one usage record each, from which a data format makes one batch: a message body of this type is
 * unmarshalled to a {@link UsageBatch}, not to an iterator of them.
 *
 * <p>A cursor, gone through once and by one thread; what it answers is of the message that {@link #next()} moved to.
 */
public interface UsageMessages {
    /** How many there are. */
    int size();

    /** The stretches that the batch covers, also where no message came of a part of them. */
    List<PositionRange> positions();

    /** Moves to the next message; false behind the last one. */
    boolean next();

    /** Index into {@link #positions()} of the stretch that the message belongs to. */
    int positionIndex();

    /** Its position within that stretch: its offset. */
    long position();

    /** What it holds, not read but looked at; null if it holds nothing. Where it was too long to be kept, its beginning. */
    ByteBuffer value();

    /** Bytes of what it held, also of what was not kept. */
    long length();

    /** Its headers, in their order; a name may come more than once. */
    void headers(BiConsumer<String, byte[]> consumer);
}
