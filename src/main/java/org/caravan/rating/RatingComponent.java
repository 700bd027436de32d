package org.caravan.rating;

import java.util.Map;
import java.util.TreeSet;
import org.apache.camel.Endpoint;
import org.apache.camel.api.management.ManagedAttribute;
import org.apache.camel.api.management.ManagedResource;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;

/** Prices batches of usage records. */
@Component("caravan-rating")
@ManagedResource(description = "Prices batches of usage records")
public class RatingComponent extends DefaultComponent {
    @ManagedAttribute(description = "Modules that a meter's pricing may name, those that add to a price")
    public String getModules() {
        return String.join(", ", new TreeSet<>(ModuleChain.MODULES));
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        if (remaining == null || remaining.isBlank()) {
            throw new IllegalArgumentException("caravan-rating needs a name: caravan-rating:default");
        }
        RatingConfiguration configuration = new RatingConfiguration();
        configuration.setName(remaining);
        RatingEndpoint endpoint = new RatingEndpoint(uri, this, configuration);
        setProperties(endpoint, parameters);
        return endpoint;
    }
}
