package org.caravan.hub.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import org.caravan.api.auth.ApiKeys;
import org.caravan.hub.db.DatabaseAccess;
import org.caravan.ledger.Sources;
import org.caravan.testing.Database;
import org.junit.jupiter.api.Test;

/** Keys as a user makes, lists and ends them. */
class KeyCommandTest {
    private final DatabaseAccess ledger = Database.freshAccess();
    private final ApiKeys keys = new ApiKeys(Database.of(ledger), Clock.systemUTC());
    private final Console console = new Console(
            Path.of(""),
            Map.of(
                    "CARAVAN_LEDGER_URL", ledger.url(),
                    "CARAVAN_LEDGER_USER", ledger.user(),
                    "CARAVAN_LEDGER_PASSWORD", ledger.password()));

    @Test
    void aKeyIsShownOnceListedWithoutItAndEndedByName() throws Exception {
        // given
        Console.Answer created =
                console.run("key", "create", "--source", "meters", "--tenant", "b", "--tenant", "a", "--prices");
        String key = created.out().strip();
        // when
        Console.Answer list = console.run("key", "list");
        Console.Answer json = console.run("key", "--json");
        ApiKeys.Known known = keys.find(key).orElseThrow();
        Console.Answer revoked = console.run("key", "revoke", "meters");
        // then
        assertThat(created.exitCode()).as(created.err()).isZero();
        assertThat(created.err()).contains("shown once").doesNotContain(key);
        assertThat(known.tenants()).containsExactlyInAnyOrder("a", "b");
        assertThat(known.prices()).isTrue();
        assertThat(list.out()).contains("meters").contains("a, b").doesNotContain(key.substring(20));
        assertThat(json.out()).contains("\"tenants\":[\"a\",\"b\"]").doesNotContain(key.substring(20));
        assertThat(revoked.out()).isEqualTo("key meters (source) opens nothing any more\n");
        assertThat(keys.find(key)).isEmpty();
        assertThat(console.run("key").out()).contains("No key is in force");
        assertThat(console.run("key", "list", "--all").out()).contains("meters");
    }

    @Test
    void aSourceHasSeveralKeysEachOfANameOfItsOwnAndIsNoOtherSource() throws Exception {
        // given
        new Sources(Database.of(ledger), Clock.systemUTC()).configure("kafka", "kafka");
        console.run("key", "create", "--source", "meters");
        // when
        Console.Answer again = console.run("key", "create", "--source", "meters");
        Console.Answer second = console.run("key", "create", "--source", "meters", "--name", "next", "--json");
        Console.Answer taken = console.run("key", "create", "--source", "kafka");
        Console.Answer unknown = console.run("key", "revoke", "nxt");
        // then
        assertThat(again.exitCode()).isEqualTo(2);
        assertThat(again.err()).contains("'meters' is in force").contains("--name");
        assertThat(second.out()).contains("\"source\":\"meters\",\"key\":\"caravan_");
        assertThat(taken.err()).contains("is a source of kind kafka already");
        assertThat(unknown.err()).contains("did you mean 'next'");
    }
}
