package org.caravan.api.subscription;

import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.caravan.ledger.report.Field;
import org.caravan.ledger.report.Filter;
import org.caravan.ledger.report.RecordPage;
import org.caravan.ledger.report.RecordQuery;
import org.caravan.ledger.report.Reports;
import org.caravan.metering.UsageKey;
import org.caravan.metering.UsageRecord;
import org.caravan.subscription.Entity;
import org.caravan.subscription.Entry;
import org.caravan.subscription.ListQuery;
import org.caravan.subscription.Refusal;
import org.caravan.subscription.Scope;
import org.caravan.subscription.Store;
import org.caravan.subscription.Subscribed;
import org.caravan.subscription.SubscribedUsage;

/**
 * Usage of a merchant's subscriptions, read from the ledger and pushed into it. As the ledger only appends, a change takes the
 * record back and bills another, and a deletion bills none of it.
 */
final class UsageStore implements Store {
    private static final Comparator<Entry> ORDER =
            Comparator.comparing((Entry entry) -> entry.time(UsageView.START)).thenComparing(entry -> entry.text("id"));

    private final SubscribedUsage subscribed;
    private final Reports reports;
    private final UsagePush push;
    private final Clock clock;

    UsageStore(SubscribedUsage subscribed, Reports reports, UsagePush push, Clock clock) {
        this.subscribed = subscribed;
        this.reports = reports;
        this.push = push;
        this.clock = clock;
    }

    @Override
    public Entity entity() {
        return UsageView.ENTITY;
    }

    @Override
    public List<Entry> list(Scope scope, ListQuery query) throws SQLException {
        UsageView view = new UsageView(scope.merchant(), subscribed.of(scope));
        UsageWindow window = UsageWindow.of(query.filters(), clock);
        List<Entry> all = records(view, window.begin(), window.end()).stream()
                .flatMap(billed -> view.of(billed).stream())
                .filter(entry -> query.filters().stream().allMatch(filter -> filter.matches(entry)))
                .sorted(ORDER)
                .toList();
        if (query.marker() == null) {
            return all.stream().limit(query.limit()).toList();
        }
        Entry marker = one(scope, query.marker());
        return all.stream()
                .filter(entry -> ORDER.compare(entry, marker) > 0)
                .limit(query.limit())
                .toList();
    }

    private List<RecordPage.Billed> records(UsageView view, Instant begin, Instant end) throws SQLException {
        if (view.tenants().length == 0) {
            return List.of();
        }
        return reports.allRecords(new RecordQuery(
                        UsageKey.DEFAULT_REALM, begin, end, List.of(Filter.of(Field.TENANT, view.tenants())), 0, 1))
                .records();
    }

    @Override
    public Entry one(Scope scope, String key) throws SQLException {
        return find(scope, key).orElseThrow(() -> Refusal.notFound("Usage")).entry();
    }

    /** Usage as it is answered, and the record that it is. */
    private record Found(Entry entry, UsageRecord record) {}

    private Optional<Found> find(Scope scope, String key) throws SQLException {
        Instant begin = UsageView.begin(key).orElseThrow(() -> Refusal.notFound("Usage"));
        List<Subscribed> candidates = subscribed.of(scope).stream()
                .filter(one -> key.startsWith(one.id() + "."))
                .toList();
        UsageView view = new UsageView(scope.merchant(), candidates);
        for (RecordPage.Billed billed : records(view, begin, begin.plus(1, ChronoUnit.MICROS))) {
            Optional<Entry> entry =
                    view.of(billed).filter(known -> known.text("id").equals(key));
            if (entry.isPresent()) {
                return Optional.of(new Found(entry.get(), billed.record()));
            }
        }
        return Optional.empty();
    }

    @Override
    public Entry create(Scope scope, Entry given) throws SQLException {
        Subscribed subscription = subscribed.of(scope).stream()
                .filter(one -> one.id().equals(given.text(UsageView.SUBSCRIPTION)))
                .findFirst()
                .orElseThrow(() -> Refusal.invalid(
                        UsageView.SUBSCRIPTION,
                        "is no subscription of this merchant that is tied to a tenant; PATCH its resource_id first"));
        String meter = subscription.products().entrySet().stream()
                .filter(sold -> sold.getValue().product().equals(given.text(UsageView.PRODUCT)))
                .findFirst()
                .orElseThrow(() -> Refusal.invalid(UsageView.PRODUCT, "is not in the subscription's plan"))
                .getKey();
        Instant begin = given.time(UsageView.START);
        Instant end = given.time(UsageView.END);
        if (!begin.isBefore(end)) {
            throw Refusal.invalid(UsageView.END, "must be after start_timestamp");
        }
        if (!subscription.has(begin)) {
            throw Refusal.invalid(UsageView.START, "is not within the time of the subscription");
        }
        BigDecimal value = given.decimal(UsageView.VALUE);
        if (value.signum() <= 0) {
            throw Refusal.invalid(UsageView.VALUE, "must be more than 0; what was not used is not billed");
        }
        String measure = given.text(UsageView.MEASURE);
        Subscribed.Sold sold = subscription.products().get(meter);
        push.bill(new UsagePush.Pushed(
                subscription,
                meter,
                measure != null ? measure : sold.measure() != null ? sold.measure() : "unit",
                begin,
                end,
                value));
        return pushed(scope, subscription, sold, begin, end);
    }

    /** What was billed just now, or before: a push that is repeated is answered as the first time. */
    private Entry pushed(Scope scope, Subscribed subscription, Subscribed.Sold sold, Instant begin, Instant end)
            throws SQLException {
        UsageView view = new UsageView(scope.merchant(), List.of(subscription));
        for (RecordPage.Billed billed : records(view, begin, begin.plus(1, ChronoUnit.MICROS))) {
            Optional<Entry> entry = view.of(billed)
                    .filter(known -> UsageView.isPushed(subscription.id(), billed.record())
                            && known.text(UsageView.PRODUCT).equals(sold.product())
                            && known.time(UsageView.END).equals(end));
            if (entry.isPresent()) {
                return entry.get();
            }
        }
        throw Refusal.of(Refusal.Kind.DUPLICATE, "This time is billed otherwise already.");
    }

    @Override
    public Entry update(Scope scope, String key, Entry changes) throws SQLException {
        Found found = own(scope, key);
        UsageChanges.check(found.entry(), changes);
        BigDecimal value = changes.decimal(UsageView.VALUE);
        if (value == null || value.compareTo(found.entry().decimal(UsageView.VALUE)) == 0) {
            return found.entry();
        }
        if (value.signum() <= 0) {
            throw Refusal.invalid(UsageView.VALUE, "must be more than 0; DELETE bills none of it");
        }
        push.correct(found.record(), value);
        return one(scope, key);
    }

    @Override
    public void delete(Scope scope, String key) throws SQLException {
        push.correct(own(scope, key).record(), BigDecimal.ZERO);
    }

    private Found own(Scope scope, String key) throws SQLException {
        Found found = find(scope, key).orElseThrow(() -> Refusal.notFound("Usage"));
        if (!UsageView.isPushed(found.entry().text(UsageView.SUBSCRIPTION), found.record())) {
            throw Refusal.of(
                    Refusal.Kind.IN_USE,
                    "Usage was measured by a source of the hub, not pushed here, and is not changed here.");
        }
        return found;
    }
}
