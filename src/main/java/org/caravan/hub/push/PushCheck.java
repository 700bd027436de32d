package org.caravan.hub.push;

import static org.caravan.hub.source.SourceFinding.bad;
import static org.caravan.hub.source.SourceFinding.good;
import static org.caravan.hub.source.SourceFinding.warning;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.caravan.api.auth.ApiKeys;
import org.caravan.hub.http.OwnServer;
import org.caravan.hub.source.SourceCheck;
import org.caravan.hub.source.SourceFinding;
import org.caravan.ledger.PushAnswers;

/** Tries a source that is pushed to: whether a hub answers, which keys there are, when it was pushed to last. */
public final class PushCheck implements SourceCheck {
    private static final int PATIENCE_MILLIS = 10_000;

    private final String name;
    private final String url;
    private final ApiKeys keys;
    private final PushAnswers answers;

    /** @param url what the served APIs begin with */
    public PushCheck(String name, String url, ApiKeys keys, PushAnswers answers) {
        this.name = name;
        this.url = url;
        this.keys = keys;
        this.answers = answers;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String kind() {
        return PushSource.KIND;
    }

    @Override
    public List<SourceFinding> check() {
        List<SourceFinding> found = new ArrayList<>();
        found.add(reachable());
        try {
            List<ApiKeys.Listed> inForce = keys.list().stream()
                    .filter(key -> key.revokedAt() == null && name.equals(key.subject()))
                    .toList();
            found.add(
                    inForce.isEmpty()
                            ? warning(
                                    "permission",
                                    "no key of this source is in force",
                                    "make one with caravan key create --source " + name
                                            + ", or let the source go with caravan sources forget " + name)
                            : good(
                                    "permission",
                                    "keys in force: "
                                            + String.join(
                                                    ", ",
                                                    inForce.stream()
                                                            .map(ApiKeys.Listed::name)
                                                            .toList())));
            found.add(answers.lastBatch(name)
                    .map(last -> good("newest", "pushed to last at " + last))
                    .orElseGet(
                            () -> warning("newest", "was never pushed to", "see that its sender runs: docs/push.md")));
        } catch (SQLException e) {
            found.add(bad("ledger", "the ledger can't be asked: " + e.getMessage(), "see that its database runs"));
        }
        return found;
    }

    /** Asks without a key: whoever answers 401 or 405 in our form is the contract. */
    private SourceFinding reachable() {
        String remedy = "start caravan run with caravan.push=true, and see caravan.api.host and .port";
        try {
            HttpURLConnection request = (HttpURLConnection)
                    URI.create(url + "/caravan/v1/usage").toURL().openConnection(java.net.Proxy.NO_PROXY);
            OwnServer.trust(request);
            request.setInstanceFollowRedirects(false);
            request.setConnectTimeout(PATIENCE_MILLIS);
            request.setReadTimeout(PATIENCE_MILLIS);
            int status = request.getResponseCode();
            return status == 401 || status == 405
                    ? good("reachable", "a hub takes pushes at " + url + "/caravan/v1/usage")
                    : bad("reachable", url + "/caravan/v1/usage answers " + status, remedy);
        } catch (IOException | IllegalArgumentException e) {
            return bad("reachable", "no hub answers at " + url + " (" + e.getMessage() + ")", remedy);
        }
    }
}
