package org.caravan.invoice.document;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.caravan.invoice.document.Document.Item;
import org.caravan.invoice.document.Document.Line;

/** Makes a line from its pieces. */
final class LineMaker {
    private final DocumentHead head;
    private final Money money;
    private final ResourceNames resources;
    private final boolean severalTenants;

    LineMaker(DocumentHead head, Money money, ResourceNames resources, boolean severalTenants) {
        this.head = head;
        this.money = money;
        this.resources = resources;
        this.severalTenants = severalTenants;
    }

    /** A charge's line. */
    Line line(Charge charge) {
        Map<Piece.Key, Piece> pieces = new LinkedHashMap<>();
        for (Charge.Item item : charge.items()) {
            Piece.Key key = Piece.Key.of(item.tenant(), item.sum(), charge.usageMonth());
            pieces.computeIfAbsent(key, Piece::new).add(item.sum());
        }
        LineKey key = new LineKey(
                charge.datacenter(),
                charge.product(),
                charge.unitPrice(),
                charge.unit(),
                charge.kind(),
                charge.usageMonth(),
                charge.priced(),
                "",
                "");
        Line line = line(key, new ArrayList<>(pieces.values()));
        return new Line(
                line.product(),
                charge.label(),
                line.kind(),
                line.usageMonth(),
                line.unit(),
                line.quantity(),
                line.unitPrice(),
                line.effective(),
                line.unpriced(),
                both(charge.note(), line.note()),
                line.amount(),
                line.exact(),
                line.items());
    }

    private static String both(String first, String second) {
        return first == null ? second : second == null ? first : first + "; " + second;
    }

    Line line(LineKey key, List<Piece> pieces) {
        pieces.sort(Piece.ORDER);
        boolean itemsRounded = money.rounding().roundsItems();
        List<Item> items = new ArrayList<>(pieces.size());
        Set<BigDecimal> prices = new HashSet<>();
        BigDecimal quantity = BigDecimal.ZERO;
        BigDecimal rated = BigDecimal.ZERO;
        BigDecimal sumOfItems = BigDecimal.ZERO;
        for (Piece piece : pieces) {
            BigDecimal amount = itemsRounded ? money.amount(piece.billed, piece.key.kind()) : null;
            items.add(item(piece, amount));
            prices.add(piece.unitPrice);
            quantity = quantity.add(piece.quantity);
            rated = rated.add(piece.exact);
            sumOfItems = itemsRounded ? sumOfItems.add(amount) : sumOfItems;
        }
        BigDecimal exact = money.exact(rated);
        boolean effective = key.priced() && (prices.size() > 1 || prices.contains(null));
        boolean elsewhen = !key.usageMonth().equals(head.month());
        return new Line(
                key.product(),
                label(key.product(), items),
                key.kind(),
                elsewhen ? key.usageMonth() : null,
                key.unit(),
                DocumentBuilder.exact(quantity),
                effective ? effectivePrice(exact, quantity) : price(key.unitPrice()),
                effective,
                !key.priced(),
                note(key, prices.size(), effective),
                itemsRounded ? sumOfItems : money.amount(rated),
                exact,
                items);
    }

    private Item item(Piece piece, BigDecimal amount) {
        Piece.Key key = piece.key;
        ResourceNames.Known known = resources.get(key);
        return new Item(
                severalTenants && !key.tenant().isEmpty() ? key.tenant() : null,
                key.resource(),
                known.name(),
                key.meter(),
                DocumentBuilder.exact(piece.quantity),
                price(piece.unitPrice),
                amount,
                money.exact(piece.exact),
                DocumentBuilder.exact(piece.seconds),
                piece.first,
                piece.last,
                known.metadata());
    }

    private BigDecimal price(BigDecimal unitPrice) {
        return unitPrice == null ? null : money.exact(unitPrice);
    }

    private static BigDecimal effectivePrice(BigDecimal exact, BigDecimal quantity) {
        return quantity.signum() == 0
                ? null
                : DocumentBuilder.exact(exact.divide(quantity, DocumentBuilder.EFFECTIVE_DIGITS, RoundingMode.HALF_UP));
    }

    private String label(String product, List<Item> items) {
        String label = head.labels().get(product);
        return label != null ? label : head.labels().get(items.get(0).meter());
    }

    private static String note(LineKey key, int prices, boolean effective) {
        if (!key.priced()) {
            return "no price applies";
        }
        if (!effective) {
            return null;
        }
        return prices > 1
                ? "effective price of " + prices + " prices"
                : "effective price: the amount is not linear in the quantity";
    }
}
