package org.caravan.api.rating;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.caravan.api.http.Answer;
import org.caravan.api.http.Policy;
import org.caravan.api.http.Request;
import org.caravan.api.http.RoutingTable;
import org.caravan.common.Decimals;
import org.caravan.ledger.report.Aggregate;
import org.caravan.ledger.report.Field;
import org.caravan.ledger.report.Filter;
import org.caravan.ledger.report.SummaryPage;
import org.caravan.ledger.report.SummaryQuery;

/** {@code /v1/report}: what usage cost, by tenant and meter. */
final class ReportRoutes {
    private static final String SUMMARY = "report:get_summary";
    private static final String TOTAL = "report:get_total";
    private static final String TENANTS = "report:list_tenants";

    private static final String TENANT = "tenant_id";
    private static final String TYPE = "res_type";
    private static final String ALL = "ALL";

    /** Digits after the point of a summary's rate. */
    private static final int RATE_DIGITS = 5;

    private final BilledUsage usage;
    private final Clock clock;

    ReportRoutes(BilledUsage usage, Clock clock) {
        this.usage = usage;
        this.clock = clock;
    }

    void addTo(RoutingTable.Builder routes) {
        routes.rule(SUMMARY).add("GET", "/v1/report/summary", Policy.READER, Reporting.of(this::summary));
        routes.rule(TOTAL).add("GET", "/v1/report/total", Policy.READER, Reporting.of(this::total));
        routes.rule(TENANTS).add("GET", "/v1/report/tenants", Policy.ADMIN, Reporting.of(this::tenants));
    }

    private Answer summary(Request request) throws SQLException {
        Arguments arguments = Arguments.of(request, "begin", "end", TENANT, "service", "groupby", "all_tenants");
        Set<String> words = words(request);
        List<Field> groupBy = new ArrayList<>();
        if (words.contains(TENANT)) {
            groupBy.add(Field.TENANT);
        }
        if (words.contains(TYPE)) {
            groupBy.add(Field.METER);
        }
        SummaryQuery query = query(request, arguments, SUMMARY, groupBy);
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ArrayNode summary = body.putArray("summary");
        for (SummaryPage.Row row : rows(request, query)) {
            summary.addObject()
                    .put("begin", Dates.naive(query.begin()))
                    .put("end", Dates.naive(query.end()))
                    .put(TENANT, value(row, groupBy, Field.TENANT))
                    .put(TYPE, value(row, groupBy, Field.METER))
                    .put("rate", rate(row.figures().get(0)));
        }
        if (groupBy.isEmpty() && summary.isEmpty()) {
            summary.addObject()
                    .put("begin", Dates.naive(query.begin()))
                    .put("end", Dates.naive(query.end()))
                    .put(TENANT, ALL)
                    .put(TYPE, ALL)
                    .put("rate", "0");
        }
        return Answer.json(200, body);
    }

    private Answer total(Request request) throws SQLException {
        Arguments arguments = Arguments.of(request, "begin", "end", TENANT, "service", "all_tenants");
        List<SummaryPage.Row> rows = rows(request, query(request, arguments, TOTAL, List.of()));
        return Answer.json(
                200,
                TextNode.valueOf(
                        rows.isEmpty()
                                ? "0"
                                : Decimals.plain(rows.get(0).figures().get(0))));
    }

    private Answer tenants(Request request) throws SQLException {
        Arguments arguments = Arguments.of(request, "begin", "end");
        ArrayNode tenants = JsonNodeFactory.instance.arrayNode();
        rows(request, query(request, arguments, TENANTS, List.of(Field.TENANT)))
                .forEach(row -> tenants.add(row.values().get(0)));
        return Answer.json(200, tenants);
    }

    /** What to group by: words with commas between them. */
    private static Set<String> words(Request request) {
        Set<String> words = new LinkedHashSet<>();
        for (String value : request.arguments("groupby")) {
            for (String word : value.split(",")) {
                if (!word.isBlank() && !List.of(TENANT, TYPE).contains(word.strip())) {
                    throw Invalid.input("groupby", value, "Value should be one of: " + TYPE + ", " + TENANT);
                }
                words.add(word.strip());
            }
        }
        return words;
    }

    private static Instant otherwise(Instant said, Instant otherwise) {
        return said == null ? otherwise : said;
    }

    /** An argument; null also where it is empty. */
    private static String text(Arguments arguments, String name) {
        String text = arguments.text(name);
        return text == null || text.isEmpty() ? null : text;
    }

    private SummaryQuery query(Request request, Arguments arguments, String rule, List<Field> groupBy) {
        Instant begin = otherwise(arguments.start("begin"), Dates.monthStart(clock));
        Instant end = otherwise(arguments.start("end"), Dates.nextMonth(clock));
        List<Filter> filters = new ArrayList<>();
        Visibility visibility = Visibility.of(request.caller());
        String asked = rule.equals(TENANTS) ? null : text(arguments, TENANT);
        boolean all = !rule.equals(TENANTS) && arguments.flag("all_tenants");
        if (!visibility.isNothing() || asked != null || all) {
            String tenant = rule.equals(TENANTS) ? null : visibility.tenant(asked, all, rule);
            if (tenant != null) {
                filters.add(Filter.of(Field.TENANT, tenant));
            }
        }
        if (!rule.equals(TENANTS) && text(arguments, "service") != null) {
            filters.add(Filter.of(Field.METER, text(arguments, "service")));
        }
        return new SummaryQuery(
                usage.realm(),
                begin,
                end,
                groupBy,
                filters,
                List.of(Aggregate.sum(Aggregate.Measure.PRICE, "rate")),
                0,
                usage.reports().settings().maxRows());
    }

    /** All rows: v1 has no pages. */
    private List<SummaryPage.Row> rows(Request request, SummaryQuery query) throws SQLException {
        if (Visibility.of(request.caller()).isNothing()) {
            return List.of();
        }
        SummaryPage page = usage.reports().summary(query);
        usage.reports().checkWhole(page.total());
        return page.rows();
    }

    private static String value(SummaryPage.Row row, List<Field> groupBy, Field field) {
        int index = groupBy.indexOf(field);
        return index < 0 ? ALL : row.values().get(index);
    }

    /** As invoices round a line. */
    private static String rate(BigDecimal amount) {
        return Decimals.plain(amount.setScale(RATE_DIGITS, RoundingMode.HALF_UP));
    }
}
