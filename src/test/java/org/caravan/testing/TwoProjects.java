package org.caravan.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.caravan.testing.openapi.Known;

/**
 * A hub that knows callers by Keystone's tokens, with a day of usage of two projects. What is one project's alone says so:
 * its usage holds a word that nobody ever asks for.
 */
public final class TwoProjects implements AutoCloseable {
    public static final String ALPHA = "0a1b2c3d4e5f40718293a4b5c6d7e8f9";
    public static final String BETA = "b0b1b2b3b4b5b6b7b8b9babbbcbdbebf";

    private static final Map<String, String> WORDS = Map.of(ALPHA, "wordofalpha", BETA, "wordofbeta");
    private static final int WAIT_MILLIS = 60_000;

    /** Begin of the day of the usage. */
    public final Instant day = Instant.now().truncatedTo(ChronoUnit.DAYS).minus(1, ChronoUnit.DAYS);

    public final FakeKeystone keystone = new FakeKeystone(Clock.systemUTC());
    public final ApiHub hub;
    /** Administrator, member of alpha, member of beta, one of beta who may read nothing. */
    public final String admin = keystone.issue("user-admin", "service", "admin", "member", "reader");

    public final String ana = keystone.issue("user-ana", ALPHA, "member", "reader");
    public final String ben = keystone.issue("user-ben", BETA, "member", "reader");
    public final String otto = keystone.issue("user-otto", BETA, "auditor");

    public TwoProjects(Path directory, String... settings) throws Exception {
        Path inbox = Files.createDirectories(directory.resolve("inbox"));
        Files.writeString(
                directory.resolve("tariff.yaml"),
                """
                currency: EUR
                groups: [compute]
                services:
                  instance:
                    fields:
                      flavor:
                        mappings:
                          - {value: small, cost: "0.25", group: compute}
                          - {value: small, cost: "0.125", group: compute, tenant: %s}
                  volume:
                    mappings: [{cost: "0.001"}]
                    thresholds: [{level: "100", type: rate, cost: "0.9"}]
                """
                        .formatted(BETA));
        Files.writeString(directory.resolve("meters.yaml"), "meters:\n  instance: {metadata: [flavor, name]}\n");
        String[] all = new String[settings.length + 12];
        String[] own = {
            "caravan.auth=keystone",
            "caravan.keystone.url=" + keystone.url(),
            "caravan.keystone.user=" + FakeKeystone.USER,
            "caravan.keystone.password=" + FakeKeystone.PASSWORD,
            // whatever else the machine has to do
            "caravan.keystone.timeout=1m",
            "caravan.keystone.known=1h",
            "caravan.api.timeout=10m",
            "caravan.inbox=" + inbox,
            "caravan.inbox.rest=100ms",
            "caravan.inbox.poll=100ms",
            "caravan.tariff=" + directory.resolve("tariff.yaml"),
            "caravan.meters=" + directory.resolve("meters.yaml")
        };
        System.arraycopy(own, 0, all, 0, own.length);
        System.arraycopy(settings, 0, all, own.length, settings.length);
        hub = ApiHub.start(directory, Database.freshAccess(), all);
        takeIn(inbox);
    }

    /** The word that stands in the usage of one project alone. */
    public static String wordOf(String project) {
        return WORDS.get(project);
    }

    /** What a caller would have to know to ask for it, by the names of the contract. */
    public Known known() {
        String end = day.plus(1, ChronoUnit.DAYS).toString();
        Known known = new Known()
                .add("tenant_id", ALPHA, BETA)
                .add("project_id", ALPHA, BETA)
                .add("scope_id", ALPHA, BETA)
                .add("scope_ids", ALPHA, BETA, ALPHA + "," + BETA)
                .add(
                        "filters",
                        "project_id:" + BETA,
                        "project_id:" + ALPHA,
                        "type:instance",
                        "project_id:" + BETA + ",project_id:" + ALPHA,
                        "flavor:small")
                .add(
                        "groupby",
                        "tenant_id",
                        "res_type",
                        "project_id,type",
                        "project_id",
                        "type",
                        "time-d",
                        "time",
                        "id")
                .add("service", "instance", "volume")
                .add("resource_type", "instance", "volume")
                .add("metric_id", "instance", "volume")
                .add("module_id", "hashmap", "noop", "pyscripts")
                .add("name", "instance", "flavor", "compute")
                .add("scope_key", "project_id")
                .add("custom_fields", "SUM(price) AS rate", "last(qty) AS qty, SUM(price) AS rate")
                .add("unit", "hour", "GiB");
        for (String name :
                new String[] {"begin", "start", "start_reprocess_time", "last_processed_timestamp", "state"}) {
            known.add(name, day.toString(), day.minus(3, ChronoUnit.DAYS).toString(), "2099-01-01T00:00:00");
        }
        for (String name : new String[] {"end", "end_reprocess_time"}) {
            known.add(name, end, day.plus(1, ChronoUnit.HOURS).toString(), "2099-06-01T00:00:00");
        }
        return known;
    }

    private void takeIn(Path inbox) throws IOException, InterruptedException {
        StringBuilder lines = new StringBuilder();
        for (String project : new String[] {ALPHA, BETA}) {
            for (int hour = 0; hour < 24; hour++) {
                String when = "\"begin\":\"" + day.plus(hour, ChronoUnit.HOURS) + "\",\"end\":\""
                        + day.plus(hour + 1, ChronoUnit.HOURS) + "\"";
                String whose = "{\"tenant\":\"" + project + "\",\"datacenter\":\"d1\",\"resource\":\"vm-"
                        + wordOf(project) + "\",";
                lines.append(whose)
                        .append(
                                "\"meter\":\"instance\",\"quantity\":1,\"unit\":\"hour\",\"metadata\":{\"flavor\":\"small\",")
                        .append("\"name\":\"")
                        .append(wordOf(project))
                        .append("\"},")
                        .append(when)
                        .append("}\n");
                lines.append(whose)
                        .append("\"meter\":\"volume\",\"quantity\":50,\"unit\":\"GiB-hour\",")
                        .append(when)
                        .append("}\n");
            }
        }
        Path part = inbox.resolve(".usage.jsonl");
        Files.writeString(part, lines);
        Files.move(part, inbox.resolve("usage.jsonl"));
        Path done = inbox.resolve(".done/usage.jsonl");
        for (int waited = 0; !Files.exists(done); waited += 50) {
            if (waited > WAIT_MILLIS) {
                throw new IllegalStateException("the usage was not taken in");
            }
            Thread.sleep(50);
        }
    }

    @Override
    public void close() throws Exception {
        try (keystone) {
            hub.close();
        }
    }
}
