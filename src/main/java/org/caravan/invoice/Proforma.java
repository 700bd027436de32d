package org.caravan.invoice;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.caravan.common.UserError;
import org.caravan.invoice.contract.Payer;
import org.caravan.invoice.contract.Terms;
import org.caravan.invoice.cost.CostPrices;
import org.caravan.invoice.document.Document;
import org.caravan.ledger.Cuts;
import org.caravan.ledger.MonthReader;
import org.caravan.ledger.TenantChoice;
import org.caravan.ledger.TenantMonth;

/** What closing would issue now to one payer, whatever holds the month that a person may close over: from one snapshot, of its own usage alone. */
final class Proforma {
    private final MonthReader months;
    private final CostPrices costs;
    private final Issue.Drafter drafter;
    private final Clock clock;

    Proforma(MonthReader months, CostPrices costs, Issue.Drafter drafter, Clock clock) {
        this.months = months;
        this.costs = costs;
        this.drafter = drafter;
        this.clock = clock;
    }

    /** One document for each account with something to bill, by name; at least one, which may be empty. */
    List<Document> of(YearMonth month, Payer payer) throws SQLException {
        Chosen chosen = new Chosen(month, payer);
        Map<String, List<TenantMonth>> usage = new TreeMap<>();
        months.openTenants(month, chosen, read -> {
            String account = chosen.book.profiles().accountOf(read.tenant());
            if (!read.sums().isEmpty() && chosen.book.accounts().contains(account)) {
                usage.computeIfAbsent(account, name -> new ArrayList<>()).add(read);
            }
        });
        for (String account : chosen.book.terms().due()) {
            if (chosen.book.accounts().contains(account)) {
                usage.computeIfAbsent(account, name -> new ArrayList<>());
            }
        }
        if (usage.isEmpty()) {
            usage.put(chosen.book.account(), List.of());
        }
        refuseUnbillable(chosen.book.terms(), usage.keySet());
        List<Document> documents = new ArrayList<>();
        usage.forEach((account, months) ->
                documents.add(drafter.draft(chosen.book.profiles().profile(account), months, chosen.book.terms())
                        .document()));
        return documents;
    }

    /** What nobody may close over would make wrong figures, such as prices of another currency; time alone is no such thing. */
    private static void refuseUnbillable(Terms terms, Set<String> accounts) {
        terms.holds().forEach((account, holds) -> {
            if (accounts.contains(account)) {
                holds.stream().filter(hold -> !hold.forcible()).findFirst().ifPresent(hold -> {
                    throw new UserError(hold.text());
                });
            }
        });
    }

    /** The payer as the snapshot says it, and its tenants. */
    private final class Chosen implements MonthReader.Chooser {
        private final YearMonth month;
        private final Payer payer;
        private Payer.Book book;

        Chosen(YearMonth month, Payer payer) {
            this.month = month;
            this.payer = payer;
        }

        @Override
        public TenantChoice choose(Connection snapshot) throws SQLException {
            book = payer.read(snapshot, month, clock.instant());
            TenantChoice tenants = TenantChoice.only(book.tenants());
            costs.refresh(snapshot, month, tenants);
            return tenants;
        }

        @Override
        public Cuts cuts() {
            return book.terms().cuts().only(book.tenants());
        }
    }
}
