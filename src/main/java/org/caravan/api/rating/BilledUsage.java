package org.caravan.api.rating;

import org.caravan.ledger.Scopes;
import org.caravan.ledger.report.Reports;

/**
 * What routes of usage work on.
 *
 * @param realm whose usage is served: its tenants are the contract's projects and scopes
 */
public record BilledUsage(String realm, Reports reports, UsageIntake intake, Scopes scopes) {}
