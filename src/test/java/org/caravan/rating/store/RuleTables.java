package org.caravan.rating.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.caravan.hub.db.HubDatabase;
import org.caravan.rating.TariffFile;
import org.caravan.rating.hashmap.RuleSet;
import org.caravan.testing.Database;

/** The rule tables in a database of their own, with a clock that stands where it is put. */
final class RuleTables implements AutoCloseable {
    private final HubDatabase pool = HubDatabase.open(Database.freshAccess(), 8);

    /** The present. */
    volatile Instant now = Instant.parse("2026-11-20T10:00:00Z");

    final Clock clock = new Clock() {
        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public java.time.ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(java.time.ZoneId zone) {
            throw new UnsupportedOperationException();
        }
    };

    final RuleStore store = new RuleStore(dataSource(), clock);

    DataSource dataSource() {
        return pool.dataSource();
    }

    /** Makes the tables as a new ledger has them. */
    void clear() {
        execute("delete from rule_mapping; delete from rule_threshold; delete from rule_field; delete from rule_group;"
                + " delete from rule_service; update rule_state set currency = null");
    }

    static RuleStore.Import wanted(RuleSet rules, Instant from) {
        return new RuleStore.Import(rules, "NZD", from, "kiri");
    }

    static RuleSet rules(String yaml) {
        return TariffFile.parse(yaml, "test.yaml").ruleSet();
    }

    /** Imports a file from now on. */
    ImportPlan importNow(String yaml) throws SQLException {
        return store.importRules(wanted(rules(yaml), null)).plan();
    }

    ImportPlan importFrom(String from, String yaml) throws SQLException {
        return store.importRules(wanted(rules(yaml), Instant.parse(from))).plan();
    }

    void execute(String sql) {
        try (Connection connection = dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The rows of a query, columns joined by a blank. */
    List<String> rows(String sql) {
        try (Connection connection = dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("set time zone 'UTC'");
            try (ResultSet row = statement.executeQuery(sql)) {
                List<String> rows = new ArrayList<>();
                while (row.next()) {
                    List<String> columns = new ArrayList<>();
                    for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                        columns.add(row.getString(i));
                    }
                    rows.add(String.join(
                            " ", columns.stream().map(String::valueOf).toList()));
                }
                return rows;
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Everything that the tables hold, ids included. */
    List<String> everything() {
        List<String> all = new ArrayList<>();
        for (String table : List.of("service", "field", "group", "mapping", "threshold")) {
            all.addAll(rows("select * from rule_" + table + " order by id"));
        }
        return all;
    }

    @Override
    public void close() {
        pool.close();
    }
}
