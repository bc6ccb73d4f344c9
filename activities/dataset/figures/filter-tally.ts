import type { LedgerEntry } from '../../../schemas/ledger-entry.ts';
import type { ReleaseManifest } from '../../../schemas/release.ts';

type Tally = ReleaseManifest['filters'][number];

/** How often each rule, in each version and with each set of parameters, said what. */
export class FilterTally {
  readonly #tallies = new Map<string, Tally>();

  add(entry: Pick<LedgerEntry, 'decisions' | 'preset'>): void {
    for (const { rule, version, parameters, decision } of entry.decisions) {
      const name = JSON.stringify([rule, version, parameters, entry.preset]);
      const tally = this.#tallies.get(name) ?? {
        rule,
        version,
        parameters,
        preset: entry.preset,
        keep: 0,
        note: 0,
        drop: 0,
        not_judged: 0,
      };
      this.#tallies.set(name, { ...tally, [decision]: tally[decision] + 1 });
    }
  }

  /** In the order in which rules first decided. */
  tallies(): Tally[] {
    return [...this.#tallies.values()];
  }
}
