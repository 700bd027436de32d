package org.caravan.api.push;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.function.BiConsumer;
import org.caravan.api.http.Caller;
import org.caravan.metering.PositionRange;
import org.caravan.metering.UsageMessages;

/**
 * One push, as messages: a record each, its position its number from 1. What was pushed is a position by its digest, so that
 * the same push again is known; what its key may is a part of it, as more may be taken in under another key.
 */
public final class Push implements UsageMessages {
    private final byte[] body;
    private final PushFormat format;
    private final Caller.Grant grant;
    private final PushRecords records;
    private final PositionRange position;
    private int index = -1;

    Push(byte[] body, PushFormat format, Caller.Grant grant, PushRecords records) {
        this.body = body;
        this.format = format;
        this.grant = grant;
        this.records = records;
        this.position = new PositionRange(
                grant.subject(), HexFormat.of().formatHex(digest(allowed())), 1, records.count() + 1L, true);
    }

    private String allowed() {
        return grant.prices() + " "
                + String.join("\0", grant.tenants().stream().sorted().toList());
    }

    public PushFormat format() {
        return format;
    }

    /** What its key may. */
    public Caller.Grant grant() {
        return grant;
    }

    /** Name of the source that it belongs to. */
    public String source() {
        return grant.subject();
    }

    /** What the ledger knows it by. */
    public String key() {
        return position.key();
    }

    /** Of what was sent, whoever sent it. */
    byte[] digest() {
        return digest("");
    }

    private byte[] digest(String also) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update((format + "\0" + also + "\0").getBytes(StandardCharsets.UTF_8));
            return digest.digest(body);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    @Override
    public int size() {
        return records.count();
    }

    @Override
    public List<PositionRange> positions() {
        return List.of(position);
    }

    @Override
    public boolean next() {
        return ++index < records.count();
    }

    @Override
    public int positionIndex() {
        return 0;
    }

    @Override
    public long position() {
        return index + 1L;
    }

    @Override
    public ByteBuffer value() {
        return ByteBuffer.wrap(body, records.from(index), (int) length());
    }

    @Override
    public long length() {
        return (long) records.to(index) - records.from(index);
    }

    @Override
    public void headers(BiConsumer<String, byte[]> consumer) {
        // a record of a body has none of its own
    }
}
