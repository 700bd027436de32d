package org.caravan.subscription;

import java.io.ByteArrayInputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.caravan.ledger.HeldReader;
import org.caravan.ledger.QuarantineRetry;
import org.caravan.metering.MeterCatalog;
import org.caravan.metering.MeteringSettings;
import org.caravan.metering.Price;
import org.caravan.metering.UsageBatch;
import org.caravan.metering.UsageBatches;
import org.caravan.metering.UsageInput;

/** Usage of a {@link Shop}'s tenants as sources bring it: read from lines, by meters, with a price for each meter. */
public final class Metered {
    private static final MeterCatalog METERS = MeterCatalog.parse(
            """
            meters:
              instance: {product: "{flavor}", unit: hour, times: hours}
              ip.floating: {product: Floating IP, unit: hour, times: hours}
              volume.size: {product: "Volume {volume_type}", unit: GB-hour, times: hours}
              snapshot.size: {product: Snapshot, unit: GiB-hour, times: hours}
              image.size: {product: Image, unit: GiB-hour, times: hours}
              storage.objects.size: {product: Objects, unit: GiB-hour, times: hours,
                identity: {kind: interval, by: [product]}, resource: none}
            """,
            "meters");

    private final Shop shop;
    private final Map<String, BigDecimal> prices = new HashMap<>();
    private final List<String> lines = new ArrayList<>();
    private String datacenter = "north";

    public Metered(Shop shop) {
        this.shop = shop;
    }

    /** A unit of a meter's costs so much from here on; a meter without a price is priced by plans. */
    public Metered price(String meter, String price) {
        prices.put(meter, new BigDecimal(price));
        return this;
    }

    /** From here on usage is of this datacenter. */
    public Metered in(String name) {
        datacenter = name;
        return this;
    }

    /** A gauge for so many seconds, or a quantity of a meter that is none. */
    public Metered use(
            String tenant, String resource, String meter, String unit, String quantity, String begin, long seconds) {
        return use(tenant, resource, meter, unit, quantity, begin, seconds, "");
    }

    /** @param metadata the inside of a JSON object */
    public Metered use(
            String tenant,
            String resource,
            String meter,
            String unit,
            String quantity,
            String begin,
            long seconds,
            String metadata) {
        Instant from = Instant.parse(begin);
        lines.add("{\"tenant\":\"" + tenant + "\",\"datacenter\":\"" + datacenter + "\",\"resource\":\"" + resource
                + "\",\"meter\":\"" + meter + "\",\"quantity\":\"" + quantity + "\",\"unit\":\"" + unit
                + "\",\"begin\":\"" + from + "\",\"end\":\"" + from.plusSeconds(seconds) + "\",\"metadata\":{"
                + metadata + "}}");
        return this;
    }

    /** Commits what was used since the last time. */
    public Metered commit() {
        UsageInput input = UsageInput.of(
                new ByteArrayInputStream((String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8)), "usage");
        lines.clear();
        try (UsageBatches batches = UsageBatches.jsonl(input, MeteringSettings.defaults(), METERS, shop.clock)) {
            UsageBatch batch = batches.next();
            rate(batch);
            shop.ledger.commit(batch);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        return this;
    }

    /** Accepts the conflict that was set aside last. */
    public void acceptLast() {
        try {
            HeldReader reader = new HeldReader(MeteringSettings.defaults(), METERS, shop.clock, this::rate);
            new QuarantineRetry(shop.dataSource, shop.ledger, reader, shop.clock)
                    .accept(Long.parseLong(
                            shop.rows("select max(id) from quarantine").get(0)));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private void rate(UsageBatch batch) {
        batch.startPricing();
        for (int row = 0; row < batch.size(); row++) {
            if (batch.isRejected(row)) {
                throw new IllegalStateException("row " + row + " is refused");
            }
            BigDecimal price = prices.get(batch.key(row).meter().name());
            if (price == null) {
                batch.price(row, new Price("", List.of("plan"), null, true), BigDecimal.ZERO);
            } else {
                batch.price(
                        row,
                        new Price("test", List.of("flat " + price), price, true),
                        price.multiply(batch.quantityValue(row)));
            }
        }
    }
}
