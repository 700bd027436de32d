package org.caravan.testing.openapi;

import java.util.Set;

/** The paths of the subscription contract, in all their spellings. */
final class SubscriptionPaths {
    private static final Set<String> ROOTS =
            Set.of("merchants", "currencies", "languages", "invoice_states", "payment_gateway_providers");

    private SubscriptionPaths() {}

    static boolean isOne(String path) {
        String first = written(path).replaceFirst("^/", "").replaceFirst("[/?].*", "");
        return ROOTS.contains(first);
    }

    /** As the file writes it. */
    static String written(String path) {
        return path.replaceFirst("^/v2(?=/)", "")
                .replaceFirst("^/merchant(?=/|$|[?])", "/merchants")
                .replaceFirst("^/invoice-states", "/invoice_states")
                .replaceFirst("^/payment-gateway(-provider)?s", "/payment_gateway_providers")
                .replaceFirst(
                        "(^/merchants/[^/]+)/payment-gateway(-configuration)?s", "$1/payment_gateway_configurations")
                .replaceFirst("(^/merchants/[^/]+/customers/[^/]+)/payment-methods", "$1/payment_methods");
    }
}
