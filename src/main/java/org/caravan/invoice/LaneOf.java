package org.caravan.invoice;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.caravan.common.UserError;

/** Names the lane in which a connector gets a document. */
interface LaneOf {
    /** One lane for all that a connector gets. */
    LaneOf SINGLE = (connector, document) -> "";

    /** Never null. */
    String lane(String connector, IssuedDocument document);

    /**
     * As the connectors declare it; each is asked once. One that can't be found has a single lane, where delivery will park
     * its rows and say why.
     */
    static LaneOf declared(Function<String, ConnectorInfo> connectors) {
        Map<String, ConnectorInfo> known = new HashMap<>();
        return (connector, document) -> {
            ConnectorInfo info = known.computeIfAbsent(connector, name -> {
                try {
                    return connectors.apply(name);
                } catch (UserError e) {
                    return new ConnectorInfo(name, ConnectorInfo.Repeat.NEVER, false);
                }
            });
            return info.lane(document);
        };
    }
}
