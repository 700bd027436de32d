package org.caravan.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.caravan.common.UserError;
import org.caravan.hub.cli.CaravanConsole;
import org.caravan.hub.db.DatabaseAccess;
import org.caravan.invoice.Audit;
import org.caravan.ledger.LedgerSchema;
import org.caravan.testing.Database;
import org.caravan.testing.KeptLedger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A ledger that an older Caravan left, and what it is to this one. */
class UpgradeTest {
    /** When the upgraded hub runs: November is over. */
    private static final Instant DECEMBER = Instant.parse("2026-12-05T12:00:00Z");

    private static final String DOCUMENTS =
            """
            select string_agg(concat_ws(' ', number, key, account, month, total, currency, md5(to_jsonb(d)::text)), E'\n'
                              order by number)
              from (select * from document where month <= '2026-10-01') d
            """;

    private static final String MONEY =
            "select string_agg(concat_ws(' ', billing_month, records, quantity, amount, seconds), E'\n' order by billing_month)"
                    + " from (select billing_month, sum(records) as records, sum(quantity) as quantity, sum(amount) as amount,"
                    + " sum(seconds) as seconds from entry where billing_month <= '2026-10-01' group by billing_month) e";

    /** What November came to before the upgrade, its usage that a plan prices aside. */
    private static final String NOVEMBER =
            "select sum(records) || ' ' || sum(amount) from entry where billing_month = '2026-11-01'";

    private static final String WAITING = "select string_agg(number || ' ' || connector || ' ' || state, ', ')"
            + " from delivery join document on document.id = delivery.document where state <> 'committed'";

    private static final String ACCOUNTS =
            """
            defaults:
              taxes: [{name: GST, rate: "15"}]
            """;

    private static DatabaseAccess ledger;

    @TempDir
    Path directory;

    @BeforeAll
    static void load() throws Exception {
        ledger = KeptLedger.load();
    }

    @Test
    void noMigrationThatALedgerMayHaveWasEdited() throws Exception {
        // given
        List<String> kept = KeptLedger.history();
        // when
        List<String> today = KeptLedger.history(Database.of(ledger));
        // then
        assertThat(kept).hasSizeGreaterThan(20);
        assertThat(today.subList(0, kept.size())).isEqualTo(kept);
    }

    @Test
    void anUpgradedLedgerKeepsItsDocumentsAndSumsAndIsBilledOn() throws Exception {
        // given
        String documents = ask(DOCUMENTS);
        String money = ask(MONEY);
        String quarantine = ask("select count(*) || ' ' || max(id) from quarantine");
        assertThat(documents).hasLineCount(9);
        assertThat(ask(NOVEMBER)).isEqualTo("23 25.7376");

        // when
        LedgerSchema.migrate(Database.of(ledger));

        // then
        assertThat(findings()).isEmpty();
        assertThat(ask(DOCUMENTS)).isEqualTo(documents);
        assertThat(ask(MONEY)).isEqualTo(money);

        // when: what it had read comes again, with something new
        Path inbox = Files.createDirectory(directory.resolve("in"));
        Files.writeString(
                inbox.resolve("more.csv"),
                """
                id,tenant,datacenter,resource,meter,quantity,unit,begin,end,flavor
                n1,rimu-timber,nz-por-1,vm-nov,instance,24,hour,2026-11-01T00:00:00Z,2026-11-02T00:00:00Z,c1.c2r4
                new,rimu-timber,nz-por-1,vm-nov,instance,24,hour,2026-11-20T00:00:00Z,2026-11-21T00:00:00Z,c1.c2r4
                """);
        Path out = Files.createDirectory(directory.resolve("out"));
        Clock clock = Clock.offset(Clock.systemUTC(), Duration.between(Instant.now(), DECEMBER));
        try (RunningHub hub = RunningHub.start(
                ledger,
                inbox,
                clock,
                "caravan.meters="
                        + Files.writeString(
                                directory.resolve("meters.yaml"), "meters: {support: {unit: hour, pricing: plan}}\n"),
                "caravan.accounts=" + Files.writeString(directory.resolve("accounts.yaml"), ACCOUNTS),
                "caravan.out=" + out,
                "caravan.close.auto=true",
                "caravan.close.period=1s",
                "caravan.close.quarantine=allow")) {
            // whoever pushes says so at a month's end; by the machine's own clock it may not be over
            RunningHub.execute(ledger, "update source set rated_until = '2026-12-01Z' where name = 'meters'");
            RunningHub.await("November is delivered", () -> "2"
                    .equals(ask("select count(*) from delivery join document on document.id = delivery.document"
                            + " where month = '2026-11-01' and state = 'committed'")));
        }

        // then: 24 hours more at 0.0987; lines of 26.35 and, late, 0.49, and tax
        assertThat(ask(NOVEMBER)).isEqualTo("24 28.1064");
        assertThat(ask("select string_agg(number || ' ' || account || ' ' || total, ', ' order by number)"
                        + " from document where month = '2026-11-01'"))
                .isEqualTo("INV-2026-000009 e15fa8c3706b4d928ac4b0f39d57e261 1.45, INV-2026-000010 rimu-timber 30.87");
        // and: its subscription began after that usage, so it waits for a person as before
        assertThat(
                        ask(
                                "select string_agg(name, ', ') from tenant where id in (select tenant from entry where billing_month"
                                        + " = '2026-11-01') and name not in (select account from document where month = '2026-11-01')"))
                .isEqualTo("shop-1");
        assertThat(ask(DOCUMENTS)).isEqualTo(documents);
        assertThat(ask(MONEY)).isEqualTo(money);
        assertThat(ask("select count(*) || ' ' || max(id) from quarantine")).isEqualTo(quarantine);
        assertThat(ask(WAITING)).isEqualTo("INV-2026-000003 http in-doubt");
        assertThat(findings()).isEmpty();
        assertThat(CaravanConsole.run(ledger, "audit")).contains("The ledger holds together.");
    }

    @Test
    void aLedgerOfANewerCaravanIsRefusedInOneLine() throws Exception {
        // given
        DatabaseAccess newer = Database.freshAccess();
        int known = LedgerSchema.newest(Database.of(newer));
        try (Connection connection = RunningHub.connect(newer);
                Statement statement = connection.createStatement()) {
            statement.execute("insert into flyway_schema_history (installed_rank, version, description, type, script,"
                    + " checksum, installed_by, execution_time, success) values (9999, '9001', 'later', 'SQL',"
                    + " 'V9001__later.sql', 1, 'caravan', 1, true)");
        }
        assertThatThrownBy(() -> LedgerSchema.needCurrent(Database.of(newer)))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("schema version 9001");
        for (String command : List.of("status", "audit", "months")) {
            // when
            String said = CaravanConsole.run(newer, command);
            // then
            assertThat(said.strip())
                    .hasLineCount(1)
                    .contains("the ledger has schema version 9001, this Caravan knows " + known)
                    .contains("use that one, or restore a backup from before");
        }
    }

    @Test
    void aCommandBesideAnOlderHubThatRunsIsRefusedToo() throws Exception {
        // given: what an older hub has made of it
        DatabaseAccess older = Database.emptyAccess();
        LedgerSchema.migrate(Database.of(older), "5");
        // when, then
        assertThatThrownBy(() -> LedgerSchema.needCurrent(Database.of(older)))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("the ledger has schema version 5")
                .hasMessageContaining("end that hub and start this Caravan's");
        LedgerSchema.migrate(Database.of(older));
        LedgerSchema.needCurrent(Database.of(older));
        LedgerSchema.needCurrent(Database.empty());
    }

    private static List<String> findings() throws SQLException {
        return Audit.run(Database.of(ledger)).stream()
                .flatMap(check -> check.findings().stream())
                .toList();
    }

    private static String ask(String sql) throws SQLException {
        return RunningHub.ask(ledger, sql);
    }
}
