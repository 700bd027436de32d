package org.caravan.api.push;

import java.time.Clock;
import java.util.Set;
import java.util.regex.Pattern;
import org.caravan.api.http.Answer;
import org.caravan.api.http.Api;
import org.caravan.api.http.ApiError;
import org.caravan.api.http.Authenticator;
import org.caravan.api.http.Caller;
import org.caravan.api.http.Policy;
import org.caravan.api.http.Request;
import org.caravan.api.http.RoutingTable;
import org.caravan.common.UserError;
import org.caravan.ledger.PushAnswers;

/** The contract below {@code /caravan/v1}. */
public final class PushApi {
    /** What all its paths begin with. */
    public static final String BELOW = "/caravan/v1";

    private static final String PATH = BELOW + "/usage";
    private static final Pattern IDEMPOTENCY_KEY = Pattern.compile("[\\x21-\\x7e]{1,255}");
    private static final int WAIT = 429;
    private static final int UNAVAILABLE = 503;

    private final PushSettings settings;
    private final PushAnswers answers;
    private final PushLimits limits;
    private final PushErrors errors = new PushErrors();
    private final Way way;

    /** The way of a push into the ledger: the route {@code metering-push}. */
    public interface Way {
        /** Returns once the push is committed, or was before. */
        void send(PushReceipt receipt) throws Exception;
    }

    private PushApi(PushSettings settings, PushAnswers answers, Way way, Clock clock) {
        this.settings = settings;
        this.answers = answers;
        this.limits = new PushLimits(settings, clock);
        this.way = way;
    }

    public static Api of(
            PushSettings settings, PushAnswers answers, Way way, Authenticator authenticator, Clock clock) {
        PushApi push = new PushApi(settings, answers, way, clock);
        return new Api(
                new RoutingTable.Builder()
                        .rule("usage:push")
                        .add("POST", PATH, Policy.SOURCE, push::post)
                        .build(),
                push.errors,
                authenticator,
                true);
    }

    private Answer post(Request request) throws Exception {
        Caller.Grant grant = request.caller().grant() != null
                ? request.caller().grant()
                : new Caller.Grant(settings.source(), Set.of(), true);
        String key = idempotencyKey(request);
        PushLimits.Wait wait = limits.enter(grant.subject());
        if (wait != null) {
            return errors.error(request.path(), WAIT, "Nothing was taken: " + wait.reason() + ".")
                    .with("Retry-After", Integer.toString(wait.seconds()));
        }
        try {
            return take(request, grant, key);
        } catch (UserError failed) {
            // the sender did nothing wrong, and can send it again
            throw new ApiError(UNAVAILABLE, "Nothing was taken: " + failed.getMessage(), failed);
        } finally {
            limits.leave();
        }
    }

    private Answer take(Request request, Caller.Grant grant, String key) throws Exception {
        PushFormat format = PushFormat.of(request);
        byte[] body = PushBody.of(request, settings.maxUnpacked());
        PushRecords records = PushRecords.of(body, format, settings.maxRecords());
        PushReceipt receipt = new PushReceipt(new Push(body, format, grant, records), key, answers);
        if (!receipt.find()) {
            way.send(receipt);
        }
        if (receipt.answer() == null) {
            throw new IllegalStateException(
                    "the route of pushes ended without a commit; it must end in caravan-ledger");
        }
        return receipt.answer();
    }

    /** @return null without one */
    private static String idempotencyKey(Request request) {
        String key = request.header("idempotency-key");
        if (key != null && !IDEMPOTENCY_KEY.matcher(key).matches()) {
            throw new ApiError(
                    400,
                    "Idempotency-Key: expected 1 to 255 visible ASCII characters, such as a UUID; nothing was taken.");
        }
        return key;
    }
}
