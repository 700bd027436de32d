package org.caravan.hub.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Clock;
import java.util.Map;
import javax.sql.DataSource;
import org.caravan.api.auth.ApiKeys;
import org.caravan.api.auth.ResellerLogins;
import org.caravan.hub.db.DatabaseAccess;
import org.caravan.testing.Database;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys and logins of resellers as an operator makes, lists and ends them. */
class ResellerKeyTest {
    @TempDir
    Path directory;

    private final DatabaseAccess ledger = Database.freshAccess();
    private final DataSource dataSource = Database.of(ledger);
    private final ApiKeys keys = new ApiKeys(dataSource, Clock.systemUTC());
    private final Console console = new Console(
            Path.of(""),
            Map.of(
                    "CARAVAN_LEDGER_URL", ledger.url(),
                    "CARAVAN_LEDGER_USER", ledger.user(),
                    "CARAVAN_LEDGER_PASSWORD", ledger.password()));

    @BeforeEach
    void merchant() throws Exception {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("insert into currency (name, title) values ('eur', 'Euro') on conflict do nothing");
            statement.execute("insert into language (name, title) values ('en', 'English') on conflict do nothing");
            statement.execute("insert into merchant (id, name, currency, language, created_at, updated_at)"
                    + " values ('m-1', 'acme', 'eur', 'en', now(), now()), ('m-2', 'zen', 'eur', 'en', now(), now())");
        }
    }

    @Test
    void aKeyIsOneResellersListedAndEnded() throws Exception {
        // given
        Console.Answer created = console.run("key", "create", "--reseller", "acme", "--all-resellers");
        // when
        ApiKeys.Known known = keys.find(created.out().strip()).orElseThrow();
        Console.Answer taken = console.run("key", "create", "--reseller", "acme");
        Console.Answer list = console.run("key", "list");
        Console.Answer revoked = console.run("key", "revoke", "acme", "--kind", "reseller");
        // then
        assertThat(created.err()).contains("X-Reseller-Api-Key");
        assertThat(known.kind()).isEqualTo(ApiKeys.Kind.RESELLER);
        assertThat(known.subject()).isEqualTo("m-1");
        assertThat(known.allResellers()).isTrue();
        assertThat(taken.err()).contains("--name");
        assertThat(list.out()).contains("reseller").contains("m-1");
        assertThat(revoked.exitCode()).isZero();
        assertThat(keys.find(created.out().strip())).isEmpty();
        assertThat(console.run("key", "create", "--reseller", "nobody").err()).contains("no merchant of this name");
        assertThat(console.run("key", "create", "--merchant", "acme", "--all-resellers")
                        .err())
                .contains("for keys of resellers");
    }

    @Test
    void aLoginsPasswordComesFromAFileAndIsChangedAndRemoved() throws Exception {
        // given
        Path file = Files.writeString(directory.resolve("password"), "correct horse battery\n");
        ResellerLogins logins = new ResellerLogins(dataSource, Clock.systemUTC());
        // when
        Console.Answer set =
                console.run("key", "login", "ann", "--reseller", "acme", "--password-file", file.toString());
        // then
        assertThat(set.exitCode()).as(set.err()).isZero();
        assertThat(set.out() + set.err()).doesNotContain("horse");
        assertThat(logins.check("ann", "correct horse battery", "here").merchant())
                .isEqualTo("m-1");
        assertThat(console.run("key", "login", "ann", "--reseller", "zen", "--password-file", file.toString())
                        .err())
                .contains("another reseller's");
        Files.writeString(file, "short\n");
        assertThat(console.run("key", "login", "ann", "--reseller", "acme", "--password-file", file.toString())
                        .err())
                .contains("12 to 1024")
                .doesNotContain("short");
        // the first line of the standard input, where no file is named
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream("another long one\nand more".getBytes(StandardCharsets.UTF_8)));
        try {
            assertThat(console.run("key", "login", "ann", "--reseller", "m-1", "--all-resellers")
                            .exitCode())
                    .isZero();
        } finally {
            System.setIn(before);
        }
        assertThat(logins.check("ann", "another long one", "here").allResellers())
                .isTrue();
        String key = keys.create(ApiKeys.ofLogin("ann"), ApiKeys.Kind.RESELLER, "m-1");
        assertThat(console.run("key", "login", "ann", "--remove").exitCode()).isZero();
        assertThat(keys.find(key)).isEmpty();
        assertThat(console.run("key", "login", "ann", "--remove").err()).contains("none of this name");
    }
}
