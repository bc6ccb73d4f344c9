import type { Loss } from '../../schemas/ingested.ts';

/** What a reader noticed. The same thing is reported once, with how often and where first. */
export class Oddities {
  readonly #lost: Loss[] = [];
  readonly #seen = new Map<string, { times: number; first: number | null }>();

  /** `message`: index of the message concerned. */
  note(text: string, message: number | null = null): void {
    const known = this.#seen.get(text);
    if (known === undefined) this.#seen.set(text, { times: 1, first: message });
    else known.times += 1;
  }

  /** Something that the messages lack; `reason` says what it was and why. */
  lose(what: Loss['what'], reason: string, message: number | null = null): void {
    this.#lost.push({ what, reason, message });
  }

  losses(): Loss[] {
    return [...this.#lost];
  }

  lines(): string[] {
    return [...this.#seen].map(([text, { times, first }]) => {
      const where = [
        ...(times === 1 ? [] : [`${times} times`]),
        ...(first === null ? [] : [`${times === 1 ? '' : 'first at '}message ${first}`]),
      ];
      return where.length === 0 ? text : `${text} (${where.join(', ')})`;
    });
  }
}
