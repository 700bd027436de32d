package org.caravan.hub.connector.check;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.caravan.invoice.document.AccountProfile;
import org.caravan.invoice.document.CreditNote;
import org.caravan.invoice.document.Document;
import org.caravan.invoice.document.DocumentBuilder;
import org.caravan.invoice.document.DocumentHead;
import org.caravan.invoice.document.DocumentKey;
import org.caravan.invoice.document.Rounding;
import org.caravan.ledger.EntryKind;
import org.caravan.ledger.TenantMonth;
import org.caravan.ledger.TenantRef;
import org.caravan.ledger.UsageSum;
import org.caravan.metering.UsageKey;

/** Invoices of a run, built as the hub builds them: issuer {@code caravan-test-RUN}, numbers {@code TEST-RUN-001}. */
final class TestDocuments {
    private final String run;
    private final String account;
    private final String currency;
    private final YearMonth month;
    private final AtomicInteger count = new AtomicInteger();

    /**
     * @param run what tells this run from all others
     * @param account who gets the invoices, unless a check wants another
     * @param currency of the invoices, unless a check wants another
     */
    TestDocuments(String run, String account, String currency, YearMonth month) {
        this.run = run;
        this.account = account;
        this.currency = currency;
        this.month = month;
    }

    /** A line: so much of a product at a price. */
    record Row(String product, String quantity, String unitPrice) {
        BigDecimal amount() {
            return new BigDecimal(quantity).multiply(new BigDecimal(unitPrice));
        }
    }

    String issuer() {
        return "caravan-test-" + run;
    }

    String account() {
        return account;
    }

    String currency() {
        return currency;
    }

    /** What all numbers begin with. */
    String prefix() {
        return "TEST-" + run.toUpperCase(Locale.ROOT) + "-";
    }

    /** Two lines, some cents. */
    Document plain() {
        return invoice(account, currency, two());
    }

    Document of(List<Row> rows) {
        return invoice(account, currency, rows);
    }

    /** For somebody that the target most likely does not know. */
    Document ofUnknown() {
        return invoice("caravan-test-unknown-" + run, currency, two());
    }

    Document in(String otherCurrency) {
        return invoice(account, otherCurrency, two());
    }

    /** The same key and number, another amount. */
    Document changed(Document document) {
        int n = sequence(document);
        return build(document.account(), document.currency(), n, List.of(row("test.changed", "7", "0.11")));
    }

    /** Takes a whole invoice back. */
    Document credit(Document invoice) {
        int n = count.incrementAndGet();
        return CreditNote.of(
                invoice,
                CreditNote.Before.nothing(),
                new TreeSet<>(IntStream.rangeClosed(1, invoice.lines()).boxed().toList()),
                new CreditNote.Head(
                        DocumentKey.of(issuer(), invoice.account(), month, n),
                        number(n),
                        month.plusMonths(1)
                                .atDay(1)
                                .atStartOfDay(ZoneOffset.UTC)
                                .toInstant(),
                        "caravan connector test"));
    }

    /** How many-th document of its account and month it is. */
    int sequence(Document document) {
        return DocumentKey.parse(document.key()).orElseThrow().n();
    }

    static Row row(String product, String quantity, String unitPrice) {
        return new Row(product, quantity, unitPrice);
    }

    private static List<Row> two() {
        return List.of(row("test.m1.small", "3", "0.12"), row("test.b1.standard", "2", "0.05"));
    }

    private Document invoice(String of, String in, List<Row> rows) {
        return build(of, in, count.incrementAndGet(), rows);
    }

    private String number(int n) {
        return prefix() + String.format(Locale.ROOT, "%03d", n);
    }

    private Document build(String of, String in, int n, List<Row> rows) {
        DocumentHead head = DocumentHead.invoice(issuer(), of, month, n, number(n), false, currency, Map.of());
        boolean foreign = !in.equals(currency);
        AccountProfile profile = new AccountProfile(
                of,
                List.of(),
                true,
                null,
                foreign ? in : null,
                foreign ? BigDecimal.ONE : null,
                List.of(),
                BigDecimal.ZERO,
                BigDecimal.ZERO,
                Rounding.currency(),
                AccountProfile.Lines.PRICE,
                List.of());
        Instant begin = month.atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant();
        List<UsageSum> sums = new ArrayList<>();
        for (Row row : rows) {
            sums.add(new UsageSum(
                    "test",
                    "caravan.test",
                    row.product(),
                    "test-" + sums.size(),
                    "",
                    "hour",
                    new BigDecimal(row.unitPrice()),
                    true,
                    EntryKind.USAGE,
                    month,
                    new BigDecimal(row.quantity()),
                    row.amount(),
                    new BigDecimal(3600),
                    begin,
                    begin.plusSeconds(3600),
                    1));
        }
        TenantRef tenant = new TenantRef(1, UsageKey.DEFAULT_REALM, of, 1);
        return DocumentBuilder.build(head, profile, List.of(new TenantMonth(tenant, month, 1, sums, List.of())));
    }
}
