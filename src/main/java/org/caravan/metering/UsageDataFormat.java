package org.caravan.metering;

import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.Exchange;
import org.apache.camel.WrappedFile;
import org.apache.camel.spi.DataFormat;
import org.apache.camel.spi.DataFormatName;
import org.apache.camel.spi.Metadata;
import org.apache.camel.support.SynchronizationAdapter;
import org.apache.camel.support.service.ServiceSupport;
import org.caravan.common.UserError;

/**
 * What Caravan's data formats of usage share: how they find their body, their position and, by type
 * in the registry, {@link MeterCatalog}, {@link MeteringSettings} and {@link Clock}.
 */
abstract class UsageDataFormat extends ServiceSupport implements DataFormat, DataFormatName, CamelContextAware {
    private CamelContext camelContext;
    private MeteringSettings settings;
    private MeterCatalog meters;
    private Clock clock;

    /** One per thread, as each keeps the keys that its messages had; let go of with the thread, or at the stop. */
    private volatile ThreadLocal<MessageReader> messages = new ThreadLocal<>();

    @Metadata(description = "Lines per batch, unusable ones included; default as in MeteringSettings", javaType = "int")
    private Integer batchSize;

    @Metadata(
            description = "Batches parsed ahead by a thread of their own; 0 = parsed when asked for; default as in"
                    + " MeteringSettings",
            javaType = "int")
    private Integer readAhead;

    @Metadata(
            description = "Whether a record must name a tenant; false only where a tariff is tried",
            javaType = "boolean")
    private Boolean requireTenant;

    /** Opens the reader of this format. */
    abstract UsageBatches open(UsageInput input, MeteringSettings settings, MeterCatalog meters, Clock clock);

    /** Opens the row of this format that reads messages. */
    Row openRow(MeteringSettings limits) {
        throw new UserError(getDataFormatName() + " can't read messages, only lines below a header");
    }

    /**
     * Reads usage.
     *
     * @param body {@link UsageMessages}, a File, Path or file of a Camel file endpoint, a byte array, a text, or what
     *     converts to a stream
     * @return {@link UsageBatches}, closed with the exchange, at the latest; of messages one {@link UsageBatch}
     * @throws org.caravan.common.UserError if the input as a whole can't be read
     */
    @Override
    public Object unmarshal(Exchange exchange, Object body) throws Exception {
        if (body instanceof UsageMessages many) {
            return messageReader().read(many);
        }
        return read(exchange, stream(exchange, body));
    }

    /** As {@link #unmarshal(Exchange, Object)}. */
    @Override
    public Object unmarshal(Exchange exchange, InputStream stream) throws Exception {
        return read(exchange, stream);
    }

    private MessageReader messageReader() {
        MessageReader reader = messages.get();
        if (reader == null) {
            reader = new MessageReader(openRow(settings), settings, meters, clock);
            messages.set(reader);
        }
        return reader;
    }

    private UsageBatches read(Exchange exchange, InputStream stream) {
        String source = header(exchange, CaravanHeaders.SOURCE);
        String key = header(exchange, CaravanHeaders.POSITION);
        boolean positioned = source != null && key != null;
        UsageInput input = new UsageInput(stream, name(exchange), positioned ? source : null, positioned ? key : null);
        UsageBatches batches = new UntilStopped(open(input, settings, meters, clock), camelContext, input.name());
        exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public void onDone(Exchange done) {
                batches.close();
            }
        });
        return batches;
    }

    private static InputStream stream(Exchange exchange, Object body) throws Exception {
        Object content = body instanceof WrappedFile<?> file && file.getFile() instanceof File ? file.getFile() : body;
        if (content instanceof File file) {
            return UsageInput.open(file.toPath());
        }
        if (content instanceof Path path) {
            return UsageInput.open(path);
        }
        if (content instanceof String text) {
            return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
        }
        return exchange.getContext().getTypeConverter().mandatoryConvertTo(InputStream.class, exchange, content);
    }

    private static String name(Exchange exchange) {
        String file = header(exchange, Exchange.FILE_NAME);
        if (file != null) {
            return "file " + file;
        }
        String source = header(exchange, CaravanHeaders.SOURCE);
        String key = header(exchange, CaravanHeaders.POSITION);
        if (source == null && key == null) {
            return "the usage in exchange " + exchange.getExchangeId();
        }
        return "source " + (source == null ? "" : source) + (key == null ? "" : " (" + key + ")");
    }

    private static String header(Exchange exchange, String name) {
        String value = exchange.getMessage().getHeader(name, String.class);
        return value == null || value.isBlank() ? null : value;
    }

    @Override
    public void marshal(Exchange exchange, Object body, OutputStream stream) throws Exception {
        throw new UnsupportedOperationException(
                getDataFormatName() + " is only read; write usage as caravan-jsonl, which keeps the types of metadata");
    }

    /** Finds settings, meters and clock; a reader that is open already keeps what it started with. */
    @Override
    protected void doStart() throws Exception {
        settings = registered(MeteringSettings.class, MeteringSettings.defaults());
        settings = batchSize == null ? settings : settings.withBatchSize(batchSize);
        settings = readAhead == null ? settings : settings.withReadAhead(readAhead);
        settings = requireTenant == null ? settings : settings.withRequireTenant(requireTenant);
        meters = registered(MeterCatalog.class, MeterCatalog.empty());
        clock = registered(Clock.class, Clock.systemUTC());
    }

    @Override
    protected void doStop() {
        messages = new ThreadLocal<>();
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

    public Integer getReadAhead() {
        return readAhead;
    }

    public void setReadAhead(Integer readAhead) {
        this.readAhead = readAhead;
    }

    public Boolean getRequireTenant() {
        return requireTenant;
    }

    public void setRequireTenant(Boolean requireTenant) {
        this.requireTenant = requireTenant;
    }
}
