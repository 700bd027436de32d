package org.caravan.metering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.component.file.GenericFile;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.main.Main;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.caravan.common.UserError;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The data formats in routes as a user writes them. */
class DataFormatRouteTest {
    private static final String LINE = ",t,dc,r,m,1,hour,2026-10-01T00:00:00Z,2026-10-01T01:00:00Z\n";

    private final DefaultCamelContext context = new DefaultCamelContext();
    private final List<UsageBatch> seen = Collections.synchronizedList(new ArrayList<>());

    @TempDir
    Path dir;

    @BeforeEach
    void bind() {
        context.getRegistry().bind("clock", Clock.class, Reading.NOW);
        context.getRegistry().bind("position", new FilePositionProcessor());
        context.getRegistry().bind("seen", (org.apache.camel.Processor)
                exchange -> seen.add(exchange.getMessage().getBody(UsageBatch.class)));
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    private ProducerTemplate start(String yaml) throws Exception {
        PluginHelper.getRoutesLoader(context).loadRoutes(ResourceHelper.fromString("test.camel.yaml", yaml));
        context.start();
        return context.createProducerTemplate();
    }

    private static final String SPLIT =
            """
            - route:
                from:
                  uri: direct:usage
                  steps:
                    - process: {ref: position}
                    - unmarshal: {custom: {ref: caravan-csv}}
                    - split:
                        simple: "${body}"
                        streaming: true
                        stopOnException: true
                        steps:
                          - process: {ref: seen}
            """;

    @Test
    void aYamlRouteReadsAFileBatchByBatch() throws Exception {
        // given
        context.getRegistry().bind("settings", MeteringSettings.defaults().withBatchSize(2));
        Path file = Files.writeString(dir.resolve("a.csv"), Reading.HEADER + "\n" + LINE.repeat(3));
        ProducerTemplate template = start(SPLIT);
        // when
        template.sendBody("direct:usage", file.toFile());
        // then
        String key = FilePosition.of(file);
        assertThat(seen)
                .extracting(UsageBatch::positions)
                .containsExactly(
                        List.of(new PositionRange("files", key, 1, 4, false)),
                        List.of(new PositionRange("files", key, 4, 5, true)));
        assertThat(seen).extracting(UsageBatch::size).containsExactly(2, 1);
    }

    @Test
    void aYamlRouteReadsFromAFileEndpoint() throws Exception {
        // given
        Files.writeString(dir.resolve("in.csv"), Reading.HEADER + "\n" + LINE);
        start(
                """
                - route:
                    from:
                      uri: file:%s
                      parameters: {initialDelay: 0, delay: 50, noop: true}
                      steps:
                        - process: {ref: position}
                        - unmarshal: {custom: {ref: caravan-csv}}
                        - split:
                            simple: "${body}"
                            streaming: true
                            stopOnException: true
                            steps:
                              - process: {ref: seen}
                        - to: {uri: "mock:done"}
                """
                        .formatted(dir));
        MockEndpoint done = context.getEndpoint("mock:done", MockEndpoint.class);
        // when
        done.expectedMessageCount(1);
        done.assertIsSatisfied();
        // then
        assertThat(seen).singleElement().extracting(UsageBatch::size).isEqualTo(1);
        assertThat(done.getExchanges().get(0).getMessage().getHeader(CaravanHeaders.SOURCE))
                .isEqualTo("files");
    }

    @Test
    void jsonLinesAreReadAndWritten() throws Exception {
        // given
        ProducerTemplate template = start(
                """
                - route:
                    from:
                      uri: direct:usage
                      steps:
                        - unmarshal: {custom: {ref: caravan-jsonl}}
                        - marshal: {custom: {ref: caravan-jsonl}}
                """);
        String line =
                "{\"tenant\":\"t\",\"datacenter\":\"dc\",\"resource\":\"r\",\"meter\":\"m\",\"quantity\":\"1.50\","
                        + "\"begin\":\"2026-10-01T00:00:00Z\",\"end\":\"2026-10-01T01:00:00Z\",\"metadata\":{\"n\":7}}\n";
        // when
        String written = template.requestBody("direct:usage", line, String.class);
        // then
        assertThat(written).isEqualTo(line.replace("1.50", "1.5"));
    }

    @Test
    void csvIsOnlyRead() throws Exception {
        // given
        ProducerTemplate template = start(
                """
                - route:
                    from:
                      uri: direct:usage
                      steps:
                        - marshal: {custom: {ref: caravan-csv}}
                """);
        // when
        var writing = assertThatThrownBy(() -> template.sendBody("direct:usage", new UsageBatch(1)));
        // then
        writing.isInstanceOf(CamelExecutionException.class)
                .cause()
                .hasMessageContaining("write usage as caravan-jsonl");
    }

    @Test
    void bodiesOfAllKindsAreRead() throws Exception {
        // given
        String text = Reading.HEADER + "\n" + LINE;
        Path file = Files.writeString(dir.resolve("b.csv"), text);
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        }
        GenericFile<Object> generic = new GenericFile<>();
        generic.setFile(file.toFile());
        ProducerTemplate template = start(SPLIT.replace("        - process: {ref: position}\n", ""));
        // when
        for (Object body : List.of(
                text,
                text.getBytes(StandardCharsets.UTF_8),
                packed.toByteArray(),
                Files.newInputStream(file),
                file,
                file.toFile(),
                generic)) {
            template.sendBody("direct:usage", body);
        }
        // then
        assertThat(seen).hasSize(7).allSatisfy(batch -> {
            assertThat(batch.size()).isEqualTo(1);
            assertThat(batch.positions()).isEmpty();
        });
    }

    @Test
    void aMissingColumnIsAUserErrorThatNamesTheFile() throws Exception {
        // given
        ProducerTemplate template = start(SPLIT.replace("        - process: {ref: position}\n", ""));
        String text = Reading.HEADER.replace("tenant", "tennant") + "\n";
        // when
        var reading = assertThatThrownBy(
                () -> template.sendBodyAndHeader("direct:usage", text, Exchange.FILE_NAME, "october.csv"));
        // then
        reading.cause()
                .isInstanceOf(UserError.class)
                .hasMessage("file october.csv: column 'tenant' is missing in the header line; is it 'tennant'?");
    }

    @Test
    void aRefusedFileFailsTheExchange() throws Exception {
        // given
        context.getRegistry().bind("settings", MeteringSettings.defaults().with("refuseAbove", 1));
        ProducerTemplate template = start(SPLIT.replace("        - process: {ref: position}\n", ""));
        // when
        var reading = assertThatThrownBy(() -> template.sendBody("direct:usage", Reading.HEADER + "\nx\ny\n" + LINE));
        // then
        reading.cause()
                .isInstanceOf(UserError.class)
                .hasMessageContaining("refused: 2 of 3 lines unusable")
                .hasMessageContaining("first: line 2: 1 cell where the header has 9; line 3:");
        assertThat(seen).isEmpty();
    }

    @Test
    void aFailingStepStopsTheReadAheadThread() throws Exception {
        // given a reader that is ahead of a step that fails
        context.getRegistry()
                .bind("settings", MeteringSettings.defaults().withBatchSize(1).withReadAhead(1));
        context.getRegistry().bind("failing", (org.apache.camel.Processor) exchange -> {
            throw new IllegalStateException("no");
        });
        ProducerTemplate template = start(
                SPLIT.replace("        - process: {ref: position}\n", "").replace("{ref: seen}", "{ref: failing}"));
        // when
        assertThatThrownBy(() -> template.sendBody("direct:usage", Reading.HEADER + "\n" + LINE.repeat(100)))
                .hasRootCauseMessage("no");
        // then
        ReadAheadTest.awaitNoReaderThread();
    }

    @Test
    void twoCataloguesInTheRegistryAreAnErrorAndNotNone() {
        // given
        context.getRegistry().bind("a", MeterCatalog.parse("meters: {a: {unit: GB}}", "a.yaml"));
        context.getRegistry().bind("b", MeterCatalog.parse("meters: {a: {unit: B}}", "b.yaml"));
        // when
        var starting = assertThatThrownBy(() -> start(SPLIT));
        // then
        starting.hasRootCauseInstanceOf(UserError.class)
                .rootCause()
                .hasMessage(
                        "caravan-csv: the registry holds 2 beans of type org.caravan.metering.MeterCatalog; bind one");
    }

    @Test
    void mainSetsOptionsOfTheDataFormat() throws Exception {
        // given
        Main main = new Main();
        main.addInitialProperty("camel.dataformat.caravan-csv.batchSize", "2");
        main.bind("clock", Reading.NOW);
        main.bind("seen", (org.apache.camel.Processor)
                exchange -> seen.add(exchange.getMessage().getBody(UsageBatch.class)));
        Path routes = Files.writeString(
                dir.resolve("r.camel.yaml"), SPLIT.replace("        - process: {ref: position}\n", ""));
        main.configure().setRoutesIncludePattern("file:" + routes);
        // when
        main.start();
        try {
            main.getCamelTemplate().sendBody("direct:usage", Reading.HEADER + "\n" + LINE.repeat(3));
        } finally {
            main.stop();
        }
        // then
        assertThat(seen).extracting(UsageBatch::size).containsExactly(2, 1);
    }
}
