package org.caravan.reseller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.caravan.common.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which datacenters make up which cloud. */
class ProvidersTest {
    private static Providers read(String text) {
        return ResellerFile.parse(text, "reseller.yaml").providers();
    }

    @Test
    void aDatacenterIsAPartOfTheCloudThatNamesItOrACloudOfItsOwn() {
        // given
        Providers providers = read(
                """
                providers:
                  - {id: canada, name: Canada Cloud, datacenters: [mtl, tor]}
                  - {id: paris}
                """);
        // when / then
        assertThat(providers.of("tor").name()).isEqualTo("Canada Cloud");
        assertThat(providers.of("paris").id()).isEqualTo("paris");
        assertThat(providers.of("oslo").id()).isEqualTo("oslo");
        assertThat(providers.of("oslo").datacenters()).containsExactly("oslo");
        assertThat(providers.described()).extracting(Provider::id).containsExactly("canada", "paris");
        assertThat(ResellerFile.none().providers().of("x").name()).isEqualTo("x");
    }

    @Test
    void theFileThatComesAlongIsRight() {
        // when / then
        assertThat(ResellerFile.read(Path.of("config/reseller.yaml"))
                        .providers()
                        .described())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    providers: [{name: x}]                                            | key 'id' is missing
                    providers: [{id: a/b}]                                            | without slashes
                    providers: [{id: a}, {id: a}]                                     | twice; each needs an id of its own
                    providers: [{id: a, datacenters: [x, x]}]                         | 'x' stands here twice
                    providers: [{id: a, datacenters: []}]                             | leave the key out
                    providers: [{id: a, datacenters: [x]}, {id: b, datacenters: [x]}] | part of provider 'a' already; leave it out
                    providers: [{id: a, datacenters: [b]}, {id: b, datacenters: [c]}] | 'b' bears the name of a datacenter
                    providers: [{id: a, is_private: maybe}]                           | true or false
                    providers: [{id: a, datacentres: [x]}]                            | datacentres
                    providers: {id: a}                                                | expected a list
                    provider: []                                                      | provider
                    """)
    void aWrongFileIsRefusedWithItsPlaceAndTheRemedy(String text, String problem) {
        // when / then
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(UserError.class)
                .hasMessageStartingWith("reseller.yaml:1: ")
                .hasMessageContaining(problem);
    }
}
