package org.caravan.testing;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.caravan.hub.db.HubDatabase;
import org.caravan.ledger.CommitResult;
import org.caravan.ledger.Ledger;
import org.caravan.ledger.LedgerSettings;
import org.caravan.ledger.SampleResult;
import org.caravan.ledger.SampleSettings;
import org.caravan.ledger.SampleStore;
import org.caravan.ledger.SampleWindows;
import org.caravan.metering.MeterCatalog;
import org.caravan.metering.MeteringSettings;
import org.caravan.metering.PositionRange;
import org.caravan.metering.UsageBatch;
import org.caravan.metering.sample.SampleBatch;
import org.caravan.metering.sample.SampleReader;
import org.caravan.metering.sample.SampleRules;

/** A hub that collects samples and makes usage of them; one unit price for all. Others may be at the same database. */
public final class SampleLedger {
    public static final MeterCatalog METERS = MeterCatalog.parse(
            """
            meters:
              instance: {product: "{flavor}", metadata: [flavor], transformer: uptime}
              root: {transformer: {name: fromimage, meter: instance, resource: "{resource}-root"}}
              volume: {product: "{volume_type}", transformer: {name: storagemax, default: std}}
              traffic: {transformer: sum}
            """,
            "meters.yaml");

    private static final int CONNECTIONS = 8;

    public final UsageLedger usage;
    public final SampleStore store;
    public SampleRules rules;
    private final DataSource database;
    private final Ledger ledger;
    private final SampleSettings settings;
    private final String input;
    private final Clock clock;

    /** With tenants of a realm of its own, and samples that come by a source of its own. */
    public SampleLedger(UsageLedger usage, String realm) {
        this(usage, usage.database, realm, UsageLedger.CLOCK);
    }

    /** @param database the ledger's, maybe with something in between */
    public SampleLedger(UsageLedger usage, DataSource database, String realm, Clock clock) {
        this.usage = usage;
        this.database = database;
        this.clock = clock;
        this.input = "in-" + realm;
        this.rules = SampleRules.of(realm, "dc", "openstack", null, null, null);
        this.ledger = new Ledger(database, LedgerSettings.defaults(), clock);
        this.store = new SampleStore(database, LedgerSettings.defaults(), realm, 1_000_000, clock);
        this.settings = new SampleSettings(
                "samples-" + realm, List.of(input), null, null, Duration.ofHours(2), 10, Duration.ofDays(14));
    }

    /** A message; its id is made of what it says, unless that says it. */
    public static String sample(
            String tenant, String meter, String resource, String at, String volume, Map<String, String> metadata) {
        ObjectNode sample = JsonNodeFactory.instance.objectNode();
        sample.put("source", "openstack")
                .put("counter_name", meter)
                .put("counter_unit", "GB")
                .put("counter_volume", volume)
                .put("project_id", tenant)
                .put("resource_id", resource)
                .put("timestamp", at);
        metadata.forEach(sample.putObject("resource_metadata")::put);
        return sample.put(
                        "message_id",
                        UUID.nameUUIDFromBytes(sample.toString().getBytes(StandardCharsets.UTF_8))
                                .toString())
                .toString();
    }

    public static String vm(String tenant, String resource, String at, String status, String flavor) {
        return sample(tenant, "instance", resource, at, "1", Map.of("status", status, "instance_type", flavor));
    }

    public static String traffic(String tenant, String at, String volume) {
        return sample(tenant, "traffic", "port", at, volume, Map.of());
    }

    /** Keeps samples, without a position. */
    public SampleResult collect(String... samples) throws SQLException {
        return collect(List.of(samples), List.of());
    }

    /** The same sample in another realm is another one, whose id stands in the same place among those of the same time. */
    private String inRealm(String sample) {
        String end = UUID.nameUUIDFromBytes(rules.realm().getBytes(StandardCharsets.UTF_8))
                .toString()
                .substring(24);
        return sample.replaceAll("(\"message_id\":\"[0-9a-f-]{24})[0-9a-f]{12}", "$1" + end);
    }

    public SampleResult collect(List<String> samples, List<PositionRange> positions) throws SQLException {
        SampleReader reader = new SampleReader(rules, MeteringSettings.defaults(), METERS, clock);
        SampleBatch batch = new SampleBatch();
        batch.setPositions(positions);
        long position = positions.isEmpty() ? 0 : positions.get(0).from();
        for (String sample : samples) {
            reader.read(
                    inRealm(sample).getBytes(StandardCharsets.UTF_8), batch, 0, position++, SampleReader.Sender.KNOWN);
        }
        return store.collect(input, batch);
    }

    /** Makes usage of all hours that are due. */
    public void make() throws SQLException {
        SampleWindows windows = windows();
        for (UsageBatch batch = windows.next(); batch != null; batch = windows.next()) {
            usage.rate(batch);
            ledger.commit(batch);
        }
    }

    /** Makes one step of {@link #make}; null if nothing is due. */
    public UsageBatch next() throws SQLException {
        UsageBatch batch = windows().next();
        if (batch != null) {
            usage.rate(batch);
        }
        return batch;
    }

    public CommitResult commit(UsageBatch batch) throws SQLException {
        return ledger.commit(batch);
    }

    public CommitResult again(String tenant, String hour) throws SQLException {
        UsageBatch batch = windows().again(tenant, Instant.parse(hour));
        usage.rate(batch);
        return ledger.commit(batch);
    }

    public SampleWindows windows() {
        return new SampleWindows(database, settings, rules, METERS, MeteringSettings.defaults(), clock);
    }

    /** What a tenant is billed, net of corrections: resource, product, quantity, from, to. */
    public List<String> billed(String tenant) throws SQLException {
        return usage.rows(
                """
                select r.value, p.value, trim_scale(sum(e.quantity)) || u.value,
                       to_char(e.first_begin at time zone 'UTC', 'DD HH24:MI:SS') || '-'
                       || to_char(max(e.last_end) at time zone 'UTC', 'HH24:MI:SS')
                  from entry e join tenant t on t.id = e.tenant join term r on r.id = e.resource
                  join term p on p.id = e.product join term u on u.id = e.unit
                 where t.name = '%s' and t.realm = '%s'
                 group by r.value, p.value, u.value, e.first_begin having sum(e.quantity) <> 0
                 order by r.value collate "C", e.first_begin, p.value collate "C"
                """
                        .formatted(tenant, rules.realm()));
    }

    /** A ledger in a fresh database, with connections that are kept. */
    public static UsageLedger pooled() {
        return new UsageLedger(
                HubDatabase.open(Database.freshAccess(), CONNECTIONS).dataSource());
    }
}
