package org.caravan.invoice.erp.csv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.kamelet.KameletComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.caravan.common.UserError;
import org.caravan.invoice.document.Document;
import org.caravan.invoice.document.DocumentJson;
import org.caravan.invoice.document.Sums;
import org.caravan.metering.CaravanHeaders;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The connector as the hub uses it: loaded from its file, fed with JSON. */
class CsvDirectoryKameletTest {
    private static final String NAME = "2026-10-2026-0001-acme.csv";

    @TempDir
    Path out;

    private CamelContext context;

    @BeforeEach
    void start() {
        context = new DefaultCamelContext();
        KameletComponent kamelets = context.getComponent("kamelet", KameletComponent.class);
        kamelets.setLocation("file:connectors");
        context.start();
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    private static Document document(String quantity) {
        return Sums.of()
                .use("vm1", "m1.small", "hour", quantity, "0.048")
                .document(new Sums.Profile().tax("GST", "15").build());
    }

    private Exchange send(Document document, String options) {
        Exchange exchange = new DefaultExchange(context);
        exchange.getMessage().setBody(DocumentJson.write(document));
        exchange.getMessage().setHeader(CaravanHeaders.INVOICE_KEY, document.key());
        return send(exchange, out, options);
    }

    /** Through a route without error handling of its own, as deliveries go. */
    private Exchange send(Exchange exchange, Path directory, String options) {
        String route = "direct:" + Integer.toHexString(options.hashCode());
        synchronized (context) {
            if (context.hasEndpoint(route) == null) {
                addRoute(route, "kamelet:csv-directory-sink?directory=" + directory + options);
            }
        }
        return context.createProducerTemplate().send(route, exchange);
    }

    private void addRoute(String from, String to) {
        try {
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    errorHandler(noErrorHandler());
                    from(from).to(to);
                }
            });
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** All that lies in the directory, left behind or not, beside the notes of what was given to it. */
    private List<String> files() throws Exception {
        try (Stream<Path> files = Files.list(out)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.equals(Written.DIRECTORY))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void aDocumentBecomesAFileAndItsNameTheReference() throws Exception {
        // given
        Document document = document("744");
        // when
        Exchange exchange = send(document, "");
        // then
        assertThat(exchange.getException()).isNull();
        assertThat(exchange.getMessage().getHeaders())
                .containsEntry(CaravanHeaders.ERP_REFERENCE, NAME)
                .containsEntry(CaravanHeaders.ERP_TOTAL, "41.07");
        assertThat(files()).containsExactly(NAME);
        assertThat(Files.readString(out.resolve(NAME)))
                .isEqualTo("location,product,type,start,end,amount,unit,rate,cost,currency\r\n"
                        + "por,m1.small,m1.small,2026-10-01 00:00:00,2026-11-01 00:00:00,744,hour,0.048,35.71,NZD\r\n"
                        + ",,GST,2026-10-01 00:00:00,2026-11-01 00:00:00,,,,5.36,NZD\r\n");
    }

    @Test
    void theSameDocumentAgainIsTheSameFileAndReference() throws Exception {
        // given
        Document document = document("744");
        send(document, "");
        byte[] before = Files.readAllBytes(out.resolve(NAME));
        // when
        Exchange again = send(document, "");
        // then
        assertThat(again.getException()).isNull();
        assertThat(again.getMessage().getHeader(CaravanHeaders.ERP_REFERENCE)).isEqualTo(NAME);
        assertThat(files()).containsExactly(NAME);
        assertThat(Files.readAllBytes(out.resolve(NAME))).isEqualTo(before);
    }

    @Test
    void theSameDocumentFromManyThreadsAtOnceIsOneFile() throws Exception {
        // given
        Document document = document("744");
        ExecutorService threads = Executors.newFixedThreadPool(8);
        List<Callable<Exchange>> tasks = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            tasks.add(() -> send(document, ""));
        }
        // when
        List<Future<Exchange>> answers = threads.invokeAll(tasks);
        threads.shutdown();
        // then
        for (Future<Exchange> answer : answers) {
            assertThat(answer.get().getException()).isNull();
            assertThat(answer.get().getMessage().getHeader(CaravanHeaders.ERP_REFERENCE))
                    .isEqualTo(NAME);
        }
        assertThat(files()).containsExactly(NAME);
    }

    @Test
    void aFileOfAnotherIsNeverOverwritten() throws Exception {
        // given
        Files.writeString(out.resolve(NAME), "mine");
        // when
        Exchange exchange = send(document("744"), "");
        // then
        assertThat(exchange.getException())
                .isInstanceOf(UserError.class)
                .hasMessageContaining(out.resolve(NAME) + " exists and holds something else")
                .hasMessageContaining("move it away");
        assertThat(exchange.getMessage().getHeader(CaravanHeaders.ERP_REFERENCE))
                .isNull();
        assertThat(files()).containsExactly(NAME);
        assertThat(Files.readString(out.resolve(NAME))).isEqualTo("mine");
    }

    @Test
    void aMissingDirectoryIsRefusedWithItsName() {
        // given
        Path missing = out.resolve("missing");
        Exchange exchange = new DefaultExchange(context);
        exchange.getMessage().setBody(DocumentJson.write(document("1")));
        // when
        send(exchange, missing, "");
        // then
        assertThat(exchange.getException())
                .isInstanceOf(UserError.class)
                .hasMessageContaining(missing + " does not exist; create it");
        assertThat(missing).doesNotExist();
    }

    @Test
    void theOptionsOfTheKameletReachTheFile() throws Exception {
        // given
        Document document = document("744");
        String options =
                "&fileName=RAW({account}_{number}.csv)&rowLayout=location,type,start,end,amount,cost&header=false"
                        + "&delimiter=;";
        // when
        Exchange exchange = send(document, options);
        // then
        assertThat(exchange.getException()).isNull();
        assertThat(Files.readString(out.resolve("acme_2026-0001.csv")))
                .startsWith("por;m1.small;2026-10-01 00:00:00;2026-11-01 00:00:00;744;35.71\r\n");
    }

    @Test
    void anUnfitOptionIsRefusedWhereTheRouteIsMade() {
        // given
        String options = "&rowLayout=location,costs";
        // when, then
        assertThatThrownBy(() -> addRoute("direct:unfit", "kamelet:csv-directory-sink?directory=" + out + options))
                .hasRootCauseInstanceOf(UserError.class)
                .hasStackTraceContaining("unknown column 'costs'; did you mean 'cost'?");
    }

    @Test
    void theBodyMustBeTheDocumentOfTheHeader() throws Exception {
        // given
        Exchange exchange = new DefaultExchange(context);
        exchange.getMessage().setBody(DocumentJson.write(document("1")));
        exchange.getMessage().setHeader(CaravanHeaders.INVOICE_KEY, "hub:other:2026-10:1");
        // when
        send(exchange, out, "");
        // then
        assertThat(exchange.getException()).isInstanceOf(UserError.class).hasMessageContaining("hub:other:2026-10:1");
        assertThat(files()).isEmpty();
    }

    @Test
    void aDirectoryGivenByConfigurationNeedsNoOptionInTheRoute() throws Exception {
        // given
        context.getPropertiesComponent()
                .addInitialProperty("camel.kamelet.csv-directory-sink.directory", out.toString());
        addRoute("direct:configured", "kamelet:csv-directory-sink");
        // when
        context.createProducerTemplate().sendBody("direct:configured", DocumentJson.write(document("1")));
        // then
        assertThat(files()).containsExactly(NAME);
    }
}
