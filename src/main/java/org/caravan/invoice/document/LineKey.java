package org.caravan.invoice.document;

import java.math.BigDecimal;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.caravan.ledger.EntryKind;

/**
 * What makes two pieces one line, and the order of lines in a document.
 *
 * @param unitPrice null where the amount is not linear, or where the line bears more than one price
 * @param tenant {@code ""} unless lines are made per resource
 * @param resource {@code ""} unless lines are made per resource
 */
record LineKey(
        String datacenter,
        String product,
        BigDecimal unitPrice,
        String unit,
        EntryKind kind,
        YearMonth usageMonth,
        boolean priced,
        String tenant,
        String resource) {
    private static final Comparator<LineKey> ORDER = Comparator.comparing(LineKey::datacenter)
            .thenComparing(LineKey::product)
            .thenComparing(LineKey::unitPrice, Comparator.nullsLast(Comparator.naturalOrder()))
            .thenComparing(LineKey::unit)
            .thenComparing(LineKey::kind)
            .thenComparing(LineKey::usageMonth)
            .thenComparing(LineKey::priced, Comparator.reverseOrder())
            .thenComparing(LineKey::tenant)
            .thenComparing(LineKey::resource);

    /** Groups pieces into lines, in the order of the document. */
    static SortedMap<LineKey, List<Piece>> group(Collection<Piece> pieces, AccountProfile.Lines grouping) {
        Map<LineKey, Set<BigDecimal>> prices = new HashMap<>();
        for (Piece piece : pieces) {
            prices.computeIfAbsent(of(piece, grouping, false), k -> new HashSet<>())
                    .add(piece.unitPrice);
        }
        SortedMap<LineKey, List<Piece>> lines = new TreeMap<>(ORDER);
        for (Piece piece : pieces) {
            LineKey without = of(piece, grouping, false);
            int differing = prices.get(without).size();
            boolean apart = differing == 1
                    || grouping != AccountProfile.Lines.PRODUCT && differing <= DocumentBuilder.MAX_UNIT_PRICES;
            LineKey key = apart ? of(piece, grouping, true) : without;
            lines.computeIfAbsent(key, k -> new ArrayList<>()).add(piece);
        }
        return lines;
    }

    private static LineKey of(Piece piece, AccountProfile.Lines grouping, boolean withPrice) {
        boolean byResource = grouping == AccountProfile.Lines.RESOURCE;
        Piece.Key key = piece.key;
        return new LineKey(
                key.datacenter(),
                key.product(),
                withPrice ? piece.unitPrice : null,
                piece.unit,
                key.kind(),
                key.usageMonth(),
                key.priced(),
                byResource ? key.tenant() : "",
                byResource ? key.resource() : "");
    }
}
