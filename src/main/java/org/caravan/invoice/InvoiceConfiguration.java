package org.caravan.invoice;

import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;
import org.apache.camel.spi.UriPath;

/** What an endpoint of {@code caravan-invoice} does. */
@UriParams
public class InvoiceConfiguration {
    /** What an endpoint does, as its path names it. */
    public enum Operation {
        outbox,
        deliver,
        close,
        rerate
    }

    /** What a consumer takes from the outbox. */
    public enum Kind {
        FAN_OUT,
        DELIVER
    }

    @UriPath(
            description = "outbox (from): documents on their way. deliver (to): chooses a connector for the current"
                    + " document. close (to): closes the month that the message names, or without one every month that is"
                    + " over and that nothing holds. rerate (to): re-rates the usage of open months that was asked for")
    @Metadata(required = true)
    private Operation operation;

    @UriParam(
            label = "consumer",
            enums = "fan-out,deliver",
            defaultValue = "fan-out",
            description =
                    "fan-out: issued documents that need connectors chosen. deliver: documents to be committed to the"
                            + " connector named by the header CamelCaravanConnector")
    private Kind kind = Kind.FAN_OUT;

    @UriParam(
            description =
                    "deliver (to): names of the connectors that get the document, separated by commas. outbox with"
                            + " kind=deliver (from): serve only this connector; default all")
    private String connector;

    public Operation getOperation() {
        return operation;
    }

    public void setOperation(Operation operation) {
        this.operation = operation;
    }

    public Kind getKind() {
        return kind;
    }

    public void setKind(Kind kind) {
        this.kind = kind;
    }

    public String getConnector() {
        return connector;
    }

    public void setConnector(String connector) {
        this.connector = connector;
    }
}
