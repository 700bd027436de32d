package org.caravan.invoice.rerate;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.caravan.invoice.document.AccountProfiles;
import org.caravan.invoice.document.Document;
import org.caravan.invoice.document.DocumentJson;
import org.caravan.ledger.BilledLine;
import org.caravan.ledger.EntryKind;
import org.caravan.ledger.TenantRef;

/**
 * Which usage stands on lines that were credited. A credit takes a line back as it is: what its records would cost by other
 * rules is nobody's to pay any more.
 *
 * <p>A record is found on its document by section, product, month of use, resource and meter, and by its unit price where
 * that leaves more than one line. Where it can't be told it counts as credited: rather a difference that is not billed than
 * one of what was given back.
 */
final class CreditedUsage {
    /** Documents whose lines are remembered between portions. */
    private static final int MAX_REMEMBERED = 200;

    private final Map<Long, Lines> byDocument = new HashMap<>();

    private record Bearing(int tenant, YearMonth month) {}

    private record Place(
            String section, String product, EntryKind kind, YearMonth usageMonth, boolean priced, Item item) {}

    private record Item(String tenant, String resource, String meter) {}

    private record Candidate(BigDecimal unitPrice, boolean credited) {}

    /** An invoice's items by their place. */
    private record Lines(Set<Integer> credited, BigDecimal rate, Map<Place, List<Candidate>> items) {}

    /** What of these tenants' documents is credited now; the caller holds the tenants' buckets. */
    BilledLine.Credited of(Connection connection, Collection<Integer> tenants) throws SQLException {
        Map<Bearing, Long> documents = new HashMap<>();
        Map<Long, Set<Integer>> credited = new HashMap<>();
        try (PreparedStatement select = connection.prepareStatement(
                """
                select m.tenant, m.month, m.document, array_agg(c.line)
                  from month m join credit_line c on c.document = m.document
                 where m.tenant = any (?) group by m.tenant, m.month, m.document
                """)) {
            select.setArray(1, connection.createArrayOf("int4", tenants.toArray()));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    YearMonth month = YearMonth.from(row.getDate(2).toLocalDate());
                    documents.put(new Bearing(row.getInt(1), month), row.getLong(3));
                    credited.put(row.getLong(3), new TreeSet<>(Arrays.asList((Integer[])
                            row.getArray(4).getArray())));
                }
            }
        }
        Map<Long, Lines> lines = new HashMap<>();
        for (Map.Entry<Long, Set<Integer>> one : credited.entrySet()) {
            lines.put(one.getKey(), lines(connection, one.getKey(), one.getValue()));
        }
        Set<Integer> concerned = new HashSet<>();
        documents.keySet().forEach(bearing -> concerned.add(bearing.tenant()));
        return new Found(concerned, documents, lines);
    }

    private Lines lines(Connection connection, long document, Set<Integer> credited) throws SQLException {
        Lines known = byDocument.get(document);
        if (known != null && known.credited().equals(credited)) {
            return known;
        }
        try (PreparedStatement select = connection.prepareStatement("select body from document where id = ?")) {
            select.setLong(1, document);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                Lines read = read(DocumentJson.read(row.getString(1).getBytes(StandardCharsets.UTF_8)), credited);
                if (byDocument.size() >= MAX_REMEMBERED) {
                    byDocument.clear();
                }
                byDocument.put(document, read);
                return read;
            }
        }
    }

    private static Lines read(Document document, Set<Integer> credited) {
        Map<Place, List<Candidate>> items = new HashMap<>();
        String only = document.tenants().size() == 1 ? document.tenants().get(0) : null;
        int number = 0;
        for (Document.Section section : document.sections()) {
            for (Document.Line line : section.lines()) {
                boolean isCredited = credited.contains(++number);
                for (Document.Item item : line.items()) {
                    Place place = new Place(
                            section.name(),
                            line.product(),
                            line.kind(),
                            line.usageMonth() == null ? document.month() : line.usageMonth(),
                            !line.unpriced(),
                            new Item(item.tenant() == null ? only : item.tenant(), item.resource(), item.meter()));
                    items.computeIfAbsent(place, p -> new ArrayList<>())
                            .add(new Candidate(plain(item.unitPrice()), isCredited));
                }
            }
        }
        return new Lines(Set.copyOf(credited), document.rate(), items);
    }

    private static BigDecimal plain(BigDecimal value) {
        return value == null ? null : value.stripTrailingZeros();
    }

    /** The answer, for one transaction. */
    private record Found(Set<Integer> concerned, Map<Bearing, Long> documents, Map<Long, Lines> lines)
            implements BilledLine.Credited {
        @Override
        public boolean isNothingOf(TenantRef tenant) {
            return !concerned.contains(tenant.id());
        }

        @Override
        public boolean isCredited(BilledLine line) {
            Long document = documents.get(new Bearing(line.tenant().id(), line.month()));
            if (document == null) {
                return false;
            }
            Lines found = lines.get(document);
            Place place = new Place(
                    line.datacenter(),
                    line.product(),
                    line.kind(),
                    line.usageMonth(),
                    line.priced(),
                    new Item(AccountProfiles.tenantName(line.tenant()), line.resource(), line.meter()));
            List<Candidate> candidates = found.items().getOrDefault(place, List.of());
            Set<Boolean> answers = answers(candidates);
            if (answers.size() > 1) {
                BigDecimal price =
                        line.unitPrice() == null ? null : plain(line.unitPrice().multiply(found.rate()));
                answers = answers(candidates.stream()
                        .filter(one -> Objects.equals(one.unitPrice(), price))
                        .toList());
            }
            return answers.size() != 1 || answers.contains(true);
        }

        private static Set<Boolean> answers(List<Candidate> candidates) {
            Set<Boolean> answers = new HashSet<>();
            candidates.forEach(candidate -> answers.add(candidate.credited()));
            return answers;
        }
    }
}
