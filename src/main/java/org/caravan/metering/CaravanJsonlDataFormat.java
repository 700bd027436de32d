package org.caravan.metering;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Iterator;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.InvalidPayloadException;
import org.apache.camel.spi.Configurer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.annotations.Dataformat;

/** Reads usage records from JSON, one object a line, into batches, and writes batches so. */
@Configurer
@Dataformat(JsonRow.FORMAT)
@Metadata(firstVersion = "0.1.0", title = "Caravan JSON Lines", label = "dataformat,transformation,json,billing")
public class CaravanJsonlDataFormat extends UsageDataFormat {
    @Override
    public String getDataFormatName() {
        return JsonRow.FORMAT;
    }

    @Override
    UsageBatches open(UsageInput input, MeteringSettings settings, MeterCatalog meters, Clock clock) {
        return UsageBatches.jsonl(input, settings, meters, clock);
    }

    @Override
    Row openRow(MeteringSettings settings) {
        return new JsonRow(settings);
    }

    /**
     * Writes the rows of a batch, or of all batches of an iterator; rejected rows are left out.
     *
     * @throws InvalidPayloadException if the body is neither
     */
    @Override
    public void marshal(Exchange exchange, Object body, OutputStream stream) throws Exception {
        Iterator<?> batches =
                body instanceof Iterator<?> many ? many : List.of(body).iterator();
        OutputStream out = new BufferedOutputStream(stream);
        while (batches.hasNext()) {
            if (!(batches.next() instanceof UsageBatch batch)) {
                throw new InvalidPayloadException(exchange, UsageBatch.class);
            }
            write(batch, out);
        }
        out.flush();
    }

    private static void write(UsageBatch batch, OutputStream out) throws IOException {
        for (int row = 0; row < batch.size(); row++) {
            if (!batch.isRejected(row)) {
                out.write(UsageJson.line(batch.record(row)).getBytes(StandardCharsets.UTF_8));
                out.write('\n');
            }
        }
    }
}
