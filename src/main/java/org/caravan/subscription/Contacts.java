package org.caravan.subscription;

import com.fasterxml.jackson.databind.JsonNode;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.UUID;

/** Where a customer can be reached: a list that belongs to it, replaced as a whole. */
final class Contacts {
    private static final int MAX = 50;
    private static final List<Field> FIELDS = List.of(
            Field.text("id", 255),
            Field.text("first_name", 255),
            Field.text("last_name", 255),
            Field.text("company", 255),
            Field.text("address1", 255),
            Field.text("address2", 255),
            Field.text("address3", 255),
            Field.text("locality", 60),
            Field.text("region", 60),
            Field.text("country_name", 255),
            Field.text("postal_code", 40),
            Field.text("phone", 255),
            Field.text("email", 255),
            Field.text("website", 255));
    private static final Entity ENTITY = Entity.keyed("ContactInfo", "contact_info", "", "id", FIELDS);

    private Contacts() {}

    /** The expression that reads a customer's list. */
    static String sql() {
        StringJoiner pairs = new StringJoiner(", ");
        FIELDS.forEach(field -> pairs.add("'" + field.name() + "', c." + field.name()));
        return "(select coalesce(jsonb_agg(jsonb_build_object(" + pairs
                + ") order by c.place), '[]') from contact_info c where c.customer_id = t.id)";
    }

    /** What is wrong with the list is said of the field that holds it. */
    static List<Entry> read(JsonNode list) {
        if (!list.isArray() || list.size() > MAX) {
            throw Refusal.invalid("contact_info", "must be a list of at most " + MAX + " contacts");
        }
        List<Entry> contacts = new ArrayList<>();
        for (JsonNode contact : list) {
            try {
                contacts.add(EntryReader.create(ENTITY, contact));
            } catch (Refusal e) {
                throw Refusal.invalid("contact_info", "contact " + (contacts.size() + 1) + ": " + e.getMessage());
            }
        }
        return contacts;
    }

    /**
     * Replaces a customer's contacts; those that name the id of one that it had keep it.
     *
     * @return the ids, in order
     */
    static List<String> replace(Connection connection, String customer, List<Entry> contacts) throws SQLException {
        Set<String> known = new HashSet<>();
        String had = EntityRows.ask(
                connection, "select string_agg(id, ' ') from contact_info where customer_id = ?", customer);
        if (had != null) {
            known.addAll(List.of(had.split(" ")));
        }
        EntityRows.run(connection, "delete from contact_info where customer_id = ?", customer);
        List<String> ids = new ArrayList<>();
        for (Entry contact : contacts) {
            String id = known.remove(contact.text("id"))
                    ? contact.text("id")
                    : UUID.randomUUID().toString();
            Map<String, Object> columns = new LinkedHashMap<>();
            contact.names().forEach(name -> columns.put(name, contact.get(name)));
            columns.put("id", id);
            columns.put("customer_id", customer);
            columns.put("place", ids.size());
            EntityRows.insert(connection, "contact_info", columns);
            ids.add(id);
        }
        return ids;
    }
}
