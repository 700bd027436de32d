package org.caravan.hub.connector;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.caravan.common.UserError;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.config.Settings;
import org.caravan.invoice.ConnectorName;

/** A new connector's file, made from one that works. */
public final class Skeleton {
    private static final String HEAD =
            """
            # Connector %1$s, begun from %2$s.
            #
            # What it gets: the document as body (JSON, docs/connectors.md), and headers: CamelCaravanInvoiceKey (the same for ever),
            # CamelCaravanInvoiceNumber, CamelCaravanInvoiceKind, CamelCaravanAccount, CamelCaravanMonth, CamelCaravanTotal,
            # CamelCaravanCurrency, CamelCaravanAttempt, CamelCaravanOperation (commit, or ask where it can be asked).
            # What it answers: the header CamelCaravanErpReference once the ERP has the invoice; CamelCaravanErpTotal and
            # CamelCaravanErpCurrency as the ERP computed them, where it tells. Asked: the reference, or CamelCaravanLookup = absent.
            # What it throws: org.caravan.invoice.RefusedException (this document, for good), org.caravan.invoice.NotSentException
            # (certainly nothing was done; tried again), anything else: nobody knows.
            #
            # 1. Say in caravan/repeat what the ERP promises: safe, lookup or never. Promise nothing that is not so.
            # 2. Change properties (what it is told) and template (what it does).
            # 3. Tell it: camel.kamelet.%1$s-sink.PROPERTY=... in config/application.properties.
            # 4. ./caravan connector test %1$s, against a test company of the ERP
            # 5. ./caravan connector apply %1$s, and name it in config/accounts.yaml or routes/fan-out.camel.yaml
            """;

    private Skeleton() {}

    /**
     * Writes it beside the others.
     *
     * @param from the connector to begin from
     * @return the new file
     * @throws UserError if there is one of that name, or none to begin from
     */
    public static Path write(HubConfig config, String name, String from) {
        ConnectorName connector = ConnectorName.of(name);
        ConnectorName model = ConnectorName.of(from);
        if (!connector.target().isEmpty()) {
            throw new UserError(
                    "connector '" + name + "': a target needs no file of its own; name it in caravan.connectors"
                            + " and tell it " + connector.prefix() + "...");
        }
        HubConnectors.files(config).find(model.base());
        Path directory = config.get(Settings.CONNECTORS);
        Path file = directory.resolve(connector.file());
        try {
            String text = Files.readString(directory.resolve(model.file()), StandardCharsets.UTF_8);
            String renamed =
                    text.replaceFirst("(?m)^(  name: )" + model.kamelet() + "\\s*$", "$1" + connector.kamelet());
            if (renamed.equals(text)) {
                throw new UserError(directory.resolve(model.file()) + ": has no line '  name: " + model.kamelet()
                        + "' below metadata; begin from another one");
            }
            Files.writeString(
                    file, HEAD.formatted(name, from) + renamed, StandardCharsets.UTF_8, StandardOpenOption.CREATE_NEW);
            return file;
        } catch (FileAlreadyExistsException e) {
            throw new UserError(file + " is there already; it is not overwritten");
        } catch (IOException e) {
            throw new UserError(1, file + ": can't be written (" + e.getMessage() + ")", e);
        }
    }
}
