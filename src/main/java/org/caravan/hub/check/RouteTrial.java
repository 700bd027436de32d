package org.caravan.hub.check;

import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.camel.BeanScope;
import org.apache.camel.CamelContext;
import org.apache.camel.Component;
import org.apache.camel.Endpoint;
import org.apache.camel.Processor;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.bean.BeanComponent;
import org.apache.camel.component.stub.StubComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.impl.engine.ExplicitCamelContextNameStrategy;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.BeanProcessorFactory;
import org.apache.camel.spi.BeanRepository;
import org.apache.camel.spi.ComponentResolver;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.DefaultRegistry;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.caravan.common.Nearest;
import org.caravan.common.UserError;
import org.caravan.hub.connector.KameletFault;
import org.caravan.hub.gnocchi.GnocchiSource;
import org.caravan.hub.inbox.InboxSource;
import org.caravan.hub.kafka.KafkaSource;
import org.caravan.hub.push.PushSource;
import org.caravan.hub.samples.SampleSource;
import org.caravan.hub.sql.SqlSource;
import org.caravan.invoice.Closer;
import org.caravan.invoice.rerate.Rerating;
import org.caravan.subscription.provision.Provisioning;

/**
 * Files of routes, loaded in a context that is thrown away. Each step is made as in the hub, but nothing starts, and in the
 * place of each endpoint stands one that leads nowhere: so no source is asked and no connector called.
 */
final class RouteTrial implements AutoCloseable {
    private static final String SERVICE = "META-INF/services/org/apache/camel/component/";

    /** What steps of routes call, by the names under which the hub binds it: methods are looked for in these classes. */
    private static final Map<String, Class<?>> CALLED = Map.ofEntries(
            Map.entry("closer", Closer.class),
            Map.entry("rerating", Rerating.class),
            Map.entry("provisioning", Provisioning.class),
            Map.entry("inbox", InboxSource.class),
            Map.entry("push", PushSource.class),
            Map.entry("sql", SqlSource.class),
            Map.entry("gnocchi", GnocchiSource.class),
            Map.entry("kafka", KafkaSource.class),
            Map.entry("ceilometer", SampleSource.class),
            Map.entry("ceilometerInbox", InboxSource.class),
            Map.entry("ceilometerKafka", KafkaSource.class));

    /** What else the hub binds for its routes, of which only the names count. */
    private static final Set<String> NAMED = Set.of(
            "clock",
            "dataSource",
            "ledger",
            "rater",
            "meters",
            "metering",
            "accounts",
            "deliverySettings",
            "sqlRows",
            "sqlDatabase",
            "kafkaClients",
            "ledgerPositions",
            "ceilometerFormat",
            "ceilometerClients",
            "ceilometerPositions",
            "sampleRules",
            "sampleStore");

    private final DefaultCamelContext context;
    private final Map<String, Path> ids = new LinkedHashMap<>();
    private final Options options = new Options();

    /** @param properties what routes find under <code>{{...}}</code> */
    RouteTrial(Map<String, String> properties) throws Exception {
        context = new DefaultCamelContext(new DefaultRegistry(new HubBeans()));
        context.disableJMX();
        context.setNameStrategy(new ExplicitCamelContextNameStrategy("caravan-check"));
        context.setAutoStartup(false);
        Properties initial = new Properties();
        initial.putAll(properties);
        context.getPropertiesComponent().setInitialProperties(initial);
        context.getCamelContextExtension()
                .addContextPlugin(ComponentResolver.class, (ComponentResolver) (name, ignored) -> component(name));
        context.setAutowiredEnabled(false);
        BeanProcessorFactory calls = PluginHelper.getBeanProcessorFactory(context);
        context.getCamelContextExtension().addContextPlugin(BeanProcessorFactory.class, new Calls(calls));
        context.start();
    }

    /** What a file of routes comes to. */
    record Loaded(List<String> routes, List<UserError> wrong) {}

    /** Loads a file; what is wrong with it, with its lines. */
    Loaded load(Path file) {
        List<UserError> wrong = new ArrayList<>();
        List<String> routes = new ArrayList<>();
        String text;
        try {
            text = Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            wrong.add(new UserError(file + ": can't be read (" + e.getMessage() + "); it must be UTF-8 text", e));
            return new Loaded(routes, wrong);
        }
        options.begin();
        try {
            Resource resource = ResourceHelper.fromBytes("file:" + file, text.getBytes(StandardCharsets.UTF_8));
            for (RoutesBuilder builder : PluginHelper.getRoutesLoader(context).findRoutesBuilders(resource)) {
                List<UserError> found = add(builder, file, text);
                wrong.addAll(found);
                if (builder instanceof RouteBuilder made) {
                    for (RouteDefinition route : made.getRouteCollection().getRoutes()) {
                        routes.add(route.getRouteId());
                        Path other = ids.put(route.getRouteId(), file);
                        if (other != null) {
                            wrong.add(new UserError(place(file, text, route.getRouteId()) + "route '"
                                    + route.getRouteId() + "' is in " + other + ", too; give it another id"));
                        }
                    }
                }
            }
        } catch (Exception | LinkageError e) {
            wrong.add(KameletFault.of(file, text, e));
        }
        options.wrong().forEach((option, problem) -> wrong.add(new UserError(place(file, text, option) + problem)));
        return new Loaded(routes, wrong);
    }

    /** All routes of a builder; where that fails each by itself, as the first that fails keeps the others from being looked at. */
    private List<UserError> add(RoutesBuilder builder, Path file, String text) {
        try {
            context.addRoutes(builder);
            return List.of();
        } catch (Exception | LinkageError e) {
            List<UserError> wrong = new ArrayList<>();
            if (builder instanceof RouteBuilder made) {
                for (RouteDefinition route : made.getRouteCollection().getRoutes()) {
                    try {
                        context.addRouteDefinitions(List.of(route));
                    } catch (Exception | LinkageError ofRoute) {
                        wrong.add(KameletFault.of(file, text, ofRoute));
                    }
                }
            }
            return wrong.isEmpty() ? List.of(KameletFault.of(file, text, e)) : wrong;
        }
    }

    private static String place(Path file, String text, String piece) {
        int line = KameletFault.where(text, piece);
        return file + (line > 0 ? ":" + line : "") + ": ";
    }

    /** Null where there is none. */
    private Component component(String name) {
        if (name.equals("bean")) {
            // steps that call beans are made with it, and it asks nobody
            return new BeanComponent();
        }
        return isThere(name) ? new Nowhere(name, options) : null;
    }

    private static boolean isThere(String component) {
        return RouteTrial.class.getClassLoader().getResource(SERVICE + component) != null;
    }

    @Override
    public void close() {
        context.stop();
    }

    /** Options of endpoints that their components do not have. */
    private final class Options {
        private final Map<String, String> wrong = new LinkedHashMap<>();

        void begin() {
            wrong.clear();
        }

        Map<String, String> wrong() {
            return wrong;
        }

        void look(String component, Map<String, Object> parameters) {
            Map<String, String> texts = new HashMap<>();
            parameters.forEach((name, value) -> texts.put(name, String.valueOf(value)));
            EndpointOptions.problems(context, component, texts).forEach(wrong::put);
        }
    }

    /** In the place of a component that is there. */
    private static final class Nowhere extends StubComponent {
        private final String name;
        private final Options options;

        Nowhere(String name, Options options) {
            this.name = name;
            this.options = options;
        }

        @Override
        protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters)
                throws Exception {
            options.look(name, parameters);
            return super.createEndpoint(uri, remaining, new HashMap<>());
        }

        @Override
        protected void validateParameters(String uri, Map<String, Object> parameters, String prefix) {
            // they were looked at as its own
        }
    }

    /** Steps that call beans: of the hub's, which are not here, it is seen whether they have the method. */
    private record Calls(BeanProcessorFactory others) implements BeanProcessorFactory {
        @Override
        public Processor createBeanProcessor(CamelContext context, Object bean, Method method) throws Exception {
            return others.createBeanProcessor(context, bean, method);
        }

        @Override
        public Processor createBeanProcessor(
                CamelContext context,
                Object bean,
                String beanType,
                Class<?> beanClass,
                String ref,
                String method,
                BeanScope scope)
                throws Exception {
            Class<?> called = ref == null ? null : CALLED.get(ref);
            if (called == null) {
                return others.createBeanProcessor(context, bean, beanType, beanClass, ref, method, scope);
            }
            List<String> methods = Arrays.stream(called.getMethods())
                    .filter(known -> known.getDeclaringClass() != Object.class)
                    .map(Method::getName)
                    .distinct()
                    .toList();
            String name = method == null ? null : method.replaceFirst("\\(.*", "");
            if (name != null && !methods.contains(name)) {
                throw new UserError("bean " + ref + " has no method '" + name + "'" + Nearest.hint(name, methods));
            }
            return exchange -> {};
        }
    }

    /** The hub's beans, of which routes only need that they are there. */
    private static final class HubBeans implements BeanRepository {
        @Override
        public Object lookupByName(String name) {
            Class<?> called = CALLED.get(name);
            return called != null ? called : NAMED.contains(name) ? new Object() : null;
        }

        @Override
        public <T> T lookupByNameAndType(String name, Class<T> type) {
            if (type == Object.class) {
                return type.cast(lookupByName(name));
            }
            return type.isInterface() && lookupByName(name) != null
                    ? type.cast(Proxy.newProxyInstance(
                            type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> null))
                    : null;
        }

        @Override
        public <T> Map<String, T> findByTypeWithName(Class<T> type) {
            return Map.of();
        }

        @Override
        public <T> Set<T> findByType(Class<T> type) {
            return Set.of();
        }
    }
}
