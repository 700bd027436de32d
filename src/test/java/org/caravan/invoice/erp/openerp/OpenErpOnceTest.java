package org.caravan.invoice.erp.openerp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.caravan.invoice.document.Document;
import org.caravan.testing.odoo.FakeOdoo;
import org.caravan.testing.odoo.FakeOdoo.Fate;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One document is one posted invoice, on every transport, whatever happens to calls and answers. */
class OpenErpOnceTest {
    private static List<Map<String, Object>> posted(FakeOdoo odoo) {
        return odoo.all("account.move").stream()
                .filter(move -> move.get("state").equals("posted"))
                .toList();
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void aDocumentBecomesAPostedInvoiceAndItsNameTheReference(Wire wire) throws Exception {
        try (FakeOdoo odoo = new FakeOdoo(wire.version);
                KameletRoute route = new KameletRoute(wire.options(odoo))) {
            // given
            Document document = Invoices.of("acme");
            // when
            KameletRoute.Answer answer = route.send(document);
            // then
            assertThat(answer.error()).isNull();
            assertThat(answer.total()).isEqualTo("36.21");
            assertThat(answer.reference())
                    .isEqualTo(
                            wire.version == 14
                                    ? "INV/2026/10/0001 (account.move 1)"
                                    : "INV/2026/00001 (account.move 1)");
            assertThat(odoo.all("account.move")).singleElement().satisfies(move -> assertThat(move)
                    .containsEntry("state", "posted")
                    .containsEntry("move_type", "out_invoice")
                    .containsEntry("ref", document.key())
                    .containsEntry("invoice_date", "2026-10-31")
                    .containsEntry("invoice_date_due", "2026-11-30"));
            assertThat(odoo.lines(1))
                    .containsExactly(
                            "section Datacenter por",
                            "b1.standard: 1000 GB-hour at 0.0005 | 1 x 0.50",
                            "m1.small: 744 hour at 0.048 | 1 x 35.71");
            assertThat(odoo.all("res.partner").get(1))
                    .containsEntry("name", "acme")
                    .containsEntry("ref", "acme");
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void theSameDocumentAgainIsTheSameInvoiceAndReference(Wire wire) throws Exception {
        try (FakeOdoo odoo = new FakeOdoo(wire.version);
                KameletRoute route = new KameletRoute(wire.options(odoo));
                KameletRoute afterRestart = new KameletRoute(wire.options(odoo))) {
            // given
            KameletRoute.Answer first = route.send(Invoices.of("acme"));
            // when
            KameletRoute.Answer again = route.send(Invoices.of("acme"));
            KameletRoute.Answer later = afterRestart.send(Invoices.of("acme"));
            // then
            assertThat(again).isEqualTo(first);
            assertThat(later).isEqualTo(first);
            assertThat(odoo.all("account.move")).hasSize(1);
            assertThat(odoo.calls("account.move", "action_post")).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void theSameDocumentFromManyAtOnceIsOneInvoice(Wire wire) throws Exception {
        try (FakeOdoo odoo = new FakeOdoo(wire.version).workMillis(20);
                KameletRoute route = new KameletRoute(wire.options(odoo) + "&tries=50")) {
            // given
            ExecutorService threads = Executors.newFixedThreadPool(8);
            List<Callable<KameletRoute.Answer>> tasks = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                tasks.add(() -> route.send(Invoices.of("acme")));
            }
            // when
            List<Future<KameletRoute.Answer>> answers = threads.invokeAll(tasks);
            threads.shutdown();
            // then
            for (Future<KameletRoute.Answer> answer : answers) {
                assertThat(answer.get().error()).isNull();
                assertThat(answer.get()).isEqualTo(answers.get(0).get());
            }
            assertThat(odoo.all("account.move")).hasSize(1);
            assertThat(odoo.all("res.partner")).hasSize(2);
            assertThat(odoo.conflicts()).isPositive();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Wire.class,
            names = {"ODOO_14_XMLRPC", "ODOO_19_JSON2"})
    void whateverBecomesOfACallOrItsAnswerThereIsOneInvoice(Wire wire) throws Exception {
        try (FakeOdoo odoo = new FakeOdoo(wire.version);
                KameletRoute route = new KameletRoute(wire.options(odoo))) {
            int documents = 0;
            for (String method : List.of("account.move.load", "account.move.action_post", "account.move.read")) {
                for (Fate fate : List.of(
                        Fate.NOT_REACHED, Fate.LOST_ANSWER, Fate.HALF_ANSWER, Fate.BAD_GATEWAY, Fate.CONFLICT)) {
                    // given: it happens to the first call of the method
                    odoo.fates(
                            (model, called, n) -> (model + "." + called).equals(method) && n == 1 ? fate : Fate.WELL);
                    documents++;
                    // when
                    KameletRoute.Answer answer = route.send(Invoices.of("t" + documents));
                    // then
                    assertThat(answer.error()).as("%s of %s", fate, method).isNull();
                    assertThat(answer.total()).isEqualTo("36.21");
                    assertThat(odoo.all("account.move"))
                            .as("%s of %s", fate, method)
                            .hasSize(documents);
                    assertThat(posted(odoo)).hasSize(documents);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void anAnswerThatComesTooLateLeavesOneInvoiceForTheNextAttempt(Wire wire) throws Exception {
        try (FakeOdoo odoo = new FakeOdoo(wire.version).lateMillis(2_500);
                KameletRoute route = new KameletRoute(wire.options(odoo) + "&callTimeout=1&tries=1")) {
            // given
            odoo.fates((model, method, n) ->
                    method.equals("load") && model.equals("account.move") && n == 1 ? Fate.LATE_ANSWER : Fate.WELL);
            // when
            KameletRoute.Answer slow = route.send(Invoices.of("acme"));
            KameletRoute.Answer next = route.send(Invoices.of("acme"));
            // then: nobody knows after the first
            assertThat(slow.error()).isInstanceOf(java.io.IOException.class).hasMessageContaining("did not answer");
            assertThat(next.error()).isNull();
            assertThat(posted(odoo)).hasSize(1);
            assertThat(odoo.all("account.move")).hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void aDraftThatAPersonDeletedIsMadeAnew(Wire wire) throws Exception {
        try (FakeOdoo odoo = new FakeOdoo(wire.version);
                KameletRoute route = new KameletRoute(wire.options(odoo) + "&tries=1")) {
            // given: the post never came
            odoo.fates((model, method, n) -> method.equals("action_post") && n == 1 ? Fate.NOT_REACHED : Fate.WELL);
            KameletRoute.Answer first = route.send(Invoices.of("acme"));
            assertThat(first.error()).isNotNull();
            odoo.delete("account.move", 1);
            // when
            KameletRoute.Answer again = route.send(Invoices.of("acme"));
            // then
            assertThat(again.reference()).endsWith("(account.move 2)");
            assertThat(odoo.all("account.move")).hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void aBatchIsOneInvoiceEachAlsoWhereItIsRepeated(Wire wire) throws Exception {
        try (FakeOdoo odoo = new FakeOdoo(wire.version);
                KameletRoute route = new KameletRoute(wire.options(odoo))) {
            // given: some of them are there already
            List<Document> documents = Invoices.many(12);
            route.send(documents.get(3));
            odoo.fates((model, method, n) ->
                    method.equals("load") && model.equals("account.move") && n == 1 ? Fate.LOST_ANSWER : Fate.WELL);
            // when
            Map<String, Map<String, String>> first = route.sendAll(documents);
            Map<String, Map<String, String>> again = route.sendAll(documents);
            // then
            assertThat(first).hasSize(12).isEqualTo(again);
            assertThat(first.values())
                    .allSatisfy(answer -> assertThat(answer).hasSize(2).containsEntry("total", "36.21"));
            assertThat(odoo.all("account.move")).hasSize(12);
            assertThat(posted(odoo)).hasSize(12);
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void oneBadDocumentOfABatchKeepsNoOtherFromBeingPosted(Wire wire) throws Exception {
        try (FakeOdoo odoo = new FakeOdoo(wire.version);
                KameletRoute route = new KameletRoute(wire.options(odoo))) {
            // given: Odoo refuses what it gets together, whatever of it is at fault
            List<Document> documents = Invoices.many(4);
            odoo.fates((model, method, n) -> method.equals("load") && model.equals("account.move") && (n == 1 || n == 3)
                    ? Fate.REFUSED
                    : Fate.WELL);
            // when
            Map<String, Map<String, String>> answers = route.sendAll(documents);
            // then: the second of them is refused alone, too
            assertThat(answers.values().stream().map(Map::keySet).map(Object::toString))
                    .containsExactlyInAnyOrder(
                            "[reference, total]", "[reference, total]", "[reference, total]", "[refused]");
            assertThat(posted(odoo)).hasSize(3);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Wire.class,
            names = {"ODOO_14_JSONRPC", "ODOO_19_JSON2"})
    void aPartnerThatWasMadeIsAskedForOnceAndMadeAnewWhereItIsGone(Wire wire) throws Exception {
        try (FakeOdoo odoo = new FakeOdoo(wire.version);
                KameletRoute route = new KameletRoute(wire.options(odoo) + "&refresh=0")) {
            // given: books that are read anew each time
            route.send(Invoices.of("acme", 1));
            // when
            KameletRoute.Answer known = route.send(Invoices.of("acme", 2));
            int asked = odoo.calls("res.partner", "load");
            long partner = (Long) odoo.all("res.partner").get(1).get("id");
            odoo.delete("res.partner", partner);
            KameletRoute.Answer gone = route.send(Invoices.of("acme", 3));
            // then
            assertThat(known.error()).isNull();
            assertThat(asked).isEqualTo(1);
            assertThat(odoo.calls("account.journal", "search_read")).isGreaterThan(2);
            assertThat(gone.error()).isNull();
            assertThat(odoo.all("account.move")).hasSize(3);
            assertThat(odoo.all("res.partner").stream().filter(one -> "acme".equals(one.get("ref"))))
                    .hasSize(1);
        }
    }
}
