package org.caravan.subscription.payment;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.regex.Pattern;

/**
 * A payment gateway. Plug-ins are found by {@link java.util.ServiceLoader}. Each call may come again after a kill: a plug-in
 * tells the same by the id that it is given. Thread-safe.
 */
public interface PaymentPlugin {
    /** Names of properties that are taken for secret unless a plug-in says otherwise. */
    Pattern SECRET = Pattern.compile("(?i).*(secret|passw|token|key|credential|(^|_)pin$).*");

    PaymentProvider provider();

    /** True if a configuration's property is secret: no answer shows it. */
    default boolean isSecret(String property) {
        return SECRET.matcher(property).matches();
    }

    /** What is kept of a configuration: secrets in a form that this plug-in alone can use. */
    ObjectNode seal(ObjectNode properties);

    /** True if the gateway takes a merchant's configuration. */
    boolean verify(ObjectNode sealed);

    /** Makes a customer known to the gateway. */
    void createAccount(ObjectNode sealed, String customer);

    void deleteAccount(ObjectNode sealed, String customer);

    /**
     * Makes a means of payment known to the gateway.
     *
     * @param identifier as the customer wrote it, maybe a card's number: never to be kept or logged here
     * @return false if the gateway does not take it
     */
    boolean createMethod(ObjectNode sealed, String method, String identifier, ObjectNode properties);

    void deleteMethod(ObjectNode sealed, String method);

    /** Reserves an amount; the id is the caller's. */
    void addTransaction(ObjectNode sealed, String transaction, String method, BigDecimal amount, String currency);

    /** Takes what was reserved. */
    void settleTransaction(ObjectNode sealed, String transaction);

    /** Gives up what was reserved and not taken. */
    void voidTransaction(ObjectNode sealed, String transaction);

    /** Gives back of what was taken. */
    void refundTransaction(ObjectNode sealed, String transaction, BigDecimal amount);
}
