import type { LedgerEntry } from '../../../schemas/ledger-entry.ts';
import { PrivateKind } from '../../../schemas/private-text.ts';
import { privateTextVersion } from '../../secrets/find-private.ts';
import type { Redacted } from '../selection/redact-row.ts';

/** Sums of what was replaced in the rows of a release. */
export class RedactionTally {
  rows = 0;
  patches = 0;
  readonly #places = new Map<PrivateKind, number>();

  add({ places, patches }: Redacted): void {
    const found = PrivateKind.options.filter((kind) => (places[kind] ?? 0) > 0);
    if (found.length > 0) this.rows += 1;
    this.patches += patches;
    for (const kind of found) this.#places.set(kind, (this.#places.get(kind) ?? 0) + (places[kind] ?? 0));
  }

  /** In the order of the kinds. */
  get places(): Partial<Record<PrivateKind, number>> {
    return Object.fromEntries(PrivateKind.options.flatMap((kind) => (this.#places.has(kind) ? [[kind, this.#places.get(kind)]] : [])));
  }
}

/**
 * Whether the ledger says that nothing of these kinds is in the row, so that it need not be read for them again: decided by the rules as
 * they are now. Reading a row costs more than encoding it.
 */
export function isClean({ decisions }: Pick<LedgerEntry, 'decisions'>, kinds: readonly PrivateKind[]): boolean {
  return kinds.every((kind) =>
    decisions.some(
      ({ rule, version, decision, parameters }) =>
        decision === 'keep' && version === privateTextVersion && rules.has(rule) && hasKind(parameters['kinds'], kind),
    ),
  );
}

const rules = new Set(['secrets', 'high_entropy', 'personal_data']);

function hasKind(kinds: unknown, kind: PrivateKind): boolean {
  return Array.isArray(kinds) && kinds.includes(kind);
}
