package org.caravan.reseller;

import java.time.LocalDate;

/**
 * What a report is asked for.
 *
 * @param from first day on which an invoice's period may begin
 * @param to last such day
 * @param detail true for a row of each billable item, too
 * @param federated true for what other resellers' clients have at the reseller's own clouds, too
 * @param all true for all resellers
 */
public record ReportQuery(LocalDate from, LocalDate to, boolean detail, boolean federated, boolean all) {}
