package org.caravan.metering;

import java.nio.charset.StandardCharsets;
import java.time.Clock;

/** From the text of one record to a row of a batch, or to what is wrong with it. For one thread. */
final class RecordReader {
    private final Row row;
    private final MeteringSettings settings;
    private final RecordAssembler assembler;
    private final boolean finalPrices;
    private final Utf8 utf8 = new Utf8();

    /** True if the fields of the text that was added last were found, whatever they hold. */
    private boolean fieldsFound;

    RecordReader(Row row, MeteringSettings settings, MeterCatalog meters, Clock clock) {
        this.row = row;
        this.settings = settings;
        this.assembler = new RecordAssembler(settings, meters, clock);
        this.finalPrices = meters.hasGivenPrices();
    }

    /** True if the prices that records bring are final, whatever their meters say. */
    boolean hasFinalPrices() {
        return finalPrices;
    }

    /** See {@link RecordAssembler#startBatch}. */
    void startBatch() {
        assembler.startBatch();
    }

    /**
     * Appends the record to the batch.
     *
     * @return null, or the reason why it can't be used; the batch is then unchanged
     */
    String add(RawText text, UsageBatch batch, long position) {
        fieldsFound = false;
        if (text.length() == 0) {
            return "the " + text.what() + " is empty";
        }
        if (text.tooLong) {
            return "the " + text.what() + " is longer than " + settings.maxLineBytes() + " bytes";
        }
        if (text.unusual) {
            if (Utf8.contains(text.bytes, text.from, text.to, 0)) {
                return "holds a NUL character";
            }
            if (!utf8.isValid(text.bytes, text.from, text.to)) {
                return "is not UTF-8 text";
            }
        }
        String problem = row.read(text);
        fieldsFound = problem == null;
        problem = fieldsFound ? row.fault() : problem;
        return problem != null ? problem : assembler.add(row, batch, position);
    }

    /** The record that {@link #add} was given last and could not use, with what of its text is kept. */
    Rejected rejected(RawText text, long position, int positionIndex, String reason) {
        String whole = isComplete(text) ? row.whole(text) : null;
        boolean complete = whole != null && whole.length() <= settings.maxRawBytes();
        // NUL can't be stored as text
        String raw = complete
                ? whole
                : new String(text.copy(settings.maxRawBytes()), StandardCharsets.UTF_8).replace('\0', '\ufffd');
        return new Rejected(
                position,
                positionIndex,
                reason,
                raw,
                row.format(),
                finalPrices && row.context() == null ? Rejected.GIVEN_PRICE : row.context(),
                complete,
                fieldsFound ? assembler.tenant(row) : null,
                fieldsFound ? assembler.begin(row) : null);
    }

    /** False where the kept text is cut, or had to be changed to be kept. */
    private boolean isComplete(RawText text) {
        return !text.tooLong
                && text.length() <= settings.maxRawBytes()
                && (!text.unusual
                        || utf8.isValid(text.bytes, text.from, text.to)
                                && !Utf8.contains(text.bytes, text.from, text.to, 0));
    }
}
