package org.caravan.hub.management;

import org.apache.camel.ManagementStatisticsLevel;
import org.apache.camel.main.Main;

/**
 * What Hawtio's Camel view can show and Camel does not keep by itself: {@code caravan.management=full}. Each costs a little
 * per exchange, which is a batch here; tracer and debugger cost next to nothing before somebody switches them on.
 */
final class FullManagement {
    private FullManagement() {}

    static void configure(Main main) {
        main.configure()
                .withMessageHistory(true)
                .withSourceLocationEnabled(true)
                .withInflightRepositoryBrowseEnabled(true)
                .withLoadStatisticsEnabled(true)
                .withEndpointRuntimeStatisticsEnabled(true)
                // not the steps of connectors: their attributes hold what the connector is told, passwords and all
                .withJmxManagementStatisticsLevel(ManagementStatisticsLevel.Extended);
        main.configure().tracerConfig().withStandby(true);
        // no port of its own: who may look comes by the virtual machine's own JMX, or by an agent that asks for a
        // password
        main.configure().debuggerConfig().withStandby(true).withJmxConnectorEnabled(false);
    }
}
