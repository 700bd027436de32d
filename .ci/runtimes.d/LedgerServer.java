import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import org.caravan.hub.db.DatabaseAccess;
import org.caravan.hub.db.EmbeddedPostgres;

/** A PostgreSQL for .ci/runtimes: prints url, user and password, answers each line of its input as a query, ends with it. */
public final class LedgerServer {
    public static void main(String[] args) throws Exception {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.kept(Path.of(args[0]), EmbeddedPostgres.defaultCache())) {
            DatabaseAccess access = postgres.start();
            System.out.println(access.url() + "\n" + access.user() + "\n" + access.password());
            java.util.Scanner queries = new java.util.Scanner(System.in);
            while (queries.hasNextLine()) {
                try (Connection connection = DriverManager.getConnection(access.url(), access.user(), access.password());
                        Statement statement = connection.createStatement();
                        ResultSet row = statement.executeQuery(queries.nextLine())) {
                    System.out.println(row.next() ? row.getString(1) : "");
                } catch (java.sql.SQLException e) {
                    System.out.println("not yet: " + e.getMessage().lines().findFirst().orElse(""));
                }
            }
        }
        System.exit(0);
    }
}
