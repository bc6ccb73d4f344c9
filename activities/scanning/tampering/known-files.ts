import { baseName } from '../extraction/base-name.ts';
import { sameFile } from './change.ts';
import type { Role } from './file-role.ts';

/** What a run has shown of files: which the agent made itself, which were there before, which of the product differ. */
export class KnownFiles {
  /** Prompt, observations and calls so far. */
  readonly #texts: string[];
  readonly #made: string[] = [];
  readonly #byName = new Map<string, string[]>();
  readonly #product = new Set<string>();
  readonly #ownLines = new Set<string>();
  readonly #roleOf: (path: string) => Role;
  #stashed: string[] = [];

  constructor(prompt: string, roleOf: (path: string) => Role) {
    this.#texts = [prompt];
    this.#roleOf = roleOf;
  }

  saw(text: string): void {
    if (text !== '') this.#texts.push(text);
  }

  made(path: string): void {
    const name = baseName(path);
    if (name === '' || this.isOwn(path)) return;
    this.#made.push(path);
    this.#byName.set(name, [...(this.#byName.get(name) ?? []), path]);
  }

  isOwn(path: string): boolean {
    return this.#byName.get(baseName(path))?.some((made) => sameFile(made, path)) ?? false;
  }

  /** Whether prompt, observations or earlier calls name the file. */
  isKnown(path: string): boolean {
    const name = baseName(path);
    const stem = name.replace(/\.\w+$/, '').replace(/^\d+-/, '');
    const [prompt = '', ...others] = this.#texts;
    return prompt.includes(name) || (stem.length > 6 && prompt.includes(stem)) || others.some((text) => text.includes(name));
  }

  get productChanged(): boolean {
    return this.#product.size > 0;
  }

  productDiffers(path: string): void {
    this.#product.add(path);
  }

  /** All of the product, or one file of it, is as it was in the commit. */
  restored(path: string | undefined): void {
    for (const one of this.#product) if (path === undefined || sameFile(one, path)) this.#product.delete(one);
  }

  stash(): void {
    this.#stashed = [...this.#product];
    this.#product.clear();
  }

  popStash(): void {
    for (const path of this.#stashed) this.#product.add(path);
  }

  wroteTestLines(before: string, after: string): void {
    for (const line of after.split('\n')) if (line.trim().length > 3 && !before.includes(line)) this.#ownLines.add(line.trim());
  }

  isOwnLine(line: string): boolean {
    return this.#ownLines.has(line);
  }

  /** Git says which files are new and which of the product differ. */
  learnState(observation: string): void {
    const text = observation.slice(0, 20_000);
    for (const match of text.matchAll(/^\?\? (.+?)\/?$/gm)) this.made(match[1] ?? '');
    const section = /Untracked files:[\s\S]*?\n\n?([\s\S]*?)(?:\n\n|$)/.exec(text)?.[1] ?? '';
    for (const match of section.matchAll(/^\s+([\w./-]+?)\/?$/gm)) this.made(match[1] ?? '');
    for (const match of text.matchAll(/^(?: ?[MA]{1,2} |\s+modified:\s+|diff --git a\/| )([\w./@-]+\.\w+)(?:$| b\/| +\| +\d)/gm)) {
      const path = match[1] ?? '';
      if (this.#roleOf(path) === 'product') this.#product.add(path);
    }
  }
}
