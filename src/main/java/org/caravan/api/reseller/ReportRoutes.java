package org.caravan.api.reseller;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.SQLException;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.regex.Pattern;
import org.caravan.api.http.Answer;
import org.caravan.api.http.ApiError;
import org.caravan.api.http.Request;
import org.caravan.api.http.StreamedBody;
import org.caravan.reseller.BillingReport;
import org.caravan.reseller.ReportQuery;
import org.caravan.reseller.ReportRow;
import org.caravan.reseller.Reseller;

/** The billing report: CSV, as long as it may be. */
final class ReportRoutes {
    private static final String CSV = "text/csv; charset=utf-8";
    private static final Pattern DATE = Pattern.compile("\\d{4}-\\d{2}-\\d{2}");

    private final ResellerBackend backend;
    private final Clock clock;

    ReportRoutes(ResellerBackend backend) {
        this.backend = backend;
        this.clock = backend.clock();
    }

    void addTo(ResellerRoutes routes) {
        routes.add(ResellerCall.REPORT, this::report).add(ResellerCall.REPORT_BY_QUERY, this::report);
    }

    private Answer report(Request request, Reseller reseller) throws SQLException {
        ReportQuery query = query(request);
        if (query.all() && !reseller.all()) {
            throw new ApiError(401, "show_all_resellers is for keys that may see all resellers.");
        }
        BillingReport report = new BillingReport(backend.ledger(), backend.file(), reseller, query);
        ReportCsv csv = new ReportCsv(query);
        List<ReportRow> first = report.next();
        byte[] begin = csv.begin(first == null ? List.of() : first);
        return Answer.streamed(200, CSV, new StreamedBody(begin, () -> {
            List<ReportRow> rows = report.next();
            return rows == null ? null : csv.rows(rows);
        }));
    }

    /** Arguments of the body, else of the query. */
    private ReportQuery query(Request request) {
        JsonNode body =
                request.method().equals("POST") && request.body().length > 0 ? ResellerBody.object(request) : null;
        LocalDate today = clock.instant().atOffset(ZoneOffset.UTC).toLocalDate();
        LocalDate from = date(request, body, "start_date", null);
        LocalDate to = date(request, body, "end_date", today);
        if (to.isBefore(from)) {
            throw new ApiError(400, "end_date must not be before start_date.");
        }
        return new ReportQuery(
                from,
                to,
                flag(request, body, "detail"),
                flag(request, body, "show_federated_invoices"),
                flag(request, body, "show_all_resellers"));
    }

    /** @return null where it is left out */
    private static String text(Request request, JsonNode body, String name) {
        if (body instanceof ObjectNode && body.hasNonNull(name)) {
            JsonNode value = body.get(name);
            if (value.isContainerNode()) {
                throw new ApiError(400, name + " must be a single value.");
            }
            return value.asText();
        }
        return request.argument(name);
    }

    private static LocalDate date(Request request, JsonNode body, String name, LocalDate otherwise) {
        String text = text(request, body, name);
        if (text == null && otherwise != null) {
            return otherwise;
        }
        try {
            if (text != null && DATE.matcher(text).matches() && !text.startsWith("0000")) {
                return LocalDate.parse(text);
            }
        } catch (DateTimeException e) {
            throw new ApiError(400, name + " is no day: expected YYYY-MM-DD.", e);
        }
        throw new ApiError(400, name + (text == null ? " is needed, " : " is no day: expected ") + "YYYY-MM-DD.");
    }

    private static boolean flag(Request request, JsonNode body, String name) {
        String text = text(request, body, name);
        if (text == null || text.equalsIgnoreCase("false")) {
            return false;
        }
        if (text.equalsIgnoreCase("true")) {
            return true;
        }
        throw new ApiError(400, name + " must be true or false.");
    }
}
