package org.caravan.hub.management;

import org.apache.camel.api.management.ManagedAttribute;
import org.apache.camel.api.management.ManagedOperation;
import org.apache.camel.api.management.ManagedResource;

/** What usage is priced by, over JMX. */
@ManagedResource(description = "The rules of the ledger, by which usage is priced as it comes in")
public final class TariffBean extends View {
    private final Commands commands;

    TariffBean(Watch watch, Commands commands) {
        super(watch);
        this.commands = commands;
    }

    @ManagedAttribute(description = "False if the rating module hashmap is switched off: then no rule prices anything")
    public boolean isHashmapEnabled() {
        Boolean on = seen(last -> last.pricing().hashmap());
        return on == null || on;
    }

    @ManagedAttribute(description = "Version of the rules; it grows with each change of them")
    public long getVersion() {
        return count(last -> last.pricing().version());
    }

    @ManagedAttribute(description = "Records of open months that nothing priced, which would be billed as 0")
    public long getUnpriced() {
        return count(last -> last.pricing().records());
    }

    @Reads
    @ManagedOperation(description = "Show the rules in force now")
    public String show() {
        return commands.run("tariff", "show");
    }

    @Reads
    @ManagedOperation(description = "Show what importing a tariff file would change, and change nothing")
    public String planImport(
            @Argument(name = "file", description = "Path of the file on the hub's machine (YAML or JSON)")
                    String file) {
        return Orders.of(commands, "tariff", "import", "--plan")
                .value("file", file)
                .run();
    }

    @ManagedOperation(
            description =
                    "Make the rules what a tariff file says; every hub rates its next batch by them, what is rated keeps"
                            + " its price")
    public String importFile(
            @Argument(name = "file", description = "Path of the file on the hub's machine (YAML or JSON)") String file,
            @Argument(name = "from", description = "From when on, such as 2026-12-01 (UTC); empty for now")
                    String from) {
        return Orders.of(commands, "tariff", "import")
                .option("--from", from)
                .value("file", file)
                .run();
    }
}
