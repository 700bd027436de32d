package org.caravan.invoice.erp.csv;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;
import net.jqwik.api.Assume;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;
import org.caravan.invoice.document.AccountProfile;
import org.caravan.invoice.document.AnyDocument;
import org.caravan.invoice.document.CreditNote;
import org.caravan.invoice.document.Document;
import org.caravan.invoice.document.Rounding;
import org.caravan.invoice.document.Sums;
import org.caravan.ledger.UsageSum;

/** Credit notes as files: what they are, and what they correct, at first sight. */
class CreditLayoutTest extends AnyDocument {
    @Example
    void aFileOfRowsBeginsWithWhatItCorrectsAndSumsToTheTotal() {
        // given
        Document note = credit(invoice());
        // when
        String rows = write(new RowLayout(RowLayout.DEFAULT_COLUMNS, true), note);
        // then
        assertThat(rows)
                .isEqualTo(String.join(
                        "\r\n",
                        "location,product,type,start,end,amount,unit,rate,cost,currency",
                        ",,credit note CN-2026-000001 for invoice 2026-0001: =billed twice,2026-10-01 00:00:00,"
                                + "2026-11-01 00:00:00,,,,0.00,NZD",
                        "por,c1.c1r1,c1.c1r1,2026-10-01 00:00:00,2026-11-01 00:00:00,-744,hour,0.048,-35.71,NZD",
                        ",,GST,2026-10-01 00:00:00,2026-11-01 00:00:00,,,,-5.36,NZD",
                        ""));
    }

    @Example
    void columnsSayKindInvoiceAndReason() {
        // given
        Document invoice = invoice();
        RowLayout layout = new RowLayout("document,number,corrects,reason,cost", false);
        // when, then: text is never a formula
        assertThat(write(layout, credit(invoice)))
                .startsWith("credit-note,CN-2026-000001,2026-0001,'=billed twice,-35.71\r\n");
        assertThat(write(layout, invoice)).startsWith("invoice,2026-0001,,,35.71\r\n");
    }

    @Example
    void aReportSaysAtItsHeadWhatItCorrectsAndKeepsItsForm() {
        // given
        Document invoice = invoice();
        Layout layout = new ReportLayout(List.of());
        // when
        List<String> note = write(layout, credit(invoice)).lines().toList();
        List<String> bill = write(layout, invoice).lines().toList();
        // then
        assertThat(note.subList(0, 6))
                .containsExactly(
                        ",from,until",
                        "usage range: ,2026-10-01 00:00:00,2026-11-01 00:00:00",
                        "credit note: ,CN-2026-000001",
                        "for invoice: ,2026-0001",
                        "reason: ,'=billed twice",
                        "");
        assertThat(note).contains("c1.c1r1,-744,0.048,-35.71", "GST: ,-5.36").endsWith("invoice total cost: ,-41.07");
        assertThat(bill.subList(0, 3))
                .containsExactly(",from,until", "usage range: ,2026-10-01 00:00:00,2026-11-01 00:00:00", "");
        assertThat(note).hasSize(bill.size() + 3);
    }

    @Example
    void aCreditNoteHasAFileOfItsOwn() {
        // given
        Document invoice = invoice();
        Document note = credit(invoice);
        // when, then
        for (String name : List.of("{number}.csv", "{digest}.csv", CsvDirectory.DEFAULT_FILE_NAME)) {
            CsvDirectory directory = new CsvDirectory(Map.of("directory", "out", "fileName", name));
            Path file = directory.wouldWrite(note.head());
            assertThat(file).isNotEqualTo(directory.wouldWrite(invoice.head()));
        }
    }

    @Property(tries = 150)
    void theCostCellsOfACreditNoteSumToItsTotal(
            @ForAll("usage") List<UsageSum> sums, @ForAll("profiles") AccountProfile profile) {
        // given
        Document invoice = build(profile, "NZD", sums);
        Assume.that(invoice.lines() > 0);
        Document note = credit(invoice);
        // when
        BigDecimal read = BigDecimal.ZERO;
        for (CSVRecord row : parse(write(new RowLayout("location,type,cost", false), note))) {
            read = read.add(new BigDecimal(row.get(2)));
        }
        // then
        assertThat(read).isEqualByComparingTo(note.total());
        assertThat(new ReportLayout(List.of()).write(note, new Cells(new StringWriter(), ',')))
                .isEqualByComparingTo(note.total());
    }

    private static Document invoice() {
        return Sums.of()
                .use("i-1", "c1.c1r1", "hour", "744", "0.048")
                .document(new Sums.Profile()
                        .rounding(Rounding.artifice())
                        .tax("GST", "15")
                        .build());
    }

    private static Document credit(Document invoice) {
        TreeSet<Integer> lines = new TreeSet<>();
        IntStream.rangeClosed(1, invoice.lines()).forEach(lines::add);
        return CreditNote.of(
                invoice,
                CreditNote.Before.nothing(),
                lines,
                new CreditNote.Head(
                        "hub:acme:2026-10:2",
                        "CN-2026-000001",
                        Instant.parse("2026-11-02T08:00:00Z"),
                        "=billed twice"));
    }

    private static String write(Layout layout, Document document) {
        StringWriter text = new StringWriter();
        assertThat(layout.write(document, new Cells(text, ','))).isEqualByComparingTo(document.total());
        return text.toString();
    }

    private static List<CSVRecord> parse(String text) {
        try (var parser = CSVFormat.EXCEL.parse(new StringReader(text))) {
            return parser.getRecords();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
