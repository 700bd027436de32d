package org.caravan.metering.sample;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.caravan.common.Decimals;

/** The root disk of an instance that was made from an image; one that booted from a volume has none of its own. */
final class FromImage implements Transformer {
    private static final String IMAGE = "image";
    private static final String SIZE = "root_gb";

    @Override
    public List<Stretch> apply(Transform transform, List<Sample> samples, Window window) {
        BigDecimal largest = BigDecimal.ZERO;
        for (Sample sample : samples) {
            String image = transform.field(IMAGE, sample);
            if (image == null || image.isBlank() || image.equals("None")) {
                return List.of();
            }
            String size = transform.field(SIZE, sample);
            if (size != null) {
                try {
                    largest = largest.max(Decimals.parse(size));
                } catch (NumberFormatException e) {
                    return List.of(new Stretch(window.begin(), window.end(), size, null));
                }
            }
        }
        return Gauge.whole(window, largest.multiply(window.hours()), null);
    }

    @Override
    public String unit(String unit) {
        return "GB-hour";
    }

    @Override
    public Map<String, List<String>> fields() {
        return Map.of(IMAGE, List.of("image_ref", "image_meta.base_image_ref"), SIZE, List.of("root_gb"));
    }
}
