package org.caravan.api.reseller;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import org.caravan.testing.openapi.Contract;
import org.junit.jupiter.api.Test;

/** The routing table and {@code config/openapi/reseller.yaml} are the same list. */
class ResellerContractTest {
    @Test
    void theFileListsTheRoutesThatAreServedAndWhoMay() {
        // given
        List<String> served = new Resale()
                .table().routes().stream()
                        .map(route -> route.method() + " " + route.template() + " "
                                + route.policy().name().toLowerCase(Locale.ROOT))
                        .toList();
        // when
        List<String> written = Contract.reseller().operations().stream()
                .map(operation -> operation.method() + " " + operation.template() + " " + operation.policy())
                .toList();
        // then
        assertThat(written).containsExactlyInAnyOrderElementsOf(served);
    }
}
