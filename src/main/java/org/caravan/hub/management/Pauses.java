package org.caravan.hub.management;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.caravan.hub.management.Finding.Area;

/**
 * What a person has paused in this hub. A route that is stopped by order is no reason to send the hub no requests; that
 * somebody may have forgotten it needs a person.
 */
final class Pauses {
    private final Map<String, Pause> byKind = new ConcurrentSkipListMap<>();

    private record Pause(String source, List<String> routes) {}

    void begin(String kind, String source, List<String> routes) {
        byKind.put(kind, new Pause(source, List.copyOf(routes)));
    }

    void end(String kind) {
        byKind.remove(kind);
    }

    /** @param check id of a check of Camel's, such as {@code route:metering-files} or {@code consumer:metering-files} */
    boolean explain(String check) {
        String route = check.substring(check.indexOf(':') + 1);
        return byKind.values().stream().anyMatch(pause -> pause.routes().contains(route));
    }

    List<Finding> findings() {
        return byKind.values().stream()
                .map(pause -> new Finding(
                        Area.SOURCES,
                        "source " + pause.source() + " is paused in this hub by an order over JMX",
                        "order resume of the bean sources/" + pause.source() + ", or start the hub again"))
                .toList();
    }
}
