package org.caravan.invoice.rerate;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.caravan.common.UserError;
import org.caravan.invoice.Reason;
import org.caravan.invoice.RestoredLedger;
import org.caravan.invoice.SqlTime;
import org.caravan.invoice.Transactions;
import org.caravan.ledger.BilledLine;
import org.caravan.ledger.LedgerSettings;
import org.caravan.ledger.RerateBatches;
import org.caravan.ledger.RerateScope;
import org.caravan.ledger.RerateSums;
import org.caravan.ledger.Rerater;
import org.caravan.ledger.TenantRef;
import org.caravan.metering.MeterCatalog;
import org.caravan.rating.ModuleChain;
import org.caravan.rating.hashmap.Tariff;
import org.caravan.rating.hashmap.TariffSource;

/**
 * Re-rates issued months: the documents stay, and what their usage costs more or less by today's rules is billed in each
 * tenant's oldest open month. A reason is billed once per tenant and month: given again it finishes what was broken off, and
 * bills nothing more.
 */
public final class Corrections {
    /** Between two looks whether another is done with the same correction. */
    private static final long PAUSE_MILLIS = 500;

    private final DataSource dataSource;
    private final Rerater rerater;
    private final RerateWork work;
    private final TariffSource tariffs;
    private final RerateSettings settings;
    private final Clock clock;

    /** @param meters what prices each meter */
    public Corrections(
            DataSource dataSource,
            LedgerSettings ledger,
            MeterCatalog meters,
            TariffSource tariffs,
            RerateSettings settings,
            Clock clock) {
        this.dataSource = dataSource;
        this.tariffs = tariffs;
        this.settings = settings;
        this.clock = clock;
        this.rerater = new Rerater(dataSource, ledger, meters, clock);
        this.work = Rerating.work(dataSource, ledger, meters, tariffs, settings, clock);
    }

    /**
     * What is wanted.
     *
     * @param month of use
     * @param tenants names as documents show them; empty for all to whom the month is issued
     * @param reason for people and auditors; may be null for a plan
     * @param by who wants it
     */
    public record Wanted(YearMonth month, Collection<String> tenants, String reason, String by) {
        public Wanted {
            tenants = List.copyOf(tenants);
        }

        private Instant from() {
            return month.atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant();
        }

        private Instant until() {
            return month.plusMonths(1).atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant();
        }
    }

    /**
     * What a tenant's month came to. Amounts are exact, in the ledger's currency.
     *
     * @param records billed records of the month
     * @param changed those that cost something else, or are billed at another unit price
     * @param before what the month's usage was billed with
     * @param after what it is billed with then
     * @param unratable records left as they are because today's rules can't rate them
     * @param credited records left as they are because their line was credited
     * @param billedIn billing month of the difference
     * @param billedAt null for what is or would be billed now; else when it was billed for this reason before
     */
    public record Line(
            String tenant,
            long records,
            long changed,
            BigDecimal before,
            BigDecimal after,
            BigDecimal difference,
            long unratable,
            long credited,
            YearMonth billedIn,
            Instant billedAt) {}

    /**
     * What a correction came to, or would come to.
     *
     * @param lines by tenant in order of name
     * @param open tenants with usage to whom the month is not issued yet, so that nothing is corrected
     */
    public record Result(List<Line> lines, List<String> open) {}

    /**
     * What {@link #correct} would bill now; writes nothing.
     *
     * @param progress told of the place in time that was reached
     * @throws UserError as there
     */
    public Result plan(Wanted wanted, Consumer<Instant> progress) throws SQLException {
        String once = wanted.reason() == null ? null : once(wanted);
        return Transactions.call(dataSource, connection -> {
            try (Statement snapshot = connection.createStatement()) {
                snapshot.execute("set transaction isolation level repeatable read, read only");
            }
            CorrectionRows.Chosen chosen = CorrectionRows.choose(connection, wanted.month(), wanted.tenants());
            Map<String, Line> lines = new TreeMap<>(CorrectionRows.done(connection, chosen, once, null));
            Map<String, TenantRef> left = new TreeMap<>(chosen.tenants());
            left.keySet().removeAll(lines.keySet());
            Map<Integer, RerateSums> sums = preview(connection, wanted, left.values(), progress);
            left.forEach((name, tenant) -> lines.put(name, line(name, sums.get(tenant.id()), chosen.billedIn(name))));
            return new Result(List.copyOf(lines.values()), chosen.open());
        });
    }

    private Map<Integer, RerateSums> preview(
            Connection snapshot, Wanted wanted, Collection<TenantRef> tenants, Consumer<Instant> progress)
            throws SQLException {
        Map<Integer, RerateSums> sums = new HashMap<>();
        if (tenants.isEmpty()) {
            return sums;
        }
        Tariff tariff = TodaysRules.of(tariffs);
        RerateScope scope = RerateScope.of(0, tenants, wanted.from(), wanted.until(), true);
        BilledLine.Credited credited = new CreditedUsage()
                .of(snapshot, tenants.stream().map(TenantRef::id).toList());
        RerateBatches.Place place = RerateBatches.Place.begin(0, Long.MAX_VALUE);
        for (RerateBatches.Portion portion = next(snapshot, scope, place);
                portion != null;
                portion = next(snapshot, scope, place)) {
            rerater.preview(snapshot, scope, portion.batches(), new ModuleChain(() -> tariff)::rate, credited)
                    .forEach((tenant, sum) -> sums.merge(tenant, sum, RerateSums::plus));
            place = portion.next();
            progress.accept(place.at());
        }
        return sums;
    }

    private RerateBatches.Portion next(Connection snapshot, RerateScope scope, RerateBatches.Place place)
            throws SQLException {
        return RerateBatches.next(snapshot, scope, place, settings.recordsPerTransaction());
    }

    private static Line line(String tenant, RerateSums found, YearMonth billedIn) {
        RerateSums sum = found == null ? new RerateSums() : found;
        return new Line(
                tenant,
                sum.records(),
                sum.changed(),
                sum.before(),
                sum.after(),
                sum.difference(),
                sum.unratable(),
                sum.credited(),
                billedIn,
                null);
    }

    /**
     * Bills the difference, or finishes what an earlier one of the same reason left undone.
     *
     * @param progress told of the place in time that was reached
     * @throws UserError if the month is issued to nobody, or not to a tenant that is named; there is no such tenant; the
     *     ledger waits to be recovered; the reason is none
     * @throws SQLException if the database fails; what was billed before stays billed, and the same again goes on
     */
    public Result correct(Wanted wanted, Consumer<Instant> progress) throws SQLException {
        RestoredLedger.requireRecovered(dataSource);
        String once = once(wanted);
        Instant begun = SqlTime.at(clock.instant()).toInstant();
        CorrectionRows.Chosen chosen = order(wanted, once, begun);
        List<Long> orders =
                Transactions.single(dataSource, connection -> CorrectionRows.unfinished(connection, chosen, once));
        for (long order : orders) {
            finish(order, progress);
        }
        return Transactions.single(dataSource, connection -> {
            Map<String, Line> lines = CorrectionRows.done(connection, chosen, once, begun);
            return new Result(List.copyOf(lines.values()), chosen.open());
        });
    }

    /** Reason and month as they are told apart. */
    private static String once(Wanted wanted) {
        return wanted.month() + " "
                + Reason.line(
                        wanted.reason(),
                        "a correction needs a reason, which it is billed for once; say it with --reason TEXT");
    }

    private CorrectionRows.Chosen order(Wanted wanted, String once, Instant now) throws SQLException {
        return Transactions.call(dataSource, connection -> {
            RerateOrders.lockForNew(connection);
            CorrectionRows.Chosen chosen = CorrectionRows.choose(connection, wanted.month(), wanted.tenants());
            Set<Integer> ordered = CorrectionRows.ordered(connection, chosen, once);
            List<TenantRef> left = chosen.tenants().values().stream()
                    .filter(tenant -> !ordered.contains(tenant.id()))
                    .toList();
            if (!left.isEmpty()) {
                String reason = once.substring(wanted.month().toString().length() + 1);
                long order = RerateOrders.insert(
                        connection, RerateKind.CORRECTION, wanted.from(), wanted.until(), reason, wanted.by(), now);
                RerateOrders.insertTenants(connection, order, left, once);
            }
            return chosen;
        });
    }

    private void finish(long order, Consumer<Instant> progress) throws SQLException {
        while (work.run(order, () -> false, place -> progress.accept(place.at())) == RerateWork.Outcome.ELSEWHERE) {
            Optional<RerateOrder> now =
                    Transactions.single(dataSource, connection -> RerateOrders.find(connection, order));
            if (now.isEmpty() || now.get().isEnded()) {
                return;
            }
            // another is at it; it ends, or its lease does
            try {
                Thread.sleep(PAUSE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new SQLException("interrupted while another made the same correction", e);
            }
        }
    }
}
