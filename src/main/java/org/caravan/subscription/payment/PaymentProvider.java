package org.caravan.subscription.payment;

import java.util.List;

/**
 * What a plug-in says of itself.
 *
 * @param name unique, and its id; such as {@code dummy}
 * @param methods what it takes
 */
public record PaymentProvider(String name, String title, String description, List<Method> methods) {
    public PaymentProvider {
        methods = List.copyOf(methods);
    }

    /**
     * A means of payment that it takes.
     *
     * @param type such as {@code creditcard}
     */
    public record Method(String name, String title, String description, String type) {
        /** What it is known by. */
        public String key() {
            return type + ":" + name;
        }
    }
}
