package org.caravan.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

class DatabaseTest {
    @Test
    void everyoneGetsALedgerOfTheirOwn() throws Exception {
        // given
        DataSource one = Database.fresh();
        DataSource other = Database.fresh();

        // when
        try (Connection connection = one.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("insert into term (value) values ('mine')");
        }

        // then
        assertThat(count(one, "term")).isOne();
        assertThat(count(other, "term")).isZero();
        assertThat(count(other, "bucket")).isEqualTo(1024);
    }

    @Test
    void anEmptyDatabaseHasNoSchema() throws Exception {
        // given
        DataSource empty = Database.empty();

        // when
        int tables = count(empty, "pg_tables where schemaname = 'public'");

        // then
        assertThat(tables).isZero();
    }

    private static int count(DataSource dataSource, String from) throws Exception {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select count(*) from " + from)) {
            row.next();
            return row.getInt(1);
        }
    }
}
