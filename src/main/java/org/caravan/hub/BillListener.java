package org.caravan.hub;

/** Is told how far a bill has come; called from several threads, and often. */
public interface BillListener {
    /**
     * Usage is being read.
     *
     * @param bytes read so far, of all files
     * @param of bytes of all files
     */
    void reading(long bytes, long of);

    /** A step without measure has begun: {@code closing 2026-10}. */
    void step(String name);

    /** Documents are being delivered. */
    void delivering(long done, long of);
}
