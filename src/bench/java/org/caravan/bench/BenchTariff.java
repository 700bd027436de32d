package org.caravan.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What the benchmark's ten meters cost, once as a tariff file for Caravan and once as the rows of a price table for the
 * limit: flat prices by the value of a metadata field, and for some meters a rebate from a quantity on.
 */
final class BenchTariff {
    static final List<Meter> METERS = List.of(
            new Meter("instance", "hour", "flavor", 40, 44_000, null, null),
            new Meter("instance.gpu", "hour", "flavor", 6, 195_000, null, null),
            new Meter("volume.size", "GiB-hour", "volume_type", 5, 347, null, null),
            new Meter("volume.snapshot", "GiB-hour", "volume_type", 2, 120, null, null),
            new Meter("ip.floating", "hour", "", 0, 8_100, null, null),
            new Meter("network.traffic.out", "GB", "", 0, 110_000, "900", "0.9"),
            new Meter("network.traffic.in", "GB", "", 0, 1_000, null, null),
            new Meter("storage.objects.size", "GB-hour", "", 0, 280, "950", "0.85"),
            new Meter("loadbalancer", "hour", "", 0, 34_250, null, null),
            new Meter("database", "hour", "flavor", 12, 52_000, "900", "0.95"));

    private BenchTariff() {}

    /**
     * A meter and its prices.
     *
     * @param field metadata field that the price depends on, {@code ""} for one price
     * @param values number of values of that field
     * @param millionths lowest price in millionths of a dollar; each further value costs 137 more
     * @param level quantity of a record from which {@code rebate} applies, or null
     * @param rebate factor, or null
     */
    record Meter(String name, String unit, String field, int values, int millionths, String level, String rebate) {
        String value(int index) {
            return field.isEmpty() ? "" : name.charAt(0) + "1.c" + (1 << index % 7) + "r" + (1 + index);
        }

        String cost(int index) {
            return java.math.BigDecimal.valueOf(millionths + 137L * index, 6).toPlainString();
        }
    }

    /** A row of the limit's price table; {@code level} and {@code rebate} are null where there is none. */
    record Row(String meter, String value, String cost, String level, String rebate) {}

    static List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        for (Meter meter : METERS) {
            for (int i = 0; i < Math.max(1, meter.values()); i++) {
                rows.add(new Row(meter.name(), meter.value(i), meter.cost(i), meter.level(), meter.rebate()));
            }
        }
        return rows;
    }

    static Path write(Path directory) throws IOException {
        StringBuilder yaml = new StringBuilder("currency: NZD\nservices:\n");
        for (Meter meter : METERS) {
            yaml.append("  ").append(meter.name()).append(":\n");
            if (meter.field().isEmpty()) {
                yaml.append("    mappings: [{type: flat, cost: \"")
                        .append(meter.cost(0))
                        .append("\"}]\n");
            }
            if (meter.level() != null) {
                yaml.append("    thresholds: [{level: \"")
                        .append(meter.level())
                        .append("\", type: rate, cost: \"")
                        .append(meter.rebate())
                        .append("\"}]\n");
            }
            if (!meter.field().isEmpty()) {
                yaml.append("    fields:\n      ").append(meter.field()).append(":\n        mappings:\n");
                for (int i = 0; i < meter.values(); i++) {
                    yaml.append("          - {value: \"")
                            .append(meter.value(i))
                            .append("\", type: flat, cost: \"")
                            .append(meter.cost(i))
                            .append("\"}\n");
                }
            }
        }
        Files.createDirectories(directory);
        return Files.writeString(directory.resolve("tariff.yaml"), yaml, StandardCharsets.UTF_8);
    }
}
