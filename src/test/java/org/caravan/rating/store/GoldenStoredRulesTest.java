package org.caravan.rating.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.caravan.rating.hashmap.GoldenRules;
import org.caravan.rating.hashmap.RuleSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The golden cases with their rules from a tariff file by way of the tables, as a hub rates them. */
class GoldenStoredRulesTest {
    /** Every fifth case: the tables know nothing of what a case is about. */
    private static final int SHARE = 5;

    private static RuleTables tables;

    @BeforeAll
    static void open() {
        tables = new RuleTables();
    }

    @AfterAll
    static void close() {
        tables.close();
    }

    static Stream<GoldenRules> cases() {
        List<GoldenRules> all = GoldenRules.all();
        return Stream.iterate(0, i -> i < all.size(), i -> i + SHARE).map(all::get);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void ratesByRulesFromTheTablesAsCloudKittyDoes(GoldenRules golden) throws Exception {
        // given
        tables.clear();
        tables.store.importRules(RuleTables.wanted(RuleTables.rules(golden.file()), null));
        // when
        RuleSet stored = tables.store.load().rules();
        // then
        assertThat(golden.check(stored)).isPositive();
    }
}
