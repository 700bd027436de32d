package org.caravan.rating;

import java.nio.file.Path;
import java.util.Set;
import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.api.management.ManagedAttribute;
import org.apache.camel.api.management.ManagedResource;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.support.CamelContextHelper;
import org.apache.camel.support.DefaultEndpoint;
import org.caravan.common.BatchCounts;
import org.caravan.common.UserError;
import org.caravan.rating.hashmap.Tariff;
import org.caravan.rating.hashmap.TariffHolder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Price batches of usage records by HashMap rules and the prices they came with. */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "caravan-rating",
        title = "Caravan Rating",
        syntax = "caravan-rating:name",
        producerOnly = true,
        remote = false,
        category = {Category.FINANCE})
@ManagedResource(description = "Prices batches of usage records, in place")
public class RatingEndpoint extends DefaultEndpoint {
    private static final Logger LOG = LoggerFactory.getLogger(RatingEndpoint.class);

    @UriParam
    private final RatingConfiguration configuration;

    private final BatchCounts counts = new BatchCounts();
    private Rater rater;

    public RatingEndpoint(String uri, RatingComponent component, RatingConfiguration configuration) {
        super(uri, component);
        this.configuration = configuration;
    }

    public RatingConfiguration getConfiguration() {
        return configuration;
    }

    /** What rates the batches of this endpoint; null before it is started. */
    public Rater getRater() {
        return rater;
    }

    BatchCounts counts() {
        return counts;
    }

    @ManagedAttribute(description = "Tariff file that it prices by; null if it is the rater of the registry")
    public String getTariffFile() {
        return configuration.getTariff();
    }

    @ManagedAttribute(description = "Batches that went through since it was started, in this process")
    public long getBatches() {
        return counts.batches();
    }

    @ManagedAttribute(description = "Records of these batches")
    public long getRecords() {
        return counts.records();
    }

    @ManagedAttribute(description = "Batches that failed since it was started")
    public long getFailures() {
        return counts.failures();
    }

    @ManagedAttribute(description = "Milliseconds that all batches took together")
    public long getTakenMillis() {
        return counts.taken().toMillis();
    }

    @Override
    public Producer createProducer() {
        return new RatingProducer(this);
    }

    @Override
    public Consumer createConsumer(Processor processor) {
        throw new UnsupportedOperationException(
                "caravan-rating prices usage and has nothing to consume; use it in 'to', not in 'from'");
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        rater = configuration.getTariff() == null ? registered() : fromFile(Path.of(configuration.getTariff()));
    }

    @Override
    public boolean isRemote() {
        return false;
    }

    private static Rater fromFile(Path file) {
        TariffFile.Result read = TariffFile.read(file);
        read.warnings().forEach(warning -> LOG.warn("{}", warning));
        return new ModuleChain(new TariffHolder(Tariff.compile(read.ruleSet())));
    }

    private Rater registered() {
        String name = configuration.getName();
        Rater named = CamelContextHelper.lookup(getCamelContext(), name, Rater.class);
        if (named != null) {
            return named;
        }
        Set<Rater> all = getCamelContext().getRegistry().findByType(Rater.class);
        if (all.size() != 1) {
            throw new UserError("caravan-rating:" + name + ": the registry has "
                    + (all.isEmpty() ? "no bean" : all.size() + " beans") + " of type " + Rater.class.getName()
                    + " and none of the name '" + name + "'; bind one, or set the option 'tariff' to a tariff file");
        }
        return all.iterator().next();
    }
}
