package org.caravan.invoice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.caravan.common.UserError;
import org.caravan.hub.backup.Backup;
import org.caravan.hub.backup.BackupArchive;
import org.caravan.hub.backup.Restore;
import org.caravan.invoice.ConnectorInfo.Repeat;
import org.caravan.invoice.document.DocumentJson;
import org.caravan.invoice.erp.csv.CsvDirectory;
import org.caravan.invoice.erp.csv.CsvDirectoryListing;
import org.caravan.testing.Database;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Yesterday's ledger, put back after today's invoices went out to a directory of CSV files. */
class RecoveryTest {
    private static final YearMonth OCTOBER = TestLedger.MONTH;
    private static final YearMonth NOVEMBER = OCTOBER.plusMonths(1);
    /** From the first of November to when both it and December are over. */
    private static final Duration LATER = Duration.ofDays(66);

    private static final String CSV = "csv-directory";
    private static final DeliverySettings SETTINGS = DeliverySettings.defaults();

    @TempDir
    Path directory;

    private Path out;
    private TestLedger yesterday;

    /** October is billed and delivered, November has some usage, and that is what the backup holds. */
    @BeforeEach
    void billOctober() throws Exception {
        out = Files.createDirectory(directory.resolve("out"));
        yesterday = TestLedger.invoicing();
        yesterday.issued("a", "b", "c");
        fanOut(yesterday, CSV);
        deliver(yesterday, 100);
        yesterday.use(NOVEMBER, 0, List.of("a", "b", "c"));
        yesterday.clock.move(LATER);
    }

    private Path backup() throws Exception {
        Path file = directory.resolve("yesterday.backup");
        new Backup(yesterday.dataSource, yesterday.clock, step -> {}).write(file, false);
        return file;
    }

    private TestLedger restored(Path backup) throws Exception {
        var database = Database.empty();
        try (BackupArchive archive = BackupArchive.open(backup)) {
            Restore.Result result = new Restore(database, archive, yesterday.clock, step -> {}).run(() -> {});
            assertThat(result.checks())
                    .allSatisfy(check -> assertThat(check.findings()).isEmpty());
        }
        TestLedger ledger = TestLedger.over(database);
        ledger.clock.move(LATER);
        return ledger;
    }

    /** What today brings: the rest of November's usage, for a tenant that is new, too. */
    private static void today(TestLedger ledger) {
        ledger.use(NOVEMBER, 5, List.of("a", "c", "d"));
    }

    /** November is closed and delivered, all after the backup. */
    private void billNovember() throws SQLException {
        today(yesterday);
        assertThat(yesterday.closer().close(NOVEMBER).issued()).hasSize(4);
        fanOut(yesterday, CSV);
        deliver(yesterday, 100);
    }

    // ---- what hub and routes do, in short ------------------------------------------------------------------------

    private static void fanOut(TestLedger ledger, String... connectors) throws SQLException {
        Outbox outbox = new Outbox(ledger.dataSource, SETTINGS, ledger.clock);
        List<Outbox.Choice> choices = new ArrayList<>();
        for (Outbox.Claim claim : outbox.claim("test")) {
            choices.add(new Outbox.Choice(claim, Set.of(connectors)));
        }
        outbox.done(choices);
    }

    /** Delivers to the directory; answers how many were sent. */
    private int deliver(TestLedger ledger, int most) throws SQLException {
        CsvDirectory files = new CsvDirectory(Map.of("directory", out.toString()));
        Lanes lanes = new Lanes(ledger.dataSource, SETTINGS, ledger.clock);
        Deliveries deliveries = new Deliveries(ledger.dataSource, SETTINGS, ledger.clock);
        int sent = 0;
        for (Lanes.Lane lane : lanes.due(CSV)) {
            for (Lanes.Claim claim : lanes.claim(lane, new ConnectorInfo(CSV, Repeat.SAFE, true), "test")) {
                if (sent == most) {
                    break;
                }
                Deliveries.Attempt attempt = deliveries.start(claim).orElseThrow();
                try {
                    CsvDirectory.Committed committed =
                            files.commit(DocumentJson.read(attempt.body().getBytes(StandardCharsets.UTF_8)));
                    deliveries.committed(
                            attempt, committed.reference(), committed.total().toPlainString());
                } catch (java.io.IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
                sent++;
            }
        }
        return sent;
    }

    private Recovery.Connector csv() {
        return csv(null);
    }

    private Recovery.Connector csv(String confirmed) {
        Map<String, String> settings = Map.of("directory", out.toString());
        return new Recovery.Connector(
                CSV,
                true,
                List.of((issuer, to) -> new CsvDirectoryListing().list(settings, issuer, to)),
                null,
                confirmed);
    }

    private static Recovery.Connector silent(String confirmed, FoundDocument... byHand) {
        Recovery.Listing list =
                byHand.length == 0 ? null : (issuer, to) -> List.of(byHand).forEach(to);
        return new Recovery.Connector("erp", false, List.of(), list, confirmed);
    }

    private static RecoveryReport recover(TestLedger ledger, Recovery.Connector... connectors) throws SQLException {
        return new Recovery(ledger.dataSource, ledger.clock).run(List.of(connectors));
    }

    private Map<String, String> files() throws Exception {
        Map<String, String> found = new TreeMap<>();
        try (Stream<Path> files = Files.walk(out)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                found.put(
                        out.relativize(file).toString(),
                        Files.readString(file) + Files.getLastModifiedTime(file).toMillis());
            }
        }
        return found;
    }

    private static List<String> documents(TestLedger ledger) throws SQLException {
        return ledger.rows("select number, key, total from document order by number");
    }

    private static List<String> findings(TestLedger ledger) throws SQLException {
        return Audit.run(ledger.dataSource).stream()
                .flatMap(check -> check.findings().stream())
                .toList();
    }

    private static void assertRefused(CloseResult result) {
        assertThat(result.issued()).isEmpty();
        assertThat(result.holds()).singleElement().satisfies(hold -> {
            assertThat(hold.forcible()).isFalse();
            assertThat(hold.text()).contains("run caravan recover");
        });
    }

    // ---- the ledger is lost --------------------------------------------------------------------------------------

    @Test
    void whatWasIssuedSinceTheBackupIsIssuedAgainAsItWasAndSentNowhere() throws Exception {
        // given: the backup of yesterday, November's invoices gone out since
        Path backup = backup();
        billNovember();
        Map<String, String> before = files();
        List<String> issued = documents(yesterday);
        // when: yesterday's ledger is put back
        TestLedger ledger = restored(backup);
        // then: it takes usage, but closes nothing
        assertThat(documents(ledger)).hasSize(3);
        assertRefused(ledger.closer().close(NOVEMBER));
        today(ledger);
        assertRefused(ledger.closer().close(NOVEMBER));
        assertRefused(ledger.closer().closeDue().get(0));
        assertThat(documents(ledger)).hasSize(3);
        // when
        RecoveryReport report = recover(ledger, csv());
        // then
        assertThat(report.problems()).isEmpty();
        assertThat(report.recovered()).isTrue();
        assertThat(report.connectors())
                .containsExactly(new RecoveryReport.Connector(CSV, "asked", 7, "INV-2026-000007", 0));
        assertThat(report.documents())
                .extracting(RecoveryReport.Found::number, RecoveryReport.Found::account, RecoveryReport.Found::state)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("INV-2026-000004", "a", "waiting"),
                        org.assertj.core.groups.Tuple.tuple("INV-2026-000005", "b", "waiting"),
                        org.assertj.core.groups.Tuple.tuple("INV-2026-000006", "c", "waiting"),
                        org.assertj.core.groups.Tuple.tuple("INV-2026-000007", "d", "waiting"));
        assertThat(report.missing()).isEmpty();
        assertThat(findings(ledger)).hasSize(4).allMatch(finding -> finding.contains("not issued again yet"));
        // when
        CloseResult closed = ledger.closer().close(NOVEMBER);
        fanOut(ledger, CSV);
        // then: the same numbers, keys and totals, each once, no file touched, nothing sent
        assertThat(closed.held()).isEmpty();
        assertThat(documents(ledger)).isEqualTo(issued);
        assertThat(deliver(ledger, 100)).isZero();
        assertThat(files()).isEqualTo(before);
        assertThat(ledger.rows("select distinct state, last_error from delivery"))
                .containsExactly("committed null");
        assertThat(ledger.rows("select count(*) from delivery")).containsExactly("7");
        assertThat(findings(ledger)).isEmpty();
        // and: the next number is new
        ledger.use(NOVEMBER.plusMonths(1), 0, List.of("a"));
        assertThat(ledger.closer().close(NOVEMBER.plusMonths(1)).issued())
                .extracting(IssuedDocument::number)
                .containsExactly("INV-2026-000008");
    }

    @Test
    void aCreditNoteIssuedSinceTheBackupIsRepeatedUnderItsNumberAndSentNowhere() throws Exception {
        // given: an invoice of the backup credited and the note delivered since, in the next year
        Path backup = backup();
        CreditOrder order = new CreditOrder("INV-2026-000001", null, "billed twice");
        IssuedDocument note = credits(yesterday).credit(order).note();
        fanOut(yesterday, CSV);
        deliver(yesterday, 100);
        Map<String, String> before = files();
        TestLedger ledger = restored(backup);
        // when, then: nothing is credited before it is known what was
        assertThatThrownBy(() -> credits(ledger).credit(order)).hasMessageContaining("run caravan recover");
        assertThat(recover(ledger, csv()).recovered()).isTrue();
        assertThat(findings(ledger)).singleElement().asString().startsWith(note.number());
        // and: another sum of the account's month is not what the customer holds
        ledger.execute("update recovered set total = total - 1");
        assertThatThrownBy(() -> credits(ledger).credit(order))
                .isInstanceOf(UserError.class)
                .hasMessageContaining(note.number() + " was issued before the ledger was restored")
                .hasMessageContaining("this credit comes to -4.8 EUR; credit first what that one did");
        ledger.execute("update recovered set total = total + 1");
        // when: it is repeated a year later
        ledger.clock.move(Duration.ofDays(365));
        IssuedDocument again = credits(ledger).credit(order).note();
        fanOut(ledger, CSV);
        // then
        assertThat(again.number()).isEqualTo(note.number());
        assertThat(again.key()).isEqualTo(note.key());
        assertThat(deliver(ledger, 100)).isZero();
        assertThat(files()).isEqualTo(before);
        assertThat(findings(ledger)).isEmpty();
        assertThatThrownBy(() -> credits(ledger).credit(order)).hasMessageContaining("credited completely already");
    }

    private static Credits credits(TestLedger ledger) {
        return new Credits(ledger.dataSource, CloseSettings.defaults(), ledger.clock);
    }

    @Test
    void recoveringAgainAndTwiceAtOnceChangesNothing() throws Exception {
        // given
        Path backup = backup();
        billNovember();
        TestLedger ledger = restored(backup);
        RecoveryReport first = recover(ledger, csv());
        // when
        Thread other = new Thread(() -> {
            try {
                recover(ledger, csv());
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
        other.start();
        RecoveryReport second = recover(ledger, csv());
        other.join();
        // then
        assertThat(second).isEqualTo(first);
        today(ledger);
        ledger.closer().close(NOVEMBER);
        assertThat(recover(ledger, csv()).documents()).hasSize(4).allMatch(found -> found.state()
                .equals("issued"));
        assertThat(findings(ledger)).isEmpty();
    }

    @Test
    void anAccountWhoseUsageIsNotAllThereIsHeldUntilItIs() throws Exception {
        // given
        Path backup = backup();
        billNovember();
        List<String> issued = documents(yesterday);
        TestLedger ledger = restored(backup);
        recover(ledger, csv());
        // when: nothing of today was read again
        CloseResult closed = ledger.closer().close(NOVEMBER);
        // then: b had no usage today
        assertThat(closed.issued()).extracting(IssuedDocument::number).containsExactly("INV-2026-000005");
        assertThat(closed.held()).extracting(CloseResult.Held::account).containsExactly("a", "c");
        assertThat(closed.held().get(0).reason())
                .contains("INV-2026-000004", "csv-directory", "9.6 EUR", "4.8 EUR", "--accept INV-2026-000004");
        // when
        today(ledger);
        // then
        assertThat(ledger.closer().close(NOVEMBER).held()).isEmpty();
        assertThat(documents(ledger)).isEqualTo(issued);
        assertThat(findings(ledger)).isEmpty();
    }

    @Test
    void aDifferenceThatAPersonAcceptsIsIssuedUnderTheSameNumberWithAnAlarm() throws Exception {
        // given
        Path backup = backup();
        billNovember();
        Map<String, String> before = files();
        TestLedger ledger = restored(backup);
        recover(ledger, csv());
        Recovery recovery = new Recovery(ledger.dataSource, ledger.clock);
        // when
        recovery.accept("INV-2026-000004", "the source is gone");
        recovery.accept("INV-2026-000004", "another reason");
        ledger.closer().close(NOVEMBER);
        fanOut(ledger, CSV);
        // then
        assertThat(ledger.rows("select number, total from document where account = 'a' order by number"))
                .containsExactly("INV-2026-000001 4.80", "INV-2026-000004 4.80");
        assertThat(ledger.rows(
                        "select state, erp_total, last_error from delivery v join document d on d.id = v.document"
                                + " where number = 'INV-2026-000004'"))
                .singleElement()
                .asString()
                .startsWith("committed 9.60 ALARM")
                .contains("9.6", "4.8");
        assertThat(ledger.rows("select accepted_reason from recovered where accepted_at is not null"))
                .containsExactly("the source is gone");
        assertThat(deliver(ledger, 100)).isZero();
        assertThat(files()).isEqualTo(before);
        assertThatThrownBy(() -> recovery.accept("INV-2026-000099", "x")).hasMessageContaining("INV-2026-000099");
    }

    @Test
    void aNumberThatNoConnectorKnowsIsNotGivenAgainAndNamed() throws Exception {
        // given: of November's four invoices the second never arrived
        Path backup = backup();
        today(yesterday);
        yesterday.closer().close(NOVEMBER);
        fanOut(yesterday, CSV);
        yesterday.execute("update delivery set due_at = 'infinity' where state = 'pending' and document ="
                + " (select id from document where number = 'INV-2026-000005')");
        deliver(yesterday, 100);
        TestLedger ledger = restored(backup);
        // when
        RecoveryReport report = recover(ledger, csv());
        // then
        assertThat(report.recovered()).isTrue();
        assertThat(report.missing()).containsExactly("INV-2026-000005");
        // when
        today(ledger);
        ledger.closer().close(NOVEMBER);
        fanOut(ledger, CSV);
        // then: its account gets the next one, and a file of its own
        assertThat(ledger.rows("select number, account from document where month = '2026-11-01' order by number"))
                .containsExactly("INV-2026-000004 a", "INV-2026-000006 c", "INV-2026-000007 d", "INV-2026-000008 b");
        assertThat(deliver(ledger, 100)).isEqualTo(1);
        assertThat(findings(ledger))
                .singleElement()
                .asString()
                .contains("the series stands at 8, documents: 7, missing: INV-2026-000005");
    }

    @Test
    void aDeliveryThatYesterdaysLedgerHasPendingIsCommittedIfItArrivedSince() throws Exception {
        // given: issued before the backup, delivered after it
        today(yesterday);
        yesterday.closer().close(NOVEMBER);
        fanOut(yesterday, CSV);
        Path backup = backup();
        deliver(yesterday, 3);
        Map<String, String> before = files();
        TestLedger ledger = restored(backup);
        // when: not recovered
        fanOut(ledger, CSV);
        // then: nothing moves
        assertThat(deliver(ledger, 100)).isZero();
        assertThat(ledger.rows("select state, count(*) from delivery group by 1 order by 1"))
                .containsExactly("committed 3", "pending 4");
        // when
        RecoveryReport report = recover(ledger, csv());
        // then
        assertThat(report.connectors().get(0).adopted()).isEqualTo(3);
        assertThat(deliver(ledger, 100)).isEqualTo(1);
        assertThat(files()).containsAllEntriesOf(before).hasSize(before.size() + 2);
        assertThat(ledger.rows("select state, count(*) from delivery group by 1"))
                .containsExactly("committed 7");
    }

    @Test
    void fanOutStandsStillTooAndGoesOnAfterwards() throws Exception {
        // given
        today(yesterday);
        yesterday.closer().close(NOVEMBER);
        TestLedger ledger = restored(backup());
        Outbox outbox = new Outbox(ledger.dataSource, SETTINGS, ledger.clock);
        // when / then
        assertThat(outbox.claim("test")).isEmpty();
        assertThat(RestoredLedger.waiting(ledger.dataSource))
                .hasValueSatisfying(waiting -> assertThat(waiting.message()).contains("caravan recover"));
        recover(ledger, csv());
        assertThat(outbox.claim("test")).hasSize(4);
        assertThat(RestoredLedger.waiting(ledger.dataSource)).isEmpty();
    }

    // ---- connectors that can't tell, or tell not all -------------------------------------------------------------

    @Test
    void aConnectorThatCannotBeAskedWaitsForAPersonAndItsDoubtForAnother() throws Exception {
        // given: two connectors, one of which can't list; a delivery to it is pending in the backup
        today(yesterday);
        yesterday.closer().close(NOVEMBER, Set.of("a"), issued -> {});
        fanOut(yesterday, CSV, "erp");
        Path backup = backup();
        deliver(yesterday, 100);
        yesterday.closer().close(NOVEMBER);
        fanOut(yesterday, CSV, "erp");
        deliver(yesterday, 100);
        TestLedger ledger = restored(backup);
        // when
        RecoveryReport open = recover(ledger, csv(), silent(null));
        // then
        assertThat(open.recovered()).isFalse();
        assertThat(open.problems()).singleElement().asString().contains("erp can't be asked", "--confirm erp=NUMBER");
        // when: a number beyond all that is known
        assertThatThrownBy(() -> recover(ledger, csv(), silent("INV-2026-000009")))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("--found erp=FILE.csv");
        assertThat(RestoredLedger.waiting(ledger.dataSource)).isPresent();
        // when
        RecoveryReport report = recover(ledger, csv(), silent("INV-2026-000006"));
        // then: what was pending there is in doubt
        assertThat(report.recovered()).isTrue();
        assertThat(ledger.rows("select state from delivery where connector = 'erp'"))
                .containsExactly("in-doubt");
        // when: the others are issued again
        today(ledger);
        ledger.closer().close(NOVEMBER);
        fanOut(ledger, CSV, "erp");
        // then
        assertThat(ledger.rows("select connector, state, count(*) from delivery group by 1, 2 order by 1, 2"))
                .containsExactly("csv-directory committed 7", "erp in-doubt 4");
        assertThat(ledger.rows("select distinct last_error from delivery where connector = 'erp'"))
                .allMatch(error -> error.contains("adopt its reference, or resend"));
    }

    @Test
    void whatWasFannedOutOrRetriedSinceTheBackupIsNotSentTwiceToAConnectorThatCannotBeAsked() throws Exception {
        // given: at the backup one document of two waits for its fan-out, the other is parked at the ERP
        today(yesterday);
        yesterday.closer().close(NOVEMBER, Set.of("a"), issued -> {});
        fanOut(yesterday, "erp");
        yesterday.execute(
                "update delivery set state = 'parked', last_error = 'unknown product' where connector = 'erp'");
        yesterday.closer().close(NOVEMBER, Set.of("b"), issued -> {});
        TestLedger ledger = restored(backup());
        // when: the ERP got both before the ledger was lost, and a person says that it can't be asked
        assertThat(recover(ledger, csv(), silent("INV-2026-000005")).recovered())
                .isTrue();
        fanOut(ledger, "erp");
        DeliveryOrders orders = new DeliveryOrders(
                ledger.dataSource, SETTINGS, ledger.clock, name -> new ConnectorInfo(name, Repeat.NEVER, false), "jo");
        long parked = Long.parseLong(
                ledger.rows("select id from delivery where state = 'parked'").get(0));
        DeliveryOrders.Result retried = orders.retry(parked, null);
        // then
        assertThat(ledger.rows("select state, doubt, attempt from delivery where connector = 'erp' order by id"))
                .containsExactly("parked t 0", "in-doubt t 0");
        assertThat(retried.outcome()).isEqualTo(DeliveryOrders.Outcome.REFUSED);
    }

    @Test
    void whatAPersonListsOfAConnectorCountsAsItsOwnAnswer() throws Exception {
        // given
        Path backup = backup();
        today(yesterday);
        yesterday.closer().close(NOVEMBER);
        TestLedger ledger = restored(backup);
        BigDecimal total = new BigDecimal("9.60");
        // when: one of them without account
        RecoveryReport open = recover(
                ledger,
                csv(),
                silent(
                        null,
                        new FoundDocument("INV-2026-000004", null, "a", NOVEMBER, "EUR", total, "ERP/17"),
                        new FoundDocument("INV-2026-000005", null, null, null, null, null, null)));
        // then
        assertThat(open.recovered()).isFalse();
        assertThat(open.problems()).singleElement().asString().contains("INV-2026-000005 at erp");
        // when
        RecoveryReport report = recover(
                ledger,
                csv(),
                silent(null, new FoundDocument("INV-2026-000005", null, "b", NOVEMBER, null, null, null)));
        // then
        assertThat(report.problems()).isEmpty();
        assertThat(report.recovered()).isTrue();
        today(ledger);
        ledger.closer().close(NOVEMBER);
        assertThat(ledger.rows("select d.number, d.key, v.state, v.reference from document d left join delivery v on"
                        + " v.document = d.id where month = '2026-11-01' order by number"))
                .containsExactly(
                        "INV-2026-000004 test:a:2026-11:1 committed ERP/17",
                        "INV-2026-000005 test:b:2026-11:1 committed INV-2026-000005",
                        "INV-2026-000006 test:c:2026-11:1 null null",
                        "INV-2026-000007 test:d:2026-11:1 null null");
    }

    @Test
    void aConnectorThatLacksWhatTheLedgerKnowsItHasIsNotBelieved() throws Exception {
        // given: the wrong directory
        Path backup = backup();
        billNovember();
        TestLedger ledger = restored(backup);
        Path right = out;
        out = Files.createDirectory(directory.resolve("wrong"));
        // when
        RecoveryReport report = recover(ledger, csv());
        // then
        assertThat(report.recovered()).isFalse();
        assertThat(report.problems()).singleElement().asString().contains("lacks 3 documents", "INV-2026-000003");
        // when
        out = right;
        // then
        assertThat(recover(ledger, csv()).recovered()).isTrue();
    }

    @Test
    void aConnectorThatFailsIsNotBelievedEither() throws Exception {
        // given
        TestLedger ledger = restored(backup());
        out = directory.resolve("gone");
        // when
        RecoveryReport report = recover(ledger, csv());
        // then
        assertThat(report.recovered()).isFalse();
        assertThat(report.problems()).anyMatch(problem -> problem.contains("gone does not exist"));
    }

    @Test
    void aNumberThatTwoLedgersGaveToTwoAccountsIsNotSettledByItself() throws Exception {
        // given: the restored ledger has issued its fourth number to another account
        Path backup = backup();
        today(yesterday);
        yesterday.closer().close(NOVEMBER, Set.of("b"), issued -> {});
        fanOut(yesterday, CSV);
        deliver(yesterday, 100);
        TestLedger ledger = restored(backup);
        ledger.execute("update restored set recovered_at = now()");
        today(ledger);
        ledger.closer().close(NOVEMBER, Set.of("a"), issued -> {});
        new Recovery(ledger.dataSource, ledger.clock).mark();
        // when
        RecoveryReport report = recover(ledger, csv());
        // then
        assertThat(report.recovered()).isFalse();
        assertThat(report.problems()).singleElement().asString().contains("INV-2026-000004", "two ledgers");
    }

    @Test
    void filesFromBeforeThereWereNotesAreKnownByTheirNames() throws Exception {
        // given: November's notes are missing, and one account's name had to be changed in the name of its file
        Path backup = backup();
        yesterday.use(NOVEMBER, 9, List.of("e/f"));
        billNovemberWithout("e/f");
        TestLedger ledger = restored(backup);
        // when
        RecoveryReport report = recover(ledger, csv());
        // then
        assertThat(report.recovered()).isFalse();
        assertThat(report.problems()).singleElement().asString().contains("INV-2026-000008", "--found csv-directory");
        assertThat(report.documents())
                .filteredOn(found -> found.number().equals("INV-2026-000004"))
                .singleElement()
                .satisfies(found -> {
                    assertThat(found.account()).isEqualTo("a");
                    assertThat(found.month()).isEqualTo(NOVEMBER);
                    assertThat(found.total()).isEqualByComparingTo("9.60");
                });
    }

    private void billNovemberWithout(String note) throws Exception {
        today(yesterday);
        yesterday.closer().close(NOVEMBER);
        assertThat(yesterday.rows("select number from document where account = '" + note + "'"))
                .containsExactly("INV-2026-000008");
        fanOut(yesterday, CSV);
        deliver(yesterday, 100);
        try (Stream<Path> notes = Files.list(out.resolve(".caravan-documents"))) {
            for (Path file : notes.toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void invoicesThatWereFetchedFromTheDirectoryAreStillKnown() throws Exception {
        // given: somebody takes the files away as they come
        Path backup = backup();
        billNovember();
        try (Stream<Path> files = Files.list(out)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.delete(file);
            }
        }
        TestLedger ledger = restored(backup);
        // when
        RecoveryReport report = recover(ledger, csv());
        // then
        assertThat(report.recovered()).isTrue();
        assertThat(report.documents()).hasSize(4);
    }

    @Test
    void aLedgerThatWasNeverRestoredHasNothingToRecoverUnlessItIsSaid() throws Exception {
        // given
        TestLedger ledger = yesterday;
        // when / then
        assertThatThrownBy(() -> recover(ledger, csv())).hasMessageContaining("--restored");
        Recovery recovery = new Recovery(ledger.dataSource, ledger.clock);
        recovery.mark();
        recovery.mark();
        assertThat(ledger.rows("select count(*) from restored")).containsExactly("1");
        assertRefused(ledger.closer().close(NOVEMBER));
        assertThat(recover(ledger, csv()).recovered()).isTrue();
        assertThat(ledger.closer().close(NOVEMBER).issued()).hasSize(3);
    }
}
