package org.caravan.metering;

/**
 * The message headers of Caravan's routes. The prefix {@code Camel} is what Camel's header filters keep from crossing
 * the wire, both ways.
 */
public final class CaravanHeaders {
    /** Name of the configured source (String). */
    public static final String SOURCE = "CamelCaravanSource";

    /** Key of the position in the source (String), e.g. a file's size and digest; see {@link PositionRange#key()}. */
    public static final String POSITION = "CamelCaravanPosition";

    /** Key of the document being delivered (String). */
    public static final String INVOICE_KEY = "CamelCaravanInvoiceKey";

    /** Number of the delivery attempt (Integer), from 1. */
    public static final String ATTEMPT = "CamelCaravanAttempt";

    /** Out: the ERP's reference of the committed document (String). */
    public static final String ERP_REFERENCE = "CamelCaravanErpReference";

    /** Out, optional: the total that the ERP computed (decimal text). */
    public static final String ERP_TOTAL = "CamelCaravanErpTotal";

    /** Out, of a connector that takes batches: what became of each document (map by document key, or JSON). */
    public static final String ERP_ANSWERS = "CamelCaravanErpAnswers";

    private CaravanHeaders() {}
}
