package org.caravan.ledger;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The ids of metadata, which entries bear so that reports can group and filter by its fields. Remembered, forgotten and
 * inserted by the rules of {@link Terms}.
 */
final class MetadataIds {
    /** The id of no metadata at all. */
    static final int NONE = 0;

    /** Characters of metadata remembered; beyond it the memory is emptied and read again. */
    private static final long MAX_REMEMBERED = 16L << 20;

    private final Map<String, Integer> known = new HashMap<>();
    private final Map<String, Integer> fresh = new HashMap<>();
    private long characters;

    /** Id of metadata that {@link #resolve} was asked for. */
    int id(KeyState key) {
        if (key.metadataHash == 0) {
            return NONE;
        }
        Integer id = known.get(key.metadata);
        return id != null ? id : fresh.get(key.metadata);
    }

    void committed() {
        for (String text : fresh.keySet()) {
            characters += text.length();
        }
        if (characters > MAX_REMEMBERED) {
            known.clear();
            characters = fresh.keySet().stream().mapToLong(String::length).sum();
        }
        known.putAll(fresh);
        fresh.clear();
    }

    void forget() {
        fresh.clear();
    }

    /** Finds the ids of the keys' metadata; what is new is written with its fields. */
    void resolve(Connection connection, Collection<KeyState> keys) throws SQLException {
        // in order of the digest, so that two hubs with the same new metadata never wait for each other in a circle
        Map<String, KeyState> wanted = new TreeMap<>();
        for (KeyState key : keys) {
            if (key.metadataHash != 0 && !known.containsKey(key.metadata) && !fresh.containsKey(key.metadata)) {
                wanted.put(digest(key.metadata), key);
            }
        }
        read(connection, "select id, encode(digest, 'hex') from metadata where digest = any (?)", wanted);
        Map<Integer, KeyState> inserted = read(
                connection,
                "insert into metadata (digest) select unnest(?) on conflict do nothing"
                        + " returning id, encode(digest, 'hex')",
                wanted);
        // what another hub inserted meanwhile is visible now, with its fields: the insert waited for its commit
        read(connection, "select id, encode(digest, 'hex') from metadata where digest = any (?)", wanted);
        writeFields(connection, inserted);
    }

    /** Runs a statement for what is still wanted, and takes what it finds out of it. */
    private Map<Integer, KeyState> read(Connection connection, String sql, Map<String, KeyState> wanted)
            throws SQLException {
        Map<Integer, KeyState> found = new TreeMap<>();
        if (wanted.isEmpty()) {
            return found;
        }
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            byte[][] digests =
                    wanted.keySet().stream().map(HexFormat.of()::parseHex).toArray(byte[][]::new);
            statement.setArray(1, connection.createArrayOf("bytea", digests));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    KeyState key = wanted.remove(row.getString(2));
                    fresh.put(key.metadata, row.getInt(1));
                    found.put(row.getInt(1), key);
                }
            }
        }
        return found;
    }

    private static void writeFields(Connection connection, Map<Integer, KeyState> inserted) throws SQLException {
        List<Object> ids = new ArrayList<>();
        List<Object> names = new ArrayList<>();
        List<Object> values = new ArrayList<>();
        inserted.forEach((id, key) -> key.fields().forEach((name, value) -> {
            ids.add(id);
            names.add(name);
            values.add(value);
        }));
        if (ids.isEmpty()) {
            return;
        }
        try (PreparedStatement insert = connection.prepareStatement(
                "insert into metadata_field (metadata, name, value) select * from unnest(?, ?, ?)")) {
            insert.setArray(1, connection.createArrayOf("int4", ids.toArray()));
            insert.setArray(2, connection.createArrayOf("text", names.toArray()));
            insert.setArray(3, connection.createArrayOf("text", values.toArray()));
            insert.executeUpdate();
        }
    }

    private static String digest(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
