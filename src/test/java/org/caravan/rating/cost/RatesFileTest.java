package org.caravan.rating.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.YearMonth;
import org.caravan.common.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Prices of a text file, and units that they are told in. */
class RatesFileTest {
    private static final YearMonth MONTH = YearMonth.of(2026, 10);

    @TempDir
    Path directory;

    private Path file(String text) throws Exception {
        return Files.writeString(directory.resolve("rates.txt"), text);
    }

    private static UnitCost cost(String price, String unit) {
        return new UnitCost(new BigDecimal(price), unit);
    }

    @Test
    void aRegionsOwnPriceComesBeforeThatOfAny() throws Exception {
        // given
        RatesFile rates = new RatesFile(
                file(
                        """
                region | product | unit | price
                # compute
                nz-por-1 | c1.c1r1 | hour | 0.048
                  * |c1.c1r1|hour|0.050

                region | n1.ipv4 | hour | 0.0060
                """));
        // when
        PriceBook book = rates.read(MONTH);
        // then
        assertThat(rates.size()).isEqualTo(3);
        assertThat(book.cost("nz-por-1", "c1.c1r1")).contains(cost("0.048", "hour"));
        assertThat(book.cost("nz-wlg-2", "c1.c1r1")).contains(cost("0.05", "hour"));
        assertThat(book.cost("", "n1.ipv4")).contains(cost("0.006", "hour"));
        assertThat(book.cost("nz-por-1", "c1.c1r2")).isEmpty();
        assertThat(book.currency()).isNull();
        assertThat(rates.remedy("nz-por-1", "c1.c1r2"))
                .startsWith("add a line 'nz-por-1 | c1.c1r2 | UNIT | PRICE' to ");
    }

    @Test
    void theFileIsReadAnewForEachMonth() throws Exception {
        // given
        RatesFile rates = new RatesFile(file("a | p | hour | 1"));
        PriceBook before = rates.read(MONTH);
        // when
        file("a | p | hour | 2");
        // then
        assertThat(rates.read(MONTH).cost("a", "p")).contains(cost("2", "hour"));
        assertThat(before.cost("a", "p")).contains(cost("1", "hour"));
    }

    @Test
    void aMistakeEndsTheStartWithItsLine() throws Exception {
        // given / when / then
        assertThatThrownBy(() -> new RatesFile(file("a | p | hour | 1\na | p | hour | 1.0")))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("rates.txt:2: region a and product p have a price already");
        assertThatThrownBy(() -> new RatesFile(file("a | p | hour")))
                .hasMessageContaining("rates.txt:1: expected region | product | unit | price, found 'a | p | hour'");
        assertThatThrownBy(() -> new RatesFile(file("a | p | hour | 0,5"))).hasMessageContaining("'0,5' is no number");
        assertThatThrownBy(() -> new RatesFile(file("a | p | hour | -1"))).hasMessageContaining("'-1' is below zero");
        assertThatThrownBy(() -> new RatesFile(file("a | | hour | 1"))).hasMessageContaining("rates.txt:1");
        assertThatThrownBy(() -> new RatesFile(file("\n# nothing\n"))).hasMessageContaining("holds no price");
        assertThatThrownBy(() -> new RatesFile(directory.resolve("none"))).hasMessageContaining("can't be read");
    }

    @Test
    void unitsConvertAsTheirBillsAlwaysDid() {
        // given / when / then
        assertThat(CostUnits.between("s", "hour")).contains(CostUnits.BEGUN_HOURS);
        assertThat(CostUnits.between("byte", "gigabyte")).contains(CostUnits.GIGABYTES);
        assertThat(CostUnits.between("hours", "hour")).contains(CostUnits.SAME);
        assertThat(CostUnits.between("GB-month", "GB-month")).contains(CostUnits.SAME);
        assertThat(CostUnits.between("anything", "")).contains(CostUnits.SAME);
        assertThat(CostUnits.between("GB", "hour")).isEmpty();
        assertThat(CostUnits.between("hour", "s")).isEmpty();
        assertThat(CostUnits.BEGUN_HOURS.convert(new BigDecimal("3600"))).isEqualByComparingTo("1");
        assertThat(CostUnits.BEGUN_HOURS.convert(new BigDecimal("3600.000001"))).isEqualByComparingTo("2");
        assertThat(CostUnits.BEGUN_HOURS.convert(new BigDecimal("-3601"))).isEqualByComparingTo("-2");
        assertThat(CostUnits.GIGABYTES.convert(new BigDecimal("1")))
                .isEqualByComparingTo("0.000000000931322574615478515625");
    }
}
