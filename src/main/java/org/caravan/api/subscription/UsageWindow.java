package org.caravan.api.subscription;

import java.time.Clock;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.caravan.subscription.Filter;

/** The time that a list of usage is about: what its filters by begin say, or else the running month. */
record UsageWindow(Instant begin, Instant end) {
    static UsageWindow of(List<Filter> filters, Clock clock) {
        Instant begin = null;
        Instant end = null;
        for (Filter filter : filters) {
            if (!filter.field().name().equals(UsageView.START)) {
                continue;
            }
            Instant value = (Instant) filter.value();
            switch (filter.operator()) {
                case EQ -> {
                    begin = later(begin, value);
                    end = earlier(end, value.plus(1, ChronoUnit.MICROS));
                }
                case GE, GT -> begin = later(begin, value);
                case LT -> end = earlier(end, value);
                case LE -> end = earlier(end, value.plus(1, ChronoUnit.MICROS));
                default -> {
                    // says nothing of a window
                }
            }
        }
        Instant now = clock.instant();
        if (begin != null && end == null) {
            // no usage begins later than the ledger takes
            Instant soon = now.plus(1, ChronoUnit.DAYS);
            end = soon.isAfter(begin) ? soon : begin.plus(1, ChronoUnit.DAYS);
        }
        if (begin == null) {
            // the month that the end is in, or begins with
            Instant last = end == null ? now : end.minus(1, ChronoUnit.MICROS);
            begin = first(month(last));
            end = end == null ? first(month(last).plusMonths(1)) : end;
        }
        return new UsageWindow(begin, end);
    }

    private static Instant first(YearMonth month) {
        return month.atDay(1).atStartOfDay().toInstant(ZoneOffset.UTC);
    }

    private static YearMonth month(Instant instant) {
        return YearMonth.from(instant.atOffset(ZoneOffset.UTC));
    }

    private static Instant later(Instant one, Instant other) {
        return one == null || other.isAfter(one) ? other : one;
    }

    private static Instant earlier(Instant one, Instant other) {
        return one == null || other.isBefore(one) ? other : one;
    }
}
