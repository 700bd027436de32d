package org.caravan.invoice;

import org.apache.camel.spi.Metadata;
import org.caravan.metering.CaravanHeaders;

/** The headers of {@code caravan-invoice}. */
public final class InvoiceConstants {
    @Metadata(
            label = "consumer producer",
            description = "Key of the document: the same for ever, unique in the ledger",
            javaType = "String")
    public static final String INVOICE_KEY = CaravanHeaders.INVOICE_KEY;

    @Metadata(label = "consumer", description = "Number of the document, for people", javaType = "String")
    public static final String INVOICE_NUMBER = "CamelCaravanInvoiceNumber";

    @Metadata(label = "consumer", description = "Kind of the document: invoice or credit-note", javaType = "String")
    public static final String INVOICE_KIND = "CamelCaravanInvoiceKind";

    @Metadata(
            label = "consumer",
            description = "Account that pays: a tenant, or what ties several",
            javaType = "String")
    public static final String ACCOUNT = "CamelCaravanAccount";

    @Metadata(
            label = "consumer producer",
            description = "Billing month, yyyy-MM. For close: the month to close, if the body is empty; without"
                    + " one, every month that is over and that nothing holds",
            javaType = "String")
    public static final String MONTH = "CamelCaravanMonth";

    @Metadata(label = "consumer", description = "Total to be paid, rounded", javaType = "java.math.BigDecimal")
    public static final String TOTAL = "CamelCaravanTotal";

    @Metadata(label = "consumer", description = "Currency of the total (ISO 4217)", javaType = "String")
    public static final String CURRENCY = "CamelCaravanCurrency";

    @Metadata(label = "consumer", description = "True if the document is no invoice", javaType = "Boolean")
    public static final String PROFORMA = "CamelCaravanProforma";

    @Metadata(
            label = "consumer",
            description = "Fan-out: names of the connectors in the account's profile, joined by commas",
            javaType = "String")
    public static final String CONNECTORS = "CamelCaravanConnectors";

    @Metadata(label = "consumer", description = "Delivery: name of the connector to deliver to", javaType = "String")
    public static final String CONNECTOR = "CamelCaravanConnector";

    @Metadata(label = "consumer", description = "Delivery: number of this attempt, from 1", javaType = "Integer")
    public static final String ATTEMPT = CaravanHeaders.ATTEMPT;

    @Metadata(
            label = "consumer",
            description =
                    "Delivery, set by the connector: the ERP's reference of the committed document. Without it the"
                            + " outcome is in doubt",
            javaType = "String")
    public static final String ERP_REFERENCE = CaravanHeaders.ERP_REFERENCE;

    @Metadata(
            label = "consumer",
            description =
                    "Delivery, set by the connector where it can: the total that the ERP computed. Another one than"
                            + " the document's is an alarm",
            javaType = "String")
    public static final String ERP_TOTAL = CaravanHeaders.ERP_TOTAL;

    @Metadata(
            label = "consumer",
            description =
                    "Delivery, set by the connector where it can: the currency of that total (ISO 4217). Another one"
                            + " than the document's is an alarm",
            javaType = "String")
    public static final String ERP_CURRENCY = "CamelCaravanErpCurrency";

    @Metadata(
            label = "consumer",
            description = "Delivery: what comes after kamelet: in the endpoint of the connector to deliver to",
            javaType = "String")
    public static final String KAMELET = "CamelCaravanKamelet";

    @Metadata(
            label = "consumer",
            description =
                    "Delivery: commit = the body is a document to be committed. ask = whether the ERP has the document"
                            + " of the key, without body; only connectors that declare caravan/repeat lookup are asked",
            javaType = "String")
    public static final String OPERATION = "CamelCaravanOperation";

    @Metadata(
            label = "consumer",
            description = "Delivery, set by a connector that was asked: absent = the ERP certainly does not have the"
                    + " document. Neither this nor a reference: it can't be told",
            javaType = "String")
    public static final String LOOKUP = "CamelCaravanLookup";

    @Metadata(
            label = "consumer",
            description =
                    "Delivery, set by the connector: how long the ERP asks to be left alone, in seconds or as an HTTP"
                            + " date; honoured up to a day",
            javaType = "String")
    public static final String RETRY_AFTER = "CamelCaravanRetryAfter";

    @Metadata(
            label = "consumer",
            description = "Fan-out: name of the customer that the document bears, empty if it bears none",
            javaType = "String")
    public static final String CUSTOMER = "CamelCaravanCustomer";

    @Metadata(
            label = "consumer",
            description = "Fan-out: tenants whose usage the document bears",
            javaType = "java.util.List<String>")
    public static final String TENANTS = "CamelCaravanTenants";

    @Metadata(
            label = "consumer",
            description =
                    "Delivery of a batch, set by the connector: what became of each document, a map by document key or the"
                            + " same as JSON; values as org.caravan.invoice.BatchAnswer makes them",
            javaType = "java.util.Map")
    public static final String ERP_ANSWERS = CaravanHeaders.ERP_ANSWERS;

    /** {@link #OPERATION}: commit the document in the body. */
    public static final String COMMIT = "commit";

    /** {@link #OPERATION}: tell whether the ERP has the document of the key. */
    public static final String ASK = "ask";

    /** {@link #LOOKUP}: the ERP certainly does not have it. */
    public static final String ABSENT = "absent";

    @Metadata(
            label = "consumer",
            description =
                    "Delivery of a batch: number of documents in the body, a JSON array. Headers that tell of a single"
                            + " document are not set then",
            javaType = "Integer")
    public static final String BATCH_SIZE = "CamelCaravanBatchSize";

    /** Exchange property: where the fan-out gathers the connectors of its document. */
    static final String FAN_OUT = "CamelCaravanFanOut";

    private InvoiceConstants() {}
}
