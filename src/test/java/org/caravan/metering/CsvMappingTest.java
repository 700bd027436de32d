package org.caravan.metering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.caravan.common.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CsvMappingTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-12-10T12:00:00Z"), ZoneOffset.UTC);
    private static final String GERMAN =
            """
            separator: ";"
            fields:
              tenant: Kunde
              resource: {column: [Gerät, Ersatz], otherwise: none}
              meter: {constant: strom}
              unit: {constant: kWh}
              quantity: {column: Menge, decimal: ",", grouping: "."}
              begin: {column: Tag, format: dd.MM.yyyy HH:mm, zone: Europe/Berlin}
              end: {column: Tag, format: dd.MM.yyyy HH:mm, zone: Europe/Berlin, plus: 1h}
            metadata:
              ort: {template: "{Stadt}/{Straße}"}
            pass-over:
              Art: [Storno, Test]
            expect:
              Währung: [EUR]
            """;
    private static final String HEADER = "Kunde;Gerät;Ersatz;Menge;Tag;Stadt;Straße;Art;Währung";

    private static UsageBatch read(String mapping, String... lines) {
        return read(List.of(CsvMapping.parse(mapping, "m.yaml")), lines);
    }

    private static UsageBatch read(List<CsvMapping> mappings, String... lines) {
        UsageInput input = UsageInput.of(
                new ByteArrayInputStream((String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8)),
                "file f.csv");
        MeteringSettings settings = MeteringSettings.defaults().withReadAhead(0).withMappings(mappings);
        try (UsageBatches batches = UsageBatches.csv(input, settings, MeterCatalog.empty(), CLOCK)) {
            return batches.next();
        }
    }

    private static List<String> reasons(UsageBatch batch) {
        return batch.rejected().stream()
                .map(r -> r.position() + ": " + r.reason())
                .toList();
    }

    @Test
    void columnsConstantsTemplatesMarksAndTimesBecomeARecord() {
        // when
        UsageBatch batch = read(
                GERMAN,
                HEADER,
                "Müller;z1;z2;1.234,50;25.10.2026 12:00;Köln;\"Am ;Dom\";Verbrauch;EUR",
                "Müller;;z2;0,5;01.07.2026 00:00;;;Verbrauch;EUR",
                "Müller;;;7;01.07.2026 01:00;Köln;;Verbrauch;EUR");
        // then
        UsageRecord first = batch.record(0);
        assertThat(reasons(batch)).isEmpty();
        assertThat(first.tenant()).isEqualTo("Müller");
        assertThat(first.quantity()).isEqualByComparingTo("1234.50");
        assertThat(first.begin()).isEqualTo("2026-10-25T11:00:00Z");
        assertThat(first.end()).isEqualTo("2026-10-25T12:00:00Z");
        assertThat(first.meter()).isEqualTo("strom");
        assertThat(first.metadata()).containsEntry("ort", "Köln/Am ;Dom");
        assertThat(batch.record(1).resource()).isEqualTo("z2");
        assertThat(batch.record(1).begin()).isEqualTo("2026-06-30T22:00:00Z");
        assertThat(batch.record(1).metadata()).isEmpty();
        assertThat(batch.record(2).resource()).isEqualTo("none");
    }

    @Test
    void aBadRowIsSetAsideWithItsLineAndHarmsNoOther() {
        // when
        UsageBatch batch = read(
                GERMAN,
                HEADER,
                "a;z;;1.5;01.07.2026 00:00;;;x;EUR",
                "a;z;;1,5;31.06.2026 00:00;;;x;EUR",
                "a;z;;1,5;25.10.2026 02:30;;;x;EUR",
                "a;z;;1,5;29.03.2026 02:30;;;x;EUR",
                "a;z;;1,5;01.07.2026 00:00;;;x;CHF",
                "a;z;;1,5;01.07.2026 00:00;;;Storno;EUR",
                "a;z;1,5",
                "a;z;;2,5;01.07.2026 05:00;;;x;EUR");
        // then
        assertThat(reasons(batch))
                .containsExactly(
                        "2: quantity '1.5' is no number as m.yaml:7 says",
                        "3: begin '31.06.2026 00:00': is no time of the format dd.MM.yyyy HH:mm",
                        "4: begin '25.10.2026 02:30': is shown twice by the clocks of Europe/Berlin and says no offset",
                        "5: begin '29.03.2026 02:30': is skipped by the clocks of Europe/Berlin",
                        "6: Währung is 'CHF', expected EUR (m.yaml)",
                        "8: 3 cells where the header has 9");
        assertThat(batch.size()).isEqualTo(1);
        assertThat(batch.rejected().get(4).tenant()).isEqualTo("a");
        assertThat(batch.rejected().get(4).begin()).isNotNull();
        assertThat(batch.records()).isEqualTo(7);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "epoch-seconds | 1793491200 | 2026-11-01T00:00:00Z",
                "epoch-millis | 1793491200250 | 2026-11-01T00:00:00.250Z",
                "yyyyMMdd | 20261101 | 2026-11-01T00:00:00Z",
                "yyyy-MM-dd'T'HH:mm:ssXXX | 2026-11-01T05:00:00+05:00 | 2026-11-01T00:00:00Z",
                "dd/MM/yy HH:mm | 01/11/26 00:00 | 2026-11-01T00:00:00Z"
            })
    void timesAreReadAsTheFormatSays(String format, String text, String expected) {
        // when
        UsageBatch batch = read(
                "fields: {tenant: t, resource: r, meter: m, quantity: q, begin: {column: b, format: \"" + format
                        + "\"}, end: {column: b, format: \"" + format + "\", plus: 2h}}",
                "t,r,m,q,b",
                "a,b,c,1," + text);
        // then
        assertThat(reasons(batch)).isEmpty();
        assertThat(batch.record(0).begin()).isEqualTo(expected);
        assertThat(batch.record(0).end()).isEqualTo(Instant.parse(expected).plusSeconds(7200));
    }

    @Test
    void equalRowsAreToldApartByTheirNumberAlsoWhenOneIsReadAgainAlone() {
        // given
        String mapping =
                "fields: {id: {digest: [t, b], occurrence: true}, tenant: t, resource: r, meter: m, quantity: q,"
                        + " begin: b, end: {column: b, plus: 1h}}";
        String header = "t,r,m,q,b";
        String line = "a,b,c,1,2026-11-01T00:00:00Z";
        // when
        UsageBatch batch = read(mapping, header, line, line, "a,b,c,bad,2026-11-01T00:00:00Z", line);
        Rejected third = batch.rejected().get(0);
        UsageBatch again = read(mapping, third.context(), third.raw().replace("bad", "1"));
        // then
        List<String> ids = new ArrayList<>();
        for (int row = 0; row < batch.size(); row++) {
            ids.add(batch.id(row));
        }
        assertThat(ids.get(0)).hasSize(32);
        assertThat(ids).containsExactly(ids.get(0), ids.get(0) + "#2", ids.get(0) + "#4");
        assertThat(third.format()).isEqualTo("caravan-csv");
        assertThat(again.id(0)).isEqualTo(ids.get(0) + "#3");
    }

    @Test
    void theHeaderTellsWhichMappingAFileIsFor() {
        // given
        CsvMapping german = CsvMapping.parse(GERMAN, "german.yaml");
        CsvMapping plain = CsvMapping.parse(
                "fields: {tenant: t, resource: r, meter: m, quantity: q, begin: b, end: e}", "plain.yaml");
        // when
        UsageBatch mapped =
                read(List.of(german, plain), "e,b,q,m,r,t", "2026-11-01T01:00:00Z,2026-11-01T00:00:00Z,1,c,b,a");
        UsageBatch own = read(
                List.of(german, plain),
                "tenant,datacenter,resource,meter,quantity,unit,begin,end",
                "x,,b,c,1,h,2026-11-01T00:00:00Z,2026-11-01T01:00:00Z");
        // then
        assertThat(mapped.record(0).tenant()).isEqualTo("a");
        assertThat(own.record(0).tenant()).isEqualTo("x");
        assertThatThrownBy(() -> read(List.of(german, plain), "t,r,m,q,b", "1,2,3,4,5"))
                .isInstanceOf(RefusedUsage.class)
                .hasMessageContaining("file f.csv")
                .hasMessageContaining("plain.yaml (missing in the header line: column 'e' (plain.yaml:1))");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "feilds: {} | m.yaml:1: key 'fields' is missing",
                "fields: {tenant: t} | field 'resource' is missing",
                "fields: {tenant: t, tennant: u} | unknown key 'tennant'; did you mean 'tenant'",
                "fields: {tenant: {colum: t}} | say one of column, constant, template",
                "fields: {tenant: {column: t, constant: u}} | say one of column, constant, template",
                "fields: {tenant: {column: t, otherwhise: u}} | unknown key 'otherwhise'; did you mean 'otherwise'",
                "fields: {tenant: {template: \"{t\"}} | is no template",
                "fields: {begin: {column: b, format: QQQQQQQ}} | is no time format",
                "fields: {begin: {column: b, zone: Mars}} | is no time zone",
                "fields: {end: {column: b, plus: soon}} | expected a duration",
                "fields: {quantity: {column: q, decimal: x}} | expected one of the marks",
                "fields: {quantity: {column: q, decimal: '.', grouping: '.'}} | same mark"
            })
    void aMappingThatMakesNoSenseIsRefusedWithFileLineAndReason(String mapping, String reason) {
        // when / then
        assertThatThrownBy(() -> CsvMapping.parse(mapping, "m.yaml"))
                .isInstanceOf(UserError.class)
                .hasMessageStartingWith("m.yaml:1: ")
                .hasMessageContaining(reason);
    }

    @Test
    void numbersAreCountedBeyondTheirFirstRoom() {
        // given
        Occurrences occurrences = new Occurrences();
        // when
        int[] counts = new int[5_000];
        for (int round = 1; round <= 3; round++) {
            for (int i = 0; i < counts.length; i++) {
                counts[i] = occurrences.add(i * 4096L);
            }
        }
        // then
        assertThat(Arrays.stream(counts).distinct()).containsExactly(3);
    }
}
