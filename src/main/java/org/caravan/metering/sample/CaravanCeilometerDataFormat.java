package org.caravan.metering.sample;

import java.io.File;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.Exchange;
import org.apache.camel.WrappedFile;
import org.apache.camel.spi.Configurer;
import org.apache.camel.spi.DataFormat;
import org.apache.camel.spi.DataFormatName;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.annotations.Dataformat;
import org.apache.camel.support.SynchronizationAdapter;
import org.apache.camel.support.service.ServiceSupport;
import org.caravan.metering.CaravanHeaders;
import org.caravan.metering.MeterCatalog;
import org.caravan.metering.MeteringSettings;
import org.caravan.metering.Registered;
import org.caravan.metering.UsageMessages;

/**
 * Reads samples of Ceilometer into batches: messages into one, a file of one message a line into an iterator of them. What
 * it needs it finds by type in the registry: {@link SampleRules}, {@link MeterCatalog}, {@link MeteringSettings}, {@link Clock}.
 */
@Configurer
@Dataformat(SampleReader.FORMAT)
@Metadata(firstVersion = "0.1.0", title = "Caravan Ceilometer", label = "dataformat,transformation,json,billing")
public class CaravanCeilometerDataFormat extends ServiceSupport
        implements DataFormat, DataFormatName, CamelContextAware {
    private static final int DEFAULT_BATCH = 20_000;

    private CamelContext camelContext;
    private SampleRules rules;
    private MeteringSettings settings;
    private MeterCatalog meters;
    private Clock clock;

    @Metadata(description = "Lines of a file per batch", javaType = "int", defaultValue = "20000")
    private Integer batchSize;

    @Metadata(description = "Longest line of a file, in bytes", javaType = "int", defaultValue = "1048576")
    private Integer maxLineBytes;

    @Override
    public String getDataFormatName() {
        return SampleReader.FORMAT;
    }

    /**
     * @param body {@link UsageMessages}, a File, Path or file of a Camel file endpoint, or what converts to a stream
     * @return of messages one {@link SampleBatch}; else {@link SampleFile}, closed with the exchange
     */
    @Override
    public Object unmarshal(Exchange exchange, Object body) throws Exception {
        if (body instanceof UsageMessages messages) {
            return read(messages);
        }
        Object content = body instanceof WrappedFile<?> file && file.getFile() instanceof File ? file.getFile() : body;
        if (content instanceof File file) {
            return read(exchange, Files.newInputStream(file.toPath()));
        }
        if (content instanceof Path path) {
            return read(exchange, Files.newInputStream(path));
        }
        return read(
                exchange,
                exchange.getContext().getTypeConverter().mandatoryConvertTo(InputStream.class, exchange, content));
    }

    @Override
    public Object unmarshal(Exchange exchange, InputStream stream) throws Exception {
        return read(exchange, stream);
    }

    private SampleBatch read(UsageMessages messages) {
        SampleReader reader = reader();
        SampleBatch batch = new SampleBatch();
        batch.setPositions(messages.positions());
        while (messages.next()) {
            ByteBuffer value = messages.value();
            byte[] text = new byte[value == null ? 0 : value.remaining()];
            if (value != null) {
                value.duplicate().get(text);
            }
            if (messages.length() > text.length) {
                reader.tooLong(text, messages.length(), batch, messages.positionIndex(), messages.position());
            } else {
                reader.read(text, batch, messages.positionIndex(), messages.position(), SampleReader.Sender.UNKNOWN);
            }
        }
        return batch;
    }

    private SampleFile read(Exchange exchange, InputStream stream) {
        SampleFile file = new SampleFile(
                stream,
                "file " + exchange.getMessage().getHeader(Exchange.FILE_NAME, "of samples", String.class),
                exchange.getMessage().getHeader(CaravanHeaders.SOURCE, String.class),
                exchange.getMessage().getHeader(CaravanHeaders.POSITION, String.class),
                reader(),
                settings,
                batchSize == null ? DEFAULT_BATCH : batchSize,
                maxLineBytes == null ? SampleFile.LINE_BYTES : maxLineBytes);
        exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public void onDone(Exchange done) {
                file.close();
            }
        });
        return file;
    }

    private SampleReader reader() {
        return new SampleReader(rules, settings, meters, clock);
    }

    @Override
    public void marshal(Exchange exchange, Object body, OutputStream stream) {
        throw new UnsupportedOperationException(getDataFormatName() + " is only read");
    }

    @Override
    protected void doStart() {
        rules = registered(SampleRules.class, SampleRules.defaults());
        settings = registered(MeteringSettings.class, MeteringSettings.defaults());
        meters = registered(MeterCatalog.class, MeterCatalog.empty());
        clock = registered(Clock.class, Clock.systemUTC());
    }

    private <T> T registered(Class<T> type, T otherwise) {
        return Registered.bean(camelContext, type, otherwise, getDataFormatName());
    }

    @Override
    public CamelContext getCamelContext() {
        return camelContext;
    }

    @Override
    public void setCamelContext(CamelContext camelContext) {
        this.camelContext = camelContext;
    }

    public Integer getBatchSize() {
        return batchSize;
    }

    public void setBatchSize(Integer batchSize) {
        this.batchSize = batchSize;
    }

    public Integer getMaxLineBytes() {
        return maxLineBytes;
    }

    public void setMaxLineBytes(Integer maxLineBytes) {
        this.maxLineBytes = maxLineBytes;
    }
}
