package org.caravan.metering;

import java.time.Clock;
import org.apache.camel.spi.Configurer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.annotations.Dataformat;

/** Reads usage records from CSV, one record a line, into batches. */
@Configurer
@Dataformat(CsvRow.FORMAT)
@Metadata(firstVersion = "0.1.0", title = "Caravan CSV", label = "dataformat,transformation,csv,billing")
public class CaravanCsvDataFormat extends UsageDataFormat {
    @Override
    public String getDataFormatName() {
        return CsvRow.FORMAT;
    }

    @Override
    UsageBatches open(UsageInput input, MeteringSettings settings, MeterCatalog meters, Clock clock) {
        return UsageBatches.csv(input, settings, meters, clock);
    }
}
