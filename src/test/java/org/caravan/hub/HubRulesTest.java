package org.caravan.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.caravan.common.UserError;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.config.Settings;
import org.caravan.rating.TariffFile;
import org.caravan.rating.hashmap.Tariff;
import org.caravan.rating.hashmap.TariffSource;
import org.caravan.rating.store.RuleStore;
import org.caravan.testing.Database;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which rules a hub and a bill price by. */
class HubRulesTest {
    private static final String ONE = "currency: NZD\nservices:\n  instance: {mappings: [{cost: 1}]}\n";
    private static final String TWO = "currency: NZD\nservices:\n  instance: {mappings: [{cost: 2}]}\n";

    @TempDir
    Path directory;

    private final DataSource ledger = Database.fresh();
    private final RuleStore store = new RuleStore(ledger, Clock.systemUTC());

    private static TariffFile.Result file(String text) {
        return TariffFile.parse(text, "test.yaml");
    }

    private static String version(String text) {
        return Tariff.compile(file(text).ruleSet()).version();
    }

    private HubConfig.Builder config() {
        return new HubConfig.Builder(directory, directory);
    }

    @Test
    void theFileIsLoadedOnceAndThenTheLedgersRulesHold() throws Exception {
        // given
        assertThat(HubRules.load(store, null)).isEqualTo(HubRules.State.NONE);
        // when, then
        assertThat(HubRules.load(store, file(ONE))).isEqualTo(HubRules.State.LOADED);
        assertThat(HubRules.load(store, file(ONE))).isEqualTo(HubRules.State.SAME);
        assertThat(HubRules.load(store, file(TWO))).isEqualTo(HubRules.State.OTHERS);
        assertThat(HubRules.load(store, null)).isEqualTo(HubRules.State.SAME);
        assertThat(store.load().rules()).isEqualTo(file(ONE).ruleSet());
    }

    @Test
    void twoHubsThatStartAtOnceLoadOnce() throws Exception {
        // given
        ExecutorService threads = Executors.newFixedThreadPool(2);
        // when
        List<Future<HubRules.State>> started = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            started.add(threads.submit(() -> HubRules.load(store, file(ONE))));
        }
        List<HubRules.State> states = new ArrayList<>();
        for (Future<HubRules.State> state : started) {
            states.add(state.get(1, TimeUnit.MINUTES));
        }
        threads.shutdown();
        // then
        assertThat(states).containsExactlyInAnyOrder(HubRules.State.LOADED, HubRules.State.SAME);
        assertThat(store.version()).isEqualTo(1);
    }

    @Test
    void aHubWithoutFileAndRulesStartsAndFollowsWhatIsImportedLater() throws Exception {
        // given
        TariffSource tariff = HubRules.following(config().build(), ledger, null, Clock.systemUTC());
        assertThat(tariff.get().version()).isEqualTo(Tariff.EMPTY.version());
        // when
        store.importRules(new RuleStore.Import(file(TWO).ruleSet(), "NZD", null, "kiri"));
        // then
        assertThat(tariff.get().version()).isEqualTo(version(TWO));
    }

    @Test
    void aBillIsPricedByItsCommandsFileElseTheLedgersRulesElseTheConfiguredFile() throws Exception {
        // given
        Path path = Files.writeString(directory.resolve("two.yaml"), TWO);
        HubConfig plain = config().option("--data", Settings.DATA, "data").build();
        HubConfig said = config().option("--data", Settings.DATA, "data")
                .option("--tariff", Settings.TARIFF, path)
                .build();
        HubConfig configured = config().environment(Map.of("CARAVAN_TARIFF", path.toString()))
                .option("--data", Settings.DATA, "data")
                .build();
        Clock clock = Clock.systemUTC();
        // when, then: without rules
        assertThatThrownBy(() -> HubRules.ofBill(plain, ledger, null, clock))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("--tariff FILE");
        assertThat(HubRules.ofBill(configured, ledger, file(TWO), clock).get().version())
                .isEqualTo(version(TWO));
        // when, then: with rules
        HubRules.load(store, file(ONE));
        assertThat(HubRules.ofBill(plain, ledger, null, clock).get().version()).isEqualTo(version(ONE));
        assertThat(HubRules.ofBill(configured, ledger, file(TWO), clock).get().version())
                .isEqualTo(version(ONE));
        assertThat(HubRules.ofBill(said, ledger, file(TWO), clock).get().version())
                .isEqualTo(version(TWO));
        assertThat(store.load().rules()).isEqualTo(file(ONE).ruleSet());
    }

    @Test
    void theCurrencyComesFromTheFileOrTheSettingAndTheyMustAgree() throws Exception {
        // given
        Path path = Files.writeString(directory.resolve("one.yaml"), ONE);
        HubConfig nothing = config().build();
        HubConfig euro = config().set(List.of("caravan.currency=EUR", "caravan.tariff=" + path))
                .build();
        // when, then
        assertThat(HubRules.currency(nothing, null)).isNull();
        assertThat(HubRules.currency(nothing, file(ONE))).isEqualTo("NZD");
        assertThat(HubRules.currency(euro, null)).isEqualTo("EUR");
        assertThatThrownBy(() -> HubRules.currency(euro, file(ONE)))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("caravan.currency: EUR")
                .hasMessageContaining("NZD");
        assertThatThrownBy(() -> config().set(List.of("caravan.currency=Euro")).build())
                .isInstanceOf(UserError.class)
                .hasMessageContaining("ISO 4217");
        assertThatThrownBy(() -> LedgerDatabase.checkCurrency(nothing, null))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("caravan.currency");
    }
}
