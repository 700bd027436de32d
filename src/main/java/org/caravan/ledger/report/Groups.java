package org.caravan.ledger.report;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The groups of one question, as they are added up in memory; no more of them than an answer may have. */
final class Groups {
    private static final Duration HOUR = Duration.ofHours(1);

    private final SummaryQuery query;
    private final int most;
    private final Map<List<String>, Sums> groups = new HashMap<>();

    Groups(SummaryQuery query, int most) {
        this.query = query;
        this.most = most;
    }

    /** @param values one per field of the question */
    Sums of(List<String> values) {
        Sums sums = groups.get(values);
        if (sums == null) {
            if (groups.size() == most) {
                throw tooMany(most);
            }
            sums = new Sums();
            groups.put(values, sums);
        }
        return sums;
    }

    void add(List<String> values, Sums sums) {
        of(values).add(sums);
    }

    static ReportLimitException tooMany(int most) {
        return new ReportLimitException("The report has more than " + most
                + " groups (caravan.report.maxRows); group by less, or choose begin and end closer together.");
    }

    SummaryPage page() {
        List<Map.Entry<List<String>, Sums>> found = new ArrayList<>(groups.entrySet());
        found.removeIf(group -> !group.getValue().isAnything());
        found.sort(Map.Entry.comparingByKey(order()));
        return new SummaryPage(
                found.size(),
                found.stream()
                        .skip(query.offset())
                        .limit(query.limit())
                        .map(group -> row(query, group.getKey(), group.getValue()))
                        .toList());
    }

    static SummaryPage.Row row(SummaryQuery query, List<String> values, Sums sums) {
        Instant begin = query.begin();
        Instant end = query.end();
        int hour = query.groupBy().indexOf(Field.HOUR);
        if (hour >= 0) {
            begin = Instant.ofEpochSecond(Long.parseLong(values.get(hour)));
            end = begin.plus(HOUR);
        }
        return new SummaryPage.Row(begin, end, sums.figures(query.figures()), values);
    }

    private Comparator<List<String>> order() {
        List<Comparator<String>> orders =
                query.groupBy().stream().map(Field::order).toList();
        return (a, b) -> {
            for (int i = 0; i < orders.size(); i++) {
                int order = orders.get(i).compare(a.get(i), b.get(i));
                if (order != 0) {
                    return order;
                }
            }
            return 0;
        };
    }
}
