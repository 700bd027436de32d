package org.caravan.reseller;

import java.math.BigDecimal;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.caravan.invoice.document.Document;
import org.caravan.invoice.document.DocumentShare;

/**
 * What a client used in a billing period so far.
 *
 * @param bills never empty; all in one currency
 * @param known ids of the client's projects of the period, whether they used something or not
 */
public record Usage(BillingPeriod period, List<Bill> bills, Set<String> known) {
    public Usage {
        bills = List.copyOf(bills);
        known = Set.copyOf(known);
    }

    /**
     * A document that closing would make.
     *
     * @param projects those that used something
     */
    public record Bill(Document document, List<BilledProject> projects) {
        public Bill {
            projects = List.copyOf(projects);
        }

        /** What some of its projects come to, discounted and taxed as a part of an invoice is; all of them, as the document. */
        private DocumentShare share(Predicate<BilledProject> which) {
            List<BilledProject> meant = projects.stream().filter(which).toList();
            return meant.size() == projects.size()
                    ? DocumentShare.whole(document)
                    : DocumentShare.of(
                            document,
                            meant.stream().map(BilledProject::total).reduce(BigDecimal.ZERO, BigDecimal::add));
        }
    }

    /** The projects that are meant, of those that used something. */
    public List<BilledProject> projects(Predicate<BilledProject> which) {
        return bills.stream()
                .flatMap(bill -> bill.projects().stream())
                .filter(which)
                .toList();
    }

    /** A document of the period, for what is the same in all of them: currency, rate, percentage of the discount. */
    public Document document() {
        return bills.get(0).document();
    }

    /** What some projects come to. */
    public UsageTotals totals(Predicate<BilledProject> which) {
        return bills.stream()
                .map(bill -> UsageTotals.of(bill.share(which)))
                .reduce(UsageTotals::plus)
                .orElseThrow();
    }
}
