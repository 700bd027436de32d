package org.caravan.bench;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The limit: DuckDB does the work of an ingest on the same file, in a process of its own, without making anything durable.
 *
 * <p>Reads the CSV with its column types given, removes exact repetitions, joins the price table, and groups by
 * tenant, datacenter, meter, product, price and day, in exact decimals. The measured time runs from the start of the
 * query to the last fetched row.
 */
final class DuckDbRun {
    private static final int THREADS = 2;
    private static final String COLUMNS = "{'id': 'VARCHAR', 'tenant': 'VARCHAR', 'datacenter': 'VARCHAR', "
            + "'resource': 'VARCHAR', 'meter': 'VARCHAR', 'quantity': 'DECIMAL(18,3)', 'unit': 'VARCHAR', "
            + "'begin': 'TIMESTAMP', 'end': 'TIMESTAMP', 'flavor': 'VARCHAR', 'volume_type': 'VARCHAR', "
            + "'name': 'VARCHAR', 'os': 'VARCHAR', 'zone': 'VARCHAR'}";

    /** The fastest of the ways tried that stay exact; a lateral join and GROUP BY with any_value were slower. */
    private static final String QUERY =
            """
            select tenant, datacenter, meter, product, unit_price, day,
                   sum(quantity), sum(quantity * unit_price), count(*)
            from (
              select u.tenant, u.datacenter, u.meter, u.value as product, u."begin"::date as day, u.quantity,
                     case when u.quantity >= p.level then p.rebated else p.cost end as unit_price
              from (
                select distinct tenant, datacenter, resource, meter, quantity, "begin", "end",
                       coalesce(flavor, volume_type, '') as value
                from read_csv(?, header = true, auto_detect = false, delim = ',', quote = '"', escape = '"', columns = %s)
              ) u
              join price p on p.meter = u.meter and p.value = u.value
            )
            group by all"""
                    .formatted(COLUMNS);

    private DuckDbRun() {}

    /** Arguments: the usage file, the file to write the totals of the tenants to. */
    public static void main(String[] args) throws Exception {
        Path usage = Path.of(args[0]);
        Path totalsFile = Path.of(args[1]);
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:")) {
            prepare(connection);
            TenantTotals totals = new TenantTotals();
            long start = System.nanoTime();
            long groups = query(connection, usage, totals);
            long nanos = System.nanoTime() - start;
            totals.write(totalsFile);
            System.out.println(new RunResult(nanos, nanos, groups, Memory.peakRssMiB(), 0, 0).json());
        }
    }

    private static void prepare(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("set threads = " + THREADS);
            statement.execute("set preserve_insertion_order = false");
            statement.execute("create table price (meter varchar, value varchar, cost decimal(18,8), "
                    + "level decimal(18,3), rebated decimal(18,8))");
        }
        try (PreparedStatement insert = connection.prepareStatement("insert into price values "
                + "(?, ?, ?::decimal(18,8), ?::decimal(18,3), (?::decimal(9,6) * ?::decimal(9,2))::decimal(18,8))")) {
            for (BenchTariff.Row row : BenchTariff.rows()) {
                insert.setString(1, row.meter());
                insert.setString(2, row.value());
                insert.setString(3, row.cost());
                insert.setString(4, row.level());
                insert.setString(5, row.cost());
                insert.setString(6, row.rebate());
                insert.execute();
            }
        }
    }

    private static long query(Connection connection, Path usage, TenantTotals totals) throws SQLException {
        long groups = 0;
        try (PreparedStatement select = connection.prepareStatement(QUERY)) {
            select.setString(1, usage.toString());
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    groups++;
                    totals.add(rows.getString(1), rows.getBigDecimal(7), rows.getBigDecimal(8), rows.getLong(9));
                }
            }
        }
        return groups;
    }
}
