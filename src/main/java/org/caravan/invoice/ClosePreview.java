package org.caravan.invoice;

import java.time.YearMonth;
import java.util.List;
import java.util.Map;
import org.caravan.invoice.hold.Hold;

/**
 * What closing a month would issue now.
 *
 * @param month that would be closed
 * @param ready total by account whose document could be issued, in order of issue
 * @param held accounts that would stay open, with reasons
 * @param holds what keeps the month open for every account; {@code ready} is empty then
 */
public record ClosePreview(
        YearMonth month, Map<String, CloseOrder.Total> ready, List<CloseResult.Held> held, List<Hold> holds) {}
