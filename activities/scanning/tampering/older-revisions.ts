import type { Call } from '../conversation.ts';

const most = 2_000;

/** Revisions that a log showed below its first: what they hold of a test is an older form of it. */
export class OlderRevisions {
  readonly #hashes = new Set<string>();

  /** Takes in what a log of the run's own branch printed. */
  show({ raw, observation }: Call): void {
    if (this.#hashes.size >= most || !raw.includes('git') || !/\bgit\b[^|;&\n]*\blog\b/.test(raw)) return;
    if (/--(?:all|branches|remotes|reverse|graph|tags|cherry)\b|\blog\s+\S*(?:origin|upstream)\//.test(raw)) return;
    const shown = [...observation.slice(0, 100_000).matchAll(/^(?:commit )?([0-9a-f]{7,40})\b/gm)].map(([, hash = '']) => hash);
    for (const hash of shown.slice(1)) this.#hashes.add(hash.slice(0, 7));
  }

  /** Whether one of the words of a command is such a revision. */
  named(words: readonly string[]): boolean {
    return this.#hashes.size > 0 && words.some((word) => /^[0-9a-f]{7,40}(?::|$)/.test(word) && this.#hashes.has(word.slice(0, 7)));
  }
}
