/**
 * Goes up with every change after which the scanner may find something else in the same trajectory: rules, the reading
 * of commands, bounds. Stands in each scan report, and from there on the ledger and in SARIF.
 */
export const scannerVersion = 5;
