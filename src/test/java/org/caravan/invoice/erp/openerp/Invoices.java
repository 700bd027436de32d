package org.caravan.invoice.erp.openerp;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.caravan.invoice.document.CreditNote;
import org.caravan.invoice.document.Document;
import org.caravan.invoice.document.DocumentHead;
import org.caravan.invoice.document.DocumentKey;
import org.caravan.invoice.document.Sums;

/** Documents for tests. */
final class Invoices {
    private Invoices() {}

    /** Two lines in one datacenter, 35.71 and 0.50 NZD, no tax. */
    static Document of(String account) {
        return of(account, new Sums.Profile());
    }

    static Document of(String account, Sums.Profile profile) {
        Sums sums = Sums.of()
                .use("vm1", "m1.small", "hour", "744", "0.048")
                .use("vol1", "b1.standard", "GB-hour", "1000", "0.0005");
        return of(account, profile, sums);
    }

    static Document of(String account, Sums.Profile profile, Sums sums) {
        return Sums.document(Sums.head(account, "INV-2026-" + account), profile.build(), List.of(sums.month(account)));
    }

    /** The n-th document of an account's month. */
    static Document of(String account, int n) {
        Sums sums = Sums.of().use("vm1", "m1.small", "hour", "744", "0.048");
        return Sums.document(
                DocumentHead.invoice("hub", account, Sums.MONTH, n, "INV-2026-" + account + n, false, "NZD", Map.of()),
                new Sums.Profile().build(),
                List.of(sums.month(account)));
    }

    /** Takes lines of an invoice back. */
    static Document credit(Document invoice, Integer... lines) {
        return CreditNote.of(
                invoice,
                CreditNote.Before.nothing(),
                new TreeSet<>(List.of(lines)),
                new CreditNote.Head(
                        DocumentKey.of("hub", invoice.account(), invoice.month(), 2),
                        "CN-2026-000001",
                        Instant.parse("2026-11-20T10:00:00Z"),
                        "the node was down"));
    }

    static List<Document> many(int count) {
        return IntStream.range(0, count).mapToObj(i -> of("t" + i)).toList();
    }
}
