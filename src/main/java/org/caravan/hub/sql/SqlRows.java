package org.caravan.hub.sql;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;
import org.apache.camel.component.sql.RowMapperFactory;
import org.springframework.jdbc.core.RowMapper;

/** Reads the rows of our query: numbers by their digits, times by what they mean. */
public final class SqlRows implements RowMapperFactory {
    private static final int FIRST_FIELD = 3;

    private final List<String> fields;
    private final SqlTimes times;
    private final boolean named;

    public SqlRows(SqlSettings settings) {
        this.fields = List.copyOf(settings.query().columns().keySet());
        this.times = new SqlTimes(settings.zone());
        this.named = fields.contains("id");
    }

    @Override
    public RowMapper<SqlRow> newColumnRowMapper() {
        return this::read;
    }

    @Override
    public RowMapper<?> newBeanRowMapper(Class<?> type) {
        return newColumnRowMapper();
    }

    SqlRow read(ResultSet row, int number) throws SQLException {
        ResultSetMetaData columns = row.getMetaData();
        Object watermark = SqlTimes.read(row, 1, SqlTimes.kind(columns, 1));
        Object tie = SqlTimes.read(row, 2, SqlTimes.kind(columns, 2));
        ObjectNode record = JsonNodeFactory.instance.objectNode();
        ObjectNode metadata = JsonNodeFactory.instance.objectNode();
        if (!named && tie != null) {
            record.put("id", tie.toString());
        }
        for (int i = 0; i < fields.size(); i++) {
            String field = fields.get(i);
            if (field.startsWith(SqlQuery.METADATA)) {
                put(metadata, field.substring(SqlQuery.METADATA.length()), row, columns, FIRST_FIELD + i);
            } else {
                String text = text(row, columns, FIRST_FIELD + i);
                if (text != null) {
                    record.put(field, text);
                }
            }
        }
        if (!metadata.isEmpty()) {
            record.set("metadata", metadata);
        }
        return new SqlRow(watermark, times.moment(watermark), tie, record.toString());
    }

    private void put(ObjectNode metadata, String name, ResultSet row, ResultSetMetaData columns, int column)
            throws SQLException {
        int type = columns.getColumnType(column);
        if (type == Types.BOOLEAN || type == Types.BIT && row.getObject(column) instanceof Boolean) {
            boolean value = row.getBoolean(column);
            if (!row.wasNull()) {
                metadata.put(name, value);
            }
            return;
        }
        if (type == Types.INTEGER || type == Types.BIGINT || type == Types.SMALLINT) {
            long value = row.getLong(column);
            if (!row.wasNull()) {
                metadata.put(name, value);
            }
            return;
        }
        String text = text(row, columns, column);
        if (text != null) {
            metadata.put(name, text);
        }
    }

    private String text(ResultSet row, ResultSetMetaData columns, int column) throws SQLException {
        SqlTimes.Kind kind = SqlTimes.kind(columns, column);
        if (kind == SqlTimes.Kind.NONE) {
            return row.getString(column);
        }
        Object time = SqlTimes.read(row, column, kind);
        return time == null ? null : times.text(time);
    }
}
