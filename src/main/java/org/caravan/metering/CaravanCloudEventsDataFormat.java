package org.caravan.metering;

import java.time.Clock;
import org.apache.camel.spi.Configurer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.annotations.Dataformat;

/** Reads usage records from CloudEvents, one JSON event a line or a message, into batches. */
@Configurer
@Dataformat(CloudEventRow.FORMAT)
@Metadata(firstVersion = "0.1.0", title = "Caravan CloudEvents", label = "dataformat,transformation,json,cloud,billing")
public class CaravanCloudEventsDataFormat extends UsageDataFormat {
    @Override
    public String getDataFormatName() {
        return CloudEventRow.FORMAT;
    }

    @Override
    UsageBatches open(UsageInput input, MeteringSettings settings, MeterCatalog meters, Clock clock) {
        return UsageBatches.cloudEvents(input, settings, meters, clock);
    }

    @Override
    Row openRow(MeteringSettings settings) {
        return new CloudEventRow(settings);
    }
}
