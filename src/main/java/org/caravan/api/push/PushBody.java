package org.caravan.api.push;

import java.io.IOException;
import java.util.Locale;
import org.caravan.api.http.ApiError;
import org.caravan.api.http.Request;
import org.caravan.metering.Packed;

/** The body of a push, unpacked within its limit. */
final class PushBody {
    private PushBody() {}

    /**
     * The bytes of the body.
     *
     * @throws ApiError 400 if it is empty or broken, 413 if it is too long once unpacked, 415 if it is packed otherwise
     */
    static byte[] of(Request request, int maxUnpacked) {
        String coding = request.header("content-encoding");
        String name = coding == null ? "identity" : coding.strip().toLowerCase(Locale.ROOT);
        byte[] body = request.body();
        if (name.equals("gzip") || name.equals("x-gzip")) {
            body = gunzip(body, maxUnpacked);
        } else if (!name.equals("identity")) {
            throw new ApiError(
                    415, "Content-Encoding: this one is not understood here; send gzip, or the body as it is.");
        }
        if (body == null || body.length > maxUnpacked) {
            throw new ApiError(
                    413,
                    "The body is longer than " + maxUnpacked
                            + " bytes once it is unpacked (caravan.push.maxUnpacked); nothing of it was taken: cut it into"
                            + " several pushes.");
        }
        if (body.length == 0) {
            throw new ApiError(400, "The body is empty; send usage records.");
        }
        return body;
    }

    private static byte[] gunzip(byte[] packed, int maxUnpacked) {
        try {
            return Packed.gunzip(packed, maxUnpacked);
        } catch (IOException e) {
            throw new ApiError(
                    400,
                    "Content-Encoding: gzip, but the body can't be unpacked (" + e.getMessage()
                            + "); nothing of it was taken: pack it again and send it whole.",
                    e);
        }
    }
}
