package org.caravan.ledger;

import org.apache.camel.spi.Metadata;

/** What the caravan-ledger component says in message headers. */
public final class LedgerConstants {
    @Metadata(
            label = "producer",
            description = "The ledger's id of the committed batch; 0 if nothing was left to commit",
            javaType = "Long")
    public static final String BATCH = "CamelCaravanBatch";

    @Metadata(
            label = "producer",
            description = "Whether the source's position was read to its end before (operation position)",
            javaType = "Boolean")
    public static final String POSITION_DONE = "CamelCaravanPositionDone";

    /** Property of an exchange: the {@link Companion} that belongs into the transaction of its batch. */
    public static final String COMPANION = "CaravanCompanion";

    private LedgerConstants() {}
}
