package org.caravan.testing.odoo;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The tables, in the form that Odoo answers: false for nothing, a link as id and name. Guarded by its owner. */
final class Records {
    private final Map<String, TreeMap<Long, Map<String, Object>>> models = new LinkedHashMap<>();
    private final Map<String, Long> last = new LinkedHashMap<>();

    TreeMap<Long, Map<String, Object>> of(String model) {
        return models.computeIfAbsent(model, m -> new TreeMap<>());
    }

    long add(String model, Map<String, Object> fields) {
        // ids are never given twice, also not those of a transaction that was rolled back
        long id = last.merge(model, 1L, Long::sum);
        fields.put("id", id);
        of(model).put(id, fields);
        return id;
    }

    List<Map<String, Object>> search(String model, List<?> domain, boolean activeOnly) {
        List<Map<String, Object>> found = new ArrayList<>();
        for (Map<String, Object> record : of(model).values()) {
            boolean hidden = activeOnly && Boolean.FALSE.equals(record.get("active"));
            if (!hidden && domain.stream().allMatch(term -> holds(record, (List<?>) term))) {
                found.add(record);
            }
        }
        return found;
    }

    private static boolean holds(Map<String, Object> record, List<?> term) {
        Object value = record.getOrDefault(term.get(0), false);
        Object is = value instanceof List<?> link && !link.isEmpty() ? link.get(0) : value;
        Object wanted = term.get(2);
        return switch ((String) term.get(1)) {
            case "=" -> same(is, wanted);
            case "in" -> ((List<?>) wanted).stream().anyMatch(one -> same(is, one));
            case ">" -> ((Number) is).longValue() > ((Number) wanted).longValue();
            case "=like" ->
                is instanceof String text
                        && text.matches(Pattern.quote((String) wanted).replace("%", "\\E.*\\Q"));
            default -> throw new IllegalArgumentException("Invalid operator " + term.get(1));
        };
    }

    private static boolean same(Object a, Object b) {
        return a instanceof Number x && b instanceof Number y ? x.longValue() == y.longValue() : a.equals(b);
    }

    static Map<String, Object> only(Map<String, Object> record, List<?> fields) {
        Map<String, Object> chosen = new LinkedHashMap<>();
        chosen.put("id", record.get("id"));
        for (Object field : fields) {
            chosen.put((String) field, record.getOrDefault(field, false));
        }
        return chosen;
    }
}
