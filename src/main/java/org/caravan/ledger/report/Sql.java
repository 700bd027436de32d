package org.caravan.ledger.report;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** A statement put together from parts that are written here; every value is a parameter. */
final class Sql {
    /** An array parameter. */
    private record Many(String type, Object[] values) {}

    private final StringBuilder text = new StringBuilder();
    private final List<Object> parameters = new ArrayList<>();

    /** @param part a constant; one question mark per value */
    Sql add(String part, Object... values) {
        text.append(part);
        parameters.addAll(List.of(values));
        return this;
    }

    /** @param part a constant; its last question mark stands for the array */
    Sql addMany(String part, String type, Collection<?> values) {
        text.append(part);
        parameters.add(new Many(type, values.toArray()));
        return this;
    }

    Sql add(Sql other) {
        text.append(other.text);
        parameters.addAll(other.parameters);
        return this;
    }

    PreparedStatement prepare(Connection connection) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(text.toString());
        for (int i = 0; i < parameters.size(); i++) {
            if (parameters.get(i) instanceof Many many) {
                statement.setArray(i + 1, connection.createArrayOf(many.type(), many.values()));
            } else {
                statement.setObject(i + 1, parameters.get(i));
            }
        }
        return statement;
    }
}
