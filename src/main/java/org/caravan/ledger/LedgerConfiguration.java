package org.caravan.ledger;

import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;
import org.apache.camel.spi.UriPath;

/** Options of a caravan-ledger endpoint. */
@UriParams
public class LedgerConfiguration {
    @UriPath(description = "What to do with the message.")
    @Metadata(required = true)
    private LedgerOperation operation;

    @UriParam(
            defaultValue = "true",
            description = "Whether the committed batch in the body is replaced by what became of it (a CommitResult).")
    private boolean result = true;

    public LedgerOperation getOperation() {
        return operation;
    }

    public void setOperation(LedgerOperation operation) {
        this.operation = operation;
    }

    public boolean isResult() {
        return result;
    }

    public void setResult(boolean result) {
        this.result = result;
    }
}
