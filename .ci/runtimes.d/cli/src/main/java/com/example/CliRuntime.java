package com.example;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import org.apache.camel.main.KameletMain;
import org.caravan.ledger.LedgerComponent;
import org.caravan.rating.ModuleChain;
import org.caravan.rating.TariffFile;
import org.caravan.rating.hashmap.Tariff;
import org.caravan.rating.hashmap.TariffHolder;

/** Caravan's shipped routes in the Camel CLI's runtime; arguments: Caravan's directory and an inbox. */
public final class CliRuntime {
    public static void main(String[] args) throws Exception {
        String home = args[0];
        HikariConfig pool = new HikariConfig();
        pool.setJdbcUrl(System.getenv("LEDGER_URL"));
        pool.setUsername(System.getenv("LEDGER_USER"));
        pool.setPassword(System.getenv("LEDGER_PASSWORD"));
        TariffFile.Result tariff = TariffFile.read(Path.of(home, "examples/tariff.yaml"));
        LedgerComponent ledger = new LedgerComponent();
        ledger.setCurrency(tariff.currency());

        KameletMain main = new KameletMain("cli");
        // what is on the class path, and nothing else
        main.setDownload(false);
        main.bind("ledger", new HikariDataSource(pool));
        main.bind("caravan-ledger", ledger);
        main.bind("rater", new ModuleChain(new TariffHolder(Tariff.compile(tariff.ruleSet()))));
        main.addInitialProperty("camel.component.kamelet.location", "file:" + home + "/connectors");
        main.addInitialProperty("caravan.route.close", "true");
        main.addInitialProperty("caravan.route.close.period", "5000");
        main.addInitialProperty("billing.inbox", args[1]);
        main.configure()
                .withRoutesIncludePattern("file:" + home + "/routes/metering-usage.camel.yaml,file:" + home
                        + "/routes/close.camel.yaml,file:" + home + "/.ci/runtimes.d/cli/usage.camel.yaml");
        main.run();
    }
}
