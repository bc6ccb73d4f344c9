/** Texts that a trajectory has shown so far, and whether a name stood in one: each text is looked through once for a name. */
export class ShownTexts {
  readonly #texts: string[];
  /** Names that were found, and of the others how many texts were looked through. */
  readonly #found = new Set<string>();
  readonly #sought = new Map<string, number>();

  constructor(given: readonly string[]) {
    this.#texts = [...given];
  }

  add(text: string): void {
    this.#texts.push(text);
  }

  holds(name: string): boolean {
    if (this.#found.has(name)) return true;
    for (let at = this.#sought.get(name) ?? 0; at < this.#texts.length; at += 1) {
      if (this.#texts[at]?.includes(name) !== true) continue;
      this.#found.add(name);
      return true;
    }
    this.#sought.set(name, this.#texts.length);
    return false;
  }
}
