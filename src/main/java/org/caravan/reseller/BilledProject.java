package org.caravan.reseller;

import java.math.BigDecimal;
import java.util.List;

/**
 * What a project used in one datacenter, as a document bears it.
 *
 * @param id as the contract shows it; the client's own for what is no project's
 * @param datacenter as usage names it; empty where it is in none
 * @param total in the document's currency
 */
public record BilledProject(String id, String name, String datacenter, BigDecimal total, List<Billable> billables) {
    public BilledProject {
        billables = List.copyOf(billables);
    }
}
