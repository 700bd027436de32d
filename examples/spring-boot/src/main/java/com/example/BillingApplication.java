package com.example;

import java.nio.file.Path;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.caravan.ledger.LedgerComponent;
import org.caravan.rating.ModuleChain;
import org.caravan.rating.Rater;
import org.caravan.rating.TariffFile;
import org.caravan.rating.hashmap.Tariff;
import org.caravan.rating.hashmap.TariffHolder;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/**
 * Caravan in an application of one's own: Spring's data source is the ledger, the routes are Caravan's own files, and what
 * is added is where usage comes from.
 */
@SpringBootApplication
public class BillingApplication {
    public static void main(String[] args) {
        SpringApplication.run(BillingApplication.class, args);
    }

    /** What prices usage: caravan-rating finds it by its type. */
    @Bean
    Rater rater(TariffFile.Result tariff) {
        return new ModuleChain(new TariffHolder(Tariff.compile(tariff.ruleSet())));
    }

    @Bean
    TariffFile.Result tariff(@Value("${billing.tariff}") Path file) {
        return TariffFile.read(file);
    }

    /** A new ledger is begun in the tariff's currency; its database is Spring's data source, found by its type, too. */
    @Bean
    CamelContextConfiguration currency(TariffFile.Result tariff) {
        return new CamelContextConfiguration() {
            @Override
            public void beforeApplicationStart(CamelContext context) {
                context.getComponent("caravan-ledger", LedgerComponent.class).setCurrency(tariff.currency());
            }

            @Override
            public void afterApplicationStart(CamelContext context) {}
        };
    }

    /** Files of a directory, given to Caravan's route metering-usage; moved only when it has committed them. */
    @Bean
    RouteBuilder usage() {
        return new RouteBuilder() {
            @Override
            public void configure() {
                from("file:{{billing.inbox}}?move=.done&moveFailed=.failed&delay=1000")
                        .routeId("usage")
                        .streamCache("false")
                        .errorHandler(noErrorHandler())
                        .setHeader("CamelCaravanSource", constant("files"))
                        .to("direct:metering-usage")
                        .log("billed: ${body}");
            }
        };
    }
}
