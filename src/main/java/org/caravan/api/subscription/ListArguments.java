package org.caravan.api.subscription;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.caravan.api.http.Request;
import org.caravan.subscription.Entity;
import org.caravan.subscription.Filter;
import org.caravan.subscription.ListQuery;
import org.caravan.subscription.Refusal;

/** The arguments of a list: {@code q.field}, {@code q.op} and {@code q.value} in step, {@code limit}, {@code marker}. */
final class ListArguments {
    private static final String FIELD = "q.field";
    private static final String OPERATOR = "q.op";
    private static final String VALUE = "q.value";
    private static final String LIMIT = "limit";
    private static final String MARKER = "marker";
    private static final String SORT = "sort_key";
    private static final Set<String> KNOWN = Set.of(FIELD, OPERATOR, VALUE, LIMIT, MARKER, SORT);
    private static final int MAX_FILTERS = 20;

    private ListArguments() {}

    /**
     * What is asked for.
     *
     * @param plain fields that may be said as arguments of their own
     * @param max most things answered, also where no limit is said
     */
    static ListQuery read(Request request, Entity entity, Set<String> plain, int max) {
        List<Filter> filters = new ArrayList<>();
        for (Map.Entry<String, List<String>> argument : request.query().entrySet()) {
            if (plain.contains(argument.getKey())) {
                argument.getValue().forEach(value -> filters.add(Filter.of(entity, argument.getKey(), "eq", value)));
            } else if (!KNOWN.contains(argument.getKey())) {
                throw Refusal.of(
                        Refusal.Kind.BAD_REQUEST,
                        "A list takes q.field, q.op, q.value, limit and marker"
                                + (plain.isEmpty()
                                        ? ""
                                        : ", and "
                                                + String.join(
                                                        ", ",
                                                        plain.stream().sorted().toList()))
                                + ", and no other argument.");
            }
        }
        List<String> fields = request.arguments(FIELD);
        List<String> operators = request.arguments(OPERATOR);
        List<String> values = request.arguments(VALUE);
        if (fields.size() != values.size() || !operators.isEmpty() && operators.size() != fields.size()) {
            throw Refusal.of(
                    Refusal.Kind.BAD_REQUEST,
                    "q.field, q.op and q.value go in step: as many of each, or no q.op at all for equality.");
        }
        for (int i = 0; i < fields.size(); i++) {
            filters.add(Filter.of(entity, fields.get(i), operators.isEmpty() ? "eq" : operators.get(i), values.get(i)));
        }
        if (filters.size() > MAX_FILTERS) {
            throw Refusal.of(Refusal.Kind.BAD_REQUEST, "A list takes at most " + MAX_FILTERS + " filters.");
        }
        sort(request.argument(SORT), entity);
        return new ListQuery(filters, limit(request.argument(LIMIT), max), request.argument(MARKER));
    }

    private static void sort(String key, Entity entity) {
        String ours = entity.field("created_at") == null ? entity.key() : "created_at";
        if (key != null && !key.equals(ours)) {
            throw Refusal.of(
                    Refusal.Kind.INVALID_SORT_KEY, "This list is in the order of " + ours + ", and in no other.");
        }
    }

    private static int limit(String text, int max) {
        if (text == null) {
            return max;
        }
        if (!text.matches("\\d{1,9}") || Integer.parseInt(text) < 1) {
            throw Refusal.of(Refusal.Kind.BAD_REQUEST, "limit must be a whole number, 1 or more.");
        }
        return Math.min(Integer.parseInt(text), max);
    }
}
