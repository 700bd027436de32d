package org.caravan.rating;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.FailedToCreateRouteException;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.test.junit5.CamelTestSupport;
import org.caravan.common.UserError;
import org.caravan.metering.UsageBatch;
import org.caravan.rating.hashmap.Tariff;
import org.caravan.rating.hashmap.TariffHolder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RatingComponentTest extends CamelTestSupport {
    @TempDir
    Path folder;

    private static String tariff(String cost) {
        return "currency: NZD\nservices: {instance: {mappings: [{cost: " + cost + "}]}}\n";
    }

    private static Rater rater(String cost) {
        return new ModuleChain(new TariffHolder(
                Tariff.compile(TariffFile.parse(tariff(cost), "t").ruleSet())));
    }

    private static UsageBatch batch() {
        return new Usage().add(Usage.key("acme", "instance", Map.of()), "2").batch();
    }

    private void route(String uri) throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in").to(uri);
            }
        });
    }

    @Test
    void ratesInPlaceByATariffFile() throws Exception {
        // given
        Path file = Files.writeString(folder.resolve("my tariff.yaml"), tariff("1.25"));
        route("caravan-rating:default?tariff=RAW(" + file + ")");
        UsageBatch batch = batch();

        // when
        Object answer = template.requestBody("direct:in", batch);

        // then
        assertThat(answer).isSameAs(batch);
        assertThat(batch.amountValue(0)).isEqualByComparingTo("2.5");
    }

    @Test
    void looksUpTheRaterOfItsName() throws Exception {
        // given
        context.getRegistry().bind("retail", Rater.class, rater("3"));
        context.getRegistry().bind("wholesale", Rater.class, rater("1"));
        route("caravan-rating:wholesale");
        UsageBatch batch = batch();

        // when
        template.sendBody("direct:in", batch);

        // then
        assertThat(batch.amountValue(0)).isEqualByComparingTo("2");
    }

    @Test
    void takesTheOnlyRaterOfTheRegistry() throws Exception {
        // given
        context.getRegistry().bind("retail", Rater.class, rater("3"));
        route("caravan-rating:default");
        UsageBatch batch = batch();

        // when
        template.sendBody("direct:in", batch);

        // then
        assertThat(batch.amountValue(0)).isEqualByComparingTo("6");
    }

    @Test
    void refusesToStartWithoutARater() {
        // given
        String uri = "caravan-rating:default";

        // when / then
        assertThatThrownBy(() -> route(uri))
                .hasRootCauseInstanceOf(UserError.class)
                .rootCause()
                .hasMessage("caravan-rating:default: the registry has no bean of type org.caravan.rating.Rater and none"
                        + " of the name 'default'; bind one, or set the option 'tariff' to a tariff file");
    }

    @Test
    void refusesToStartWithAWrongTariffNamingThePlace() throws Exception {
        // given
        Path file = Files.writeString(folder.resolve("tariff.yaml"), tariff("dear"));

        // when / then
        assertThatThrownBy(() -> route("caravan-rating:default?tariff=" + file))
                .isInstanceOf(FailedToCreateRouteException.class)
                .rootCause()
                .isInstanceOf(UserError.class)
                .hasMessageStartingWith(file + ":2: services.instance.mappings[0].cost: expected a decimal number");
    }

    @Test
    void refusesABodyThatIsNoBatch() throws Exception {
        // given
        context.getRegistry().bind("retail", Rater.class, rater("3"));
        route("caravan-rating:default");

        // when / then
        assertThatThrownBy(() -> template.sendBody("direct:in", "a,b,c"))
                .isInstanceOf(CamelExecutionException.class)
                .hasRootCauseInstanceOf(UserError.class)
                .rootCause()
                .hasMessage("caravan-rating://default: expected a body of type org.caravan.metering.UsageBatch, found"
                        + " java.lang.String; unmarshal with a data format such as caravan-csv first");
    }

    @Test
    void hasNothingToConsume() {
        // given
        context.getRegistry().bind("retail", Rater.class, rater("3"));
        RouteBuilder route = new RouteBuilder() {
            @Override
            public void configure() {
                from("caravan-rating:default").to("mock:out");
            }
        };

        // when / then
        assertThatThrownBy(() -> context.addRoutes(route))
                .hasRootCauseInstanceOf(UnsupportedOperationException.class)
                .rootCause()
                .hasMessage("caravan-rating prices usage and has nothing to consume; use it in 'to', not in 'from'");
    }
}
