package org.caravan.subscription.payment;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.List;

/** Accepts all and moves no money: for trying out, and for merchants that are paid by other means. */
public final class DummyPlugin implements PaymentPlugin {
    private static final String SEALED = "sealed";

    @Override
    public PaymentProvider provider() {
        return new PaymentProvider(
                "dummy",
                "Dummy",
                "Accepts all and moves no money",
                List.of(new PaymentProvider.Method("visa", "Visa", "A card that nothing is taken from", "creditcard")));
    }

    /** It needs no secrets, so it keeps none. */
    @Override
    public ObjectNode seal(ObjectNode properties) {
        ObjectNode sealed = properties.deepCopy();
        properties.fieldNames().forEachRemaining(name -> {
            if (isSecret(name)) {
                sealed.put(name, SEALED);
            }
        });
        return sealed;
    }

    /** A property {@code refuse} makes it refuse, so that this can be tried, too. */
    @Override
    public boolean verify(ObjectNode sealed) {
        return !sealed.path("refuse").asBoolean();
    }

    @Override
    public void createAccount(ObjectNode sealed, String customer) {}

    @Override
    public void deleteAccount(ObjectNode sealed, String customer) {}

    @Override
    public boolean createMethod(ObjectNode sealed, String method, String identifier, ObjectNode properties) {
        return !properties.path("refuse").asBoolean();
    }

    @Override
    public void deleteMethod(ObjectNode sealed, String method) {}

    @Override
    public void addTransaction(
            ObjectNode sealed, String transaction, String method, BigDecimal amount, String currency) {}

    @Override
    public void settleTransaction(ObjectNode sealed, String transaction) {}

    @Override
    public void voidTransaction(ObjectNode sealed, String transaction) {}

    @Override
    public void refundTransaction(ObjectNode sealed, String transaction, BigDecimal amount) {}
}
