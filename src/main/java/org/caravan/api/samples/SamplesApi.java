package org.caravan.api.samples;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.sql.SQLException;
import org.caravan.api.http.Answer;
import org.caravan.api.http.Api;
import org.caravan.api.http.ApiError;
import org.caravan.api.http.Authenticator;
import org.caravan.api.http.Caller;
import org.caravan.api.http.ErrorForm;
import org.caravan.api.http.Policy;
import org.caravan.api.http.Request;
import org.caravan.api.http.RoutingTable;
import org.caravan.ledger.SampleResult;

/** {@code /caravan/v1/samples}. */
public final class SamplesApi {
    /** Where it is served. */
    public static final String PATH = "/caravan/v1/samples";

    private SamplesApi() {}

    public static Api of(SampleIntake intake, Authenticator authenticator) {
        RoutingTable routes = new RoutingTable.Builder()
                .rule("samples:add")
                .add("POST", PATH, Policy.USER, request -> post(intake, request))
                .build();
        ErrorForm errors = (path, status, text) ->
                Answer.json(status, JsonNodeFactory.instance.objectNode().put("error", text));
        return new Api(routes, errors, authenticator);
    }

    private static Answer post(SampleIntake intake, Request request) throws SQLException {
        Caller.Grant grant = request.caller().grant();
        if (grant != null && !grant.tenants().isEmpty()) {
            // what one tenant's hours come to depends on the newest sample of any
            throw new ApiError(
                    403,
                    "This key speaks for some tenants alone; samples need one of a source that speaks for all:"
                            + " caravan key create --source NAME without --tenant.");
        }
        JsonNode body = request.json();
        if (!body.isArray() && !body.isObject()) {
            throw new ApiError(
                    400, "Expected a sample or a list of samples, as Ceilometer's HTTP publisher sends them.");
        }
        SampleResult result = intake.take(request.body());
        return Answer.json(
                200,
                JsonNodeFactory.instance
                        .objectNode()
                        .put("stored", result.stored())
                        .put("late", result.late())
                        .put("duplicate", result.duplicate())
                        .put("untrusted", result.untrusted())
                        .put("ignored", result.ignored())
                        .put("unmapped", result.unmapped())
                        .put("quarantined", result.quarantined()));
    }
}
