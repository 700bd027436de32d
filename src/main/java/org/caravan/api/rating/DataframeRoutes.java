package org.caravan.api.rating;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.caravan.api.http.Answer;
import org.caravan.api.http.ApiError;
import org.caravan.api.http.Policy;
import org.caravan.api.http.Request;
import org.caravan.api.http.RoutingTable;
import org.caravan.ledger.report.RecordPage;
import org.caravan.ledger.report.RecordQuery;
import org.caravan.metering.UsageRecord;

/** {@code /v2/dataframes}: single records, read and pushed. */
final class DataframeRoutes {
    private static final String PATH = "/v2/dataframes";

    private final BilledUsage usage;
    private final Clock clock;

    DataframeRoutes(BilledUsage usage, Clock clock) {
        this.usage = usage;
        this.clock = clock;
    }

    void addTo(RoutingTable.Builder routes) {
        routes.rule("dataframes:get").add("GET", PATH, Policy.READER, Reporting.of(this::get));
        routes.rule("dataframes:add").add("POST", PATH, Policy.ADMIN, this::post);
    }

    private Answer get(Request request) throws SQLException {
        V2Arguments arguments = new V2Arguments(request, "begin", "end", "filters", "offset", "limit");
        Visibility visibility = Visibility.of(request.caller());
        Map<String, List<String>> asked = arguments.pairs("filters", true);
        Instant begin = arguments.time("begin", Dates.monthStart(clock));
        Instant end = arguments.time("end", Dates.nextMonth(clock));
        long offset = arguments.offset();
        int limit = arguments.limit();
        if (visibility.isNothing()) {
            return answer(new RecordPage(0, List.of()));
        }
        RecordPage page = usage.reports()
                .records(
                        new RecordQuery(usage.realm(), begin, end, GroupKey.filters(asked, visibility), offset, limit));
        if (page.total() == 0) {
            throw new ApiError(404, "No resource found for provided filters.");
        }
        return answer(page);
    }

    private record Period(Instant begin, Instant end) {}

    private static Answer answer(RecordPage page) {
        Map<Period, Map<String, ArrayNode>> frames = new LinkedHashMap<>();
        for (RecordPage.Billed billed : page.records()) {
            UsageRecord record = billed.record();
            add(
                    frames.computeIfAbsent(new Period(record.begin(), record.end()), period -> new LinkedHashMap<>())
                            .computeIfAbsent(record.meter(), meter -> JsonNodeFactory.instance.arrayNode()),
                    billed);
        }
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("total", page.total());
        ArrayNode list = body.putArray("dataframes");
        frames.forEach((period, usage) -> {
            ObjectNode frame = list.addObject();
            frame.putObject("period")
                    .put("begin", Dates.withOffset(period.begin()))
                    .put("end", Dates.withOffset(period.end()));
            ObjectNode byMeter = frame.putObject("usage");
            usage.forEach(byMeter::set);
        });
        return Answer.json(200, body);
    }

    private static void add(ArrayNode points, RecordPage.Billed billed) {
        ObjectNode point = points.addObject();
        ObjectNode vol = point.putObject("vol").put("unit", billed.record().unit());
        JsonDecimal.put(vol, "qty", billed.record().quantity());
        JsonDecimal.put(point.putObject("rating"), "price", billed.amount());
        FrameJson.groupby(point.putObject("groupby"), billed.record());
        FrameJson.metadata(point.putObject("metadata"), billed.record());
    }

    private Answer post(Request request) throws SQLException {
        JsonNode body = FrameReader.parse(request.body());
        usage.intake().take(new FrameReader(usage.realm(), usage.intake().maxLineBytes()).lines(body), request.body());
        return Answer.empty(204);
    }
}
