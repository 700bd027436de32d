package org.caravan.hub.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Clock;
import java.util.Map;
import org.caravan.api.auth.ApiKeys;
import org.caravan.hub.db.DatabaseAccess;
import org.caravan.testing.Database;
import org.junit.jupiter.api.Test;

/** Keys of merchants' portals. */
class MerchantKeyTest {
    private final DatabaseAccess ledger = Database.freshAccess();
    private final ApiKeys keys = new ApiKeys(Database.of(ledger), Clock.systemUTC());
    private final Console console = new Console(
            Path.of(""),
            Map.of(
                    "CARAVAN_LEDGER_URL", ledger.url(),
                    "CARAVAN_LEDGER_USER", ledger.user(),
                    "CARAVAN_LEDGER_PASSWORD", ledger.password()));

    @Test
    void aMerchantsKeyIsMadeByNameShownInTwoPartsAndRevoked() throws Exception {
        // given
        try (Connection connection = Database.of(ledger).getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "insert into currency values ('eur', 'Euro'); insert into language values ('en', 'English');"
                            + " insert into merchant (id, name, currency, language, created_at, updated_at)"
                            + " values ('m-1', 'acme', 'eur', 'en', now(), now())");
        }
        // when
        Console.Answer created = console.run("key", "create", "--merchant", "acme");
        Console.Answer second = console.run("key", "create", "--merchant", "m-1", "--name", "next", "--json");
        // then
        assertThat(created.exitCode()).as(created.err()).isZero();
        String key = word(created.out(), "key");
        String secret = word(created.out(), "secret");
        ApiKeys.Known known = keys.find(key + "_" + secret).orElseThrow();
        assertThat(known.kind()).isEqualTo(ApiKeys.Kind.MERCHANT);
        assertThat(known.subject()).isEqualTo("m-1");
        assertThat(created.err()).contains("shown once").doesNotContain(secret);
        assertThat(second.out()).contains("\"merchant\":\"m-1\"").contains("\"secret\":\"");
        assertThat(console.run("key", "list").out())
                .contains("merchant")
                .contains("acme")
                .doesNotContain(secret);
        assertThat(console.run("key", "revoke", "acme").exitCode()).isZero();
        assertThat(keys.find(key + "_" + secret)).isEmpty();
    }

    private static String word(String out, String name) {
        return out.lines()
                .filter(line -> line.startsWith(name + " "))
                .findFirst()
                .orElseThrow()
                .substring(name.length())
                .strip();
    }

    @Test
    void aKeyIsForAMerchantThatThereIsOrForASource() {
        // given / when
        Console.Answer unknown = console.run("key", "create", "--merchant", "nobody");
        Console.Answer both = console.run("key", "create", "--merchant", "a", "--source", "b");
        Console.Answer neither = console.run("key", "create");
        // then
        assertThat(unknown.exitCode()).isEqualTo(2);
        assertThat(unknown.err()).contains("POST /merchants");
        assertThat(both.err()).contains("one of --source NAME, --merchant NAME and --reseller NAME");
        assertThat(neither.err()).contains("one of --source NAME, --merchant NAME and --reseller NAME");
    }
}
