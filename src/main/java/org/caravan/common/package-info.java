/**
 * What every package may use and no package owns.
 *
 * <p><b>Owns:</b> the error a person reads ({@link org.caravan.common.UserError}), YAML and JSON configuration read
 * with its place (file, line, key), exact decimals, the shared JSON mappers.
 *
 * <p><b>Does not own:</b> any rule of metering, rating, the ledger or invoices; any setting's meaning.
 *
 * <p><b>Invariants:</b> no class here depends on another package of Caravan; no decimal passes through a binary
 * floating point number.
 */
package org.caravan.common;
