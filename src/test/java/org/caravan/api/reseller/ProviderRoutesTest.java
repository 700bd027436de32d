package org.caravan.api.reseller;

import static org.assertj.core.api.Assertions.assertThat;

import org.caravan.reseller.ResellerFile;
import org.junit.jupiter.api.Test;

/** The clouds that a reseller sells. */
class ProviderRoutesTest {
    private static final String PROVIDERS = Resale.ADMIN + "/providers/";

    @Test
    void aResellerSeesOpenCloudsItsOwnAndThoseOfItsClients() {
        // given
        Resale resale = new Resale();
        String mine = resale.reseller();
        String other = resale.reseller();
        Resale described = new Resale(ResellerFile.parse(
                """
                providers:
                  - {id: open, name: Open cloud, datacenters: [east, west], os_version: Caracal, public_api_url: "https://open.example"}
                  - {id: p-mine, is_private: true, reseller: %s}
                  - {id: p-other, is_private: true, reseller: %s}
                """
                        .formatted(mine, other),
                "reseller.yaml"));
        described.as(mine);
        // when / then
        assertThat(described.get(PROVIDERS).is(200).each("id")).containsExactly("open", "p-mine");
        assertThat(described.get(PROVIDERS + "open/").is(200).body())
                .isEqualTo("{\"id\":\"open\",\"name\":\"Open cloud\",\"os_version\":\"Caracal\","
                        + "\"public_api_url\":\"https://open.example\",\"is_private\":false}");
        described.get(PROVIDERS + "p-mine").is(200);
        assertThat(described.get(PROVIDERS + "p-other").is(404).body())
                .isEqualTo(described.get(PROVIDERS + "nowhere").is(404).body());
        // a part of a cloud is none
        described.get(PROVIDERS + "east").is(404);
    }
}
