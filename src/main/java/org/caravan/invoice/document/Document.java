package org.caravan.invoice.document;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.YearMonth;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.caravan.ledger.EntryKind;

/**
 * An invoice or a credit note, complete: a connector needs nothing else. Issued once, it never changes.
 *
 * <p>Amounts are in {@link #currency}. Rounded amounts carry the digits they were rounded to ({@code 12.00}); exact ones
 * carry no trailing zeros. See {@link DocumentJson} for the form that travels.
 *
 * @param schemaVersion {@link #SCHEMA_VERSION}
 * @param kind invoice or credit note
 * @param corrects key of the invoice that a credit note corrects; null at an invoice
 * @param correctsNumber number of that invoice, for people; null at an invoice
 * @param reason why the credit note was issued, one line; null at an invoice
 * @param key identity of the document for ever, see {@link DocumentKey}; opaque to connectors
 * @param number number for people, gapless per issuer, kind and year
 * @param issued when a credit note was issued, which decides its number's year; null at an invoice
 * @param proforma true if nothing is owed by it: a trial run
 * @param issuer the ledger that issued it
 * @param account who pays
 * @param tenants tenants whose usage it bears, {@code name} or {@code realm/name}
 * @param customer who pays, for people; null if nothing is known
 * @param month billing month
 * @param period the month's bounds
 * @param currency of all amounts (ISO 4217)
 * @param ratingCurrency the ledger's currency
 * @param rate units of {@code currency} per unit of {@code ratingCurrency}; 1 where they are equal
 * @param rounding name of the rounding policy
 * @param sections one per datacenter, in order of name
 * @param subtotal sum of the sections' subtotals
 * @param exact sum of the sections' exact amounts
 * @param roundingDifference subtotal - exact
 * @param discount taken off the subtotal before taxes
 * @param taxes on the discounted subtotal
 * @param total subtotal - discount + taxes: what is to be paid
 */
@JsonPropertyOrder({
    "schemaVersion",
    "kind",
    "corrects",
    "correctsNumber",
    "reason",
    "key",
    "number",
    "issued",
    "proforma",
    "issuer",
    "account",
    "tenants",
    "customer",
    "month",
    "period",
    "currency",
    "ratingCurrency",
    "rate",
    "rounding",
    "sections",
    "subtotal",
    "exact",
    "roundingDifference",
    "discount",
    "taxes",
    "total"
})
public record Document(
        int schemaVersion,
        Kind kind,
        String corrects,
        String correctsNumber,
        String reason,
        String key,
        String number,
        Instant issued,
        boolean proforma,
        String issuer,
        String account,
        List<String> tenants,
        Customer customer,
        YearMonth month,
        Period period,
        String currency,
        String ratingCurrency,
        BigDecimal rate,
        String rounding,
        List<Section> sections,
        BigDecimal subtotal,
        BigDecimal exact,
        BigDecimal roundingDifference,
        Discount discount,
        List<Tax> taxes,
        BigDecimal total) {

    /** The version of the form; a field more or less makes a new one. */
    public static final int SCHEMA_VERSION = 1;

    public Document {
        tenants = List.copyOf(tenants);
        sections = List.copyOf(sections);
        taxes = List.copyOf(taxes);
    }

    /** Number of lines over all sections. */
    public int lines() {
        return sections.stream().mapToInt(section -> section.lines().size()).sum();
    }

    /** What it says apart from usage and profile; without labels. */
    public DocumentHead head() {
        return new DocumentHead(
                kind, corrects, key, number, proforma, issuer, account, month, ratingCurrency, Map.of());
    }

    /** What a document is. */
    public enum Kind {
        INVOICE("invoice"),
        CREDIT_NOTE("credit-note");

        private final String code;

        Kind(String code) {
            this.code = code;
        }

        /** The word in the document and in the database. */
        @JsonValue
        public String code() {
            return code;
        }

        /** The kind with this word. */
        @JsonCreator
        public static Kind of(String code) {
            for (Kind kind : values()) {
                if (kind.code.equals(code)) {
                    return kind;
                }
            }
            throw new IllegalArgumentException("no kind of document: " + code);
        }
    }

    /** Who pays, for people; every field may be null. */
    @JsonPropertyOrder({"name", "email", "address", "taxId", "reference"})
    public record Customer(String name, String email, String address, String taxId, String reference) {}

    /** [from, to) in UTC. */
    @JsonPropertyOrder({"from", "to"})
    public record Period(Instant from, Instant to) {}

    /**
     * The lines of one datacenter.
     *
     * @param name the datacenter, {@code ""} if the source named none
     * @param subtotal sum of the lines' amounts; where the policy rounds what each tenant used, the sum of that
     * @param exact sum of the lines' exact amounts
     */
    @JsonPropertyOrder({"name", "lines", "subtotal", "exact"})
    public record Section(String name, List<Line> lines, BigDecimal subtotal, BigDecimal exact) {
        public Section {
            lines = List.copyOf(lines);
        }
    }

    /**
     * One product at one price.
     *
     * @param product name of the product
     * @param label what people call it, or null
     * @param kind why it is billed
     * @param usageMonth month of use where it is not the document's, else null
     * @param unit of {@code quantity}
     * @param quantity exact
     * @param unitPrice price per unit; null if there is none to show (quantity 0)
     * @param effective true if {@code unitPrice} is amount / quantity, shown to {@link DocumentBuilder#EFFECTIVE_DIGITS}
     *     places, and not the price that made the amount
     * @param unpriced true if nothing priced it: amount 0
     * @param note what a reader must know, or null
     * @param amount rounded
     * @param exact sum of the items' exact amounts
     * @param items what it consists of; never empty
     */
    @JsonPropertyOrder({
        "product",
        "label",
        "kind",
        "usageMonth",
        "unit",
        "quantity",
        "unitPrice",
        "effective",
        "unpriced",
        "note",
        "amount",
        "exact",
        "items"
    })
    public record Line(
            String product,
            String label,
            EntryKind kind,
            YearMonth usageMonth,
            String unit,
            BigDecimal quantity,
            BigDecimal unitPrice,
            boolean effective,
            boolean unpriced,
            String note,
            BigDecimal amount,
            BigDecimal exact,
            List<Item> items) {
        public Line {
            items = List.copyOf(items);
        }
    }

    /**
     * What one resource adds to a line.
     *
     * @param tenant whose it is; null where the document bears one tenant
     * @param resource its id, {@code ""} for meters without resource
     * @param name what its owner calls it, or null
     * @param meter that measured it
     * @param quantity in the line's unit
     * @param unitPrice the price that made the amount; null where the amount is not linear in the quantity
     * @param amount rounded; null where the policy does not round items
     * @param exact unrounded
     * @param seconds billed time
     * @param first begin of its first record
     * @param last end of its last record
     * @param metadata what was last told of it, in order of field; values String, Number, Boolean, null, or lists and
     *     maps of these
     */
    @JsonPropertyOrder({
        "tenant",
        "resource",
        "name",
        "meter",
        "quantity",
        "unitPrice",
        "amount",
        "exact",
        "seconds",
        "first",
        "last",
        "metadata"
    })
    public record Item(
            String tenant,
            String resource,
            String name,
            String meter,
            BigDecimal quantity,
            BigDecimal unitPrice,
            BigDecimal amount,
            BigDecimal exact,
            BigDecimal seconds,
            Instant first,
            Instant last,
            @JsonSerialize(using = DocumentJson.Metadata.class) Map<String, Object> metadata) {
        public Item {
            metadata = metadata == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(metadata));
        }
    }

    /**
     * @param percentage of the subtotal
     * @param percentageAmount what the percentage comes to, rounded
     * @param flat the fixed part of the profile, rounded
     * @param amount what is taken off: never more than the subtotal
     */
    @JsonPropertyOrder({"percentage", "percentageAmount", "flat", "amount"})
    public record Discount(BigDecimal percentage, BigDecimal percentageAmount, BigDecimal flat, BigDecimal amount) {}

    /**
     * @param rate in percent
     * @param amount rounded
     */
    @JsonPropertyOrder({"name", "rate", "amount"})
    public record Tax(String name, BigDecimal rate, BigDecimal amount) {}
}
