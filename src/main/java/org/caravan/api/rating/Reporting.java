package org.caravan.api.rating;

import org.caravan.api.http.ApiError;
import org.caravan.api.http.RoutingTable.Handler;
import org.caravan.ledger.report.ReportBusyException;

/** Says of a report that takes too long that it can be asked again. */
final class Reporting {
    private static final int UNAVAILABLE = 503;

    private Reporting() {}

    static Handler of(Handler handler) {
        return request -> {
            try {
                return handler.handle(request);
            } catch (ReportBusyException e) {
                throw new ApiError(UNAVAILABLE, e.getMessage(), e);
            }
        };
    }
}
