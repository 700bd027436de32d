package org.caravan.hub;

import java.time.Clock;
import java.util.Map;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.caravan.api.http.Api;
import org.caravan.api.http.Authenticator;
import org.caravan.api.push.PushApi;
import org.caravan.api.push.PushSettings;
import org.caravan.common.UserError;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.config.PushOptions;
import org.caravan.hub.config.Setting;
import org.caravan.hub.config.Settings;
import org.caravan.hub.config.SqlOptions;
import org.caravan.hub.push.PushSource;
import org.caravan.hub.push.PushWay;
import org.caravan.ledger.PushAnswers;
import org.caravan.ledger.PushedPositions;
import org.caravan.ledger.Sources;

/** Usage that is pushed, as a part of a running hub. */
final class Pushes {
    private final HubConfig config;
    private final PushAnswers answers;
    private final Clock clock;
    private final PushWay way;

    private Pushes(HubConfig config, PushAnswers answers, PushWay way, Clock clock) {
        this.config = config;
        this.way = way;
        this.answers = answers;
        this.clock = clock;
    }

    /** @throws UserError if two sources would have one name */
    static void check(HubConfig config) {
        if (!RouteProperties.takesPushes(config, Hub.Mode.RUN)) {
            return;
        }
        String name = config.get(PushOptions.SOURCE);
        refuseSame(
                config, name, Settings.INBOX_SOURCE, config.find(Settings.INBOX).isPresent());
        refuseSame(config, name, Settings.KAFKA_SOURCE, RouteProperties.readsKafka(config, Hub.Mode.RUN));
        refuseSame(config, name, SqlOptions.SOURCE, RouteProperties.readsSql(config, Hub.Mode.RUN));
    }

    private static void refuseSame(HubConfig config, String name, Setting<String> other, boolean used) {
        if (used && config.get(other).equals(name)) {
            throw new UserError(config.where(PushOptions.SOURCE.key()) + name + " is " + other.key()
                    + ", too; each source needs a name of its own");
        }
    }

    /**
     * Puts the route's bean among the others.
     *
     * @return null where nothing is pushed
     */
    static Pushes prepare(HubConfig config, DataSource ledger, Map<String, Object> beans, Clock clock) {
        if (!RouteProperties.takesPushes(config, Hub.Mode.RUN)) {
            return null;
        }
        PushAnswers answers = new PushAnswers(ledger, config.get(PushOptions.ANSWERS), clock);
        PushSource source = new PushSource(
                new Sources(ledger, clock),
                answers,
                new PushedPositions(ledger),
                config.get(Settings.CLOSE_GRACE),
                config.get(PushOptions.SETTLE),
                clock);
        beans.put("push", source);
        return new Pushes(config, answers, new PushWay(source::turnedAway), clock);
    }

    /** The contract. */
    Api api(Authenticator authenticator) {
        return PushApi.of(
                new PushSettings(
                        config.get(PushOptions.SOURCE),
                        config.integer(PushOptions.MAX_UNPACKED),
                        config.integer(PushOptions.MAX_RECORDS),
                        config.integer(PushOptions.AT_ONCE),
                        config.integer(PushOptions.PER_MINUTE)),
                answers,
                way,
                authenticator,
                clock);
    }

    /** From here on pushes are taken. */
    void open(CamelContext context) {
        way.open(context);
    }
}
