package org.caravan.api.subscription;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.caravan.common.Decimals;
import org.caravan.ledger.report.RecordPage;
import org.caravan.metering.UsageRecord;
import org.caravan.subscription.Entity;
import org.caravan.subscription.Entry;
import org.caravan.subscription.Field;
import org.caravan.subscription.FieldType;
import org.caravan.subscription.Subscribed;

/**
 * Billed records as usage of subscriptions. A usage's id is made of what tells it apart: subscription, product, begin, and a
 * digest of its series.
 */
final class UsageView {
    static final String SUBSCRIPTION = "subscription_id";
    static final String PRODUCT = "product_id";
    static final String START = "start_timestamp";
    static final String END = "end_timestamp";
    static final String VALUE = "value";
    static final String MEASURE = "measure";

    /** Of pushed usage, the ledger's datacenter. */
    static final String NOWHERE = "";

    private static final int QUANTITY_PLACES = 9;
    private static final int PRICE_PLACES = 12;
    private static final int DIGEST_CHARS = 12;

    static final Entity ENTITY = Entity.keyed(
            "Usage",
            "usage",
            "",
            "id",
            List.of(
                    Field.read("id", FieldType.TEXT),
                    Field.text(SUBSCRIPTION, 255).must().once(),
                    Field.text(PRODUCT, 255).must().once(),
                    Field.read("customer_id", FieldType.TEXT),
                    Field.read("merchant_id", FieldType.TEXT),
                    Field.text(MEASURE, 255).once(),
                    Field.of(START, FieldType.TIME, 0).must().once(),
                    Field.of(END, FieldType.TIME, 0).must().once(),
                    Field.of(VALUE, FieldType.DECIMAL, QUANTITY_PLACES).must(),
                    Field.read("price", FieldType.DECIMAL),
                    Field.read("total", FieldType.DECIMAL),
                    Field.read("resource", FieldType.TEXT)));

    private final String merchant;
    private final Map<String, List<Subscribed>> byTenant = new HashMap<>();

    UsageView(String merchant, List<Subscribed> subscribed) {
        this.merchant = merchant;
        subscribed.forEach(one ->
                byTenant.computeIfAbsent(one.tenant(), t -> new ArrayList<>()).add(one));
    }

    String[] tenants() {
        return byTenant.keySet().toArray(new String[0]);
    }

    /** A record as usage; empty if it is no subscription's, or of nothing that its plan sells, or was taken back. */
    Optional<Entry> of(RecordPage.Billed billed) {
        UsageRecord record = billed.record();
        for (Subscribed one : byTenant.getOrDefault(record.tenant(), List.of())) {
            Subscribed.Sold sold = one.products().get(record.meter());
            if (one.has(record.begin()) && sold != null) {
                return isPushed(one.id(), record) && record.quantity().signum() == 0
                        ? Optional.empty()
                        : Optional.of(entry(one, sold, billed));
            }
        }
        return Optional.empty();
    }

    private Entry entry(Subscribed one, Subscribed.Sold sold, RecordPage.Billed billed) {
        UsageRecord record = billed.record();
        boolean nothing = record.quantity().signum() == 0;
        return new Entry()
                .put("id", id(one.id(), sold.product(), record))
                .put(SUBSCRIPTION, one.id())
                .put(PRODUCT, sold.product())
                .put("customer_id", one.customer())
                .put("merchant_id", merchant)
                .put(MEASURE, record.unit())
                .put(START, record.begin())
                .put(END, record.end())
                .put(VALUE, plain(record.quantity()))
                .put(
                        "price",
                        nothing
                                ? null
                                : plain(billed.amount().divide(record.quantity(), PRICE_PLACES, RoundingMode.HALF_UP)))
                .put("total", plain(billed.amount()))
                .put("resource", record.resource());
    }

    private static BigDecimal plain(BigDecimal value) {
        return new BigDecimal(Decimals.plain(value));
    }

    /** What came by this contract; what was measured otherwise is not a merchant's to change. */
    static boolean isPushed(String subscription, UsageRecord record) {
        return record.datacenter().equals(NOWHERE) && record.resource().equals(subscription);
    }

    static String id(String subscription, String product, UsageRecord record) {
        String series = String.join(
                "\0",
                record.datacenter(),
                record.resource(),
                record.meter(),
                record.id() == null ? "" : record.id(),
                record.end().toString());
        return prefix(subscription, product) + ChronoUnit.MICROS.between(Instant.EPOCH, record.begin()) + "."
                + digest(series);
    }

    static String prefix(String subscription, String product) {
        return subscription + "." + product + ".";
    }

    /** When the usage of an id begins; empty if it is no such id. */
    static Optional<Instant> begin(String id) {
        String[] parts = id.split("\\.");
        if (parts.length < 4 || !parts[parts.length - 2].matches("-?\\d{1,17}")) {
            return Optional.empty();
        }
        return Optional.of(Instant.EPOCH.plus(Long.parseLong(parts[parts.length - 2]), ChronoUnit.MICROS));
    }

    private static String digest(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, DIGEST_CHARS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
