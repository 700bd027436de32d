package org.caravan.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.caravan.testing.Database;
import org.junit.jupiter.api.Test;

class CopyWriterTest {
    @Test
    void everyDecimalArrivesInPostgresExactlyAsItWas() throws Exception {
        // given
        Random random = new Random(7);
        List<BigDecimal> values = new ArrayList<>(List.of(
                BigDecimal.ZERO,
                new BigDecimal("0.000"),
                BigDecimal.ONE.negate(),
                new BigDecimal("0.0005"),
                new BigDecimal("10000"),
                new BigDecimal("9999.9999"),
                new BigDecimal("1E+20"),
                new BigDecimal("0." + "0".repeat(60) + "1"),
                BigDecimal.valueOf(Long.MAX_VALUE, 3),
                BigDecimal.valueOf(Long.MIN_VALUE, 5)));
        for (int i = 0; i < 2_000; i++) {
            values.add(new BigDecimal(new BigInteger(1 + random.nextInt(120), random), random.nextInt(40))
                    .multiply(BigDecimal.valueOf(random.nextBoolean() ? 1 : -1)));
        }
        CopyWriter out = new CopyWriter(values.size(), 40);
        for (BigDecimal value : values) {
            out.startRow(1);
            boolean fits = value.scale() >= 0 && value.unscaledValue().bitLength() < 64;
            out.numeric(fits ? value.unscaledValue().longValue() : 0, fits ? value.scale() : 0, fits ? null : value);
        }
        try (Connection connection = Database.empty().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("create table t (n integer generated always as identity, v numeric)");
            // when
            out.send(connection, "copy t (v) from stdin (format binary)");
            // then
            try (ResultSet row = statement.executeQuery("select v from t order by n")) {
                for (BigDecimal value : values) {
                    row.next();
                    assertThat(row.getBigDecimal(1)).isEqualByComparingTo(value);
                }
            }
        }
    }
}
