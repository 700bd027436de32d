package org.caravan.subscription.billing;

import org.caravan.subscription.pricing.PriceRules;

/**
 * A product in a plan.
 *
 * @param product its id
 * @param name name of the ledger's product, or of the meter, that it prices
 * @param title what people call it in this plan
 * @param rules what it costs; null where what is stored can't be read
 * @param problem why not
 */
record PlanItem(String product, String name, String title, PriceRules rules, String problem) {}
