/**
 * The command line: what a person types and what they get to see.
 *
 * <p><b>Owns:</b> commands and options, the summary as table and as JSON, the progress bar, exit codes, the one line of
 * an error.
 *
 * <p><b>Does not own:</b> what a command does (hub).
 *
 * <p><b>Invariants:</b> results go to standard output, everything else to standard error; an error is one line; a stack
 * trace is shown only with {@code --verbose}; exit 0 = done, 1 = failed, 2 = wrong input and nothing written, 3 = done,
 * but strict and something is in quarantine.
 */
package org.caravan.hub.cli;
