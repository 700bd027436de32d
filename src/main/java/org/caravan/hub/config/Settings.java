package org.caravan.hub.config;

import static org.caravan.hub.config.ValueType.choice;
import static org.caravan.hub.config.ValueType.currency;
import static org.caravan.hub.config.ValueType.duration;
import static org.caravan.hub.config.ValueType.instant;
import static org.caravan.hub.config.ValueType.number;
import static org.caravan.hub.config.ValueType.path;
import static org.caravan.hub.config.ValueType.paths;
import static org.caravan.hub.config.ValueType.text;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The table of all settings of ours. The reference page and every check come from it. */
public final class Settings {
    /** What every key of ours begins with. */
    public static final String PREFIX = "caravan.";

    private static final List<Setting<?>> ALL = new ArrayList<>();

    // ---- files and directories -----------------------------------------------------------------------------------

    public static final Setting<Path> DATA = add(
            "caravan.data",
            path(),
            null,
            "Directory that keeps the ledger; without it `run` keeps it in data/ of Caravan's directory, and a bill is a proforma from a ledger thrown away at the end.");
    public static final Setting<Path> OUT =
            add("caravan.out", path(), null, "Directory that the csv-directory connector writes invoices to.");
    public static final Setting<Path> TARIFF = add(
            "caravan.tariff",
            path(),
            null,
            "Tariff file that prices usage (YAML or JSON); a ledger with rules of its own is priced by those.");
    public static final Setting<Path> METERS = add(
            "caravan.meters", path(), "config/meters.yaml", "Meters file: product, unit and identity of each meter.");
    public static final Setting<Path> ACCOUNTS = add(
            "caravan.accounts",
            path(),
            "config/accounts.yaml",
            "Accounts file: who is billed, taxes, rounding, connectors.");
    public static final Setting<Path> RESELLER = add(
            "caravan.reseller",
            path(),
            "config/reseller.yaml",
            "File of the reseller API: which datacenters make up which cloud, and how resources are shown.");
    public static final Setting<Path> ROUTES =
            add("caravan.routes", path(), "routes", "Directory of the routes; who may write there owns the hub.");
    public static final Setting<Path> CONNECTORS = add(
            "caravan.connectors.directory",
            path(),
            "connectors",
            "Directory of the connectors (Kamelets); who may write there owns the hub.");
    public static final Setting<String> CONNECTOR_TARGETS = add(
            "caravan.connectors",
            text(65_536),
            null,
            "Connectors that are one of several targets of a Kamelet, such as http/acme,http/zen; each is told camel.kamelet.http-sink.acme.* over camel.kamelet.http-sink.*.");
    public static final Setting<String> INVOICE_OBJECT = add(
            "caravan.invoice.object",
            text(1_000),
            null,
            "Class, bean or factory of the connector adapter; what is said below caravan.invoice.object. is passed to it unchanged. invoice.object is the same.");
    public static final Setting<Path> INVOICE_FILE = add(
            "caravan.invoice.file",
            path(),
            null,
            "INI or YAML file in Artifice's form that names the adapter and its settings; what caravan.invoice.object says overrides it.");

    // ---- usage ---------------------------------------------------------------------------------------------------

    public static final Setting<String> SOURCE = add(
            "caravan.source", text(64), "files", "Name of the source that files given on the command line belong to.");
    public static final Setting<Long> BATCH_SIZE =
            add("caravan.batch.size", number(1, 1_000_000), "200000", "Records committed in one transaction.");
    public static final Setting<Long> READ_AHEAD = add(
            "caravan.batch.readAhead",
            number(0, 64),
            "1",
            "Batches parsed ahead of the one that is being committed; 0 = none, in one thread.");
    public static final Setting<Duration> MAX_DURATION = add(
            "caravan.record.maxDuration",
            duration(Duration.ofSeconds(1), Duration.ofDays(366)),
            "31d",
            "Longest period of a usage record; a longer one goes to quarantine.");
    public static final Setting<Duration> MAX_SKEW = add(
            "caravan.record.maxSkew",
            duration(Duration.ZERO, Duration.ofDays(3660)),
            "1h",
            "How far a record's times may lie in the future.");
    public static final Setting<Instant> EARLIEST = add(
            "caravan.record.earliest",
            instant(),
            "2000-01-01T00:00:00Z",
            "A record that begins before goes to quarantine: its source has no clock.");
    public static final Setting<Long> MAX_LINE_BYTES = add(
            "caravan.record.maxLineBytes",
            number(64, 16 << 20),
            "65536",
            "Longest line of a usage file, and longest message of a topic; a longer one goes to quarantine.");
    public static final Setting<Long> MAX_RAW_BYTES = add(
            "caravan.quarantine.maxRawBytes",
            number(64, 1 << 20),
            "4096",
            "Bytes kept of a quarantined record's text; one that is longer can't be retried or accepted.");
    public static final Setting<Long> MAX_HELD_RECORDS = add(
            "caravan.quarantine.maxRecords",
            number(1, 1_000_000_000),
            "1000000",
            "Records that quarantine may hold; a batch that would bring more fails as a whole.");
    public static final Setting<Long> MAX_HELD_BYTES = add(
            "caravan.quarantine.maxBytes",
            number(1 << 20, 1L << 40),
            "1073741824",
            "Bytes of text that quarantine may hold; a batch that would bring more fails as a whole.");
    public static final Setting<Long> REFUSE_ABOVE = add(
            "caravan.file.refuseAbove",
            number(0, Integer.MAX_VALUE),
            "1000",
            "So many bad lines never refuse a file; above it the percentage decides.");
    public static final Setting<Long> REFUSE_PERCENT = add(
            "caravan.file.refusePercent",
            number(0, 100),
            "10",
            "A file with more than this part of its lines bad is refused instead of quarantined line by line.");

    public static final Setting<List<Path>> CSV_MAPPINGS = add(
            "caravan.csv.mappings",
            paths(),
            null,
            "Mapping files, separated by commas, for CSV files whose columns are not Caravan's own; a file's header tells which.");

    // ---- inbox ---------------------------------------------------------------------------------------------------

    public static final Setting<Path> INBOX = add(
            "caravan.inbox", path(), null, "Directory that `run` watches for usage files; without it none is watched.");
    public static final Setting<String> INBOX_SOURCE =
            add("caravan.inbox.source", text(64), "inbox", "Name of the source that files of the inbox belong to.");
    public static final Setting<String> INBOX_TAKE = add(
            "caravan.inbox.take",
            choice("rest", "mark"),
            "rest",
            "When a file of the inbox is taken: once nobody writes to it any more, or once FILE.done lies beside it.");
    public static final Setting<Duration> INBOX_REST = add(
            "caravan.inbox.rest",
            duration(Duration.ofMillis(100), Duration.ofDays(1)),
            "10s",
            "How long a file must not have changed before it is at rest.");
    public static final Setting<Duration> INBOX_POLL = add(
            "caravan.inbox.poll",
            duration(Duration.ofMillis(100), Duration.ofHours(1)),
            "5s",
            "How often the inbox is looked into.");
    public static final Setting<Long> INBOX_MAX_FILES = add(
            "caravan.inbox.maxFiles",
            number(1, 10_000),
            "100",
            "Files taken from the inbox at one look, oldest first.");
    public static final Setting<Duration> INBOX_RETRY = add(
            "caravan.inbox.maxRetryDelay",
            duration(Duration.ofSeconds(1), Duration.ofDays(1)),
            "5m",
            "Longest wait before a file that the database could not take is read again; it begins with a second.");

    // ---- kafka ---------------------------------------------------------------------------------------------------

    public static final Setting<String> KAFKA_BROKERS = add(
            "caravan.kafka.brokers",
            text(4096),
            null,
            "Addresses (host:port,host:port) of the brokers whose topic `run` reads usage from; without them none is read.");
    public static final Setting<String> KAFKA_TOPIC =
            add("caravan.kafka.topic", text(249), null, "The topic that usage is read from.");
    public static final Setting<String> KAFKA_FORMAT = add(
            "caravan.kafka.format",
            choice("caravan-jsonl", "caravan-cloudevents"),
            "caravan-jsonl",
            "What a message is: a usage record as JSON, or a CloudEvent that bears one.");
    public static final Setting<String> KAFKA_SOURCE =
            add("caravan.kafka.source", text(64), "kafka", "Name of the source that the topic is.");
    public static final Setting<String> KAFKA_GROUP = add(
            "caravan.kafka.group",
            text(249),
            "caravan",
            "Consumer group that the hubs share the topic's partitions in; where reading stands is kept in the ledger.");
    public static final Setting<Long> KAFKA_CONSUMERS =
            add("caravan.kafka.consumers", number(1, 64), "2", "Consumers of a hub, each with a thread of its own.");
    public static final Setting<Long> KAFKA_BATCH_RECORDS = add(
            "caravan.kafka.batchRecords",
            number(1, 1_000_000),
            "50000",
            "Messages of a consumer that are committed in one transaction, at most.");
    public static final Setting<Long> KAFKA_BATCH_BYTES = add(
            "caravan.kafka.batchBytes",
            number(1 << 16, 1 << 30),
            "33554432",
            "Bytes of a consumer's messages that are collected for one transaction, and fetched at a time.");
    public static final Setting<Duration> KAFKA_BATCH_WAIT = add(
            "caravan.kafka.batchWait",
            duration(Duration.ZERO, Duration.ofMinutes(1)),
            "1s",
            "How long a batch waits for more messages before it is committed.");
    public static final Setting<Duration> KAFKA_RETRY = add(
            "caravan.kafka.maxRetryDelay",
            duration(Duration.ofSeconds(1), Duration.ofHours(1)),
            "30s",
            "Longest wait before reading is begun again after a failure; it begins with half a second.");
    public static final Setting<Duration> KAFKA_ANSWER = add(
            "caravan.kafka.answerTimeout",
            duration(Duration.ofSeconds(1), Duration.ofMinutes(10)),
            "15s",
            "How long the brokers may take to answer what they hold before it counts as a failure.");
    public static final Setting<Duration> KAFKA_LOOK = add(
            "caravan.kafka.look",
            duration(Duration.ofMillis(100), Duration.ofHours(1)),
            "10s",
            "How often the topic is looked at: its ends, new partitions, whether one that stands still goes on.");
    public static final Setting<Duration> KAFKA_SESSION = add(
            "caravan.kafka.sessionTimeout",
            duration(Duration.ofSeconds(1), Duration.ofMinutes(30)),
            "30s",
            "How long a hub may say nothing before others take its partitions over; the brokers must allow it.");

    static {
        ALL.addAll(PushOptions.ALL);
        ALL.addAll(SqlOptions.ALL);
        ALL.addAll(GnocchiOptions.ALL);
    }

    // ---- rating --------------------------------------------------------------------------------------------------

    public static final Setting<String> CURRENCY = add(
            "caravan.currency", currency(), null, "Currency that a new ledger rates in, where no tariff file says it.");
    public static final Setting<Duration> TARIFF_RECHECK = add(
            "caravan.tariff.recheck",
            duration(Duration.ZERO, Duration.ofMinutes(10)),
            "0s",
            "How long rules are taken to be unchanged before the ledger is asked again; 0 = every batch asks.");

    // ---- closing -------------------------------------------------------------------------------------------------

    public static final Setting<Duration> CLOSE_GRACE = add(
            "caravan.close.grace",
            duration(Duration.ZERO, Duration.ofDays(31)),
            "1d",
            "How long after its end a month waits for late usage before it is closed by itself.");

    public static final Setting<String> CLOSE_UNPRICED = add(
            "caravan.close.unpriced",
            choice("allow", "hold"),
            "allow",
            "Usage that nothing priced: billed as 0, or holding its tenant's month.");
    public static final Setting<String> CLOSE_QUARANTINE = add(
            "caravan.close.quarantine",
            choice("hold", "allow"),
            "hold",
            "Records in quarantine that may be of the month: holding it for their tenant (for all where they name none), or not.");
    public static final Setting<String> CLOSE_APPROVAL = add(
            "caravan.close.approval",
            choice("auto", "manual"),
            "auto",
            "manual: documents are issued by `caravan approve` alone, never by the hub itself.");
    public static final Setting<String> CLOSE_AUTO = add(
            "caravan.close.auto",
            choice("true", "false"),
            "true",
            "Whether a running hub closes by itself the months that are over and that nothing holds.");
    public static final Setting<Path> COST_RATES = add(
            "caravan.cost.rates",
            path(),
            null,
            "Rates file: unit prices of meters with pricing: cost, found when a month closes.");
    public static final Setting<String> COST_CONNECTOR = add(
            "caravan.cost.connector",
            text(64),
            null,
            "Connector whose ERP keeps these prices, in the place of a rates file.");
    public static final Setting<Duration> COST_RECHECK = add(
            "caravan.cost.recheck",
            duration(Duration.ZERO, Duration.ofDays(1)),
            "1m",
            "How long prices that were read count as fresh.");
    public static final Setting<Duration> CLOSE_PERIOD = add(
            "caravan.close.period",
            duration(Duration.ofSeconds(1), Duration.ofDays(1)),
            "5m",
            "How often a running hub looks for months to close.");

    // ---- subscriptions --------------------------------------------------------------------------------------------

    static {
        ALL.addAll(SubscriptionOptions.ALL);
    }

    // ---- re-rating -----------------------------------------------------------------------------------------------

    public static final Setting<Duration> RERATE_PERIOD = add(
            "caravan.rerate.period",
            duration(Duration.ofMillis(100), Duration.ofDays(1)),
            "10s",
            "How often a running hub looks for usage to re-rate that was asked for.");
    public static final Setting<Long> RERATE_RECORDS = add(
            "caravan.rerate.records",
            number(1, 1_000_000),
            "100000",
            "Records looked at in one transaction of a re-rating; ingest of the same tenants waits that long at most.");

    // ---- delivery ------------------------------------------------------------------------------------------------

    public static final Setting<Duration> DELIVERY_WAIT = add(
            "caravan.delivery.wait",
            duration(Duration.ZERO, Duration.ofDays(1)),
            "2m",
            "How long a bill waits for deliveries of which none succeeds; those left are delivered by a later run.");
    public static final Setting<Long> DELIVERY_ATTEMPTS = add(
            "caravan.delivery.maxAttempts",
            number(1, 1_000),
            "32",
            "Attempts before a delivery is parked for a person to decide.");
    public static final Setting<Duration> DELIVERY_FIRST_DELAY = add(
            "caravan.delivery.firstDelay",
            duration(Duration.ZERO, Duration.ofHours(1)),
            "5s",
            "Wait after the first failed attempt; it doubles with each further one.");
    public static final Setting<Duration> DELIVERY_MAX_DELAY = add(
            "caravan.delivery.maxDelay",
            duration(Duration.ofSeconds(1), Duration.ofDays(1)),
            "1h",
            "Longest wait between two attempts.");
    public static final Setting<Long> DELIVERY_LANES = add(
            "caravan.delivery.lanesAtOnce",
            number(1, 64),
            "4",
            "Lanes of one connector that are served at a time; each connector has as many, so that a slow one delays no other.");
    public static final Setting<Long> DELIVERY_BATCH_BYTES = add(
            "caravan.delivery.maxBatchBytes",
            number(1 << 10, 1 << 30),
            "8388608",
            "Most bytes of documents that a connector which takes batches gets at a time; a single document may have more.");
    public static final Setting<Duration> DELIVERY_LEASE = add(
            "caravan.delivery.lease",
            duration(Duration.ofSeconds(10), Duration.ofHours(1)),
            "5m",
            "How long an attempt belongs to the hub that began it; longer than the slowest answer of an ERP.");

    // ---- ledger --------------------------------------------------------------------------------------------------

    public static final Setting<String> ISSUER = add(
            "caravan.issuer",
            text(64),
            null,
            "Name that the keys of invoices begin with; random for a new ledger, `proforma` for a proforma.");
    public static final Setting<String> LEDGER_URL = add(
            "caravan.ledger.url",
            text(1024),
            null,
            "JDBC URL of a PostgreSQL server of your own (14 or later) in place of the embedded one.");
    public static final Setting<String> LEDGER_USER =
            add("caravan.ledger.user", text(128), "caravan", "User at the server of caravan.ledger.url.");
    public static final Setting<String> LEDGER_PASSWORD =
            secret("caravan.ledger.password", text(1024), "Password of that user.");
    public static final Setting<Path> LEDGER_PASSWORD_FILE =
            add("caravan.ledger.passwordFile", path(), null, "File that holds the password of that user.");
    public static final Setting<Long> LEDGER_CONNECTIONS =
            add("caravan.ledger.connections", number(4, 60), "16", "Connections that the hub keeps to its database.");
    public static final Setting<Duration> LEDGER_CONNECTION_WAIT = add(
            "caravan.ledger.connectionWait",
            duration(Duration.ofMillis(250), Duration.ofMinutes(10)),
            "30s",
            "Longest wait of a running hub for a connection, where all are in use or the database is away; of a starting one, too.");
    public static final Setting<Duration> LOCK_WAIT = add(
            "caravan.ledger.lockWait",
            duration(Duration.ofSeconds(1), Duration.ofHours(1)),
            "60s",
            "Longest wait for a bucket that another hub holds.");
    public static final Setting<Long> MAX_SERIES = add(
            "caravan.ledger.maxSeriesInMemory",
            number(1_000, 100_000_000),
            null,
            "Series whose billed time is kept in memory; one for each 1,000 bytes of heap, at most 2000000, unless said.");
    public static final Setting<Long> RECENT_BATCHES = add(
            "caravan.ledger.recentBatches",
            number(1, 1_000),
            "64",
            "Most batches kept to compare overlapping records with; fewer where they take more than a twelfth of the heap.");
    public static final Setting<Path> DATABASE_CACHE = add(
            "caravan.database.cache",
            path(),
            null,
            "Directory that the embedded PostgreSQL is unpacked into once; ~/.cache/caravan unless said.");
    public static final Setting<Path> DATABASE_TEMP = add(
            "caravan.database.temp",
            path(),
            null,
            "Directory for the ledgers of proforma runs; the system's temporary directory unless said.");

    // ---- served APIs ---------------------------------------------------------------------------------------------

    public static final Setting<String> API_HOST = add(
            "caravan.api.host",
            text(255),
            "127.0.0.1",
            "Address that the APIs are served on; 127.0.0.1 answers this machine alone.");
    public static final Setting<Long> API_PORT =
            add("caravan.api.port", number(0, 65_535), "9534", "Port of the served APIs; 0 = not served.");
    public static final Setting<String> API_HOSTS = add(
            "caravan.api.hosts",
            text(4096),
            null,
            "Names, separated by commas, under which the APIs may be asked, beside localhost and addresses.");
    public static final Setting<String> API_URL = add(
            "caravan.api.url",
            text(1024),
            null,
            "What callers know the APIs by, such as https://billing.example; links begin with it. As each request says, unless said.");
    public static final Setting<String> AUTH = add(
            "caravan.auth",
            choice("key", "keystone", "none"),
            "key",
            "How the APIs know who asks: by the operator's key, by a token of Keystone, or not at all, which is refused beyond this machine.");
    public static final Setting<Path> API_KEY_FILE = add(
            "caravan.api.keyFile",
            path(),
            null,
            "File that the operator's key is written to, once; operator.key in caravan.data unless said.");
    public static final Setting<Long> API_MAX_BODY =
            add("caravan.api.maxBody", number(1_024, 256 << 20), "10485760", "Longest body of a request, in bytes.");
    public static final Setting<Long> API_MAX_REQUESTS =
            add("caravan.api.maxRequests", number(1, 10_000), "64", "Requests at work at once; more are answered 503.");
    public static final Setting<Long> API_THREADS =
            add("caravan.api.threads", number(1, 200), "8", "Threads that answer requests.");
    public static final Setting<Duration> API_TIMEOUT = add(
            "caravan.api.timeout",
            duration(Duration.ofSeconds(1), Duration.ofHours(1)),
            "60s",
            "Longest time from a request to its answer; then it is answered 503.");
    public static final Setting<Duration> API_STREAM_TIMEOUT = add(
            "caravan.api.streamTimeout",
            duration(Duration.ofSeconds(1), Duration.ofDays(1)),
            "30m",
            "Longest time that an answer may go on for once it has begun, such as a long report; then it is cut.");
    public static final Setting<String> API_PUT_STATUS = add(
            "caravan.api.putStatus",
            choice("302", "204"),
            "302",
            "What a successful PUT of the rating API v1 answers: 302 as CloudKitty does, or 204.");
    public static final Setting<Long> API_MAX_LIST = add(
            "caravan.api.maxList",
            number(100, 10_000_000),
            "100000",
            "Most objects that a list without pages answers; a longer one is refused.");

    static {
        ALL.addAll(HttpOptions.ALL);
        ALL.addAll(KeystoneOptions.ALL);
        ALL.addAll(CeilometerOptions.ALL);
    }

    // ---- reports -------------------------------------------------------------------------------------------------

    public static final Setting<Duration> REPORT_MAX_WINDOW = add(
            "caravan.report.maxWindow",
            duration(Duration.ofDays(1), Duration.ofDays(366)),
            "31d",
            "Longest time over which hours and single records are asked for at once; days and longer have no such limit.");
    public static final Setting<Long> REPORT_MAX_RECORDS = add(
            "caravan.report.maxRecords",
            number(1_000, 1_000_000_000),
            "10000000",
            "Most archived records that are looked through for one report; one that would need more is refused.");
    public static final Setting<Long> REPORT_MAX_ROWS = add(
            "caravan.report.maxRows",
            number(100, 10_000_000),
            "100000",
            "Most rows of one report, and most groups that are summed in memory.");
    public static final Setting<Duration> REPORT_TIMEOUT = add(
            "caravan.report.timeout",
            duration(Duration.ofSeconds(1), Duration.ofHours(1)),
            "30s",
            "Longest that one report may take; then it is answered 503.");
    public static final Setting<Long> REPORT_AT_ONCE = add(
            "caravan.report.atOnce",
            number(1, 64),
            "2",
            "Reports that read archived records at the same time; others wait for them.");

    // ---- management ----------------------------------------------------------------------------------------------

    public static final Setting<String> MANAGEMENT = add(
            "caravan.management",
            choice("standard", "full"),
            "standard",
            "How much Camel tells over JMX: full also counts, keeps and shows what Hawtio's Camel view can, at some cost per batch.");
    public static final Setting<String> MANAGEMENT_ADDRESS = add(
            "caravan.management.address",
            text(255),
            "127.0.0.1",
            "Address that health and metrics are served on; 127.0.0.1 answers this machine alone.");
    public static final Setting<Long> MANAGEMENT_PORT =
            add("caravan.management.port", number(0, 65_535), "9535", "Port of health and metrics; 0 = not served.");
    public static final Setting<String> MANAGEMENT_HOSTS = add(
            "caravan.management.hosts",
            text(4096),
            null,
            "Names, separated by commas, under which the management port may be asked, beside localhost and addresses.");
    public static final Setting<Duration> MANAGEMENT_INTERVAL = add(
            "caravan.management.interval",
            duration(Duration.ofMillis(100), Duration.ofHours(1)),
            "10s",
            "How often the hub looks at its ledger for health, metrics and MBeans.");
    public static final Setting<Duration> HEALTH_LEDGER_SILENCE = add(
            "caravan.health.ledgerSilence",
            duration(Duration.ofSeconds(1), Duration.ofDays(1)),
            "30s",
            "How long the database may stay without answer before health says so.");
    public static final Setting<Duration> HEALTH_SOURCE_SILENCE = add(
            "caravan.health.sourceSilence",
            duration(Duration.ofMinutes(1), Duration.ofDays(3660)),
            "35d",
            "How long a source may bring nothing before health says so.");
    public static final Setting<Long> HEALTH_LAG = add(
            "caravan.health.lag",
            number(0, Long.MAX_VALUE),
            "1000000",
            "How many messages of a partition may wait to be read before health says so.");
    public static final Setting<Duration> HEALTH_MONTH_OVERDUE = add(
            "caravan.health.monthOverdue",
            duration(Duration.ZERO, Duration.ofDays(3660)),
            "1d",
            "How long after its end and caravan.close.grace a month may stay open before health says so.");
    public static final Setting<Duration> HEALTH_DELIVERY_AGE = add(
            "caravan.health.deliveryAge",
            duration(Duration.ofSeconds(1), Duration.ofDays(3660)),
            "1h",
            "How old an issued document may grow without being in its ERP before health says so.");
    public static final Setting<Long> HEALTH_QUARANTINE_HELD = add(
            "caravan.health.quarantineHeld",
            number(0, Long.MAX_VALUE),
            "0",
            "How many records may lie in quarantine before health says so.");

    public static final Setting<Long> HEALTH_DISK_FREE = add(
            "caravan.health.diskFree",
            number(0, Long.MAX_VALUE),
            "3221225472",
            "Bytes that must be free on the disks of the data directory, the inboxes and the invoices' directory before health says so; 0 = not looked at.");
    public static final Setting<Duration> HEALTH_RATED_LAG = add(
            "caravan.health.ratedLag",
            duration(Duration.ofMinutes(1), Duration.ofDays(3660)),
            "40d",
            "How far behind now a source may be rated before health says so; where all sources are pulled hour by hour a few hours are a better limit.");
    public static final Setting<Long> HEALTH_UNPRICED = add(
            "caravan.health.unpriced",
            number(0, Long.MAX_VALUE),
            "0",
            "How many records of open months may have no price before health says so.");

    private Settings() {}

    /** All settings, in the order of the reference page. */
    public static List<Setting<?>> all() {
        return Collections.unmodifiableList(ALL);
    }

    /** The setting with this key, or null. */
    static Setting<?> of(String key) {
        return ALL.stream()
                .filter(setting -> setting.key().equals(key))
                .findFirst()
                .orElse(null);
    }

    /** The names of all settings. */
    static List<String> keys() {
        return ALL.stream().<String>map(Setting::key).toList();
    }

    /** The reference page's table, in Markdown. */
    public static String table() {
        StringBuilder table = new StringBuilder("| Setting | Value | Default | What it does |\n|---|---|---|---|\n");
        for (Setting<?> setting : ALL) {
            table.append("| `")
                    .append(setting.key())
                    .append("` | ")
                    .append(setting.secret() ? "secret" : setting.type().name())
                    .append(" | ")
                    .append(setting.otherwise() == null ? "" : "`" + setting.otherwise() + "`")
                    .append(" | ")
                    .append(setting.sentence())
                    .append(" |\n");
        }
        return table.toString();
    }

    private static <T> Setting<T> add(String key, ValueType<T> type, String otherwise, String sentence) {
        Setting<T> setting = new Setting<>(key, type, otherwise, false, sentence);
        ALL.add(setting);
        return setting;
    }

    private static <T> Setting<T> secret(String key, ValueType<T> type, String sentence) {
        Setting<T> setting = new Setting<>(key, type, null, true, sentence);
        ALL.add(setting);
        return setting;
    }
}
