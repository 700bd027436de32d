package org.caravan.subscription;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import org.caravan.common.Json;
import org.caravan.subscription.pricing.PriceRulesJson;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PricingTest {
    private static String normal(String json) throws JsonProcessingException {
        return Pricing.normal(Json.mapper().readTree(json.replace('\'', '"')))
                .toString()
                .replace('"', '\'');
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '#',
            textBlock =
                    """
                    [{'type':'fixed','price':'9.90'}] | [{'type':'fixed','price':'9.90'}]
                    [{'type':'fixed','price':9.95}] | [{'type':'fixed','price':'9.95'}]
                    {'type':'fixed','price':'1e1'} | [{'type':'fixed','price':'10'}]
                    [{'type':'volume','tiers':[{'from':'100','to':null,'price':'0.04'},{'from':null,'to':'100','price':'0.05'}]}] | [{'type':'volume','tiers':[{'from':null,'to':'100','price':'0.05'},{'from':'100','to':null,'price':'0.04'}]}]
                    [{'type':'volume','mode':'volume','price':'0.1'}] | [{'type':'volume','tiers':[{'from':null,'to':null,'price':'0.1'}]}]
                    [{'type':'volume','mode':'graduated','pricing':[{'start':0,'end':10,'price':1},{'start':10,'end':null,'price':0.5}]}] | [{'type':'volume','mode':'graduated','tiers':[{'from':'0','to':'10','price':'1'},{'from':'10','to':null,'price':'0.5'}]}]
                    [{'type':'time','tiers':[{'start':'08:00','end':'18:00','price':'0.06'}]}] | [{'type':'time','tiers':[{'start':'08:00','end':'18:00','price':'0.06'}]}]
                    [{'type':'time','ranges':[{'start':'22:00','end':'6:00','price':'0.02'}]}] | [{'type':'time','tiers':[{'start':'00:00','end':'06:00','price':'0.02'},{'start':'22:00','end':'24:00','price':'0.02'}]}]
                    [{'type':'time','price':'0.02'}] | [{'type':'time','tiers':[{'start':'00:00','end':'24:00','price':'0.02'}]}]
                    [] | []
                    """)
    void whatIsSentIsKeptInOneForm(String sent, String kept) throws JsonProcessingException {
        // given / when / then
        assertThat(normal(sent)).isEqualTo(kept);
        assertThat(normal(kept)).isEqualTo(kept);
        // what bills by it reads it
        assertThatCode(() -> PriceRulesJson.read(Json.mapper().readTree(kept.replace('\'', '"'))))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '#',
            textBlock =
                    """
                    'fixed' | list of at most
                    [1] | type must be
                    [{'type':'free'}] | type must be
                    [{'type':'fixed'}] | price is needed
                    [{'type':'fixed','price':'-1'}] | must not be negative
                    [{'type':'fixed','price':'1,5'}] | decimal number
                    [{'type':'fixed','price':'0.0000000000001'}] | 12 behind the point
                    [{'type':'fixed','price':1,'tiers':[]}] | no tiers
                    [{'type':'fixed','price':1,'currency':'eur'}] | nothing else
                    [{'type':'volume','tiers':[]}] | 1 to 1000
                    [{'type':'volume','tiers':[{'from':'10','to':'10','price':1}]}] | above its beginning
                    [{'type':'volume','tiers':[{'to':'10','price':1},{'from':'9.999999999','price':1}]}] | overlap
                    [{'type':'volume','tiers':[{'price':1},{'from':'5','price':1}]}] | overlap
                    [{'type':'volume','tiers':[{'from':1,'start':2,'price':1}]}] | said twice
                    [{'type':'volume','tiers':[{'price':1}],'pricing':[{'price':1}]}] | tiers twice
                    [{'type':'volume','tiers':[{'price':1}],'price':1}] | either a price or tiers
                    [{'type':'time','mode':'graduated','price':1}] | graduated
                    [{'type':'time','tiers':[{'start':'25:00','end':'26:00','price':1}]}] | time of day
                    [{'type':'time','tiers':[{'start':'08:00','end':'08:00','price':1}]}] | after its beginning
                    [{'type':'time','tiers':[{'start':'08:00','end':'18:00','price':1},{'start':'17:59','end':'19:00','price':1}]}] | overlap
                    """)
    void whatCanNotBeAPriceIsRefusedNamingThePlace(String sent, String reason) {
        // given / when / then
        assertThatThrownBy(() -> normal(sent))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void decimalsStayExact() throws JsonProcessingException {
        // given / when / then
        assertThat(normal("[{'type':'fixed','price':12345678901234567890.123456789012}]"))
                .contains("'12345678901234567890.123456789012'");
    }
}
