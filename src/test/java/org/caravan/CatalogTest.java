package org.caravan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.catalog.CamelCatalog;
import org.apache.camel.catalog.DefaultCamelCatalog;
import org.apache.camel.catalog.EndpointValidationResult;
import org.apache.camel.tooling.model.ComponentModel;
import org.apache.camel.tooling.model.JsonMapper;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** What Camel's tooling (designers, validators, the CLI) makes of our components, routes and connectors. */
class CatalogTest {
    private static final List<String> COMPONENTS = List.of("caravan-rating", "caravan-ledger", "caravan-invoice");

    private static CamelCatalog catalog;

    @BeforeAll
    static void addOurs() throws IOException {
        catalog = new DefaultCamelCatalog();
        for (String name : COMPONENTS) {
            String folder = name.substring("caravan-".length());
            try (InputStream json =
                    CatalogTest.class.getResourceAsStream("/META-INF/org/caravan/" + folder + "/" + name + ".json")) {
                String schema = new String(json.readAllBytes(), StandardCharsets.UTF_8);
                ComponentModel model = JsonMapper.generateComponentModel(schema);
                catalog.addComponent(name, model.getJavaType(), schema);
            }
        }
    }

    @Test
    void theCatalogKnowsOurComponentsWithAWordOnEachOption() {
        for (String name : COMPONENTS) {
            // when
            ComponentModel model = catalog.componentModel(name);
            // then
            assertThat(model.getScheme()).isEqualTo(name);
            assertThat(model.getArtifactId()).isEqualTo("caravan");
            assertThat(model.getEndpointOptions()).isNotEmpty().allSatisfy(option -> assertThat(option.getDescription())
                    .as(name + " " + option.getName())
                    .isNotBlank());
        }
        assertThat(catalog.findComponentNames()).containsAll(COMPONENTS);
    }

    @Test
    void everyEndpointOfTheShippedRoutesIsValid() throws IOException {
        // given
        Map<String, String> endpoints = new LinkedHashMap<>();
        for (Path file : files("routes", "examples")) {
            collect(file, load(file), endpoints);
        }
        // when
        Map<String, String> wrong = new LinkedHashMap<>();
        endpoints.forEach((uri, place) -> {
            EndpointValidationResult result = catalog.validateEndpointProperties(uri, true);
            if (!result.isSuccess()) {
                wrong.put(place + ": " + uri, result.summaryErrorMessage(false));
            }
        });
        // then
        assertThat(endpoints).hasSizeGreaterThan(20);
        assertThat(wrong).isEmpty();
    }

    @Test
    void aMistypedOptionIsNamed() {
        // when
        EndpointValidationResult result =
                catalog.validateEndpointProperties("caravan-invoice:outbox?kind=delivr&lanesAtOnze=3");
        // then
        assertThat(result.getInvalidEnum()).containsEntry("kind", "delivr");
        assertThat(result.getUnknown()).contains("lanesAtOnze");
    }

    @Test
    void everyConnectorIsAKameletThatTheToolingCanShow() throws IOException {
        for (Path file : files("connectors")) {
            // when
            Map<?, ?> kamelet = (Map<?, ?>) load(file);
            Map<?, ?> metadata = (Map<?, ?>) kamelet.get("metadata");
            Map<?, ?> spec = (Map<?, ?>) kamelet.get("spec");
            Map<?, ?> definition = (Map<?, ?>) spec.get("definition");
            Map<?, ?> properties = (Map<?, ?>) definition.get("properties");
            // then: what a form or `camel kamelet` shows
            assertThat(kamelet.get("apiVersion")).isEqualTo("camel.apache.org/v1");
            assertThat(kamelet.get("kind")).isEqualTo("Kamelet");
            assertThat(file.getFileName()).hasToString(metadata.get("name") + ".kamelet.yaml");
            assertThat(((Map<?, ?>) metadata.get("labels")).get("camel.apache.org/kamelet.type"))
                    .isEqualTo("sink");
            assertThat((String) definition.get("title")).isNotBlank();
            assertThat((String) definition.get("description")).isNotBlank();
            for (Map.Entry<?, ?> property : properties.entrySet()) {
                Map<?, ?> schema = (Map<?, ?>) property.getValue();
                assertThat(Set.of("string", "integer", "number", "boolean"))
                        .as(file + " " + property.getKey())
                        .contains((String) schema.get("type"));
                assertThat((String) schema.get("title")).isNotBlank();
                assertThat((String) schema.get("description")).isNotBlank();
            }
            assertThat(templateSchemes(spec)).isSubsetOf(known());
        }
    }

    // ---- reading -------------------------------------------------------------------------------------------------

    private static Set<String> templateSchemes(Map<?, ?> spec) {
        Map<String, String> endpoints = new LinkedHashMap<>();
        collect(Path.of(""), spec.get("template"), endpoints);
        return endpoints.keySet().stream()
                .map(uri -> uri.replaceFirst(":.*", ""))
                .filter(scheme -> scheme.matches("[a-z-]+"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> known() {
        Set<String> known = new TreeSet<>(catalog.findComponentNames());
        known.add("https");
        return known;
    }

    /** Every uri with its parameters, in the form of one line. */
    private static void collect(Path file, Object node, Map<String, String> endpoints) {
        if (node instanceof List<?> list) {
            list.forEach(one -> collect(file, one, endpoints));
        } else if (node instanceof Map<?, ?> map) {
            map.forEach((key, value) -> {
                if (Set.of("to", "toD").contains(key) && value instanceof String uri) {
                    endpoints.put(uri, file.toString());
                } else if (key.equals("uri") && value instanceof String uri) {
                    endpoints.put(uri + query(uri, (Map<?, ?>) map.get("parameters")), file.toString());
                } else {
                    collect(file, value, endpoints);
                }
            });
        }
    }

    private static String query(String uri, Map<?, ?> parameters) {
        if (parameters == null) {
            return "";
        }
        String path = uri.contains(":") ? "" : path(uri, parameters);
        return path
                + parameters.entrySet().stream()
                        .filter(one -> path.isEmpty() || !isPath(uri, one.getKey()))
                        .map(one -> one.getKey() + "=" + one.getValue())
                        .collect(Collectors.joining("&", uri.contains("?") ? "&" : "?", ""));
    }

    /** In YAML the path of an endpoint may stand among its parameters. */
    private static String path(String scheme, Map<?, ?> parameters) {
        return parameters.entrySet().stream()
                .filter(one -> isPath(scheme, one.getKey()))
                .map(one -> ":" + one.getValue())
                .collect(Collectors.joining());
    }

    private static boolean isPath(String scheme, Object name) {
        return catalog.componentModel(scheme).getEndpointPathOptions().stream()
                .anyMatch(option -> option.getName().equals(name));
    }

    private static Object load(Path file) throws IOException {
        return new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file));
    }

    private static List<Path> files(String... folders) throws IOException {
        List<Path> files = new ArrayList<>();
        for (String folder : folders) {
            try (Stream<Path> all = Files.list(Path.of(folder))) {
                all.filter(file -> file.toString().matches(".*[.](camel|kamelet)[.]yaml"))
                        .sorted()
                        .forEach(files::add);
            }
        }
        assertThat(files).isNotEmpty();
        return files;
    }
}
