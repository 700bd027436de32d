package org.caravan.invoice.erp.openerp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.caravan.common.UserError;
import org.caravan.invoice.FoundDocument;
import org.caravan.invoice.NotSentException;
import org.caravan.invoice.document.Document;
import org.caravan.invoice.document.Sums;
import org.caravan.testing.odoo.FakeOdoo;
import org.caravan.testing.odoo.FakeOdoo.Fate;
import org.junit.jupiter.api.Test;

/** What Odoo, its accountants or a wrong setting keep from being posted, what is said of it, and what comes after. */
class OpenErpRefusalTest {
    private final List<AutoCloseable> open = new ArrayList<>();

    @org.junit.jupiter.api.AfterEach
    void close() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
    }

    private FakeOdoo odoo(Wire wire) {
        FakeOdoo odoo = new FakeOdoo(wire.version);
        open.add(odoo);
        return odoo;
    }

    private KameletRoute route(FakeOdoo odoo, Wire wire, String options) throws Exception {
        KameletRoute route = new KameletRoute(wire.options(odoo) + options);
        open.add(route);
        return route;
    }

    @Test
    void anotherDocumentUnderTheSameKeyIsAnAlarmAndChangesNothing() throws Exception {
        // given
        FakeOdoo odoo = odoo(Wire.ODOO_19_JSON2);
        KameletRoute route = route(odoo, Wire.ODOO_19_JSON2, "");
        route.send(Invoices.of("acme"));
        Document other =
                Invoices.of("acme", new Sums.Profile(), Sums.of().use("vm1", "m1.small", "hour", "745", "0.048"));
        // when
        KameletRoute.Answer answer = route.send(other);
        // then
        assertThat(answer.error()).isInstanceOf(UserError.class);
        assertThat(answer.message())
                .startsWith("ALARM: Odoo has INV-2026-acme as INV/2026/00001 (account.move 1) (state posted)")
                .contains("it is another document, or was edited");
        assertThat(odoo.all("account.move")).singleElement().satisfies(move -> assertThat(move)
                .containsEntry("amount_total", 36.21));
    }

    @Test
    void aDraftThatAPersonChangedIsNotPosted() throws Exception {
        // given: the post did not come, then somebody changed an amount
        FakeOdoo odoo = odoo(Wire.ODOO_14_XMLRPC);
        KameletRoute route = route(odoo, Wire.ODOO_14_XMLRPC, "&tries=1");
        odoo.fates((model, method, n) -> method.equals("action_post") && n == 1 ? Fate.NOT_REACHED : Fate.WELL);
        route.send(Invoices.of("acme"));
        odoo.set("account.move", 1, "amount_untaxed", 36.22);
        // when
        KameletRoute.Answer answer = route.send(Invoices.of("acme"));
        // then
        assertThat(answer.message()).contains("amount_untaxed 36.22 in the place of 36.21");
        assertThat(odoo.all("account.move").get(0)).containsEntry("state", "draft");
    }

    @Test
    void aPostedInvoiceWithAnotherTotalIsCommittedAndSaysTheTotal() throws Exception {
        // given
        FakeOdoo odoo = odoo(Wire.ODOO_14_JSONRPC);
        KameletRoute route = route(odoo, Wire.ODOO_14_JSONRPC, "");
        route.send(Invoices.of("acme"));
        odoo.set("account.move", 1, "amount_total", 36.2);
        // when
        KameletRoute.Answer answer = route.send(Invoices.of("acme"));
        // then: the outbox compares, and raises the alarm
        assertThat(answer.error()).isNull();
        assertThat(answer.total()).isEqualTo("36.20");
    }

    @Test
    void aCancelledInvoiceIsAnAlarm() throws Exception {
        // given
        FakeOdoo odoo = odoo(Wire.ODOO_19_XMLRPC);
        KameletRoute route = route(odoo, Wire.ODOO_19_XMLRPC, "");
        route.send(Invoices.of("acme"));
        odoo.set("account.move", 1, "state", "cancel");
        // when
        KameletRoute.Answer answer = route.send(Invoices.of("acme"));
        // then
        assertThat(answer.message()).contains("in state cancel; a credit note takes an invoice back, nothing else");
    }

    @Test
    void aLockedPeriodIsRefusedBy14AndBookedLaterBy19() throws Exception {
        // given
        FakeOdoo fourteen = odoo(Wire.ODOO_14_XMLRPC).lockDate("2026-10-31");
        FakeOdoo nineteen = odoo(Wire.ODOO_19_JSON2).lockDate("2026-10-31");
        // when
        KameletRoute.Answer refused = route(fourteen, Wire.ODOO_14_XMLRPC, "").send(Invoices.of("acme"));
        KameletRoute.Answer booked = route(nineteen, Wire.ODOO_19_JSON2, "").send(Invoices.of("acme"));
        // then
        assertThat(refused.error()).isInstanceOf(UserError.class);
        assertThat(refused.message())
                .isEqualTo(
                        "openerp: Odoo refuses INV-2026-acme: You cannot add/modify entries prior to and inclusive of"
                                + " the lock date 2026-10-31.");
        assertThat(fourteen.all("account.move")).isEmpty();
        assertThat(booked.error()).isNull();
        assertThat(nineteen.all("account.move").get(0)).containsEntry("invoice_date", "2026-10-31");
    }

    @Test
    void anAccountWithoutPartnerIsParkedWhereOneIsRequired() throws Exception {
        // given: one is unknown, one is there twice, one once
        FakeOdoo odoo = odoo(Wire.ODOO_19_JSON2);
        KameletRoute route = route(odoo, Wire.ODOO_19_JSON2, "&partner=require");
        odoo.add("res.partner", "name", "Twice", "ref", "twice", "parent_id", false);
        odoo.add("res.partner", "name", "Twice again", "ref", "twice", "parent_id", false);
        long once = odoo.add("res.partner", "name", "Once Ltd", "ref", "once", "parent_id", false);
        // when
        Map<String, Map<String, String>> answers =
                route.sendAll(List.of(Invoices.of("unknown"), Invoices.of("twice"), Invoices.of("once")));
        // then
        assertThat(answers.values())
                .extracting(answer -> answer.getOrDefault("refused", answer.get("reference")))
                .satisfiesExactlyInAnyOrder(
                        text -> assertThat(text)
                                .startsWith(
                                        "openerp: account 'unknown' is not the reference (Internal Reference) of exactly"
                                                + " one partner"),
                        text -> assertThat(text).startsWith("openerp: account 'twice'"),
                        text -> assertThat(text).isEqualTo("INV/2026/00001 (account.move 1)"));
        assertThat(odoo.all("account.move").get(0)).containsEntry("partner_id", List.of(once, "partner"));
        // when: the accountants give the account to a partner
        odoo.add("res.partner", "name", "Known now", "ref", "unknown", "parent_id", false);
        // then
        assertThat(route.send(Invoices.of("unknown")).error()).isNull();
    }

    @Test
    void whatWasMendedInOdooCountsAtTheNextAttempt() throws Exception {
        // given: the books are remembered for minutes
        FakeOdoo odoo = odoo(Wire.ODOO_14_JSONRPC);
        KameletRoute route = route(odoo, Wire.ODOO_14_JSONRPC, "&refresh=600");
        Document yen = Invoices.of("acme", new Sums.Profile().currency("JPY", "90"));
        assertThat(route.send(yen).message()).contains("currency JPY is not active in Odoo; activate it there");
        // when
        odoo.setWhere("res.currency", "JPY", "active", true);
        KameletRoute.Answer answer = route.send(yen);
        // then
        assertThat(answer.error()).isNull();
        assertThat(answer.total()).isEqualTo("3259");
    }

    @Test
    void aPartnerThatWasDeletedIsMadeAnew() throws Exception {
        // given
        FakeOdoo odoo = odoo(Wire.ODOO_19_JSON2);
        KameletRoute route = route(odoo, Wire.ODOO_19_JSON2, "");
        Document first = Invoices.of("acme");
        Document second = Invoices.credit(first, 1);
        route.send(first);
        odoo.delete("res.partner", 2);
        // when
        KameletRoute.Answer answer = route.send(second);
        // then
        assertThat(answer.error()).isNull();
        assertThat(odoo.all("res.partner")).hasSize(2);
    }

    @Test
    void aCreditNoteIsTiedToItsInvoiceWhereOdooHasIt() throws Exception {
        // given
        FakeOdoo odoo = odoo(Wire.ODOO_19_JSON2);
        KameletRoute route = route(odoo, Wire.ODOO_19_JSON2, "");
        Document invoice = Invoices.of("acme");
        Document elsewhere = Invoices.of("other");
        route.send(invoice);
        // when
        KameletRoute.Answer tied = route.send(Invoices.credit(invoice, 1));
        KameletRoute.Answer loose = route.send(Invoices.credit(elsewhere, 1, 2));
        // then
        assertThat(tied.total()).isEqualTo("-0.50");
        assertThat(tied.reference()).isEqualTo("RINV/2026/00001 (account.move 2)");
        assertThat(odoo.all("account.move").get(1))
                .containsEntry("reversed_entry_id", List.of(1L, "reversed"))
                .containsEntry("amount_total", 0.5);
        assertThat(loose.total()).isEqualTo("-36.21");
        assertThat(odoo.all("account.move").get(2)).containsEntry("reversed_entry_id", false);
    }

    @Test
    void settingsThatDoNotFitTheServerSendNothingAndAreTriedAgain() throws Exception {
        // given
        FakeOdoo odoo = odoo(Wire.ODOO_14_JSONRPC);
        odoo.add("res.company", "name", "Second Co");
        // when / then
        assertThat(route(odoo, Wire.ODOO_14_JSONRPC, "").send(Invoices.of("a")).error())
                .isInstanceOf(NotSentException.class)
                .hasMessageContaining("which company bills? Set company to one of My Company, Second Co");
        assertThat(route(odoo, Wire.ODOO_14_JSONRPC, "&company=Second Co")
                        .send(Invoices.of("a"))
                        .error())
                .isInstanceOf(NotSentException.class)
                .hasMessageContaining("company Second Co has no sales journal");
        assertThat(route(odoo, Wire.ODOO_14_JSONRPC, "&company=1&journal=X")
                        .send(Invoices.of("a"))
                        .error())
                .isInstanceOf(NotSentException.class)
                .hasMessageContaining("journal 'X' is not one for sales. Set journal to one of INV");
        assertThat(route(odoo, Wire.ODOO_14_JSONRPC, "&company=My Company&journal=INV")
                        .send(Invoices.of("a"))
                        .error())
                .isNull();
    }

    @Test
    void aServerThatIsAwayOrKnowsTheUserNotSendsNothing() throws Exception {
        // given
        FakeOdoo gone = new FakeOdoo(14);
        KameletRoute route = route(gone, Wire.ODOO_14_XMLRPC, "&tries=2");
        gone.close();
        FakeOdoo odoo = odoo(Wire.ODOO_14_XMLRPC);
        // when
        KameletRoute.Answer away = route.send(Invoices.of("acme"));
        KameletRoute wrong = new KameletRoute(
                "url=" + odoo.url() + "&database=billing&user=admin&password=RAW(geheim%)&transport=jsonrpc");
        open.add(wrong);
        KameletRoute.Answer unknown = wrong.send(Invoices.of("acme"));
        // then
        assertThat(away.error()).isInstanceOf(NotSentException.class);
        assertThat(unknown.error()).isInstanceOf(NotSentException.class);
        assertThat(unknown.message())
                .contains("user 'admin' and its password or key are not accepted by database 'billing'")
                .doesNotContain("geheim");
    }

    @Test
    void whatDoesNotPassForLongIsUnknownOnceSomethingWasSent() throws Exception {
        // given
        FakeOdoo odoo = odoo(Wire.ODOO_14_JSONRPC);
        KameletRoute route = route(odoo, Wire.ODOO_14_JSONRPC, "&tries=2");
        odoo.fates((model, method, n) ->
                method.equals("load") && model.equals("account.move") ? Fate.CONFLICT : Fate.WELL);
        // when
        KameletRoute.Answer answer = route.send(Invoices.of("acme"));
        // then
        assertThat(answer.error()).isInstanceOf(java.io.IOException.class);
        assertThat(answer.message()).contains("could not serialize access");
        assertThat(odoo.calls("account.move", "load")).isEqualTo(2);
    }

    @Test
    void aServerThatIsTooOldIsNamed() throws Exception {
        // given
        FakeOdoo odoo = new FakeOdoo(12);
        open.add(odoo);
        // when
        KameletRoute.Answer answer = route(odoo, Wire.ODOO_14_XMLRPC, "").send(Invoices.of("acme"));
        // then
        assertThat(answer.error()).isInstanceOf(NotSentException.class);
        assertThat(answer.message()).contains("is Odoo 12.0; invoices are committed to Odoo 14 and later");
    }

    @Test
    void wrongSettingsAreRefusedWhereTheRouteIsMade() {
        // given
        List<String> wrong = List.of(
                "url=ftp://x&password=p",
                "url=http://u:p@x&password=p",
                "url=http://x",
                "url=http://x&password=p&apiKey=k",
                "url=http://x&password=p&dueDays=soon",
                "url=http://x&password=p&lines=both",
                "url=http://x&passwordFile=/nowhere/key",
                "url=http://x&password=p&tries=0");
        for (String options : wrong) {
            // when / then
            assertThatThrownBy(() -> new KameletRoute("database=d&user=u&" + options))
                    .as(options)
                    .hasRootCauseInstanceOf(
                            options.contains("File") ? java.nio.file.NoSuchFileException.class : UserError.class)
                    .hasStackTraceContaining("openerp: ");
        }
    }

    @Test
    void whatOdooHoldsIsToldWithItsNumberKeyAndTotal() throws Exception {
        // given: an invoice, a credit note, another issuer's, one whose reference was edited, and one that is none of
        // ours
        FakeOdoo odoo = odoo(Wire.ODOO_19_JSON2);
        KameletRoute route = route(odoo, Wire.ODOO_19_JSON2, "");
        Document invoice = Invoices.of("acme");
        route.send(invoice);
        route.send(Invoices.credit(invoice, 1));
        route.send(Invoices.of("foreign"));
        route.send(Invoices.of("edited"));
        odoo.set("account.move", 3, "ref", "elsewhere:foreign:2026-10:1");
        odoo.set("account.move", 4, "ref", "PO 77");
        odoo.add("account.move", "move_type", "out_invoice", "invoice_origin", "SO1", "company_id", List.of(1L, "x"));
        List<FoundDocument> found = new ArrayList<>();
        // when
        new OpenErpListing()
                .list(
                        Map.of(
                                "url", odoo.url(),
                                "database", FakeOdoo.DATABASE,
                                "user", FakeOdoo.USER,
                                "apiKey", FakeOdoo.API_KEY),
                        "hub",
                        found::add);
        // then
        assertThat(found.stream().map(FoundDocument::toString))
                .containsExactly(
                        "FoundDocument[number=INV-2026-acme, key=hub:acme:2026-10:1, account=acme, month=2026-10,"
                                + " currency=NZD, total=36.21, reference=INV/2026/00001 (account.move 1)]",
                        "FoundDocument[number=CN-2026-000001, key=hub:acme:2026-10:2, account=acme, month=2026-10,"
                                + " currency=NZD, total=-0.50, reference=RINV/2026/00001 (account.move 2)]",
                        "FoundDocument[number=INV-2026-edited, key=null, account=null, month=null, currency=NZD,"
                                + " total=36.21, reference=INV/2026/00003 (account.move 4)]");
    }
}
