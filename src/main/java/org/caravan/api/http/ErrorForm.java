package org.caravan.api.http;

/** How a contract writes its errors. The path is known even where a request could not be read. */
public interface ErrorForm {
    /**
     * Any error.
     *
     * @param path of the request, as it was sent
     * @param text what is wrong, for the caller
     */
    Answer error(String path, int status, String text);

    /**
     * The answer to one who is known and may not.
     *
     * @param rule see {@link RoutingTable.Route#rule()}
     */
    default Answer forbidden(String path, String rule) {
        return error(path, 403, "You are not authorized to perform the requested action.");
    }

    /** The answer to a path that the contract doesn't have. */
    default Answer unknownPath(Request request) {
        return error(request.path(), 404, "The resource could not be found.");
    }

    /** The answer to a path that the contract has, but not with this method. */
    default Answer wrongMethod(Request request) {
        return error(request.path(), 405, "The method " + request.method() + " is not allowed for this resource.");
    }
}
