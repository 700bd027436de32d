package org.caravan.api.rating;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.SQLException;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.caravan.api.http.Answer;
import org.caravan.api.http.ApiError;
import org.caravan.api.http.Policy;
import org.caravan.api.http.Request;
import org.caravan.api.http.RoutingTable;
import org.caravan.ledger.report.Aggregate;
import org.caravan.ledger.report.Field;
import org.caravan.ledger.report.SummaryPage;
import org.caravan.ledger.report.SummaryQuery;

/** {@code /v2/summary}: quantity and cost by whatever fields are asked for. */
final class SummaryRoutes {
    private static final String TABLE = "table";
    private static final String OBJECT = "object";
    private static final String BEGIN = "begin";
    private static final String END = "end";

    private final BilledUsage usage;
    private final Clock clock;

    SummaryRoutes(BilledUsage usage, Clock clock) {
        this.usage = usage;
        this.clock = clock;
    }

    void addTo(RoutingTable.Builder routes) {
        routes.rule("summary:get_summary").add("GET", "/v2/summary", Policy.READER, Reporting.of(this::summary));
    }

    private Answer summary(Request request) throws SQLException {
        V2Arguments arguments = new V2Arguments(
                request, "response_format", "custom_fields", "groupby", "filters", BEGIN, END, "offset", "limit");
        String format = format(arguments);
        List<GroupKey> keys = GroupKey.of(arguments.many("groupby"));
        List<Aggregate> figures = CustomFields.read(
                arguments.single("custom_fields"), columns(keys), reason -> arguments.invalid("custom_fields", reason));
        Visibility visibility = Visibility.of(request.caller());
        if (visibility.isNothing()) {
            return answer(format, keys, figures, new SummaryPage(0, List.of()));
        }
        List<Field> groupBy = keys.stream().map(GroupKey::field).toList();
        SummaryQuery query = new SummaryQuery(
                usage.realm(),
                arguments.time(BEGIN, Dates.monthStart(clock)),
                arguments.time(END, Dates.nextMonth(clock)),
                groupBy,
                GroupKey.filters(arguments.pairs("filters", false), visibility),
                figures,
                arguments.offset(),
                arguments.limit());
        return answer(format, keys, figures, usage.reports().summary(query));
    }

    private static String format(V2Arguments arguments) {
        String format = arguments.single("response_format");
        if (format != null && !format.equals(TABLE) && !format.equals(OBJECT)) {
            throw new ApiError(
                    400,
                    "Invalid response format [" + format + "]. Valid format are [['" + TABLE + "', '" + OBJECT
                            + "']].");
        }
        return format == null ? TABLE : format;
    }

    /** Names that figures can't have. */
    private static Set<String> columns(List<GroupKey> keys) {
        Set<String> columns = new HashSet<>(Set.of(BEGIN, END));
        keys.forEach(key -> columns.add(key.name()));
        return columns;
    }

    private static Answer answer(String format, List<GroupKey> keys, List<Aggregate> figures, SummaryPage page) {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("total", page.total());
        if (format.equals(TABLE)) {
            ArrayNode columns = body.putArray("columns");
            if (!page.rows().isEmpty()) {
                columns.add(BEGIN).add(END);
                figures.forEach(figure -> columns.add(figure.name()));
                keys.stream().filter(key -> !key.isPeriod()).forEach(key -> columns.add(key.name()));
            }
            ArrayNode results = body.putArray("results");
            page.rows().forEach(row -> addList(results.addArray(), keys, row));
        } else {
            ArrayNode results = body.putArray("results");
            page.rows().forEach(row -> addObject(results.addObject(), keys, figures, row));
        }
        return Answer.json(200, body.put("format", format));
    }

    private static void addList(ArrayNode list, List<GroupKey> keys, SummaryPage.Row row) {
        list.add(Dates.withOffset(row.begin())).add(Dates.withOffset(row.end()));
        row.figures().forEach(figure -> JsonDecimal.add(list, figure));
        for (int i = 0; i < keys.size(); i++) {
            if (!keys.get(i).isPeriod()) {
                list.add(row.values().get(i));
            }
        }
    }

    private static void addObject(
            ObjectNode object, List<GroupKey> keys, List<Aggregate> figures, SummaryPage.Row row) {
        object.put(BEGIN, Dates.withOffset(row.begin())).put(END, Dates.withOffset(row.end()));
        for (int i = 0; i < figures.size(); i++) {
            JsonDecimal.put(object, figures.get(i).name(), row.figures().get(i));
        }
        for (int i = 0; i < keys.size(); i++) {
            if (!keys.get(i).isPeriod()) {
                object.put(keys.get(i).name(), row.values().get(i));
            }
        }
    }
}
