package org.caravan.api.rating;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.caravan.api.http.Answer;
import org.caravan.api.http.Policy;
import org.caravan.api.http.Request;
import org.caravan.api.http.RoutingTable;
import org.caravan.common.Decimals;
import org.caravan.ledger.report.Field;
import org.caravan.ledger.report.Filter;
import org.caravan.ledger.report.RecordPage;
import org.caravan.ledger.report.RecordQuery;
import org.caravan.metering.UsageRecord;

/** {@code /v1/storage/dataframes}: single records and what they cost. */
final class StorageRoutes {
    private static final String RULE = "storage:list_data_frames";

    private final BilledUsage usage;
    private final Clock clock;

    StorageRoutes(BilledUsage usage, Clock clock) {
        this.usage = usage;
        this.clock = clock;
    }

    void addTo(RoutingTable.Builder routes) {
        routes.rule(RULE).add("GET", "/v1/storage/dataframes", Policy.READER, Reporting.of(this::dataframes));
    }

    private Answer dataframes(Request request) throws SQLException {
        Arguments arguments = Arguments.of(request, "begin", "end", "tenant_id", "resource_type");
        String asked = text(arguments, "tenant_id");
        Visibility visibility = Visibility.of(request.caller());
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ArrayNode frames = body.putArray("dataframes");
        List<Filter> filters = new ArrayList<>();
        if (!visibility.isNothing() || asked != null) {
            String tenant = visibility.all() ? asked : visibility.tenant(asked, false, RULE);
            if (tenant != null) {
                filters.add(Filter.of(Field.TENANT, tenant));
            }
        }
        if (text(arguments, "resource_type") != null) {
            filters.add(Filter.of(Field.METER, text(arguments, "resource_type")));
        }
        RecordQuery query = new RecordQuery(
                usage.realm(),
                otherwise(arguments.start("begin"), Dates.monthStart(clock)),
                otherwise(arguments.start("end"), Dates.nextMonth(clock)),
                filters,
                0,
                1);
        if (!visibility.isNothing()) {
            usage.reports().allRecords(query).records().forEach(billed -> add(frames.addObject(), billed));
        }
        return Answer.json(200, body);
    }

    private static Instant otherwise(Instant said, Instant otherwise) {
        return said == null ? otherwise : said;
    }

    /** An argument; null also where it is empty. */
    private static String text(Arguments arguments, String name) {
        String text = arguments.text(name);
        return text == null || text.isEmpty() ? null : text;
    }

    private static void add(ObjectNode frame, RecordPage.Billed billed) {
        UsageRecord record = billed.record();
        frame.put("begin", Dates.naive(record.begin()))
                .put("end", Dates.naive(record.end()))
                .put("tenant_id", record.tenant());
        ObjectNode resource = frame.putArray("resources").addObject();
        resource.put("service", record.meter())
                .put("volume", Decimals.plain(record.quantity()))
                .put("rating", Decimals.plain(billed.amount()));
        ObjectNode desc = resource.putObject("desc");
        FrameJson.metadata(desc, record);
        FrameJson.groupby(desc, record);
        // what the client's CSV report looks for
        if (!record.resource().isEmpty()) {
            desc.put("resource_id", record.resource());
        }
    }
}
