package org.caravan.hub.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import javax.management.MBeanException;
import javax.management.MBeanFeatureInfo;
import javax.management.MBeanInfo;
import javax.management.MBeanOperationInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.caravan.hub.db.DatabaseAccess;
import org.caravan.testing.Database;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What can be ordered over JMX, each operation once: one hub for all tests, with usage of three months. */
class OrdersTest {
    private static final MBeanServer BEANS = ManagementFactory.getPlatformMBeanServer();
    private static final Set<String> CALLED = new ConcurrentSkipListSet<>();
    private static final String HEADER = "id,tenant,datacenter,resource,meter,quantity,unit,begin,end,flavor\n";

    @TempDir
    static Path directory;

    private static DatabaseAccess database;
    private static RunningHub hub;

    @BeforeAll
    static void start() throws Exception {
        database = Database.freshAccess();
        Path inbox = Files.createDirectory(directory.resolve("in"));
        StringBuilder usage = new StringBuilder(HEADER);
        for (String month : new String[] {"08", "09", "10"}) {
            for (String tenant : new String[] {"acme", "zen"}) {
                usage.append("%s%s,%s,dc,vm-%s,instance,1,hour,2026-%s-03T00:00:00Z,2026-%s-03T01:00:00Z,c1.c1r1%n"
                        .formatted(tenant, month, tenant, tenant, month, month));
            }
        }
        // four that can't be used, two that contradict, one that nothing prices
        for (int hour = 1; hour <= 4; hour++) {
            usage.append("bad%d,,dc,vm-x,instance,1,hour,2026-11-03T0%d:00:00Z,2026-11-03T0%d:30:00Z,c1.c1r1%n"
                    .formatted(hour, hour, hour));
        }
        for (String quantity : new String[] {"1", "2", "3"}) {
            usage.append("c%s,kiwi,dc,vm-k,instance,%s,hour,2026-11-03T00:00:00Z,2026-11-03T01:00:00Z,c1.c1r1%n"
                    .formatted(quantity, quantity));
        }
        usage.append("m,kiwi,dc,vm-k,mystery,7,piece,2026-11-03T00:00:00Z,2026-11-03T01:00:00Z,%n".formatted());
        Files.writeString(inbox.resolve("usage.csv"), usage);
        hub = RunningHub.start(
                directory,
                database,
                "caravan.inbox=" + inbox,
                "caravan.inbox.rest=200ms",
                "caravan.inbox.poll=100ms",
                "caravan.ledger.connections=8",
                "caravan.close.auto=false",
                "caravan.close.quarantine=allow",
                "caravan.management.interval=100ms");
        RunningHub.await(() -> bean("months", "2026-11") != null
                && ask("select count(*) from position where done").equals("1"));
        // what no route may touch: it waits for a person, or for ever
        execute(
                """
                insert into document (key, number, kind, issuer, account, month, sequence, proforma, currency, total, exact,
                                      lines, body, digest, issued_at)
                select 'k' || n, 'N' || n, 'invoice', 'test', 'acme', '2026-01-01', 900 + n, false, 'NZD', 1.25, 1.25, 1,
                       '{"total":"1.25"}', '', '2026-10-02Z' from generate_series(1, 5) n;
                insert into outbox (document, state, last_error)
                select id, case number when 'N5' then 'parked' else 'done' end, null from document where key like 'k%';
                insert into delivery (document, connector, state, doubt, last_error, due_at)
                select id, 'odoo', case when number in ('N1', 'N2') then 'in-doubt' else 'parked' end,
                       number in ('N1', 'N2'), 'timeout', 'infinity'
                  from document where key in ('k1', 'k2', 'k3', 'k4');
                insert into source (name, kind, configured, created_at, updated_at) values ('topic', 'kafka', false, now(), now());
                insert into position (source, key, value, updated_at) values ('topic', 'c/t/0', 5, now());
                insert into topic_partition (source, key, topic, partition, topic_key, log_start, log_end, seen_at, stopped,
                                             stopped_position, stopped_at)
                values ('topic', 'c/t/0', 't', 0, 'c/t', 9, 20, now(), 'retention ate usage', 5, now())
                """);
        RunningHub.await(() -> bean("connectors", "odoo") != null && bean("sources", "topic") != null);
    }

    @AfterAll
    static void stop() throws Exception {
        Set<String> all = new TreeSet<>();
        for (ObjectName name : ours()) {
            for (MBeanOperationInfo operation : BEANS.getMBeanInfo(name).getOperations()) {
                all.add(kind(name) + operation.getName());
            }
        }
        hub.close();
        // no operation without a test of it
        assertThat(CALLED).containsAll(all);
    }

    @Test
    void everyAttributeOperationAndArgumentIsDescribed() throws Exception {
        // given, when, then
        for (ObjectName name : ours()) {
            MBeanInfo info = BEANS.getMBeanInfo(name);
            assertDescribed(name, info.getDescription());
            assertThat(info.getAttributes()).isNotEmpty();
            for (MBeanFeatureInfo attribute : info.getAttributes()) {
                assertDescribed(name + attribute.getName(), attribute.getDescription());
            }
            for (MBeanOperationInfo operation : info.getOperations()) {
                assertDescribed(name + operation.getName(), operation.getDescription());
                for (MBeanFeatureInfo argument : operation.getSignature()) {
                    assertDescribed(name + operation.getName() + argument.getName(), argument.getDescription());
                    assertThat(argument.getName()).doesNotMatch("(p|arg)\\d+");
                }
            }
        }
        for (String component : new String[] {"caravan-ledger", "caravan-rating", "caravan-invoice"}) {
            for (String type : new String[] {"components", "endpoints"}) {
                Set<ObjectName> found = BEANS.queryNames(
                        new ObjectName(
                                "org.apache.camel:context=caravan,type=" + type + ",name=\"" + component + "*\""),
                        null);
                assertThat(found).as(component).isNotEmpty();
                for (ObjectName name : found) {
                    for (MBeanFeatureInfo attribute : BEANS.getMBeanInfo(name).getAttributes()) {
                        assertThat(attribute.getDescription())
                                .as(name + attribute.getName())
                                .isNotBlank();
                    }
                }
            }
        }
        ObjectName ledger =
                new ObjectName("org.apache.camel:context=caravan,type=endpoints,name=\"caravan-ledger://aggregate\"");
        assertThat(BEANS.getAttribute(ledger, "Records")).isEqualTo(10L);
        assertThat(BEANS.getAttribute(ledger, "Failures")).isEqualTo(0L);
    }

    @Test
    void aSourceIsPausedReadOnTriedAndDeclared() throws Exception {
        // given
        ObjectName inbox = bean("sources", "inbox");
        assertThat(BEANS.getAttribute(inbox, "Reading")).isEqualTo("running");
        // when
        call(inbox, "pause");
        Files.writeString(
                directory.resolve("in/later.csv"),
                HEADER + "late,moa,dc,vm-m,instance,1,hour,2026-11-04T00:00:00Z,2026-11-04T01:00:00Z,c1.c1r1\n");
        // then
        assertThat(BEANS.getAttribute(inbox, "Reading")).isEqualTo("paused");
        assertThat(call(inbox, "check")).contains("inbox");
        assertThat(directory.resolve("in/later.csv")).exists();
        // when
        call(inbox, "resume");
        // then
        RunningHub.await(
                () -> ask("select count(*) from tenant where name = 'moa'").equals("1"));
        assertThat(call(inbox, "done", "2026-10")).contains("is rated until 2026-11-01T00:00:00Z");
        assertRefused(inbox, "month", "done", "octember");
        assertRefused(inbox, "month is empty", "done", "");
        assertRefused(inbox, "an argument is not of its type, or is missing|month is empty", "done", (Object) null);
    }

    @Test
    void aPartitionThatStandsStillIsLetGoOnOnceAndItsSourceForgotten() throws Exception {
        // given
        ObjectName topic = bean("sources", "topic");
        assertRefused(topic, "reason is empty", "goOn", "0", "start", " ");
        assertRefused(topic, "choose an offset from 9 to 20", "goOn", "0", "3", "why");
        // when, then
        assertThat(call(topic, "goOn", "0", "start", "usage is lost")).contains("goes on from offset 9");
        assertRefused(topic, "no partition stands still", "goOn", "0", "start", "again");
        assertRefused(topic, "not read in this hub", "pause");
        assertThat(call(topic, "forget")).contains("holds no month any more");
    }

    @Test
    void heldRecordsAreListedRetriedAcceptedAndDropped() throws Exception {
        // given
        ObjectName quarantine = bean("caravan", "quarantine");
        String bad = ask("select string_agg(id::text, ',' order by id) from quarantine where kind = 'unusable'");
        String[] conflicts = ask("select string_agg(id::text, ',' order by id) from quarantine where kind = 'conflict'")
                .split(",");
        // when, then
        assertThat(call(quarantine, "list", "", 10)).contains("no tenant", "conflict");
        assertThat(call(quarantine, "show", conflicts[0])).contains("kiwi");
        assertThat(call(quarantine, "retry", bad)).contains("4 still held");
        assertThat(call(quarantine, "retryAll", "inbox")).contains("still held");
        assertThat(call(quarantine, "accept", conflicts[0])).contains("1 billed");
        assertThat(call(quarantine, "drop", bad, "a test")).contains("4 dropped");
        assertRefused(quarantine, "there is no such record", "drop", "999999", "why");
        assertRefused(quarantine, "expected 1 to|--limit 0", "list", "", 0);
        assertRefused(quarantine, "unknown option", "retry", "--all");
    }

    @Test
    void aMonthIsShownClosedApprovedAndCorrected() throws Exception {
        // given
        ObjectName months = bean("caravan", "months");
        ObjectName august = bean("months", "2026-08");
        ObjectName september = bean("months", "2026-09");
        call(bean("sources", "inbox"), "done", "2026-10");
        // when, then
        assertThat(call(months, "overview")).contains("2026-08", "2026-10");
        assertThat(call(august, "preview")).contains("acme", "zen");
        assertThat(call(august, "figures")).contains("\"amount\":\"0.078\"");
        assertThat(call(august, "closeTenant", "acme", true)).contains("INV-").doesNotContain("zen");
        // no tenant is known to be open by now, and its bean goes
        RunningHub.await(() -> bean("months", "2026-08") == null);
        assertThat(call(months, "preview", "2026-08")).contains("zen");
        assertThat(call(months, "close", "2026-08", "", true)).contains("zen", "INV-");
        assertThat(call(september, "approve")).contains("acme", "zen", "INV-");
        assertThat(call(bean("months", "2026-10"), "close", true)).contains("acme", "zen", "INV-");
        assertThat(call(months, "approve", "2026-10"))
                .contains("nothing is open")
                .doesNotContain("INV-");
        assertThat(ask("select count(*) from document where key not like 'k_'")).isEqualTo("6");
        RunningHub.await(() -> bean("months", "2026-09") == null && bean("months", "2026-10") == null);
        assertThat(call(months, "planCorrection", "2026-08")).contains("Nothing was billed");
        assertThat(call(months, "correct", "2026-08", "a test")).isNotBlank();
        assertRefused(months, "reason is empty", "correct", "2026-08", "");
        assertRefused(bean("months", "2026-11"), "not over|is over", "close", true);
    }

    @Test
    void deliveriesAreSettledRetriedAndParkedByTheConnectorsBean() throws Exception {
        // given
        ObjectName odoo = bean("connectors", "odoo");
        RunningHub.await(() -> BEANS.getAttribute(odoo, "InDoubt").equals(2L));
        assertThat((String[]) BEANS.getAttribute(odoo, "OpenTotals")).containsExactly("5.00 NZD");
        // when, then
        assertThat(call(odoo, "list", "in-doubt", 5)).contains("N1", "N2").doesNotContain("N3");
        assertThat(call(odoo, "show", "N1")).contains("timeout");
        assertRefused(odoo, "expected an amount", "adopt", "N1", "INV/1", "much", "");
        assertRefused(odoo, "may have reached the ERP", "retry", "N1", "");
        assertThat(call(odoo, "adopt", "N1", "INV/1", "1.25", "seen there")).contains("is committed as INV/1");
        assertThat(call(odoo, "resend", "N2", "it is not there")).contains("is due now");
        assertThat(call(odoo, "park", "N2", "wait")).contains("is parked");
        assertThat(call(odoo, "retry", "N3", "again")).contains("is due now");
        assertThat(call(odoo, "parkAll", "wait")).contains("is parked");
        assertThat(call(odoo, "retryAll", "go on")).contains("is due now");
        assertRefused(odoo, "there is none", "show", "N99");
        assertThat(ask("select string_agg(distinct action, ',') from delivery_note"))
                .contains("adopt", "park", "resend", "retry");
        ObjectName csv = bean("connectors", "csv-directory");
        assertThat(call(csv, "apply")).contains("csv-directory is live in hub");
        assertThat(BEANS.getAttribute(csv, "Problem")).isNull();
        ObjectName fanOut = bean("caravan", "fan-out");
        assertThat(call(fanOut, "retry", "N5", "")).contains("is asked again");
        assertThat(call(fanOut, "backfill", "csv-directory", "N4")).isNotBlank();
    }

    @Test
    void theTariffIsShownPlannedAndImported() throws Exception {
        // given
        ObjectName tariff = bean("caravan", "tariff");
        Path file = directory.resolve("tariff.yaml");
        Files.writeString(
                file, Files.readString(Path.of("examples/tariff.yaml")).replace("\"0.039\"", "\"0.049\""));
        assertThat(BEANS.getAttribute(tariff, "HashmapEnabled")).isEqualTo(true);
        RunningHub.await(() -> BEANS.getAttribute(tariff, "Unpriced").equals(1L));
        // when, then
        assertThat(call(tariff, "show")).contains("0.039");
        assertThat(call(tariff, "planImport", file.toString())).contains("Nothing was changed");
        assertThat(call(tariff, "importFile", file.toString(), "2027-01-01")).contains("They are at version");
        assertRefused(tariff, "can't be read|no such file", "importFile", "/no/such/tariff.yaml", "");
        assertRefused(tariff, "--from|time", "importFile", file.toString(), "soon");
        assertRefused(tariff, "can't be read|no such file", "planImport", "@" + file);
    }

    @Test
    void theHubSaysHowItStandsAndAnUnknownOrderIsAnswered() throws Exception {
        // given
        ObjectName bean = bean("caravan", "hub");
        // when, then
        assertThat(call(bean, "status")).contains("inbox");
        call(bean, "refresh");
        assertThat(call(bean("caravan", "ledger"), "audit")).isNotBlank();
        assertRefused(bean, "no operation 'explode'; there are refresh, status", "explode");
        assertRefused(bean("months", "2026-11"), "close takes force \\(boolean\\)", "close", "yes");
    }

    @Test
    void whatCostsIsOffUnlessAskedFor() throws Exception {
        // given
        ObjectName context = new ObjectName("org.apache.camel:context=caravan,type=context,name=\"caravan\"");
        // when, then
        assertThat(BEANS.getAttribute(context, "MessageHistory")).isEqualTo(false);
        assertThat(BEANS.queryNames(new ObjectName("org.apache.camel:context=caravan,type=tracer,*"), null))
                .allSatisfy(
                        name -> assertThat(BEANS.getAttribute(name, "Enabled")).isEqualTo(false));
    }

    private static void assertDescribed(String what, String description) {
        assertThat(description).as(what).hasSizeGreaterThan(10).contains(" ");
    }

    private static void assertDescribed(ObjectName what, String description) {
        assertDescribed(what.toString(), description);
    }

    private static void assertRefused(ObjectName bean, String why, String operation, Object... arguments) {
        assertThatThrownBy(() -> call(bean, operation, arguments))
                .isInstanceOf(MBeanException.class)
                .message()
                .containsPattern(why)
                .hasLineCount(1)
                .doesNotContain("Exception");
    }

    private static String call(ObjectName bean, String operation, Object... arguments) throws Exception {
        String[] types = Arrays.stream(arguments)
                .map(argument -> argument instanceof Boolean
                        ? "boolean"
                        : argument instanceof Integer ? "int" : String.class.getName())
                .toArray(String[]::new);
        Object answer = BEANS.invoke(bean, operation, arguments, types);
        CALLED.add(kind(bean) + operation);
        return String.valueOf(answer);
    }

    private static String kind(ObjectName bean) {
        return bean.getKeyProperty("type").equals("caravan")
                ? ObjectName.unquote(bean.getKeyProperty("name")) + "."
                : bean.getKeyProperty("type").replaceFirst("s$", "") + ".";
    }

    private static Set<ObjectName> ours() throws Exception {
        Set<ObjectName> names = new TreeSet<>();
        for (String type : new String[] {"caravan", "sources", "connectors", "months"}) {
            names.addAll(
                    BEANS.queryNames(new ObjectName("org.apache.camel:context=caravan,type=" + type + ",*"), null));
        }
        return names;
    }

    private static ObjectName bean(String type, String name) throws Exception {
        ObjectName wanted =
                new ObjectName("org.apache.camel:context=caravan,type=" + type + ",name=" + ObjectName.quote(name));
        return BEANS.isRegistered(wanted) ? wanted : null;
    }

    private static String ask(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(database.url(), database.user(), database.password());
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? row.getString(1) : null;
        }
    }

    private static void execute(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(database.url(), database.user(), database.password());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
