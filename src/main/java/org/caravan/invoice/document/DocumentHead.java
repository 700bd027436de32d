package org.caravan.invoice.document;

import java.time.YearMonth;
import java.util.Map;
import java.util.Objects;

/**
 * What a document says apart from usage and profile.
 *
 * @param kind invoice or credit note
 * @param corrects key of the corrected document, or null
 * @param key see {@link DocumentKey}
 * @param number number for people
 * @param proforma true for a trial run
 * @param issuer the ledger that issues it
 * @param account who pays
 * @param month billing month
 * @param ratingCurrency the ledger's currency (ISO 4217)
 * @param labels names for people by meter or product; a product's wins. Empty if none
 */
public record DocumentHead(
        Document.Kind kind,
        String corrects,
        String key,
        String number,
        boolean proforma,
        String issuer,
        String account,
        YearMonth month,
        String ratingCurrency,
        Map<String, String> labels) {
    public DocumentHead {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(number, "number");
        Objects.requireNonNull(issuer, "issuer");
        Objects.requireNonNull(account, "account");
        Objects.requireNonNull(month, "month");
        Objects.requireNonNull(ratingCurrency, "ratingCurrency");
        labels = Map.copyOf(labels);
    }

    /** An invoice's head with its key made from issuer, account, month and {@code n}. */
    public static DocumentHead invoice(
            String issuer,
            String account,
            YearMonth month,
            int n,
            String number,
            boolean proforma,
            String ratingCurrency,
            Map<String, String> labels) {
        String key = DocumentKey.of(issuer, account, month, n);
        return new DocumentHead(
                Document.Kind.INVOICE, null, key, number, proforma, issuer, account, month, ratingCurrency, labels);
    }
}
