package org.caravan.hub.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.example.BookInvoice;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.component.kamelet.KameletComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.caravan.hub.config.HubConfig;
import org.caravan.invoice.ConnectorInfo.Repeat;
import org.caravan.invoice.InvoiceConstants;
import org.caravan.invoice.adapter.AdapterSettings;
import org.caravan.invoice.adapter.InvoiceAdapter;
import org.caravan.invoice.adapter.InvoiceAdapterFactory;
import org.caravan.invoice.adapter.InvoiceContext;
import org.caravan.invoice.document.Document;
import org.caravan.invoice.document.DocumentJson;
import org.caravan.invoice.document.Sums;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The worked example of examples/java as the connector adapter, and how an adapter is named. */
class AdapterTest {
    private static final String EXAMPLE = "com.example.BookInvoice";

    @TempDir
    Path directory;

    @Test
    void theExampleCommitsOnceAndCanBeAsked() throws Exception {
        // given
        Document document =
                Sums.of().use("vm1", "m1.small", "hour", "744", "0.048").document(new Sums.Profile().build());
        AdapterSettings settings = new AdapterSettings(EXAMPLE, Map.of("book", directory.toString()));
        // when
        Exchange before = call(settings, "ask", document);
        Exchange committed = call(settings, "commit", document);
        Exchange after = call(settings, "ask", document);
        // then
        assertThat(before.getMessage().getHeader(InvoiceConstants.LOOKUP)).isEqualTo("absent");
        assertThat(committed.getException()).isNull();
        assertThat(committed.getMessage().getHeader(InvoiceConstants.ERP_REFERENCE))
                .isEqualTo(document.number());
        assertThat(committed.getMessage().getHeader(InvoiceConstants.ERP_TOTAL))
                .isEqualTo(document.total().toPlainString());
        assertThat(after.getMessage().getHeader(InvoiceConstants.ERP_REFERENCE)).isEqualTo(document.number());
        try (var files = Files.list(directory)) {
            assertThat(files.map(AdapterTest::text).toList())
                    .containsExactly(
                            "invoice " + document.number() + " for acme in NZD\n  in por\n    m1.small 744 = 35.71\n");
        }
    }

    @Test
    void itIsNamedInTheNewAndTheOldSpellingAndSettingsPassUnchanged() throws Exception {
        // given
        Path ini = Files.writeString(
                directory.resolve("artifice.conf"),
                """
                [main]
                invoice:object="com.example:BookInvoice"
                region = x
                [invoice_object]
                database_name: billing
                csv_directory=/a:b
                [invoice:config]
                url = 'http://x?a=b'
                [other]
                database_name=no
                """);
        // when
        AdapterSettings inFile =
                HubConnectors.adapter(config("caravan.invoice.file=" + ini)).orElseThrow();
        AdapterSettings said = HubConnectors.adapter(config(
                        "caravan.invoice.file=" + ini,
                        "invoice.object=" + EXAMPLE,
                        "invoice.object.Any.Key=v",
                        "caravan.invoice.object.database_name=other"))
                .orElseThrow();
        HubConfig environment = new HubConfig.Builder(Path.of(""), Path.of(""))
                .environment(Map.of("CARAVAN_INVOICE_OBJECT", EXAMPLE, "CARAVAN_INVOICE_OBJECT_DB_PASSWORD", "s3cret"))
                .build();
        // then
        assertThat(inFile)
                .isEqualTo(new AdapterSettings(
                        EXAMPLE, Map.of("database_name", "billing", "csv_directory", "/a:b", "url", "http://x?a=b")));
        assertThat(said.object()).isEqualTo(EXAMPLE);
        assertThat(said.config())
                .containsEntry("Any.Key", "v")
                .containsEntry("database_name", "other")
                .containsEntry("csv_directory", "/a:b");
        assertThat(HubConnectors.adapter(environment).orElseThrow().config()).containsEntry("db_password", "s3cret");
        assertThat(environment.shown()).containsEntry("caravan.invoice.object.db_password", "***");
        assertThat(HubConnectors.adapter(config())).isEmpty();
    }

    @Test
    void itIsNamedInYamlWithAllThreeNamesOfItsSection() throws Exception {
        // given
        Path yaml = Files.writeString(
                directory.resolve("artifice.yaml"),
                """
                main:
                  invoice:object: com.example:BookInvoice
                  region: x
                invoice:object:
                  output_path: /srv/out
                  row_layout: [location, type, cost]
                  rates: {file: rates.csv, name: 007}
                  nothing:
                invoice_object: {database_name: billing}
                invoice:config: {url: "http://x?a=b"}
                other: {database_name: no}
                """);
        Path nameless = Files.writeString(directory.resolve("nameless.yml"), "main: {region: x}\n");
        Path comma = Files.writeString(
                directory.resolve("comma.yaml"), "main: {invoice:object: a:B}\ninvoice_object:\n  list: ['a,b']\n");
        // when
        AdapterSettings read =
                HubConnectors.adapter(config("caravan.invoice.file=" + yaml)).orElseThrow();
        // then
        assertThat(read.object()).isEqualTo(EXAMPLE);
        assertThat(read.config())
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "output_path", "/srv/out",
                        "row_layout", "location,type,cost",
                        "rates.file", "rates.csv",
                        "rates.name", "007",
                        "nothing", "",
                        "database_name", "billing",
                        "url", "http://x?a=b"));
        assertThatThrownBy(() -> HubConnectors.adapter(config("caravan.invoice.file=" + nameless)))
                .hasMessageContaining("nameless.yml: names no adapter");
        assertThatThrownBy(() -> HubConnectors.adapter(config("caravan.invoice.file=" + comma)))
                .hasMessageContaining("comma.yaml:3: invoice_object.list")
                .hasMessageContaining("comma");
    }

    @Test
    void itsFactoryIsABeanOfThatName() throws Exception {
        // given
        Document document = Sums.of().use("vm1", "m1.small", "hour", "1", "1").document(new Sums.Profile().build());
        AdapterSettings settings = new AdapterSettings("books", Map.of("book", directory.toString()));
        // when
        Exchange found = call(settings, "commit", document, Map.of(), Map.of("books", new Books()));
        Exchange other = call(settings, "commit", document, Map.of(), Map.of("books", "a text"));
        // then
        assertThat(found.getMessage().getHeader(InvoiceConstants.ERP_REFERENCE)).isEqualTo(document.number());
        assertThat(other.getException())
                .hasMessageContaining("the bean 'books' is no " + InvoiceAdapterFactory.class.getName());
    }

    @Test
    void itsFactoryIsFoundByTheServiceLoaderAsInAJarOfLib() throws Exception {
        // given
        Document document = Sums.of().use("vm1", "m1.small", "hour", "1", "1").document(new Sums.Profile().build());
        Path services = Files.createDirectories(directory.resolve("jar/META-INF/services"));
        Files.writeString(services.resolve(InvoiceAdapterFactory.class.getName()), Books.class.getName());
        AdapterSettings settings = new AdapterSettings("the books", Map.of("book", directory.toString()));
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        // when
        Exchange missing = call(settings, "commit", document);
        Exchange found;
        try (URLClassLoader lib =
                new URLClassLoader(new URL[] {directory.resolve("jar").toUri().toURL()}, before)) {
            Thread.currentThread().setContextClassLoader(lib);
            found = call(settings, "commit", document);
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
        // then
        assertThat(missing.getException()).hasMessageContaining("no bean, factory or class 'the books'");
        assertThat(found.getException()).isNull();
        assertThat(found.getMessage().getHeader(InvoiceConstants.ERP_REFERENCE)).isEqualTo(document.number());
    }

    @Test
    void aDocumentThatBillsNothingIsGivenToItOnlyWhereThatIsWanted() throws Exception {
        // given
        Document document = Sums.of().document(new Sums.Profile().build());
        Document free = Sums.of().use("vm1", "m1.small", "hour", "1", "0").document(new Sums.Profile().build());
        AdapterSettings settings = new AdapterSettings(EXAMPLE, Map.of("book", directory.toString()));
        // when
        Exchange skipped = call(settings, "commit", document);
        Exchange wanted = call(settings, "commit", document, Map.of("empty", "commit"), Map.of());
        Exchange line = call(settings, "commit", free);
        // then
        assertThat(skipped.getException()).isNull();
        assertThat(skipped.getMessage().getHeader(InvoiceConstants.ERP_REFERENCE))
                .isEqualTo("none: nothing to bill");
        assertThat(wanted.getMessage().getHeader(InvoiceConstants.ERP_REFERENCE))
                .isEqualTo(document.number());
        assertThat(line.getMessage().getHeader(InvoiceConstants.ERP_REFERENCE)).isEqualTo(free.number());
        assertThatThrownBy(() -> call(settings, "commit", document, Map.of("empty", "never"), Map.of()))
                .rootCause()
                .hasMessageContaining("empty is 'never'; it must be skip or commit");
    }

    @Test
    void itPromisesWhatItsClassCan() {
        // given / when / then
        assertThat(HubConnectors.files(config("caravan.invoice.object=" + EXAMPLE))
                        .find("adapter")
                        .repeat())
                .isEqualTo(Repeat.LOOKUP);
        assertThat(HubConnectors.files(config("caravan.invoice.object=com.example.Gone"))
                        .find("adapter")
                        .repeat())
                .isEqualTo(Repeat.NEVER);
    }

    @Test
    void whatIsNoAdapterIsNamed() throws Exception {
        // given
        Document document = Sums.of().use("vm1", "m1.small", "hour", "1", "1").document(new Sums.Profile().build());
        // when / then
        assertThat(call(new AdapterSettings("com.example.Gone", Map.of()), "commit", document)
                        .getException())
                .hasMessageContaining("no bean, factory or class 'com.example.Gone'");
        assertThat(call(new AdapterSettings("java.lang.String", Map.of()), "commit", document)
                        .getException())
                .hasMessageContaining("must implement");
        assertThatThrownBy(() -> HubConnectors.adapter(config("caravan.invoice.file=/nowhere")))
                .hasMessageContaining("/nowhere can't be read");
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static HubConfig config(String... settings) {
        return new HubConfig.Builder(Path.of(""), Path.of(""))
                .set(java.util.List.of(settings))
                .build();
    }

    /** A factory, as a jar brings it along. */
    public static final class Books implements InvoiceAdapterFactory {
        @Override
        public String name() {
            return "the books";
        }

        @Override
        public InvoiceAdapter create(InvoiceContext context) {
            return new BookInvoice(context);
        }
    }

    private static Exchange call(AdapterSettings settings, String operation, Document document) throws Exception {
        return call(settings, operation, document, Map.of(), Map.of());
    }

    private static Exchange call(
            AdapterSettings settings,
            String operation,
            Document document,
            Map<String, String> told,
            Map<String, Object> beans)
            throws Exception {
        try (CamelContext context = new DefaultCamelContext()) {
            context.getComponent("kamelet", KameletComponent.class).setLocation("file:connectors");
            told.forEach((name, value) ->
                    context.getPropertiesComponent().addInitialProperty("camel.kamelet.adapter-sink." + name, value));
            beans.forEach((name, bean) -> context.getRegistry().bind(name, bean));
            context.getRegistry().bind("settings", settings);
            context.start();
            Exchange exchange = new DefaultExchange(context);
            exchange.getMessage().setHeader(InvoiceConstants.OPERATION, operation);
            exchange.getMessage().setHeader(InvoiceConstants.INVOICE_KEY, document.key());
            exchange.getMessage().setHeader(InvoiceConstants.INVOICE_NUMBER, document.number());
            exchange.getMessage().setHeader(InvoiceConstants.ACCOUNT, document.account());
            exchange.getMessage().setHeader(InvoiceConstants.CURRENCY, document.currency());
            exchange.getMessage()
                    .setBody(
                            operation.equals("ask")
                                    ? null
                                    : new String(DocumentJson.write(document), StandardCharsets.UTF_8));
            context.createProducerTemplate().send("kamelet:adapter-sink/adapter-sink?noErrorHandler=true", exchange);
            return exchange;
        }
    }
}
