package org.caravan.invoice.erp.csv;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.caravan.invoice.document.AccountProfile;
import org.caravan.invoice.document.AnyDocument;
import org.caravan.invoice.document.Document;
import org.caravan.ledger.UsageSum;

/** What holds of every file, whatever was used and however it is billed. */
class LayoutPropertiesTest extends AnyDocument {
    @Property(tries = 200)
    void theCostCellsOfAFileSumToTheTotal(
            @ForAll("usage") List<UsageSum> sums, @ForAll("profiles") AccountProfile profile) throws IOException {
        // given
        Document document = build(profile, "NZD", sums);
        StringWriter text = new StringWriter();
        // when
        BigDecimal told = new RowLayout("location,product,cost", false).write(document, new Cells(text, ','));
        // then
        BigDecimal read = BigDecimal.ZERO;
        try (CSVParser parser = CSVFormat.EXCEL.parse(new StringReader(text.toString()))) {
            for (CSVRecord row : parser) {
                read = read.add(new BigDecimal(row.get(2)));
            }
        }
        assertThat(read).isEqualByComparingTo(document.total());
        assertThat(told).isEqualByComparingTo(document.total());
    }

    @Property(tries = 200)
    void theFiguresOfAReportSumToTheTotal(
            @ForAll("usage") List<UsageSum> sums, @ForAll("profiles") AccountProfile profile) {
        // given
        Document document = build(profile, "NZD", sums);
        // when
        BigDecimal told = new ReportLayout(List.of("meter.m2")).write(document, new Cells(new StringWriter(), ','));
        // then
        assertThat(told).isEqualByComparingTo(document.total());
    }
}
