package org.caravan.hub.config;

import static org.caravan.hub.config.ValueType.choice;
import static org.caravan.hub.config.ValueType.decimal;
import static org.caravan.hub.config.ValueType.duration;
import static org.caravan.hub.config.ValueType.number;
import static org.caravan.hub.config.ValueType.text;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;

/** The settings of what subscriptions are billed and how their projects are made, a part of the table in {@link Settings}. */
public final class SubscriptionOptions {
    public static final Setting<String> UNSUBSCRIBED = of(
            "close.unsubscribed",
            choice("bill", "hold"),
            "bill",
            "Tenants that no subscription is tied to: billed to themselves, or held until one is.");
    public static final Setting<String> PER = of(
            "invoice.per",
            choice("customer", "tenant"),
            "customer",
            "A document for each customer over all tenants of its subscriptions, or for each tenant.");
    public static final Setting<String> RATES = of(
            "invoice.rates",
            text(4096),
            null,
            "Rates for customers that pay in another currency, such as USD=1.08,JPY=163.2: units of it per unit of the ledger's.");
    public static final Setting<Duration> DUE = of(
            "invoice.due",
            duration(Duration.ZERO, Duration.ofDays(366)),
            "14d",
            "How long after its issue a customer's invoice is due.");
    public static final Setting<BigDecimal> MINIMUM_CHARGE = of(
            "invoice.minimumCharge",
            decimal(BigDecimal.ZERO, BigDecimal.TEN),
            "0.01",
            "What an item above zero is billed at least to customers of resellers, in the ledger's currency; 0 = off.");
    public static final Setting<String> ROLE = of(
            "provision.role",
            text(255),
            "member",
            "Role at Keystone that a subscription's user gets on its projects; admin is often cloud-wide, a risk.");
    public static final Setting<String> CUSTOMER_ROLE = of(
            "provision.customerRole",
            text(255),
            "bs-admin",
            "Role on the customer's project that lets its user manage the customer's subscriptions.");
    public static final Setting<String> DOMAIN =
            of("provision.domain", text(255), "default", "Id of the domain that projects are made in.");
    public static final Setting<Duration> PERIOD = of(
            "provision.period",
            duration(Duration.ofMillis(100), Duration.ofDays(1)),
            "5s",
            "How often a running hub looks for subscriptions that wait for their project.");
    public static final Setting<Duration> FIRST_DELAY = of(
            "provision.firstDelay",
            duration(Duration.ofMillis(10), Duration.ofHours(1)),
            "1s",
            "Wait after Keystone was away for the first time; it doubles with each further one.");
    public static final Setting<Duration> MAX_DELAY = of(
            "provision.maxDelay",
            duration(Duration.ofMillis(10), Duration.ofDays(1)),
            "5m",
            "Longest wait before Keystone is asked again.");
    public static final Setting<Long> ATTEMPTS = of(
            "provision.maxAttempts",
            number(1, 10_000),
            "20",
            "Attempts before a subscription's projects are given up and taken back.");
    public static final Setting<Duration> LEASE = of(
            "provision.lease",
            duration(Duration.ofSeconds(1), Duration.ofHours(1)),
            "5m",
            "How long a subscription belongs to the hub that makes its projects; longer than its calls of Keystone.");

    /** All of them, in the order of the reference page. */
    static final List<Setting<?>> ALL = List.of(
            UNSUBSCRIBED,
            PER,
            RATES,
            DUE,
            MINIMUM_CHARGE,
            ROLE,
            CUSTOMER_ROLE,
            DOMAIN,
            PERIOD,
            FIRST_DELAY,
            MAX_DELAY,
            ATTEMPTS,
            LEASE);

    private SubscriptionOptions() {}

    private static <T> Setting<T> of(String name, ValueType<T> type, String otherwise, String sentence) {
        return new Setting<>("caravan." + name, type, otherwise, false, sentence);
    }
}
