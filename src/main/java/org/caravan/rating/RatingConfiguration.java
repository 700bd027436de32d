package org.caravan.rating;

import org.apache.camel.RuntimeCamelException;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;
import org.apache.camel.spi.UriPath;

/** What an endpoint {@code caravan-rating:name} is told. */
@UriParams
public class RatingConfiguration implements Cloneable {
    @UriPath(
            description =
                    "Name of the rater: the bean of type org.caravan.rating.Rater under this name in the registry, or the only bean of that type")
    @Metadata(required = true)
    private String name;

    @UriParam(
            description =
                    "Path of a tariff file (YAML or JSON) to rate by, read when the endpoint starts. Without it the rater is looked up in the registry")
    private String tariff;

    public String getName() {
        return name;
    }

    public void setName(String name) {
        this.name = name;
    }

    public String getTariff() {
        return tariff;
    }

    public void setTariff(String tariff) {
        this.tariff = tariff;
    }

    public RatingConfiguration copy() {
        try {
            return (RatingConfiguration) clone();
        } catch (CloneNotSupportedException e) {
            throw new RuntimeCamelException(e);
        }
    }
}
