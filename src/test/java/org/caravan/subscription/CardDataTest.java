package org.caravan.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import org.caravan.subscription.payment.CardData;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CardDataTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "4111111111111111",
                "4111 1111 1111 1111",
                "5555-5555-5555-4444",
                "378282246310005",
                "card 6011111111111117 of mine",
                "3530.1113.3330.0000"
            })
    void aWholeCardNumberIsRecognised(String text) {
        // given / when / then
        assertThat(CardData.holdsNumber(text)).isTrue();
        assertThat(CardData.masked(text)).doesNotContainPattern("\\d{5}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "4111111111111112",
                "1234",
                "",
                "tok_visa_4242",
                "550e8400-e29b-41d4-a716-446655440000",
                "2030-12"
            })
    void otherTextsAreNone(String text) {
        // given / when / then
        assertThat(CardData.holdsNumber(text)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"cvv", "CVC2", "card_verification_value", "security-code", "Card Verification Number", "pin"})
    void verificationNumbersAreRecognisedByTheirName(String name) {
        // given / when
        String problem = CardData.problem(JsonNodeFactory.instance.objectNode().put(name, "737"));
        // then
        assertThat(problem).contains("verification").doesNotContain("737");
    }

    @ParameterizedTest
    @ValueSource(strings = {"spinner", "brand", "tracking", "holder"})
    void otherNamesAreNone(String name) {
        // given / when / then
        assertThat(CardData.problem(JsonNodeFactory.instance.objectNode().put(name, "737")))
                .isNull();
    }
}
