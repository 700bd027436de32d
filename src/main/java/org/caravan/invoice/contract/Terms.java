package org.caravan.invoice.contract;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.caravan.invoice.document.AccountProfile;
import org.caravan.invoice.document.Charge;
import org.caravan.invoice.hold.Hold;
import org.caravan.ledger.Cuts;
import org.caravan.ledger.TenantMonth;

/** The contracts of all accounts in one billing month, as one transaction saw them. Immutable. */
public interface Terms {
    /** Days at which usage of tenants must be told apart. */
    Cuts cuts();

    /** Accounts with something due, usage or not. */
    Set<String> due();

    /** What keeps accounts open, by account. */
    Map<String, List<Hold>> holds();

    /**
     * Prices what an account used by its contract, and adds what is due beside it.
     *
     * @param usage one element per tenant of the account; may be empty
     * @throws org.caravan.common.UserError if it can't be priced
     */
    Bill bill(AccountProfile profile, List<TenantMonth> usage);

    /**
     * An account's bill before it is a document.
     *
     * @param usage what the contract does not price
     * @param charges what it prices, a line each
     * @param added what the contract's prices add to the amounts that usage had
     */
    record Bill(List<TenantMonth> usage, List<Charge> charges, BigDecimal added, Binding binding) {
        public Bill {
            usage = List.copyOf(usage);
            charges = List.copyOf(charges);
        }
    }

    /** Usage as it came, and nothing beside it. */
    static Terms none() {
        return new Terms() {
            @Override
            public Cuts cuts() {
                return Cuts.none();
            }

            @Override
            public Set<String> due() {
                return Set.of();
            }

            @Override
            public Map<String, List<Hold>> holds() {
                return Map.of();
            }

            @Override
            public Bill bill(AccountProfile profile, List<TenantMonth> usage) {
                return new Bill(usage, List.of(), BigDecimal.ZERO, Binding.none());
            }
        };
    }
}
