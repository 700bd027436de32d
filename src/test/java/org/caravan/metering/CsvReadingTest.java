package org.caravan.metering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.caravan.common.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CsvReadingTest {
    private static final String HOUR = ",2026-10-01T00:00:00Z,2026-10-01T01:00:00Z";
    private static final String GOOD = ",t,dc,r,m,1,hour" + HOUR + "\n";

    @Test
    void readsEveryColumn() {
        // given
        String text =
                """
                id,realm,tenant,datacenter,resource,meter,quantity,unit,begin,end,price,flavor,os name
                e-1,cloud2,acme,nz-1,vm-1,instance,1.500,hour,2026-10-01T00:00:00Z,2026-10-01T01:00:00Z,0.25,m1.small,
                ,,acme,,vm-2,instance,2,,2026-10-01 12:00:00+12:00,2026-10-01T01:00:00.000001,,,linux
                """;
        // when
        var batches = Reading.csv(text);
        // then
        assertThat(Reading.rejected(batches)).isEmpty();
        assertThat(Reading.records(batches))
                .containsExactly(
                        new UsageRecord(
                                "e-1",
                                "cloud2",
                                "acme",
                                "nz-1",
                                "vm-1",
                                "instance",
                                new BigDecimal("1.500"),
                                "hour",
                                Instant.parse("2026-10-01T00:00:00Z"),
                                Instant.parse("2026-10-01T01:00:00Z"),
                                Map.of("flavor", "m1.small"),
                                new BigDecimal("0.25")),
                        new UsageRecord(
                                null,
                                "default",
                                "acme",
                                "",
                                "vm-2",
                                "instance",
                                new BigDecimal("2"),
                                "",
                                Instant.parse("2026-10-01T00:00:00Z"),
                                Instant.parse("2026-10-01T01:00:00.000001Z"),
                                Map.of("os name", "linux"),
                                null));
        assertThat(batches.get(0).position(0)).isEqualTo(2);
        assertThat(batches.get(0).position(1)).isEqualTo(3);
    }

    @Test
    void columnsMayStandInAnyOrder() {
        // given
        String text = "end,begin,x,unit,quantity,meter,resource,datacenter,tenant\n"
                + "2026-10-01T01:00:00Z,2026-10-01T00:00:00Z,y,hour,1,m,r,dc,t\n";
        // when
        var batches = Reading.csv(text);
        // then
        assertThat(Reading.records(batches)).singleElement().satisfies(r -> {
            assertThat(r.tenant()).isEqualTo("t");
            assertThat(r.metadata()).isEqualTo(Map.of("x", "y"));
        });
    }

    @Test
    void equalTextsShareOneKey() {
        // given the same texts plain and quoted, with and without commas in them
        String header = Reading.HEADER.replace("id,", "") + ",name\n";
        String text = header
                + "t,dc,r,m,1,hour,2026-10-01T00:00:00Z,2026-10-01T01:00:00Z,a\n"
                + "t,dc,\"r\",m,2,hour,2026-10-01T01:00:00Z,2026-10-01T02:00:00Z,a\n"
                + "t,dc,r,m,3,hour,2026-10-01T02:00:00Z,2026-10-01T03:00:00Z,\"a,b\"\n"
                + "\"t\",\"dc\",r,m,4,hour,2026-10-01T03:00:00Z,2026-10-01T04:00:00Z,\"a,b\"\n";
        // when
        UsageBatch batch = Reading.csv(text).get(0);
        // then
        assertThat(batch.size()).isEqualTo(4);
        assertThat(batch.key(1)).isSameAs(batch.key(0));
        assertThat(batch.key(2)).isNotSameAs(batch.key(0));
        assertThat(batch.key(3)).isSameAs(batch.key(2));
        assertThat(batch.key(3).metadata()).isEqualTo(Map.of("name", "a,b"));
    }

    @Test
    void droppedMetadataDoesNotMakeKeys() {
        // given a meter that keeps one of two fields
        MeterCatalog meters = MeterCatalog.parse("meters: {m: {metadata: [kept]}}", "meters.yaml");
        String text = Reading.HEADER + ",request,kept\n" + GOOD.strip() + ",1,k\n"
                + GOOD.strip().replace("T01", "T02").replace("T00", "T01") + ",2,k\n";
        // when
        UsageBatch batch = Reading.csv(text, Reading.SETTINGS, meters).get(0);
        // then
        assertThat(batch.key(0).metadata()).isEqualTo(Map.of("kept", "k"));
        assertThat(batch.key(1)).isSameAs(batch.key(0));
    }

    @Test
    void productAndIdentityComeFromTheMeter() {
        // given
        MeterCatalog meters = MeterCatalog.parse(
                "meters: {m: {product: '{flavor} in {datacenter}', identity: {by: [product, os]}, resource: none}}",
                "meters.yaml");
        String text = Reading.HEADER + ",flavor,os\n,t,dc,,m,1,hour" + HOUR + ",m1,linux\n";
        // when
        UsageKey key = Reading.csv(text, Reading.SETTINGS, meters).get(0).key(0);
        // then
        assertThat(key.product()).isEqualTo("m1 in dc");
        assertThat(key.identity()).isEqualTo("m1 in dc\u001flinux");
        assertThat(key.resource()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n"})
    void lineEndsByteOrderMarkAndBlankLinesDoNotMatter(String lineEnd) {
        // given
        String text = "\ufeff" + Reading.HEADER + "\n" + GOOD + "\n" + GOOD.strip();
        // when
        var batches = Reading.csv(text.replace("\n", lineEnd));
        // then
        assertThat(Reading.rejected(batches)).isEmpty();
        assertThat(batches.get(0).position(0)).isEqualTo(2);
        assertThat(batches.get(0).position(1)).isEqualTo(4);
        assertThat(batches.get(0).positions()).containsExactly(new PositionRange("files", "key", 1, 5, true));
    }

    @Test
    void namesInAllScriptsAreKeptAsTheyAre() {
        // given
        String tenant = "a/b 東京 \uD83D\uDE80 \u202Eשלום\u202C";
        String text = Reading.HEADER + "\né," + tenant + ",dc,r,m,1,hour" + HOUR + "\n";
        // when
        var batches = Reading.csv(text);
        // then
        assertThat(Reading.records(batches)).singleElement().satisfies(r -> {
            assertThat(r.tenant()).isEqualTo(tenant);
            assertThat(r.id()).isEqualTo("é");
        });
    }

    @Test
    void a255CharacterNameIsAccepted() {
        // given 255 characters beyond the basic plane: 510 chars, 1020 bytes
        String name = "\uD83D\uDE80".repeat(255);
        // when
        var batches = Reading.csv(Reading.HEADER + "\n" + name + "," + name + ",dc,r,m,1,hour" + HOUR + "\n");
        // then
        assertThat(Reading.records(batches)).singleElement().satisfies(r -> {
            assertThat(r.tenant()).isEqualTo(name);
            assertThat(r.id()).isEqualTo(name);
        });
    }

    @ParameterizedTest
    @CsvSource({
        "12, 12",
        "0, 0",
        "0.000, 0.000",
        "1e3, 1000",
        "1E-3, 0.001",
        "+5, 5",
        ".5, 0.5",
        "5., 5",
        "123456789012345678, 123456789012345678",
        "12345678901234567.89, 12345678901234567.89",
        "1234567890123456789012345678901234567890, 1234567890123456789012345678901234567890"
    })
    void quantitiesAreExact(String quantity, BigDecimal exact) {
        // given
        String text = Reading.HEADER + "\n,t,dc,r,m," + quantity + ",hour" + HOUR + "\n";
        // when
        var batches = Reading.csv(text);
        // then
        assertThat(Reading.records(batches).get(0).quantity()).isEqualTo(exact);
    }

    // ---- rejected records ----------------------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            quoteCharacter = '`',
            value = {
                ",t,dc,r,m,1,hour,2026-10-01T00:00:00Z|8 cells where the header has 9",
                ",t,dc,r,m,1,hour,2026-10-01T00:00:00Z,2026-10-01T01:00:00Z,x|10 cells where the header has 9",
                ",t,dc,r,m,1,hour,2026-10-01T00:00:00Z,2026-10-01T01:00:00Z,x,y|11 cells where the header has 9",
                "x|1 cell where the header has 9",
                ",t,dc,\"r,m,1,hour,2026-10-01T00:00:00Z,2026-10-01T01:00:00Z|a quote is not closed, or stands where"
                        + " none may (a quoted cell can't contain a line break)",
                ",t,dc,\"r\"x,m,1,hour,2026-10-01T00:00:00Z,2026-10-01T01:00:00Z|a quote is not closed, or stands"
                        + " where none may (a quoted cell can't contain a line break)",
                ",,dc,r,m,1,hour,2026-10-01T00:00:00Z,2026-10-01T01:00:00Z|no tenant",
                ",t,dc,,m,1,hour,2026-10-01T00:00:00Z,2026-10-01T01:00:00Z|no resource; only a meter that says"
                        + " 'resource: none' may come without",
                ",t,dc,r,,1,hour,2026-10-01T00:00:00Z,2026-10-01T01:00:00Z|no meter",
                ",t,dc,r,event,1,hour,2026-10-01T00:00:00Z,2026-10-01T01:00:00Z|no id; records of meter event are"
                        + " events",
                ",t,dc,r,listed,1,GB,2026-10-01T00:00:00Z,2026-10-01T01:00:00Z|unit 'GB' does not convert to hour, the"
                        + " unit of meter listed",
                ",t,dc,r,m,,hour,2026-10-01T00:00:00Z,2026-10-01T01:00:00Z|no quantity",
                ",t,dc,r,m,1x,hour,2026-10-01T00:00:00Z,2026-10-01T01:00:00Z|quantity '1x' is no decimal number of at"
                        + " most 64 digits",
                ",t,dc,r,m,NaN,hour,2026-10-01T00:00:00Z,2026-10-01T01:00:00Z|quantity 'NaN' is no decimal number of"
                        + " at most 64 digits",
                ",t,dc,r,m,١,hour,2026-10-01T00:00:00Z,2026-10-01T01:00:00Z|quantity '١' is no decimal number of at"
                        + " most 64 digits",
                ",t,dc,r,m,1e65,hour,2026-10-01T00:00:00Z,2026-10-01T01:00:00Z|quantity '1e65' is no decimal number of"
                        + " at most 64 digits",
                ",t,dc,r,m,9e64,hour,2026-10-01T00:00:00Z,2026-10-01T01:00:00Z|quantity '9e64' is no decimal number of"
                        + " at most 64 digits",
                ",t,dc,r,m,1e-65,hour,2026-10-01T00:00:00Z,2026-10-01T01:00:00Z|quantity '1e-65' is no decimal number"
                        + " of at most 64 digits",
                ",t,dc,r,m,.,hour,2026-10-01T00:00:00Z,2026-10-01T01:00:00Z|quantity '.' is no decimal number of at"
                        + " most 64 digits",
                ",t,dc,r,m,-1,hour,2026-10-01T00:00:00Z,2026-10-01T01:00:00Z|quantity '-1' is negative",
                ",t,dc,r,m,-1e-30,hour,2026-10-01T00:00:00Z,2026-10-01T01:00:00Z|quantity '-1e-30' is negative",
                ",t,dc,r,m,1,hour,2026-10-01,2026-10-01T01:00:00Z|begin '2026-10-01' is no time such as"
                        + " 2026-10-01T00:00:00Z",
                ",t,dc,r,m,1,hour,2026-10-01T00:00:00Z,2026-13-01T01:00:00Z|end '2026-13-01T01:00:00Z' is no time such"
                        + " as 2026-10-01T00:00:00Z",
                ",t,dc,r,m,1,hour,,2026-10-01T01:00:00Z|no begin",
                ",t,dc,r,m,1,hour,2026-10-01T00:00:00Z,|no end",
                ",t,dc,r,m,1,hour,2026-10-01T01:00:00Z,2026-10-01T00:00:00Z|end '2026-10-01T00:00:00Z' is before begin"
                        + " '2026-10-01T01:00:00Z'",
                ",t,dc,r,m,1,hour,2026-10-01T01:00:00Z,2026-10-01T01:00:00Z|end '2026-10-01T01:00:00Z' equals begin",
                ",t,dc,r,m,1,hour,2026-10-01T00:00:00Z,2026-11-01T00:00:00.000001Z|longer than 31 days:"
                        + " '2026-10-01T00:00:00Z' to '2026-11-01T00:00:00.000001Z'",
                ",t,dc,r,m,1,hour,2026-11-01T00:00:00Z,2026-11-02T01:00:01Z|end '2026-11-02T01:00:01Z' is more than"
                        + " PT1H in the future",
                ",t,dc,r,m,1,hour,2027-11-01T00:00:00Z,2027-11-02T01:00:01Z|begin '2027-11-01T00:00:00Z' is more than"
                        + " PT1H in the future",
                ",t,dc,r,m,1,hour,1970-01-01T00:00:00Z,1970-01-01T01:00:00Z|begin '1970-01-01T00:00:00Z' is before"
                        + " 2000-01-01T00:00:00Z",
                ",t\u0007,dc,r,m,1,hour,2026-10-01T00:00:00Z,2026-10-01T01:00:00Z|tenant 't\ufffd' holds a control"
                        + " character",
                "i\u0085,t,dc,r,m,1,hour,2026-10-01T00:00:00Z,2026-10-01T01:00:00Z|id 'i\ufffd' holds a control"
                        + " character",
                ",t,dc,r\u0000,m,1,hour,2026-10-01T00:00:00Z,2026-10-01T01:00:00Z|holds a NUL character"
            })
    void aBadRecordIsRejectedAndItsNeighboursAreNot(String line, String reason) {
        // given
        MeterCatalog meters =
                MeterCatalog.parse("meters: {listed: {unit: hour}, event: {identity: event}}", "meters.yaml");
        // when
        var batches = Reading.csv(Reading.HEADER + "\n" + GOOD + line + "\n" + GOOD, Reading.SETTINGS, meters);
        // then
        assertThat(Reading.records(batches)).hasSize(2);
        assertThat(Reading.rejected(batches))
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields("complete", "tenant", "begin")
                .containsExactly(
                        new Rejected(3, 0, reason, line.replace('\0', '\ufffd'), "caravan-csv", Reading.HEADER));
    }

    @ParameterizedTest
    @ValueSource(strings = {"id", "tenant", "datacenter", "resource", "meter", "unit", "realm"})
    void aTextOfMoreThan255CharactersIsRejected(String column) {
        // given
        String header = "id,realm,tenant,datacenter,resource,meter,unit,quantity,begin,end";
        String[] cells = {"i", "x", "t", "d", "r", "m", "u", "1", "2026-10-01T00:00:00Z", "2026-10-01T01:00:00Z"};
        cells[List.of(header.split(",")).indexOf(column)] = "é".repeat(256);
        // when
        var batches = Reading.csv(header + "\n" + String.join(",", cells));
        // then
        assertThat(Reading.rejected(batches))
                .singleElement()
                .extracting(Rejected::reason)
                .isEqualTo(column + " is longer than 255 characters");
    }

    @Test
    void aMetadataValueOfMoreThan1024CharactersIsRejected() {
        // given
        String text = Reading.HEADER + ",x\n" + GOOD.strip() + "," + "y".repeat(1025) + "\n" + GOOD.strip() + ","
                + "y".repeat(1024) + "\n";
        // when
        var batches = Reading.csv(text);
        // then
        assertThat(Reading.records(batches)).hasSize(1);
        assertThat(Reading.rejected(batches))
                .singleElement()
                .extracting(Rejected::reason)
                .isEqualTo("metadata 'x' is longer than 1024 characters");
    }

    @Test
    void bytesThatAreNoTextAreRejected() throws IOException {
        // given
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write((Reading.HEADER + "\n,t").getBytes(StandardCharsets.UTF_8));
        bytes.write(0xff);
        bytes.write((GOOD.substring(2) + GOOD).getBytes(StandardCharsets.UTF_8));
        // when
        var batches = Reading.all(UsageBatches.csv(
                Reading.input(bytes.toByteArray()), Reading.SETTINGS, MeterCatalog.empty(), Reading.NOW));
        // then
        assertThat(Reading.records(batches)).hasSize(1);
        assertThat(Reading.rejected(batches)).singleElement().satisfies(r -> {
            assertThat(r.reason()).isEqualTo("is not UTF-8 text");
            assertThat(r.raw()).startsWith(",t\ufffd,dc");
        });
    }

    @Test
    void aLineOfTenMegabytesIsSkippedAndBounded() {
        // given
        String text = Reading.HEADER + "\n" + GOOD + "x".repeat(10_000_000) + "\n" + GOOD + "y".repeat(70_000);
        // when
        var batches = Reading.csv(text);
        // then
        assertThat(batches.get(0).position(1)).isEqualTo(4);
        assertThat(Reading.rejected(batches))
                .extracting(Rejected::position, Rejected::reason, r -> r.raw().length())
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(3L, "the line is longer than 65536 bytes", 4096),
                        org.assertj.core.groups.Tuple.tuple(5L, "the line is longer than 65536 bytes", 4096));
    }

    @Test
    void aLineOfExactlyTheLimitIsRead() {
        // given
        String line = GOOD.strip().replace(",r,", ",a-rather-long-resource,");
        MeteringSettings settings = Reading.SETTINGS.with("maxLineBytes", line.length());
        // when
        var whole = Reading.csv(Reading.HEADER + "\n" + line + "\r\n" + line, settings, MeterCatalog.empty());
        var shorter = Reading.csv(
                Reading.HEADER + "\n" + line, settings.with("maxLineBytes", line.length() - 1), MeterCatalog.empty());
        // then
        assertThat(Reading.records(whole)).hasSize(2);
        assertThat(Reading.records(shorter)).isEmpty();
    }

    @Test
    void aRecordWithoutTenantIsReadWhereATariffIsTried() {
        // given
        MeteringSettings settings = Reading.SETTINGS.withRequireTenant(false);
        String text = Reading.HEADER.replace("tenant,", "") + "\n,dc,r,m,1,hour" + HOUR + "\n";
        // when
        var batches = Reading.csv(text, settings, MeterCatalog.empty());
        // then
        assertThat(batches.get(0).key(0).tenant()).isNull();
        assertThat(batches.get(0).key(0).bucket()).isZero();
    }

    @Test
    void theLongestPeriodIsASetting() {
        // given
        MeteringSettings settings = Reading.SETTINGS.with("maxDuration", Duration.ofMinutes(59));
        // when
        var batches = Reading.csv(Reading.HEADER + "\n" + GOOD, settings, MeterCatalog.empty());
        // then
        assertThat(Reading.rejected(batches)).hasSize(1);
    }

    // ---- batches and refusal -------------------------------------------------------------------------------------

    @Test
    void batchesCoverTheLinesWithoutGaps() {
        // given
        MeteringSettings settings = Reading.SETTINGS.withBatchSize(2);
        // when
        var batches = Reading.csv(
                Reading.HEADER + "\n" + GOOD + "bad\n" + "\n" + GOOD + GOOD + GOOD, settings, MeterCatalog.empty());
        // then
        assertThat(batches)
                .extracting(b -> b.positions().get(0))
                .containsExactly(
                        new PositionRange("files", "key", 1, 4, false),
                        new PositionRange("files", "key", 4, 7, false),
                        new PositionRange("files", "key", 7, 8, true));
    }

    @Test
    void aFileWithoutRecordsYieldsOneEmptyLastBatch() {
        // given
        String text = Reading.HEADER;
        // when
        var batches = Reading.csv(text);
        // then
        assertThat(batches).singleElement().satisfies(b -> {
            assertThat(b.size()).isZero();
            assertThat(b.positions()).containsExactly(new PositionRange("files", "key", 1, 2, true));
        });
    }

    @Test
    void aFileIsRefusedWhenMoreThanAThousandAndATenthAreBad() {
        // given
        String good = Reading.HEADER + "\n" + GOOD.repeat(5000);
        // when
        var atLimit = Reading.csv(good + "bad\n".repeat(1000));
        var beyond = assertThatThrownBy(() -> Reading.csv(good + "bad\n".repeat(1001)));
        // then
        assertThat(Reading.rejected(atLimit)).hasSize(1000);
        beyond.isInstanceOf(UserError.class)
                .hasMessageStartingWith("file usage refused: 1001 of 6001 lines unusable (allowed: 1000 or 10 %), "
                        + "first: line 5002: 1 cell where the header has 9; line 5003:");
    }

    @Test
    void aFewBadLinesInManyDoNotRefuseAFile() {
        // given
        String text = Reading.HEADER + "\n" + GOOD.repeat(11_000) + "bad\n".repeat(1001);
        // when
        var batches = Reading.csv(text);
        // then
        assertThat(Reading.rejected(batches)).hasSize(1001);
    }

    @Test
    void garbageIsBoundedEvenIfItIsNotRefused() {
        // given a file whose bad lines are all kept, each with 4 KiB of text
        MeteringSettings settings = Reading.SETTINGS.with("refuseAbove", 1_000_000);
        String line = "x".repeat(8192) + "\n";
        // when
        var batches = Reading.csv(Reading.HEADER + "\n" + line.repeat(9000), settings, MeterCatalog.empty());
        // then
        assertThat(batches).hasSizeGreaterThan(2);
        assertThat(Reading.rejected(batches)).hasSize(9000);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``|file usage is empty; the first line must name the columns: id,tenant,",
                "`\n`|file usage: line 1 is blank; the first line must name the columns: id,tenant,",
                "\"\"|column 'tenant' is missing",
                "a,b|file usage: column 'tenant' is missing",
                "Tenant,datacenter,resource,meter,quantity,unit,begin,end|column 'tenant' is missing in the header line; is"
                        + " it 'Tenant'?",
                "tenant;datacenter;resource|columns must be separated by commas",
                "tenant,datacenter,resource,meter,quantity,unit,begin,end,x,x|column 'x' stands in the header line twice",
                "tenant,datacenter,resource,meter,quantity,unit,begin,end,|column 9 has no usable name",
                "tenant,\"datacenter|a quote is not closed"
            })
    void anUnusableHeaderIsAUserError(String header, String message) {
        // given
        String text = header.isEmpty() ? "" : header + "\n" + GOOD;
        // when
        var reading = assertThatThrownBy(() -> Reading.csv(text));
        // then
        reading.isInstanceOf(UserError.class).hasMessageContaining(message);
    }

    // ---- packed --------------------------------------------------------------------------------------------------

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return packed.toByteArray();
    }

    private static List<UsageBatch> csv(byte[] bytes) {
        return Reading.all(UsageBatches.csv(Reading.input(bytes), Reading.SETTINGS, MeterCatalog.empty(), Reading.NOW));
    }

    @Test
    void gzipIsKnownByItsFirstBytesAlsoInSeveralMembers() throws IOException {
        // given
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(gzip("\ufeff" + Reading.HEADER + "\n" + GOOD.repeat(1000)));
        bytes.write(gzip(GOOD));
        // when
        var batches = csv(bytes.toByteArray());
        // then
        assertThat(Reading.records(batches)).hasSize(1001);
    }

    @Test
    void aTruncatedOrBrokenGzipIsRefused() throws IOException {
        // given
        byte[] whole = gzip(Reading.HEADER + "\n" + GOOD.repeat(1000));
        byte[] truncated = java.util.Arrays.copyOf(whole, whole.length - 9);
        byte[] followed = java.util.Arrays.copyOf(whole, whole.length + 5);
        byte[] broken = whole.clone();
        broken[whole.length - 5] ^= 1;
        // when
        var truncation = assertThatThrownBy(() -> csv(truncated));
        var garbage = assertThatThrownBy(() -> csv(followed));
        var checksum = assertThatThrownBy(() -> csv(broken));
        // then
        truncation.isInstanceOf(UserError.class).hasMessageContaining("ends too early");
        garbage.isInstanceOf(UserError.class).hasMessageContaining("what follows the gzip data is no gzip");
        checksum.isInstanceOf(UserError.class).hasMessageContaining("broken (checksum)");
    }

    @Test
    void utf16IsNamedAsSuch() {
        // given
        byte[] bytes = ("\ufeff" + Reading.HEADER).getBytes(StandardCharsets.UTF_16LE);
        // when
        var reading = assertThatThrownBy(() -> csv(bytes));
        // then
        reading.isInstanceOf(UserError.class).hasMessageContaining("UTF-16 text; save it as UTF-8");
    }
}
