package org.caravan.invoice.erp.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.caravan.hub.db.DatabaseAccess;
import org.caravan.invoice.RefusedException;
import org.caravan.invoice.document.Document;
import org.caravan.invoice.document.Sums;
import org.caravan.testing.Connector;
import org.caravan.testing.Connector.Answer;
import org.caravan.testing.Database;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The connector as the hub uses it, loaded from its file, before a real PostgreSQL. */
class SqlSinkTest {
    private final DatabaseAccess target = Database.freshAccess();
    private final List<Connector> connectors = new ArrayList<>();

    @AfterEach
    void stop() {
        connectors.forEach(Connector::close);
    }

    @Test
    void headerAndLinesAreRowsAndTheNumberIsTheReference() throws Exception {
        // given: a price below a cent, a quote, a formula, letters of other languages
        Document document = Sums.of()
                .use("vm1", "m1.small", "hour", "744", "0.048")
                .use("vm2", "O'Neill; drop table x --", "hour", "1.5", "0.0000000012345")
                .use("vm3", "=1+1 \u00fc \u6f22 \ud83d\ude00", "hour", "2", "0.5")
                .document(new Sums.Profile().tax("GST", "15").build());
        // when
        Answer answer = connector().commit(document);
        // then
        assertThat(answer)
                .isEqualTo(new Answer(
                        null, document.number(), document.total().toPlainString(), document.currency(), null, null));
        assertThat(rows("select invoice_key, number, kind, total, lines from caravan_invoice"))
                .containsExactly(String.join(
                        " ",
                        document.key(),
                        document.number(),
                        "invoice",
                        document.total().toPlainString(),
                        "3"));
        assertThat(
                        rows(
                                "select line, product, quantity, unit_price, amount, exact from caravan_invoice_line order by 1"))
                .hasSize(3)
                .contains("1 =1+1 \u00fc \u6f22 \ud83d\ude00 2 0.5 1.00 1")
                .anyMatch(row -> row.contains("O'Neill; drop table x -- 1.5 0.0000000012345 0.00 0.00000000185175"));
        assertThat(rows("select document from caravan_invoice"))
                .singleElement()
                .asString()
                .contains("vm3");
    }

    @Test
    void theSameInvoiceTwiceAlsoAtOnceIsOneAndTheSameReference() throws Exception {
        // given
        Document document = document("744");
        Connector connector = connector();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        // when
        List<Callable<Answer>> calls = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            calls.add(() -> connector.commit(document));
        }
        List<Future<Answer>> answers = threads.invokeAll(calls);
        threads.shutdown();
        // then
        for (Future<Answer> answer : answers) {
            assertThat(answer.get().error()).isNull();
            assertThat(answer.get().reference()).isEqualTo(document.number());
        }
        assertThat(rows("select count(*), (select count(*) from caravan_invoice_line) from caravan_invoice"))
                .containsExactly("1 1");
    }

    @Test
    void anInvoiceIsThereWholeOrNotAtAll() throws Exception {
        // given: the lines can't be written
        Document document = document("744");
        Connector connector = connector();
        connector.commit(document("1"));
        execute("delete from caravan_invoice_line; delete from caravan_invoice");
        execute("alter table caravan_invoice_line add constraint no check (quantity < 700)");
        // when
        Answer refused = connector.commit(document);
        // then: for good, as it is what this document says
        assertThat(refused.error()).isInstanceOf(RefusedException.class).hasMessageContaining("violates check");
        assertThat(rows("select count(*) from caravan_invoice")).containsExactly("0");
        // when
        execute("alter table caravan_invoice_line drop constraint no");
        Answer again = connector.commit(document);
        // then
        assertThat(again.reference()).isEqualTo(document.number());
    }

    @Test
    void otherContentUnderAKeyIsRefused() throws Exception {
        // given
        Connector connector = connector();
        Document document = document("744");
        connector.commit(document);
        // when
        Answer other = connector.commit(document("745"));
        // then
        assertThat(other.error()).isInstanceOf(RefusedException.class).hasMessageContaining("other content");
        assertThat(other.reference()).isNull();
        assertThat(rows("select quantity from caravan_invoice_line")).containsExactly("744");
    }

    @Test
    void whatTheDatabaseHoldsIsAnsweredNotWhatWasSent() throws Exception {
        // given: tables of one's own that keep whole units
        execute("create table inv (invoice_key text primary key, number text, kind text, corrects text, account text,"
                + " customer text, month text, period_from timestamptz, period_to timestamptz, currency text,"
                + " subtotal numeric(12,0), discount numeric(12,0), tax numeric(12,0), total numeric(12,0), lines int,"
                + " digest text, document text)");
        execute(
                "create table inv_line (invoice_key text, line int, datacenter text, product text, label text, kind text,"
                        + " unit text, quantity numeric, unit_price numeric, amount numeric, exact numeric)");
        // when
        Answer answer = connector("invoiceTable", "inv", "lineTable", "inv_line", "createTables", "false")
                .commit(document("744"));
        // then
        assertThat(answer.total()).isEqualTo("41");
    }

    @Test
    void aDatabaseThatBreaksInTheMiddleHasAllOrNothingAndIsFoundAgain() throws Exception {
        // given: the server ends the session with the first line
        Connector connector = connector();
        connector.commit(document("1"));
        execute("delete from caravan_invoice_line; delete from caravan_invoice");
        execute("create function die() returns trigger language plpgsql as $$ begin"
                + " perform pg_terminate_backend(pg_backend_pid()); return new; end $$");
        execute("create trigger die before insert on caravan_invoice_line for each row execute function die()");
        // when
        Answer broken = connector.commit(document("744"));
        execute("drop trigger die on caravan_invoice_line");
        Answer again = connector.commit(document("744"));
        // then
        assertThat(broken.error()).isNotNull().isNotInstanceOf(RefusedException.class);
        assertThat(again.reference()).isEqualTo(document("744").number());
        assertThat(rows("select count(*) from caravan_invoice")).containsExactly("1");
    }

    @Test
    void aDatabaseThatIsNotThereYetIsFoundWhenItIs() throws Exception {
        // given
        String url = target.url() + "_later";
        Connector connector =
                new Connector("sql", "database_name", url, "username", target.user(), "password", target.password());
        connectors.add(connector);
        // when
        Answer early = connector.commit(document("744"));
        Answer again = connector.commit(document("744"));
        execute("create database " + url.replaceFirst(".*/", "").replaceFirst("[?].*", ""));
        Answer late = connector.commit(document("744"));
        // then
        assertThat(root(early.error())).hasMessageContaining("does not exist");
        assertThat(root(again.error())).hasMessageContaining("does not exist");
        assertThat(late.error()).isNull();
        assertThat(late.reference()).isEqualTo(document("744").number());
    }

    @Test
    void wrongSettingsAreNamed() {
        // given / when
        Answer table = connector("invoiceTable", "x; drop").commit(document("1"));
        Answer password = new Connector(
                        "sql", "database_name", target.url(), "username", target.user(), "password", "wr0ng")
                .commit(document("1"));
        // then
        assertThat(root(table.error())).hasMessageContaining("no name of a table");
        assertThat(root(password.error())).hasMessageNotContaining("wr0ng");
    }

    private static Throwable root(Throwable error) {
        Throwable root = error;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    private static Document document(String quantity) {
        return Sums.of()
                .use("vm1", "m1.small", "hour", quantity, "0.048")
                .document(new Sums.Profile().tax("GST", "15").build());
    }

    private Connector connector(String... told) {
        List<String> all = new ArrayList<>(
                List.of("database_name", target.url(), "username", target.user(), "password", target.password()));
        all.addAll(List.of(told));
        Connector connector = new Connector("sql", all.toArray(String[]::new));
        connectors.add(connector);
        return connector;
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(target.url(), target.user(), target.password());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private List<String> rows(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(target.url(), target.user(), target.password());
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            List<String> rows = new ArrayList<>();
            while (row.next()) {
                List<String> columns = new ArrayList<>();
                for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                    columns.add(row.getString(i));
                }
                rows.add(String.join(" ", columns));
            }
            return rows;
        }
    }
}
