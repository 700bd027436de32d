package org.caravan.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import org.caravan.hub.db.HubDatabase;
import org.caravan.invoice.Audit;
import org.caravan.ledger.Outcome.What;
import org.caravan.testing.Database;

/** Whatever comes, is accepted, tried again or dropped, by whichever hub: what is billed is the content accepted last. */
class QuarantinePropertyTest {
    private static final HubDatabase POOL = HubDatabase.open(Database.freshAccess(), 6);
    private static final HeldUsage USAGE = new HeldUsage(POOL.dataSource());
    private static final AtomicInteger TRIES = new AtomicInteger();

    @AfterContainer
    static void closePool() {
        POOL.close();
    }

    /** A record as the oracle sees it; {@code id} is null where time tells records apart. */
    private record Usage(String tenant, String resource, String id, String quantity, int hour, int hours) {
        boolean shares(Usage other) {
            if (!tenant.equals(other.tenant) || id == null != (other.id == null)) {
                return false;
            }
            return id != null
                    ? id.equals(other.id)
                    : resource.equals(other.resource) && hour < other.hour + other.hours && other.hour < hour + hours;
        }

        String line() {
            String line =
                    HeldUsage.line(tenant, resource, id == null ? "instance" : "call", quantity, null, hour, hours);
            return id == null ? line : line.replace("{", "{\"id\":\"" + id + "\",");
        }
    }

    private final Map<Usage, BigDecimal> billed = new LinkedHashMap<>();
    private final Map<Long, Usage> held = new HashMap<>();
    private final Map<String, String> closed = new HashMap<>();

    @Property(tries = 12)
    void whatIsBilledIsTheContentAcceptedLast(@ForAll long seed) throws Exception {
        // given
        Random random = new Random(seed);
        billed.clear();
        held.clear();
        closed.clear();
        String prefix = "t" + TRIES.incrementAndGet() + "-";
        HeldUsage[] hubs = {USAGE.otherHub(), USAGE.otherHub()};
        // when
        for (int step = 0; step < 30; step++) {
            HeldUsage hub = hubs[random.nextInt(hubs.length)];
            hub.unitPrice = BigDecimal.valueOf(1 + random.nextInt(900), 1 + random.nextInt(6));
            int what = random.nextInt(20);
            if (what < 9) {
                read(hub, usage(random, prefix));
            } else if (what < 15 && !held.isEmpty()) {
                accept(hub, any(random, held.keySet()));
            } else if (what < 17 && !held.isEmpty()) {
                tryAgain(hub, any(random, held.keySet()));
            } else if (what == 17 && !held.isEmpty()) {
                long id = any(random, held.keySet());
                assertThat(hub.quarantine.drop(List.of(id), "not wanted")).containsExactly(id);
                held.remove(id);
            } else if (what == 18) {
                close(hub, prefix + random.nextInt(2), YearMonth.of(2026, 10));
            } else if (what == 19) {
                RollUp.run(hub.database);
                hubs[random.nextInt(hubs.length)] = USAGE.otherHub();
            }
        }
        // then
        BigDecimal quantity = BigDecimal.ZERO;
        BigDecimal amount = BigDecimal.ZERO;
        for (Map.Entry<Usage, BigDecimal> one : billed.entrySet()) {
            quantity = quantity.add(new BigDecimal(one.getKey().quantity()));
            amount = amount.add(one.getValue());
        }
        String mine = " from entry join tenant t on t.id = tenant where t.name like '" + prefix + "%'";
        assertThat(USAGE.rows("select trim_scale(coalesce(sum(quantity), 0)), trim_scale(coalesce(sum(amount), 0)),"
                        + " coalesce(sum(records), 0)" + mine))
                .containsExactly(plain(quantity) + " " + plain(amount) + " " + billed.size());
        for (Map.Entry<String, String> month : closed.entrySet()) {
            assertThat(sumOf(USAGE, month.getKey())).isEqualTo(month.getValue());
        }
        assertThat(Audit.run(USAGE.database))
                // months are closed here without documents
                .filteredOn(check -> !check.name().contains("no document bears"))
                .allSatisfy(
                        check -> assertThat(check.findings()).as(check.name()).isEmpty());
    }

    private void read(HeldUsage hub, List<Usage> records) throws SQLException {
        int accepted = 0;
        int duplicate = 0;
        List<Usage> conflicts = new ArrayList<>();
        for (Usage one : records) {
            List<Usage> beside = beside(one);
            if (beside.isEmpty()) {
                bill(hub, one);
                accepted++;
            } else if (beside.contains(one)) {
                duplicate++;
            } else {
                conflicts.add(one);
            }
        }
        CommitResult result = hub.read(records.stream().map(Usage::line).toArray(String[]::new));
        assertThat(result.accepted()).isEqualTo(accepted);
        assertThat(result.duplicate()).isEqualTo(duplicate);
        assertThat(result.conflict()).isEqualTo(conflicts.size());
        for (QuarantineEntry entry : hub.quarantine.list(QuarantineFilter.held(), 0, 100_000)) {
            if (entry.batch() == result.batch()) {
                held.put(
                        entry.id(),
                        conflicts.stream()
                                .filter(one -> entry.raw().equals(one.line()))
                                .findFirst()
                                .orElseThrow());
            }
        }
    }

    private void accept(HeldUsage hub, long id) throws SQLException {
        Usage one = held.remove(id);
        List<Usage> beside = beside(one);
        boolean duplicate = beside.contains(one);
        if (!duplicate) {
            beside.forEach(billed::remove);
            bill(hub, one);
        }
        assertThat(hub.retry().accept(id).what()).isEqualTo(duplicate ? What.DUPLICATE : What.BILLED);
    }

    private void tryAgain(HeldUsage hub, long id) throws SQLException {
        Usage one = held.get(id);
        List<Usage> beside = beside(one);
        What expected = beside.isEmpty() ? What.BILLED : beside.contains(one) ? What.DUPLICATE : What.HELD;
        if (expected != What.HELD) {
            held.remove(id);
        }
        if (expected == What.BILLED) {
            bill(hub, one);
        }
        assertThat(hub.retry().retry(List.of(id)).get(0).what()).isEqualTo(expected);
    }

    private void close(HeldUsage hub, String tenant, YearMonth month) throws SQLException {
        if (!closed.containsKey(tenant)
                && !hub.rows("select id from tenant where name = '" + tenant + "'")
                        .isEmpty()) {
            hub.close(tenant, month);
            closed.put(tenant, sumOf(hub, tenant));
        }
    }

    private static String sumOf(HeldUsage hub, String tenant) throws SQLException {
        return hub.rows(
                        "select trim_scale(coalesce(sum(amount), 0)), count(*) from entry join tenant t on t.id = tenant"
                                + " where t.name = '" + tenant + "' and billing_month = '2026-10-01'")
                .get(0);
    }

    private List<Usage> beside(Usage one) {
        return billed.keySet().stream().filter(one::shares).toList();
    }

    private void bill(HeldUsage hub, Usage one) {
        billed.put(one, hub.unitPrice.multiply(new BigDecimal(one.quantity())));
    }

    /** Few series and hours, so that much overlaps; across a month's end. */
    private static List<Usage> usage(Random random, String prefix) {
        List<Usage> records = new ArrayList<>();
        for (int i = 0; i < 1 + random.nextInt(6); i++) {
            boolean event = random.nextInt(4) == 0;
            records.add(new Usage(
                    prefix + random.nextInt(2),
                    "r" + random.nextInt(2),
                    event ? "e" + random.nextInt(3) : null,
                    BigDecimal.valueOf(1 + random.nextInt(3), random.nextInt(3)).toPlainString(),
                    735 + random.nextInt(14),
                    1 + random.nextInt(4)));
        }
        return records;
    }

    private static long any(Random random, java.util.Collection<Long> ids) {
        return ids.stream()
                .sorted()
                .skip(random.nextInt(ids.size()))
                .findFirst()
                .orElseThrow();
    }

    private static String plain(BigDecimal value) {
        return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
    }
}
