package org.caravan.api.subscription;

import java.time.Clock;
import java.util.function.Predicate;
import javax.sql.DataSource;
import org.caravan.ledger.report.Reports;
import org.caravan.subscription.Invoices;
import org.caravan.subscription.Tying;
import org.caravan.subscription.payment.PaymentPlugins;

/**
 * What the routes work on.
 *
 * @param ledger the ledger's database, with merchants and all that is theirs
 * @param reports what was used
 * @param usage takes in usage
 * @param tying ties subscriptions to tenants
 * @param voiding takes issued invoices back
 * @param bands true of a meter whose usage is told apart by the time of day
 * @param provisioning true if projects are made for subscriptions
 * @param maxList most things that a list answers at once
 */
public record SubscriptionBackend(
        DataSource ledger,
        Reports reports,
        UsagePush usage,
        PaymentPlugins plugins,
        Tying tying,
        Invoices.Voiding voiding,
        Predicate<String> bands,
        boolean provisioning,
        int maxList,
        Clock clock) {}
