package org.caravan.invoice.erp.csv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.YearMonth;
import java.util.List;
import java.util.Map;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;
import org.caravan.common.UserError;
import org.caravan.invoice.document.AccountProfile;
import org.caravan.invoice.document.Document;
import org.caravan.invoice.document.DocumentHead;
import org.caravan.invoice.document.Rounding;
import org.caravan.invoice.document.Sums;
import org.caravan.ledger.EntryKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LayoutTest {
    private static final Rounding RESELLER = Rounding.reseller(new BigDecimal("0.01"));

    private static String write(Layout layout, Document document) {
        StringWriter text = new StringWriter();
        BigDecimal total = layout.write(document, new Cells(text, ','));
        assertThat(total).isEqualByComparingTo(document.total());
        return text.toString();
    }

    private static DocumentHead labelled(Map<String, String> labels) {
        return DocumentHead.invoice("hub", "acme", Sums.MONTH, 1, "2026-0001", false, "NZD", labels);
    }

    @Test
    void theReportHasABlockPerResource() {
        // given the month and rate of the published example, and a volume
        Document document = Sums.document(
                labelled(Map.of("c1.c1r1", "Virtual Machine", "b1.standard", "Volume")),
                Sums.profile(Rounding.artifice()),
                List.of(Sums.of()
                        .use("i-1", "c1.c1r1", "hour", "744", "0.048")
                        .use("v-1", "b1.standard", "gigabyte", "7440", "0.0005")
                        .told("i-1", "c1.c1r1", "{\"name\":\"web1\",\"availability_zone\":\"az1\"}")
                        .month("acme")));
        // when
        String report = write(new ReportLayout(List.of("Virtual Machine")), document);
        // then
        assertThat(report)
                .isEqualTo(String.join(
                        "\r\n",
                        ",from,until",
                        "usage range: ,2026-10-01 00:00:00,2026-11-01 00:00:00",
                        "",
                        "i-1",
                        "name:,availability zone:,type:",
                        "web1,az1,Virtual Machine",
                        "service:,usage:,rate:,cost:",
                        "c1.c1r1,744,0.048,35.71",
                        "total cost:,35.71",
                        "",
                        "",
                        "v-1",
                        "name:,availability zone:,type:",
                        ",,Volume",
                        "service:,usage:,rate:,cost:",
                        "b1.standard,7440,0.0005,3.72",
                        "total cost:,3.72",
                        "",
                        "",
                        "",
                        "invoice total cost: ,39.43",
                        ""));
    }

    @Test
    void severalDatacentersHaveALineEach() {
        // given
        Document document = Sums.of()
                .in("wlg")
                .use("r", "p", "hour", "1", "0.5")
                .in("por")
                .use("r", "p", "hour", "1", "0.25")
                .document(AccountProfile.plain("acme"));
        // when
        String report = write(new ReportLayout(List.of()), document);
        // then
        assertThat(report)
                .containsSubsequence("datacenter: ,por\r\n\r\nr\r\n", "datacenter: ,wlg\r\n\r\nr\r\n", "0.75");
    }

    @Test
    void theReportShowsWhatStandsBetweenItsBlocksAndTheTotal() {
        // given
        AccountProfile profile =
                new Sums.Profile().tax("GST", "15").discount("10", "0").build();
        Document document = Sums.of()
                .use("r", "p", "hour", "15.5", "0.048")
                .use("s", "p", "hour", "1", null)
                .late(EntryKind.ADJUSTMENT, YearMonth.of(2026, 9), "r", "p", "100", "0.048")
                .document(profile);
        // when
        String report = write(new ReportLayout(List.of()), document);
        // then
        assertThat(report)
                .contains("p (adjustment 2026-09),100,0.048,4.8\r\n")
                .contains("p,1,missing rate,0\r\n")
                .endsWith("\r\nrounding: ,-0.004\r\ndiscount: ,-0.55\r\nGST: ,0.75\r\n\r\n"
                        + "invoice total cost: ,5.74\r\n");
    }

    @ParameterizedTest
    @CsvSource({"currency", "reseller", "artifice"})
    void theCostCellsSumToTheTotalUnderEveryPolicy(String policy) {
        // given
        Rounding rounding =
                switch (policy) {
                    case "reseller" -> RESELLER;
                    case "artifice" -> Rounding.artifice();
                    default -> Rounding.currency();
                };
        Document document = Sums.of()
                .use("a", "p", "hour", "321.5019444", "0.0059")
                .use("b", "p", "hour", "0.34333333", "0.0059")
                .in("wlg")
                .use("c", "q", "second", "5000", "0.0005")
                .document(new Sums.Profile()
                        .rounding(rounding)
                        .tax("GST", "15")
                        .tax("QST", "9.975")
                        .discount("5", "0.1")
                        .build());
        // when
        List<CSVRecord> rows = parse(write(new RowLayout("cost,location", true), document));
        // then
        BigDecimal sum =
                rows.stream().skip(1).map(row -> new BigDecimal(row.get(0))).reduce(BigDecimal.ZERO, BigDecimal::add);
        assertThat(sum).isEqualByComparingTo(document.total());
    }

    @Test
    void textCellsAreNeverFormulasAndNumbersAreNumbers() {
        // given
        Document document = Sums.of()
                .in("=1+1")
                .late(EntryKind.CORRECTION, Sums.MONTH, "@vm", "+p,\"q\"\r\nx", "-5", "1")
                .told("@vm", "+p,\"q\"\r\nx", "{\"name\":\"=HYPERLINK(1)\"}")
                .document(AccountProfile.plain("acme"));
        // when
        List<CSVRecord> rows = parse(write(new RowLayout("location,product,amount,rate,cost", false), document));
        String report = write(new ReportLayout(List.of()), document);
        // then
        assertThat(rows).hasSize(1);
        assertThat(rows.get(0).toList()).containsExactly("'=1+1", "'+p,\"q\"\r\nx", "-5", "1", "-5.00");
        assertThat(report)
                .contains("\r\n'@vm\r\n")
                .contains("\r\n'=HYPERLINK(1),")
                .contains("total cost:,-5\r\n");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {"=,'=", "+1,'+1", "-1,'-1", "@x,'@x", "x=,x=", "'=,'="})
    void aTextCellThatCouldBeAFormulaGetsAnApostrophe(String text, String cell) {
        // given a text
        // when, then
        assertThat(Cells.text(text)).isEqualTo(cell);
        assertThat(Cells.text("\t" + text)).startsWith("'\t");
        assertThat(Cells.text("\r" + text)).startsWith("'\r");
    }

    @Test
    void rowsOfAnotherMonthSaySo() {
        // given
        Document document = Sums.of()
                .late(EntryKind.ADJUSTMENT, YearMonth.of(2026, 9), "r", "p", "2", "0.25")
                .document(AccountProfile.plain("acme"));
        // when
        String rows = write(new RowLayout("kind,month,start,end,cost", false), document);
        // then
        assertThat(rows).isEqualTo("adjustment,2026-09,2026-09-01 00:00:00,2026-10-01 00:00:00,0.50\r\n");
    }

    @Test
    void everyKnownColumnCanBeWritten() {
        // given
        Document document = Sums.of().use("r", "p", "hour", "2", null).document(AccountProfile.plain("acme"));
        RowLayout layout = new RowLayout(
                "location,product,type,start,end,amount,unit,rate,cost,exact,currency,kind,month,note,number,key,account,customer",
                false);
        // when
        String row = write(layout, document);
        // then
        assertThat(row)
                .isEqualTo("por,p,p,2026-10-01 00:00:00,2026-11-01 00:00:00,2,hour,,0.00,0,NZD,usage,2026-10,"
                        + "no price applies,2026-0001,hub:acme:2026-10:1,acme,\r\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rowLayout | location,amount | lacks the column 'cost'",
                "rowLayout | cost,locaton | unknown column 'locaton'; did you mean 'location'?",
                "layout | table | layout 'table' is neither 'rows' nor 'report'",
                "header | yes | header 'yes' is neither 'true' nor 'false'",
                "delimiter | ;; | delimiter ';;' is no single character",
                "dir | x | unknown setting 'dir'",
            })
    void anUnfitSettingIsRefused(String name, String value, String message) {
        // given
        Map<String, String> settings = Map.of("directory", "out", name, value);
        // when, then
        assertThatThrownBy(() -> new CsvDirectory(settings))
                .isInstanceOf(UserError.class)
                .hasMessageContaining(message);
    }

    private static List<CSVRecord> parse(String text) {
        try (var parser = CSVFormat.EXCEL.parse(new StringReader(text))) {
            return parser.getRecords();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
