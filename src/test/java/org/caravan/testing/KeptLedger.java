package org.caravan.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.luben.zstd.ZstdInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import javax.sql.DataSource;
import org.caravan.common.Json;
import org.caravan.hub.db.DatabaseAccess;
import org.caravan.ledger.LedgerSchema;
import org.postgresql.PGConnection;

/**
 * The ledger of an older Caravan as it lies in its database, from the files in {@code kept/}: not as a restored backup,
 * which this Caravan would know for one, but as what an upgrade finds.
 */
public final class KeptLedger {
    /** Schema version of the kept ledger. */
    public static final String VERSION = "34";

    private KeptLedger() {}

    /** A database that holds it, at its own schema. */
    public static DatabaseAccess load() throws IOException, SQLException {
        DatabaseAccess access = Database.emptyAccess();
        DataSource dataSource = Database.of(access);
        LedgerSchema.migrate(dataSource, VERSION);
        Map<String, byte[]> members = members();
        JsonNode manifest = Json.mapper().readTree(members.get("manifest.json"));
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            // neither foreign keys nor triggers: what they see to is so already
            statement.execute("set session_replication_role = replica");
            for (JsonNode table : manifest.get("tables")) {
                statement.execute("truncate " + table.get("name").asText() + " cascade");
                for (JsonNode partition : table.get("partitions")) {
                    statement.execute("create table " + partition.get("name").asText() + " partition of "
                            + table.get("name").asText() + " for values in ('"
                            + partition.get("value").asText() + "')");
                }
            }
            for (JsonNode table : manifest.get("tables")) {
                copy(connection, table, members);
            }
            for (JsonNode sequence : manifest.get("sequences")) {
                statement.execute("select setval('" + sequence.get("name").asText() + "', "
                        + sequence.get("last").asLong() + ", "
                        + sequence.get("called").asBoolean() + ")");
            }
        }
        return access;
    }

    /** Lines of version, script and checksum as Flyway noted them in that ledger. */
    public static List<String> history() throws IOException {
        try (InputStream in = KeptLedger.class.getResourceAsStream("/kept/history-34.tsv")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }

    /** The same lines, of a ledger that is there. */
    public static List<String> history(DataSource dataSource) throws SQLException {
        List<String> lines = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "select version, script, checksum from flyway_schema_history order by installed_rank")) {
            while (row.next()) {
                lines.add(row.getString(1) + "\t" + row.getString(2) + "\t" + row.getString(3));
            }
        }
        return lines;
    }

    private static void copy(Connection connection, JsonNode table, Map<String, byte[]> members)
            throws IOException, SQLException {
        String name = table.get("name").asText();
        List<String> columns = new ArrayList<>();
        table.get("columns").forEach(column -> columns.add('"' + column.asText() + '"'));
        try (InputStream text =
                new ZstdInputStream(new java.io.ByteArrayInputStream(members.get("tables/" + name + ".copy.zst")))) {
            connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn("copy " + name + " (" + String.join(", ", columns) + ") from stdin", text);
        }
    }

    private static Map<String, byte[]> members() throws IOException {
        Map<String, byte[]> members = new LinkedHashMap<>();
        try (ZipInputStream zip = new ZipInputStream(KeptLedger.class.getResourceAsStream("/kept/ledger-34.backup"))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                members.put(entry.getName(), zip.readAllBytes());
            }
        }
        return members;
    }
}
