package org.caravan.hub.cli;

import java.math.BigDecimal;
import java.time.YearMonth;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.caravan.common.UserError;
import org.caravan.invoice.AccountFigures;

/** What a person saw a month come to before they approved it somewhere else, by currency. */
record ApprovedTotals(Map<String, BigDecimal> byCurrency) {
    /** @throws UserError if one is not an amount and its currency, or a currency stands there twice */
    static ApprovedTotals of(List<String> texts) {
        Map<String, BigDecimal> totals = new TreeMap<>();
        for (String text : texts) {
            if (!text.strip().matches("-?\\d{1,30}(\\.\\d{1,10})?\\s+[A-Z]{3}")) {
                throw new UserError("--total '" + text + "': expected an amount and its currency, such as 1250.40 NZD");
            }
            String[] words = text.strip().split("\\s+");
            if (totals.put(words[1], new BigDecimal(words[0])) != null) {
                throw new UserError("--total names " + words[1] + " twice; say the row all of each currency once");
            }
        }
        return new ApprovedTotals(totals);
    }

    /** @throws UserError if the month comes to something else by now */
    void require(List<AccountFigures.Sum> sums, YearMonth month) {
        Map<String, BigDecimal> now = new TreeMap<>();
        sums.forEach(sum -> now.put(sum.currency(), sum.total()));
        boolean same = now.keySet().equals(byCurrency.keySet())
                && now.entrySet().stream().allMatch(one -> one.getValue().compareTo(byCurrency.get(one.getKey())) == 0);
        if (!same) {
            throw new UserError("approve " + month + ": it comes to " + text(now) + " now, not to " + text(byCurrency)
                    + "; nothing was issued, look again: caravan months " + month);
        }
    }

    private static String text(Map<String, BigDecimal> totals) {
        return totals.isEmpty()
                ? "nothing"
                : totals.entrySet().stream()
                        .map(one -> one.getValue().toPlainString() + " " + one.getKey())
                        .collect(Collectors.joining(", "));
    }
}
